//! Getting back in, the second factor, and what guards an account.

use crate::harness::{Browser, PASSWORD, Person, TestApp};
use chrono::TimeDelta;
use totp_rs::{Builder, Secret};

const LOG_IN: &str = "/api/accounts/log_in/log_in";
const FIND_ID: &str = "/api/accounts/recover/find_id/find_id";
const REQUEST_RESET: &str = "/api/accounts/recover/reset/request_reset";
const RESET: &str = "/api/accounts/recover/reset/reset_password";
const PROVE: &str = "/api/accounts/security/prove/prove";
const CHANGE_PASSWORD: &str = "/api/accounts/security/password/change_password";
const CHANGE_EMAIL: &str = "/api/accounts/security/email/change_email";
const UNDO_EMAIL: &str = "/api/accounts/security/email/undo_email";
const END_SESSION: &str = "/api/accounts/security/sessions/end_session";
const END_OTHERS: &str = "/api/accounts/security/sessions/end_other_sessions";
const BEGIN_TOTP: &str = "/api/accounts/factor/totp/begin_totp";
const CONFIRM_TOTP: &str = "/api/accounts/factor/totp/confirm_totp";
const SECOND_FACTOR: &str = "/api/accounts/factor/step/second_factor";
const NEW_PASSWORD: &str = "조용한 바다 위 노란 배";

/// The first link of the newest mail to an address, as path and query.
async fn link_in_mail(app: &TestApp, to: &str) -> String {
    let mail = app.mails(to).await.into_iter().next().expect("a mail came");
    let link = mail.links.first().expect("the mail has a link");
    link.split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
        .expect("a path")
}

fn token_of(address: &str) -> &str {
    address.split_once("token=").expect("a token").1
}

async fn is_told_of_a_change(app: &TestApp, to: &str) -> bool {
    app.mails(to).await.iter().any(|mail| mail.subject == "두레: 로그인 방법이 바뀌었어요")
}

async fn log_in(browser: &mut Browser, email: &str, password: &str) -> u16 {
    browser.get("/login").await;
    browser.call(LOG_IN, &[("email", email), ("password", password), ("next", "")]).await.status
}

#[tokio::test]
async fn find_id_says_the_same_for_everybody_and_mails_the_owner() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "kim@example.kr").await;
    let mut answers = Vec::new();
    for email in ["Kim@Example.kr", "nobody@example.kr"] {
        let mut browser = app.visitor();
        browser.get("/find-id").await;
        let answer = browser.submit(FIND_ID, &[("email", email)]).await;
        answers.push((answer.status, answer.address, answer.text));
    }

    assert_eq!(answers[0], answers[1]);
    assert_eq!((answers[0].0, answers[0].1.as_str()), (200, "/find-id?sent=1"));
    assert!(!answers[0].2.contains(&kim.handle));
    let mail = app.mails("kim@example.kr").await.remove(0);
    assert_eq!(mail.subject, "두레: 아이디를 알려 드려요");
    assert!(mail.text.contains(&kim.handle));
    assert!(mail.text.contains("에 비밀번호로 로그인했어요"), "{}", mail.text);
    assert!(app.mails("nobody@example.kr").await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_password_is_reset_once_by_the_mailed_link_and_all_sessions_end() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let mut lost = app.visitor();
    lost.get("/reset-password").await;
    assert_eq!(lost.submit(REQUEST_RESET, &[("email", "kim@example.kr")]).await.status, 200);
    let link = link_in_mail(&app, "kim@example.kr").await;
    let page = lost.get(&link).await;
    assert!(page.has("새 비밀번호"));

    for weak in ["password12", &kim.handle] {
        let weak = lost.submit(RESET, &[("token", token_of(&link)), ("password", weak)]).await;
        assert_eq!(weak.status, 422);
        assert!(weak.field_error("password").is_some());
    }
    let fields = [("token", token_of(&link)), ("password", NEW_PASSWORD)];
    let (mut one, mut two) = (lost.clone(), lost.clone());
    let (first, second) = tokio::join!(one.call(RESET, &fields), two.call(RESET, &fields));

    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410], "raced twice, set once");
    assert_eq!(kim.get("/account").await.address, "/login?next=%2Faccount", "sessions have ended");
    assert_eq!(log_in(&mut app.visitor(), "kim@example.kr", PASSWORD).await, 422);
    assert_eq!(log_in(&mut app.visitor(), "kim@example.kr", NEW_PASSWORD).await, 200);
    let mails = app.mails("kim@example.kr").await;
    assert!(mails.iter().any(|mail| mail.subject == "두레: 비밀번호가 바뀌었어요"));
    assert!(lost.get(&link).await.has("쓸 수 없는 링크예요"));
    app.finish().await;
}

