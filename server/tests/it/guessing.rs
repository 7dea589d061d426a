//! Guessing: what a stranger can try, what it tells them, and that the owner still gets in.

use crate::harness::{Browser, PASSWORD, TestApp};

const LOG_IN: &str = "/api/accounts/log_in/log_in";
const FIND_ID: &str = "/api/accounts/recover/find_id/find_id";
const REQUEST_RESET: &str = "/api/accounts/recover/reset/request_reset";
const RESET: &str = "/api/accounts/recover/reset/reset_password";
const NEW_PASSWORD: &str = "조용한 바다 위 노란 배";
const WRONG: &str = "틀린 비밀번호예요";

async fn tries(browser: &mut Browser, log_in: &str, password: &str) -> u16 {
    browser.call(LOG_IN, &[("email", log_in), ("password", password)]).await.status
}

/// As after hundreds of wrong log-ins from all over the world.
async fn exhaust(app: &TestApp, limit: &str, key: &str) {
    sqlx::query(
        "insert into rate_limits (key, tokens, filled_at) values ($1, 0, clock_timestamp())
         on conflict (key) do update set tokens = 0, filled_at = clock_timestamp()",
    )
    .bind(format!("{limit}:{key}"))
    .execute(&app.state.db.pool)
    .await
    .expect("a limit can be written");
}

#[tokio::test]
async fn a_guessers_limit_does_not_tell_that_an_id_and_an_address_are_one_account() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "kim@example.kr").await;

    let mut answers = Vec::new();
    for email in ["kim@example.kr", "nobody@example.kr"] {
        let mut guesser = app.visitor();
        let mut seen = Vec::new();
        for n in 0..14 {
            seen.push(tries(&mut guesser, if n % 2 == 0 { email } else { &kim.handle }, WRONG).await);
        }
        answers.push(seen);
    }

    assert_eq!(answers[0], answers[1]);
    app.finish().await;
}

#[tokio::test]
async fn an_attack_from_everywhere_does_not_lock_the_owner_out_of_a_browser_they_have_used() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "kim@example.kr").await;
    for key in ["kim@example.kr", &kim.handle] {
        exhaust(&app, "log_in_to", key).await;
    }
    let mut owner = kim.browser.clone();
    owner.cookies.remove("dure");

    for log_in in ["Kim@example.kr", &kim.handle] {
        assert_eq!(tries(&mut app.visitor(), log_in, PASSWORD).await, 429, "strangers are slowed");
        assert_eq!(tries(&mut owner, log_in, PASSWORD).await, 200);
    }
    // Nor does somebody behind the same address.
    exhaust(&app, "log_in_from", "10.0.0.1").await;
    for _ in 0..10 {
        assert_eq!(tries(&mut owner, "kim@example.kr", WRONG).await, 422);
    }
    assert_eq!(tries(&mut owner, "kim@example.kr", PASSWORD).await, 429, "a stolen browser is slowed too");
    app.finish().await;
}

#[tokio::test]
async fn the_cookie_of_a_browser_helps_with_the_accounts_that_were_used_there_alone() {
    let app = TestApp::start().await;
    app.sign_up("김하늘", "kim@example.kr").await;
    let park = app.sign_up("박이슬", "park@example.kr").await;
    exhaust(&app, "log_in_to", "kim@example.kr").await;

    assert_eq!(tries(&mut park.browser.clone(), "kim@example.kr", PASSWORD).await, 429);
    app.finish().await;
}

#[tokio::test]
async fn a_reset_opens_the_browser_in_which_it_was_done_even_during_an_attack() {
    let app = TestApp::start().await;
    app.sign_up("김하늘", "kim@example.kr").await;
    let mut owner = app.visitor();
    // The stranger has asked for the ID so often that no more of these mails are sent.
    for _ in 0..5 {
        app.visitor().call(FIND_ID, &[("email", "kim@example.kr")]).await;
    }
    assert_eq!(owner.call(REQUEST_RESET, &[("email", "kim@example.kr")]).await.status, 200);
    let mails = app.mails("kim@example.kr").await;
    let token =
        mails.iter().find_map(|mail| mail.links[0].split_once("reset-password?token=")).expect("a link").1;
    assert_eq!(owner.call(RESET, &[("token", token), ("password", NEW_PASSWORD)]).await.status, 200);
    exhaust(&app, "log_in_to", "kim@example.kr").await;

    assert_eq!(tries(&mut app.visitor(), "kim@example.kr", NEW_PASSWORD).await, 429);
    assert_eq!(tries(&mut owner, "kim@example.kr", NEW_PASSWORD).await, 200);
    app.finish().await;
}

#[tokio::test]
async fn a_browser_cookie_that_somebody_planted_is_not_adopted() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    kim.cookies.insert("dure".to_owned(), "planted".to_owned());
    kim.cookies.insert("dure-device".to_owned(), "planted".to_owned());

    kim.logs_in("").await;

    assert_ne!(kim.cookies["dure"], "planted");
    assert_ne!(kim.cookies["dure-device"], "planted");
    let mut thief = app.visitor();
    thief.cookies.insert("dure".to_owned(), "planted".to_owned());
    assert_eq!(thief.get("/account").await.address, "/login?next=%2Faccount");
    app.finish().await;
}

#[tokio::test]
async fn one_client_tries_one_password_on_a_hundred_accounts_and_no_more() {
    let app = TestApp::start().await;
    let mut sprayer = app.visitor();
    let mut tried = 0;

    for n in 0..110 {
        match tries(&mut sprayer, &format!("somebody{n}@example.kr"), WRONG).await {
            422 => tried += 1,
            status => assert_eq!(status, 429),
        }
    }

    // Some come back while the test runs.
    assert!((100..105).contains(&tried), "{tried}");
    app.finish().await;
}
