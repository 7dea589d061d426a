//! Mailed links and other secrets that are used up: each for one purpose and one person, until the clock
//! ends it, and of many at once one succeeds.

use crate::harness::{Browser, PASSWORD, Person, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;

const LOG_IN: &str = "/api/accounts/log_in/log_in";
const REQUEST_RESET: &str = "/api/accounts/recover/reset/request_reset";
const RESET: &str = "/api/accounts/recover/reset/reset_password";
const UNDO_EMAIL: &str = "/api/accounts/security/email/undo_email";
const CHANGE_EMAIL: &str = "/api/accounts/security/email/change_email";
const CHANGE_PASSWORD: &str = "/api/accounts/security/password/change_password";
const NEW_PASSWORD: &str = "조용한 바다 위 노란 배";

const PURPOSES: [&str; 4] = ["confirm_email", "reset_password", "change_email", "undo_email"];

/// A link of this purpose to a member, for an hour.
async fn mailed(app: &TestApp, member: &Person, purpose: &str) -> String {
    let (secret, hash) = kernel::token::fresh();
    sqlx::query(
        "insert into mailed_tokens (token_hash, member_id, purpose, email, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $5::timestamptz + interval '1 hour')",
    )
    .bind(hash)
    .bind(member.id.uuid())
    .bind(purpose)
    .bind(format!("{}@elsewhere.example", kernel::FormKey::new().uuid().simple()))
    .bind(app.now())
    .execute(&app.state.db.pool)
    .await
    .expect("a link can be kept");
    secret
}

/// Uses a secret as a link of this purpose; tells whether it worked.
async fn used_as(browser: &mut Browser, purpose: &str, secret: &str) -> bool {
    match purpose {
        "confirm_email" => {
            browser.confirms(&format!("/confirm-email?token={secret}")).await.has("이메일을 확인했어요")
        }
        "change_email" => {
            browser.confirms(&format!("/confirm-email?change={secret}")).await.has("이메일을 바꿨어요")
        }
        "reset_password" => {
            browser.call(RESET, &[("token", secret), ("password", NEW_PASSWORD)]).await.status == 200
        }
        "undo_email" => browser.call(UNDO_EMAIL, &[("token", secret)]).await.status == 200,
        _ => panic!("{purpose} is no purpose"),
    }
}

async fn logs_in(app: &TestApp, email: &str, password: &str) -> bool {
    app.visitor().call(LOG_IN, &[("email", email), ("password", password)]).await.status == 200
}

/// The first link of the newest mail to an address, as path and query.
async fn link_in_mail(app: &TestApp, to: &str) -> String {
    let mail = app.mails(to).await.into_iter().next().expect("a mail came");
    mail.links[0].strip_prefix(&app.base).expect("it links here").to_owned()
}

fn secret_of(link: &str) -> &str {
    link.split_once('=').expect("a secret").1
}

#[tokio::test]
async fn a_link_of_one_purpose_is_none_for_another() {
    let app = TestApp::start().await;

    for purpose in PURPOSES {
        let far = app.member("먼 사람").await;
        let secret = mailed(&app, &far, purpose).await;
        let mut browser = app.visitor();
        for other in PURPOSES.into_iter().filter(|other| *other != purpose) {
            assert!(!used_as(&mut browser, other, &secret).await, "{purpose} was taken as {other}");
        }
        assert!(used_as(&mut browser, purpose, &secret).await, "{purpose} was used up by a wrong use");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_link_changes_its_person_and_nobody_else() {
    let app = TestApp::start().await;
    let (far, near) = (app.member("먼 사람").await, app.member("곁 사람").await);
    let rest = "select md5(string_agg(m::text, ',' order by id)) from members m where id <> $1";

    for purpose in PURPOSES {
        let secret = mailed(&app, &far, purpose).await;
        let before: String = app.ask_of(rest, far.id.uuid()).await;
        // Even when somebody else, who is logged in, follows it.
        assert!(used_as(&mut near.browser.clone(), purpose, &secret).await, "{purpose}");
        assert_eq!(app.ask_of::<String>(rest, far.id.uuid()).await, before, "{purpose}");
    }
    app.finish().await;
}

#[tokio::test]
async fn of_ten_that_use_one_link_at_the_same_instant_one_succeeds() {
    let app = TestApp::start().await;

    for (purpose, expected) in
        [("confirm_email", 10), ("reset_password", 1), ("change_email", 1), ("undo_email", 1)]
    {
        let far = app.member("먼 사람").await;
        let secret = mailed(&app, &far, purpose).await;
        let tries = (0..10).map(|_| {
            let (mut browser, secret) = (app.visitor(), secret.clone());
            async move { used_as(&mut browser, purpose, &secret).await }
        });
        let worked = join_all(tries).await.into_iter().filter(|worked| *worked).count();
        assert_eq!(worked, expected, "{purpose}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_link_to_another_address_lasts_a_day_and_the_way_back_three() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "old@example.kr").await;
    let ask = async |kim: &mut Person, to: &str| {
        kim.logs_in("").await;
        kim.get("/account/security").await;
        assert!(kim.submit(CHANGE_EMAIL, &[("email", to)]).await.has("새 주소로 메일을 보냈어요"));
        link_in_mail(&app, to).await
    };

    let late = ask(&mut kim, "late@example.kr").await;
    app.advance(TimeDelta::hours(24)).await;
    assert!(app.visitor().get(&late).await.has("쓸 수 없는 링크예요"));
    let soon = ask(&mut kim, "soon@example.kr").await;
    app.advance(TimeDelta::hours(24) - TimeDelta::seconds(1)).await;
    assert!(app.visitor().confirms(&soon).await.has("이메일을 바꿨어요"));

    let undo = link_in_mail(&app, "old@example.kr").await;
    let changed = app.now();
    app.set_clock(changed + TimeDelta::days(3));
    let late = app.visitor().call(UNDO_EMAIL, &[("token", secret_of(&undo))]).await;
    assert_eq!(late.status, 410);
    app.set_clock(changed + TimeDelta::days(3) - TimeDelta::seconds(1));
    let soon = app.visitor().call(UNDO_EMAIL, &[("token", secret_of(&undo))]).await;
    assert_eq!(soon.status, 200);
    app.finish().await;
}

/// Somebody else has the password: they asked for their own address, and for a reset.
#[tokio::test]
async fn a_new_password_ends_what_an_intruder_has_asked_for() {
    let app = TestApp::start().await;
    for way in [RESET, CHANGE_PASSWORD] {
        let email = format!("{}@example.kr", way.rsplit('/').next().expect("a name").replace('_', "-"));
        let mut kim = app.sign_up("김하늘", &email).await;
        let theirs = mailed(&app, &kim, "change_email").await;
        let other_reset = mailed(&app, &kim, "reset_password").await;

        if way == RESET {
            let mut owner = app.visitor();
            owner.submit(REQUEST_RESET, &[("email", &email)]).await;
            let link = link_in_mail(&app, &email).await;
            assert!(used_as(&mut owner, "reset_password", secret_of(&link)).await);
        } else {
            assert_eq!(kim.call(way, &[("next_password", NEW_PASSWORD)]).await.status, 200);
        }

        let mut intruder = app.visitor();
        assert!(!used_as(&mut intruder, "change_email", &theirs).await, "{way}");
        assert!(!used_as(&mut intruder, "reset_password", &other_reset).await, "{way}");
        assert!(logs_in(&app, &email, NEW_PASSWORD).await, "{way}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_reset_link_to_an_address_that_was_left_is_over() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "old@example.kr").await;
    let reset = mailed(&app, &kim, "reset_password").await;
    let change = mailed(&app, &kim, "change_email").await;
    let mut browser = app.visitor();

    assert!(used_as(&mut browser, "change_email", &change).await);

    assert!(!used_as(&mut browser, "reset_password", &reset).await);
    app.finish().await;
}

/// An intruder who changes the address twice holds a way back to their own: the owner's is the older one
/// and wins, whichever is used first.
#[tokio::test]
async fn the_older_way_back_ends_the_younger_and_never_the_other_way_round() {
    let app = TestApp::start().await;
    for intruder_first in [false, true] {
        let mut kim = app.sign_up("김하늘", "owner@example.kr").await;
        let change = async |kim: &mut Person, to: &str| {
            app.advance(TimeDelta::minutes(1)).await;
            kim.get("/account/security").await;
            kim.submit(CHANGE_EMAIL, &[("email", to)]).await;
            let link = link_in_mail(&app, to).await;
            assert!(app.visitor().confirms(&link).await.has("이메일을 바꿨어요"));
        };
        change(&mut kim, "one@evil.example").await;
        let owners = link_in_mail(&app, "owner@example.kr").await;
        change(&mut kim, "two@evil.example").await;
        let intruders = link_in_mail(&app, "one@evil.example").await;
        let waiting = mailed(&app, &kim, "change_email").await;
        let mut browser = app.visitor();

        if intruder_first {
            assert!(used_as(&mut browser, "undo_email", secret_of(&intruders)).await);
        }
        assert!(used_as(&mut browser, "undo_email", secret_of(&owners)).await);

        assert!(!used_as(&mut browser, "undo_email", secret_of(&intruders)).await);
        assert!(!used_as(&mut browser, "change_email", &waiting).await);
        let email: String = app.ask_of("select email from members where id = $1", kim.id.uuid()).await;
        assert_eq!(email, "owner@example.kr");
        sqlx::query("update members set email = id || '@x.kr', email_key = id || '@x.kr' where id = $1")
            .bind(kim.id.uuid())
            .execute(&app.state.db.pool)
            .await
            .expect("the address can be freed for the next round");
    }
    app.finish().await;
}

/// Somebody signs up with the address of another, who has not seen the mail, and prepares the account.
#[tokio::test]
async fn an_account_that_a_stranger_prepared_is_the_owners_alone_after_a_reset() {
    let app = TestApp::start().await;
    let form = [
        ("email", "owner@example.kr"),
        ("password", PASSWORD),
        ("name", "낯선 이"),
        ("terms", "true"),
        ("privacy", "true"),
    ];
    let mut stranger = app.visitor();
    stranger.submit("/api/accounts/sign_up/sign_up", &form).await;
    assert_eq!(
        stranger.call(LOG_IN, &[("email", "owner@example.kr"), ("password", PASSWORD)]).await.status,
        200
    );
    assert_eq!(stranger.call(CHANGE_EMAIL, &[("email", "stranger@example.kr")]).await.status, 200);
    let theirs = link_in_mail(&app, "stranger@example.kr").await;
    assert_eq!(stranger.call("/api/accounts/factor/totp/begin_totp", &[]).await.status, 200);
    sqlx::query("update totp_secrets set confirmed_at = now()")
        .execute(&app.state.db.pool)
        .await
        .expect("a second factor can be confirmed");

    let mut owner = app.visitor();
    owner.submit(REQUEST_RESET, &[("email", "owner@example.kr")]).await;
    let link = link_in_mail(&app, "owner@example.kr").await;
    assert!(used_as(&mut owner, "reset_password", secret_of(&link)).await);

    assert_eq!(stranger.get("/account").await.address, "/login?next=%2Faccount");
    assert!(!app.visitor().get(&theirs).await.has("이메일을 바꿨어요"));
    let form = [("email", "owner@example.kr"), ("password", NEW_PASSWORD), ("next", "")];
    owner.get("/login").await;
    assert_eq!(owner.submit(LOG_IN, &form).await.address, "/", "no code of the stranger's is asked for");
    assert_eq!(owner.get("/account").await.status, 200);
    app.finish().await;
}