#[tokio::test]
async fn a_reset_link_ends_after_thirty_minutes_of_the_clock() {
    let app = TestApp::start().await;
    app.sign_up("김하늘", "kim@example.kr").await;
    let mut lost = app.visitor();
    lost.submit(REQUEST_RESET, &[("email", "kim@example.kr")]).await;
    let link = link_in_mail(&app, "kim@example.kr").await;

    app.advance(TimeDelta::minutes(30)).await;

    assert!(lost.get(&link).await.has("쓸 수 없는 링크예요"));
    let late = lost.call(RESET, &[("token", token_of(&link)), ("password", NEW_PASSWORD)]).await;
    assert_eq!(late.status, 410);
    // A link of another purpose is none for this.
    let stolen: String = app.ask("select encode(token_hash, 'hex') from mailed_tokens limit 1").await;
    let wrong = lost.call(RESET, &[("token", &stolen), ("password", NEW_PASSWORD)]).await;
    assert_eq!(wrong.status, 410);
    app.finish().await;
}

#[tokio::test]
async fn an_important_change_asks_once_more_who_one_is() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    app.advance(TimeDelta::minutes(11)).await;
    let before = kim.browser.clone();

    let asked = kim.get("/account/security").await;
    assert_eq!(asked.address, "/account/prove?next=%2Faccount%2Fsecurity");
    let refused = kim.call(CHANGE_PASSWORD, &[("next_password", NEW_PASSWORD)]).await;
    assert_eq!(refused.status, 401);
    assert_eq!(kim.call(END_OTHERS, &[]).await.status, 401);
    let wrong = kim.submit(PROVE, &[("password", "틀린 비밀번호예요"), ("next", "/account/security")]).await;
    assert_eq!(wrong.status, 422);
    let page = kim.submit(PROVE, &[("password", PASSWORD), ("next", "/account/security")]).await;

    assert_eq!((page.status, page.address.as_str()), (200, "/account/security"));
    assert_ne!(kim.cookies["dure"], before.cookies["dure"], "the session has another secret");
    let mut thief = before;
    assert_eq!(thief.get("/account").await.address, "/login?next=%2Faccount");
    let mut elsewhere = app.visitor();
    assert_eq!(log_in(&mut elsewhere, "kim@example.kr", PASSWORD).await, 200);
    let changed = kim.submit(CHANGE_PASSWORD, &[("next_password", NEW_PASSWORD)]).await;
    assert!(changed.has("비밀번호를 바꿨어요"));
    assert_eq!(kim.get("/account").await.status, 200, "this device stays");
    assert_eq!(elsewhere.get("/account").await.address, "/login?next=%2Faccount");
    app.finish().await;
}

#[tokio::test]
async fn an_address_is_changed_by_the_new_one_and_undone_by_the_old_one() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "old@example.kr").await;
    kim.get("/account/security").await;
    let asked = kim.submit(CHANGE_EMAIL, &[("email", "new@example.kr")]).await;
    assert!(asked.has("새 주소로 메일을 보냈어요"));
    assert_eq!(log_in(&mut app.visitor(), "new@example.kr", PASSWORD).await, 422, "nothing changed yet");
    assert_eq!(app.mails("old@example.kr").await[0].subject, "두레: 이메일 주소를 바꾸려고 해요");

    let link = link_in_mail(&app, "new@example.kr").await;
    assert!(app.visitor().get(&link).await.has("이 주소로 바꾸기"), "a mail scanner changes nothing");
    assert!(app.visitor().confirms(&link).await.has("이메일을 바꿨어요"));
    assert_eq!(log_in(&mut app.visitor(), "new@example.kr", PASSWORD).await, 200);
    assert!(app.visitor().get(&link).await.has("쓸 수 없는 링크예요"));

    let undo = link_in_mail(&app, "old@example.kr").await;
    let mut owner = app.visitor();
    let page = owner.get(&undo).await;
    assert!(page.has("old@example.kr"), "a mail scanner that follows the link changes nothing");
    assert_eq!(log_in(&mut app.visitor(), "new@example.kr", PASSWORD).await, 200);
    let undone = owner.submit(UNDO_EMAIL, &[("token", token_of(&undo))]).await;
    assert!(undone.has("이메일을 되돌렸어요"));
    assert_eq!(log_in(&mut app.visitor(), "old@example.kr", PASSWORD).await, 200);
    assert_eq!(kim.get("/account").await.address, "/login?next=%2Faccount");
    assert_eq!(owner.call(UNDO_EMAIL, &[("token", token_of(&undo))]).await.status, 410);
    app.finish().await;
}

