//! Passkeys: adding them, logging in with them, and everything that must not open an account.

use crate::harness::{Answer, Browser, Device, PASSWORD, Person, TestApp};
use chrono::TimeDelta;
use serde_json::Value;

const LOG_IN: &str = "/api/accounts/log_in/log_in";
const BEGIN: &str = "/api/accounts/factor/passkeys/begin_passkey";
const ADD: &str = "/api/accounts/factor/passkeys/add_passkey";
const REMOVE: &str = "/api/accounts/factor/passkeys/remove_passkey";
const BEGIN_LOG_IN: &str = "/api/accounts/factor/by_passkey/begin_passkey_log_in";
const LOG_IN_BY: &str = "/api/accounts/factor/by_passkey/log_in_by_passkey";
const PROVE_BY: &str = "/api/accounts/factor/by_passkey/prove_by_passkey";
const SECOND_FACTOR: &str = "/api/accounts/factor/step/second_factor";
const KEEP_CODES: &str = "/api/accounts/factor/recovery/keep_recovery_codes";
const RENEW_CODES: &str = "/api/accounts/factor/recovery/renew_recovery_codes";

/// Passkeys belong to names, not to addresses of digits.
fn named(app: &TestApp) -> String {
    app.base.replace("127.0.0.1", "localhost")
}

fn visitor(app: &TestApp) -> Browser {
    Browser::at(&named(app))
}

async fn begin(browser: &mut Browser, function: &str) -> (String, Value) {
    let begun = browser.call(function, &[]).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    let mut ceremony: Value = serde_json::from_str(&begun.text).expect("JSON");
    (ceremony["secret"].as_str().expect("a secret").to_owned(), ceremony["options"].take())
}

/// Somebody at the site's name with a passkey on a device; the page that came last.
async fn with_passkey(app: &TestApp, name: &str, email: &str) -> (Person, Device, Answer) {
    let mut person = app.sign_up(name, email).await;
    person.browser = person.browser.over_to(&named(app));
    let mut device = Device::at(&named(app));
    person.get("/account/security/passkeys").await;
    let (ceremony, options) = begin(&mut person, BEGIN).await;
    let answer = device.registers(&options);
    let fields = [("name", "내 휴대폰"), ("ceremony", &*ceremony), ("answer", &*answer)];
    let page = person.submit(ADD, &fields).await;
    assert_eq!((page.status, page.address.as_str()), (200, "/account/security/recovery-codes"));
    (person, device, page)
}

/// Signs what the site asks; tells the answer of the log-in.
async fn log_in_by(browser: &mut Browser, device: &mut Device) -> Answer {
    let (ceremony, options) = begin(browser, BEGIN_LOG_IN).await;
    let answer = device.signs(&options);
    browser.call(LOG_IN_BY, &[("ceremony", &ceremony), ("answer", &answer)]).await
}

async fn give_password(browser: &mut Browser, next: &str) -> Answer {
    browser.get("/login").await;
    browser.submit(LOG_IN, &[("email", "kim@example.kr"), ("password", PASSWORD), ("next", next)]).await
}

#[tokio::test]
async fn a_passkey_alone_logs_in_and_its_owner_is_told_of_it() {
    let app = TestApp::start().await;
    let (mut kim, mut device, codes) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    assert_eq!(codes.recovery_codes().len(), 10);
    let mail = app.mails("kim@example.kr").await.remove(0);
    assert_eq!(mail.subject, "두레: 로그인 방법이 바뀌었어요");
    assert!(mail.text.contains("내 휴대폰"));

    let mut browser = visitor(&app);
    browser.get("/login").await;
    let (ceremony, options) = begin(&mut browser, BEGIN_LOG_IN).await;
    assert_eq!(options["allowCredentials"].as_array().map(Vec::len), Some(0), "nobody is named");
    let answer = device.signs(&options);
    let fields = [("ceremony", &*ceremony), ("answer", &*answer), ("next", "/en/studio"), ("keep", "true")];
    let page = browser.submit(LOG_IN_BY, &fields).await;
    assert_eq!((page.status, page.address.as_str()), (200, "/en/studio"));
    assert_eq!(browser.get("/account").await.status, 200);
    assert!(kim.get("/account/security/passkeys").await.has("마지막 사용"));
    app.finish().await;
}