#[tokio::test]
async fn a_change_to_an_address_that_somebody_has_answers_as_always() {
    let app = TestApp::start().await;
    app.sign_up("박이슬", "taken@example.kr").await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    kim.get("/account/security").await;

    let answer = kim.submit(CHANGE_EMAIL, &[("email", "Taken@example.kr")]).await;

    assert!(answer.has("새 주소로 메일을 보냈어요"));
    let told = app.mails("kim@example.kr").await.remove(0);
    assert_eq!(told.subject, "두레: 이메일 주소를 바꾸려고 해요", "told as for a free one");
    assert!(app.mails("taken@example.kr").await.iter().all(|mail| !mail.subject.contains("새 이메일")));
    app.finish().await;
}

#[tokio::test]
async fn a_log_in_from_a_new_browser_is_told_by_mail_and_can_be_ended() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let strange = async || {
        let mails = app.mails("kim@example.kr").await;
        mails.iter().filter(|mail| mail.subject == "두레: 새 기기에서 로그인했어요").count()
    };
    assert_eq!(strange().await, 0, "the first browser is no wonder");
    kim.logs_in("").await;
    assert_eq!(strange().await, 0);

    let mut elsewhere = app.visitor();
    log_in(&mut elsewhere, "kim@example.kr", PASSWORD).await;
    assert_eq!(strange().await, 1);
    let page = kim.get("/account/security").await;
    let id = page.value_of("session").expect("another session is listed");
    kim.submit(END_SESSION, &[("session", &id)]).await;
    assert_eq!(elsewhere.get("/account").await.address, "/login?next=%2Faccount");

    // Nobody ends the session of somebody else.
    let mut park = app.member("박이슬").await;
    log_in(&mut elsewhere, "kim@example.kr", PASSWORD).await;
    let page = kim.get("/account/security").await;
    let id = page.value_of("session").expect("another session is listed");
    assert_eq!(park.call(END_SESSION, &[("session", &id)]).await.status, 404);
    assert_eq!(park.call(END_SESSION, &[("session", "nonsense")]).await.status, 404);
    kim.submit(END_OTHERS, &[]).await;
    assert_eq!(elsewhere.get("/account").await.address, "/login?next=%2Faccount");
    assert_eq!(kim.get("/account").await.status, 200);
    app.finish().await;
}

/// Turns the second factor on; gives the app's secret and the recovery codes.
async fn turn_on(app: &TestApp, kim: &mut Person) -> (String, Vec<String>) {
    kim.get("/account/security/totp").await;
    let page = kim.submit(BEGIN_TOTP, &[]).await;
    let key = page.between("<code class=\"totp-key\">", "</code>").expect("the key is shown");
    let secret = key.replace("<!>", "").replace(' ', "");
    let wrong = kim.submit(CONFIRM_TOTP, &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    let on = kim.submit(CONFIRM_TOTP, &[("code", &code_at(&secret, app, 0))]).await;
    assert_eq!(on.address, "/account/security/recovery-codes");
    let codes = on.recovery_codes();
    assert_eq!(codes.len(), 10);
    assert!(kim.get("/account/security/totp").await.has("인증 앱이 연결돼 있어요"));
    (secret, codes)
}

/// What the app shows now, or some steps from now.
fn code_at(secret: &str, app: &TestApp, steps: i64) -> String {
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(secret).expect("base 32"))
        .with_account_name("kim")
        .with_issuer(Some("Dure"))
        .build()
        .expect("a right app");
    let at = app.now().timestamp() + steps * 30;
    totp.generate(u64::try_from(at).expect("after 1970")).to_string()
}

#[tokio::test]
async fn with_a_second_factor_the_password_alone_opens_nothing() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let (secret, codes) = turn_on(&app, &mut kim).await;
    assert!(is_told_of_a_change(&app, "kim@example.kr").await);
    let stored: String = app
        .ask("select encode(secret, 'escape') || encode(codes, 'escape') from totp_secrets, recovery_sheets")
        .await;
    assert!(!stored.contains(&secret) && !stored.contains(&codes[0]), "sealed");

    let mut browser = app.visitor();
    browser.get("/login?next=/studio").await;
    let step = browser
        .submit(LOG_IN, &[("email", "kim@example.kr"), ("password", PASSWORD), ("next", "/studio")])
        .await;
    assert_eq!(step.address, "/login/code");
    assert!(!browser.cookies.contains_key("dure"));
    assert_eq!(browser.get("/account").await.address, "/login?next=%2Faccount");
    // The code that turned it on was used.
    browser.get("/login/code").await;
    let replayed = browser.submit(SECOND_FACTOR, &[("code", &code_at(&secret, &app, 0))]).await;
    assert_eq!(replayed.status, 422);
    let done = browser.submit(SECOND_FACTOR, &[("code", &code_at(&secret, &app, 1))]).await;
    assert_eq!((done.status, done.address.as_str()), (200, "/studio"));

    // A recovery code opens once.
    for (code, opens) in
        [(&codes[3], true), (&codes[3], false), (&codes[4].to_uppercase().replace('-', " "), true)]
    {
        let mut browser = app.visitor();
        log_in(&mut browser, "kim@example.kr", PASSWORD).await;
        let answer = browser.call(SECOND_FACTOR, &[("code", code)]).await;
        assert_eq!(answer.status == 200, opens, "{code}");
        assert_eq!(browser.cookies.contains_key("dure"), opens);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_second_step_is_over_after_five_tries_or_ten_minutes() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let (secret, _) = turn_on(&app, &mut kim).await;
    let mut guesser = app.visitor();
    log_in(&mut guesser, "kim@example.kr", PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(guesser.call(SECOND_FACTOR, &[("code", "123456")]).await.status, 422);
    }
    let right = code_at(&secret, &app, 1);
    assert_eq!(guesser.call(SECOND_FACTOR, &[("code", &right)]).await.status, 403);
    let told = app.mails("kim@example.kr").await;
    assert!(told.iter().any(|mail| mail.subject == "두레: 로그인의 두 번째 단계가 여러 번 틀렸어요"));

    let mut slow = app.visitor();
    log_in(&mut slow, "kim@example.kr", PASSWORD).await;
    app.advance(TimeDelta::minutes(10)).await;
    let right = code_at(&secret, &app, 0);
    assert_eq!(slow.call(SECOND_FACTOR, &[("code", &right)]).await.status, 403);
    assert_eq!(app.visitor().call(SECOND_FACTOR, &[("code", &right)]).await.status, 403);
    app.finish().await;
}

#[tokio::test]
async fn turning_the_second_factor_off_logs_out_elsewhere_and_is_told_by_mail() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let (_, codes) = turn_on(&app, &mut kim).await;
    let (mut elsewhere, mut half) = (app.visitor(), app.visitor());
    log_in(&mut elsewhere, "kim@example.kr", PASSWORD).await;
    elsewhere.call(SECOND_FACTOR, &[("code", &codes[0])]).await;
    assert_eq!(elsewhere.get("/account").await.status, 200);
    log_in(&mut half, "kim@example.kr", PASSWORD).await;

    let off = kim.call("/api/accounts/factor/totp/remove_totp", &[]).await;

    assert_eq!(off.status, 200);
    assert_eq!(elsewhere.get("/account").await.address, "/login?next=%2Faccount");
    assert_eq!(half.call(SECOND_FACTOR, &[("code", &codes[1])]).await.status, 403);
    assert_eq!(kim.get("/account").await.status, 200);
    assert!(is_told_of_a_change(&app, "kim@example.kr").await);
    app.finish().await;
}

#[tokio::test]
async fn of_ten_that_bring_one_code_at_the_same_instant_one_gets_in() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let (secret, codes) = turn_on(&app, &mut kim).await;

    for code in [&codes[0], &code_at(&secret, &app, 1)] {
        let tries = (0..10).map(|_| {
            let (mut browser, code) = (app.visitor(), code.clone());
            async move {
                log_in(&mut browser, "kim@example.kr", PASSWORD).await;
                browser.call(SECOND_FACTOR, &[("code", &code)]).await.status
            }
        });
        let statuses = futures::future::join_all(tries).await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_reset_does_not_go_around_the_second_factor() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    turn_on(&app, &mut kim).await;
    let mut lost = app.visitor();
    lost.submit(REQUEST_RESET, &[("email", "kim@example.kr")]).await;
    let link = link_in_mail(&app, "kim@example.kr").await;
    let fields = [("token", token_of(&link)), ("password", NEW_PASSWORD)];
    assert_eq!(lost.call(RESET, &fields).await.status, 200);

    lost.get("/login").await;
    let form = [("email", "kim@example.kr"), ("password", NEW_PASSWORD), ("next", "")];
    assert_eq!(lost.submit(LOG_IN, &form).await.address, "/login/code");
    assert!(!lost.cookies.contains_key("dure"));
    app.finish().await;
}