#[tokio::test]
async fn with_a_passkey_the_password_asks_for_it_or_for_a_recovery_code() {
    let app = TestApp::start().await;
    let (_, mut device, codes) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let codes = codes.recovery_codes();

    let mut browser = visitor(&app);
    let step = give_password(&mut browser, "/studio").await;
    assert_eq!(step.address, "/login/code");
    assert!(step.has("패스키로 계속하기"));
    assert!(!browser.cookies.contains_key("dure"));
    let (ceremony, options) = begin(&mut browser, BEGIN_LOG_IN).await;
    let answer = device.signs(&options);
    let page = browser.submit(LOG_IN_BY, &[("ceremony", &ceremony), ("answer", &answer)]).await;
    assert_eq!((page.status, page.address.as_str()), (200, "/studio"), "what the first step asked for");

    let mut lost = visitor(&app);
    give_password(&mut lost, "").await;
    assert_eq!(lost.call(SECOND_FACTOR, &[("code", "123456")]).await.status, 422);
    assert_eq!(lost.call(SECOND_FACTOR, &[("code", &codes[0])]).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn an_answer_opens_once_also_when_it_is_raced() {
    let app = TestApp::start().await;
    let (_, mut device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let mut browser = visitor(&app);
    let (ceremony, options) = begin(&mut browser, BEGIN_LOG_IN).await;
    let answer = device.signs(&options);
    let fields = [("ceremony", &*ceremony), ("answer", &*answer)];
    let (mut one, mut two, mut three) = (visitor(&app), visitor(&app), visitor(&app));
    let (a, b, c) = tokio::join!(
        one.call(LOG_IN_BY, &fields),
        two.call(LOG_IN_BY, &fields),
        three.call(LOG_IN_BY, &fields)
    );

    let mut statuses = [a.status, b.status, c.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422, 422]);
    app.finish().await;
}

#[tokio::test]
async fn nothing_but_the_right_answer_in_time_opens_an_account() {
    let app = TestApp::start().await;
    let (mut kim, device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let (_, parks, _) = with_passkey(&app, "박이슬", "park@example.kr").await;
    let refused = async |change: fn(&mut Device, &Device)| {
        let mut liar = device.clone();
        change(&mut liar, &parks);
        let mut browser = visitor(&app);
        let answer = log_in_by(&mut browser, &mut liar).await;
        assert!(!browser.cookies.contains_key("dure"));
        answer.status
    };
    assert_eq!(refused(|liar, _| liar.origin = "http://evil.example".to_owned()).await, 422);
    assert_eq!(
        refused(|liar, _| *liar = Device {
            credential: liar.credential.clone(),
            user: liar.user.clone(),
            ..Device::at(&liar.origin)
        })
        .await,
        422,
        "another key"
    );
    assert_eq!(refused(|liar, parks| liar.user.clone_from(&parks.user)).await, 422, "another's name");
    assert_eq!(refused(|liar, _| liar.user = "bm9ib2R5".to_owned()).await, 422, "no name");

    // What was signed for another question.
    let mut browser = visitor(&app);
    let (_, options) = begin(&mut browser, BEGIN_LOG_IN).await;
    let (other, _) = begin(&mut browser, BEGIN_LOG_IN).await;
    let answer = device.clone().signs(&options);
    assert_eq!(browser.call(LOG_IN_BY, &[("ceremony", &other), ("answer", &answer)]).await.status, 422);
    // A question of another kind.
    let (ceremony, mut options) = begin(&mut kim, BEGIN).await;
    options["rpId"] = options["rp"]["id"].clone();
    let answer = device.clone().signs(&options);
    assert_eq!(browser.call(LOG_IN_BY, &[("ceremony", &ceremony), ("answer", &answer)]).await.status, 422);
    // Five minutes later.
    let (ceremony, options) = begin(&mut browser, BEGIN_LOG_IN).await;
    let answer = device.clone().signs(&options);
    app.advance(TimeDelta::minutes(5)).await;
    assert_eq!(browser.call(LOG_IN_BY, &[("ceremony", &ceremony), ("answer", &answer)]).await.status, 422);
    for (ceremony, answer) in
        [("", ""), ("x", "{}"), ("", "null"), ("x", "[[[["), ("x", &"9".repeat(100_000))]
    {
        assert_eq!(browser.call(LOG_IN_BY, &[("ceremony", ceremony), ("answer", answer)]).await.status, 422);
    }
    assert_eq!(log_in_by(&mut browser, &mut device.clone()).await.status, 200, "the owner still can");
    app.finish().await;
}

#[tokio::test]
async fn a_copied_key_is_noticed_by_its_counter() {
    let app = TestApp::start().await;
    let (_, mut device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let mut copy = device.clone();
    assert_eq!(log_in_by(&mut visitor(&app), &mut device).await.status, 200);
    assert_eq!(log_in_by(&mut visitor(&app), &mut device).await.status, 200);
    assert_eq!(log_in_by(&mut visitor(&app), &mut copy).await.status, 422);
    app.finish().await;
}

#[tokio::test]
async fn a_suspended_member_does_not_get_in_by_passkey_either() {
    let app = TestApp::start().await;
    let (kim, mut device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    sqlx::query("update members set suspended_at = now(), suspended_why = '사칭' where id = $1")
        .bind(kim.id.uuid())
        .execute(&app.state.db.pool)
        .await
        .expect("a member can be changed");
    let answer = log_in_by(&mut visitor(&app), &mut device).await;
    assert_eq!(answer.status, 403);
    assert!(answer.has("사칭"));
    app.finish().await;
}

#[tokio::test]
async fn an_important_change_can_be_proved_by_ones_own_passkey() {
    let app = TestApp::start().await;
    let (mut kim, mut device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let (_, mut parks, _) = with_passkey(&app, "박이슬", "park@example.kr").await;
    app.advance(TimeDelta::minutes(11)).await;
    let page = kim.get("/account/security/passkeys").await;
    assert!(page.address.starts_with("/account/prove") && page.has("패스키로 계속하기"));
    let before = kim.cookies["dure"].clone();

    for (device, status) in [(&mut parks, 422), (&mut device, 200)] {
        let (ceremony, options) = begin(&mut kim, BEGIN_LOG_IN).await;
        let answer = device.signs(&options);
        let proved = kim.call(PROVE_BY, &[("ceremony", &ceremony), ("answer", &answer)]).await;
        assert_eq!(proved.status, status);
    }

    assert_ne!(kim.cookies["dure"], before, "the session has another secret");
    assert_eq!(kim.get("/account/security/passkeys").await.address, "/account/security/passkeys");
    app.finish().await;
}

#[tokio::test]
async fn a_passkey_is_removed_by_its_owner_and_with_the_last_one_the_codes_go() {
    let app = TestApp::start().await;
    let (mut kim, _, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let page = kim.get("/account/security/passkeys").await;
    let id = page.value_of("passkey").expect("it is listed");
    let mut park = app.member("박이슬").await;
    assert_eq!(park.call(REMOVE, &[("passkey", &id)]).await.status, 404);
    assert_eq!(park.call(REMOVE, &[("passkey", "nonsense")]).await.status, 404);

    assert_eq!(kim.submit(REMOVE, &[("passkey", &id)]).await.status, 200);

    let mut browser = visitor(&app);
    assert_eq!(give_password(&mut browser, "").await.address, "/", "one step again");
    let left: i64 = app
        .ask("select (select count(*) from recovery_codes) + (select count(*) from recovery_sheets)")
        .await;
    assert_eq!(left, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_last_way_in_cannot_be_removed() {
    let app = TestApp::start().await;
    let (mut kim, _, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let id = kim.get("/account/security/passkeys").await.value_of("passkey").expect("it is listed");
    sqlx::query("update members set password_hash = null")
        .execute(&app.state.db.pool)
        .await
        .expect("a member can be changed");

    assert_eq!(kim.call(REMOVE, &[("passkey", &id)]).await.status, 409);

    assert!(kim.get("/account/security/passkeys").await.value_of("passkey").is_some());
    app.finish().await;
}

#[tokio::test]
async fn recovery_codes_are_sealed_shown_until_they_are_kept_and_can_be_renewed() {
    let app = TestApp::start().await;
    let (mut kim, _, page) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let old = page.recovery_codes();
    let stored: String = app.ask("select encode(codes, 'escape') from recovery_sheets").await;
    assert!(!stored.contains(&old[0]));

    let kept = kim.submit(KEEP_CODES, &[]).await;
    assert!(!kept.has(&old[0]) && kept.has("남은 복구 코드 10개"));
    let renewed = kim.submit(RENEW_CODES, &[]).await.recovery_codes();

    let mut browser = visitor(&app);
    give_password(&mut browser, "").await;
    assert_eq!(browser.call(SECOND_FACTOR, &[("code", &old[1])]).await.status, 422);
    assert_eq!(browser.call(SECOND_FACTOR, &[("code", &renewed[1])]).await.status, 200);
    let mut park = app.member("박이슬").await;
    assert_eq!(
        park.call(RENEW_CODES, &[]).await.status,
        404,
        "without a second factor there is no use for them"
    );
    app.finish().await;
}

#[tokio::test]
async fn at_an_address_of_digits_there_are_no_passkeys() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let page = kim.get("/account/security/passkeys").await;
    assert!(page.has("이 주소에서는 패스키를 쓸 수 없어요"));
    assert!(!app.visitor().get("/login").await.has("패스키"));
    assert_eq!(kim.call(BEGIN, &[]).await.status, 422);
    app.finish().await;
}

#[tokio::test]
async fn one_key_belongs_to_one_account_and_a_name_is_needed() {
    let app = TestApp::start().await;
    let (mut kim, mut device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    let (ceremony, options) = begin(&mut kim, BEGIN).await;
    assert_eq!(options["excludeCredentials"].as_array().map(Vec::len), Some(1));
    let answer = device.registers(&options);
    let again = kim.call(ADD, &[("name", "또"), ("ceremony", &ceremony), ("answer", &answer)]).await;
    assert_eq!(again.status, 422);
    kim.get("/account/security/passkeys").await;
    let nameless = kim.submit(ADD, &[("name", " "), ("ceremony", &ceremony), ("answer", &answer)]).await;
    assert!(nameless.field_error("name").is_some());
    let scriptless = kim.submit(ADD, &[("name", "노트북")]).await;
    assert_eq!(scriptless.alerts(), ["패스키를 쓰려면 브라우저에서 자바스크립트를 켜야 해요."]);
    assert_eq!(scriptless.value_of("name").as_deref(), Some("노트북"));
    app.finish().await;
}

const CHANGE_EMAIL: &str = "/api/accounts/security/email/change_email";
const UNDO_EMAIL: &str = "/api/accounts/security/email/undo_email";
const UNDO_FACTOR: &str = "/api/accounts/factor/undo/undo_factor";

/// The secret of the newest mail's first link.
async fn secret_in_mail(app: &TestApp, to: &str) -> String {
    let mail = app.mails(to).await.into_iter().next().expect("a mail came");
    mail.links[0].rsplit_once('=').expect("a secret").1.to_owned()
}

/// From here on no two things happen at one instant, as outside of tests.
async fn lives_on(app: &TestApp) {
    app.drain().await;
    app.state.db.clock.run();
}

/// Adds another passkey with a device of its own.
async fn adds_another(person: &mut Person, origin: &str) -> Device {
    let mut device = Device::at(origin);
    let (ceremony, options) = begin(person, BEGIN).await;
    let answer = device.registers(&options);
    let added =
        person.call(ADD, &[("name", "낯선 기기"), ("ceremony", &ceremony), ("answer", &answer)]).await;
    assert_eq!(added.status, 200, "{}", added.text);
    device
}

#[tokio::test]
async fn what_a_stranger_added_is_taken_away_again_and_what_was_there_stays() {
    let app = TestApp::start().await;
    let (mut kim, mut device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    lives_on(&app).await;
    let mut strange = adds_another(&mut kim, &named(&app)).await;
    let secret = secret_in_mail(&app, "kim@example.kr").await;

    let mut owner = visitor(&app);
    assert!(owner.get(&format!("/undo-factor?token={secret}")).await.has("되돌리기"));
    assert_eq!(
        log_in_by(&mut visitor(&app), &mut strange).await.status,
        200,
        "a mail scanner changes nothing"
    );
    let (mut one, mut two) = (owner.clone(), owner.clone());
    let fields = [("token", secret.as_str())];
    let (first, second) = tokio::join!(one.call(UNDO_FACTOR, &fields), two.call(UNDO_FACTOR, &fields));

    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    assert_eq!(log_in_by(&mut visitor(&app), &mut strange).await.status, 422);
    assert_eq!(log_in_by(&mut visitor(&app), &mut device).await.status, 200);
    assert!(kim.get("/account").await.address.starts_with("/login"), "all devices are logged out");
    app.finish().await;
}

#[tokio::test]
async fn codes_that_a_stranger_renewed_are_taken_away_by_the_link_in_the_mail_about_them() {
    let app = TestApp::start().await;
    let (mut kim, mut device, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    lives_on(&app).await;
    kim.submit(KEEP_CODES, &[]).await;
    let renewed = kim.submit(RENEW_CODES, &[]).await.recovery_codes();
    let secret = secret_in_mail(&app, "kim@example.kr").await;

    assert!(app.visitor().get(&format!("/undo-factor?token={secret}")).await.has("복구 코드"));
    assert_eq!(visitor(&app).call(UNDO_FACTOR, &[("token", &secret)]).await.status, 200);

    let mut stranger = visitor(&app);
    give_password(&mut stranger, "").await;
    assert_eq!(stranger.call(SECOND_FACTOR, &[("code", &renewed[0])]).await.status, 422);
    let mut owner = visitor(&app);
    assert_eq!(log_in_by(&mut owner, &mut device).await.status, 200, "what was there stays");
    let page = owner.get("/account/security/recovery-codes").await;
    assert!(page.has("남은 복구 코드 0개") && !page.has(&renewed[0]), "{}", page.words());
    assert_eq!(owner.submit(RENEW_CODES, &[]).await.recovery_codes().len(), 10);
    app.finish().await;
}

#[tokio::test]
async fn codes_that_were_renewed_after_a_strange_passkey_was_added_go_with_it() {
    let app = TestApp::start().await;
    let (mut kim, _, _) = with_passkey(&app, "김하늘", "kim@example.kr").await;
    lives_on(&app).await;
    let mut strange = adds_another(&mut kim, &named(&app)).await;
    let secret = secret_in_mail(&app, "kim@example.kr").await;
    kim.get("/account/security/recovery-codes").await;
    kim.submit(KEEP_CODES, &[]).await;
    kim.submit(RENEW_CODES, &[]).await;

    assert_eq!(visitor(&app).call(UNDO_FACTOR, &[("token", &secret)]).await.status, 200);

    assert_eq!(log_in_by(&mut visitor(&app), &mut strange).await.status, 422);
    let left = "select (select count(*) from recovery_codes) + (select count(*) from recovery_sheets)";
    assert_eq!(app.count(left).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn undoing_a_change_of_address_takes_with_it_what_was_added_since() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    kim.browser = kim.browser.over_to(&named(&app));
    kim.call(CHANGE_EMAIL, &[("email", "thief@example.kr")]).await;
    let link = app.mails("thief@example.kr").await[0].links[0].clone();
    assert_eq!(app.visitor().confirms(&link).await.status, 200);
    let undo = secret_in_mail(&app, "kim@example.kr").await;
    app.advance(TimeDelta::minutes(1)).await;
    let mut thief = adds_another(&mut kim, &named(&app)).await;

    assert_eq!(app.visitor().call(UNDO_EMAIL, &[("token", &undo)]).await.status, 200);

    assert_eq!(log_in_by(&mut visitor(&app), &mut thief).await.status, 422);
    let mut owner = visitor(&app);
    assert_eq!(give_password(&mut owner, "").await.address, "/", "no step in the way");
    assert_eq!(
        app.count("select count(*) from recovery_codes").await,
        0,
        "nor codes that the thief has seen"
    );
    app.finish().await;
}
