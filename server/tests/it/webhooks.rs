//! Reports of gateways: late, doubled, out of order, lost, forged. They bring questions, never money.

use crate::harness::{Choice, GOOD_CARD, Held, NO_ANSWER, Person, Plan, Project, TestApp};
use chrono::TimeDelta;
use kernel::{outbound, signature::sign};
use reqwest::StatusCode;
use serde_json::json;
use server::serve::merchant;

async fn mood(app: &TestApp, mood: &str) {
    let pool = &app.state.db.pool;
    sqlx::query("update sandbox.mood set webhooks = $1").bind(mood).execute(pool).await.expect("a mood");
}

/// Sends what the gateway has to report; tells how many were taken.
async fn reports(app: &TestApp) -> usize {
    let to = merchant(&app.state.config, secret(app).await).expect("a merchant");
    sandbox::deliver_webhooks(&app.state.db.pool, &to, app.now()).await.expect("reports are sent")
}

/// A project, and somebody who entered a card for it and never came back.
async fn stored(app: &TestApp) -> (Project, Person, Held) {
    let project = app.member("김창작").await.launches(app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;
    lee.enters_card_and_leaves(&held, GOOD_CARD).await;
    (project, lee, held)
}

/// Posts a report as the sandbox would, signed with a secret.
async fn post(app: &TestApp, to: &str, body: &str, secret: &str) -> StatusCode {
    let request = outbound::client(TimeDelta::seconds(30).to_std().expect("a time"))
        .expect("a client")
        .post(format!("{}/webhooks/{to}", app.base));
    let head = sign(secret, body.as_bytes(), app.now());
    let answer = request.header("sandbox-signature", head).body(body.to_owned()).send().await;
    answer.expect("an answer").status()
}

async fn secret(app: &TestApp) -> String {
    sandbox::merchant_secret(&app.state.db.pool).await.expect("the secret")
}

#[tokio::test]
async fn a_report_secures_the_pledge_of_who_never_came_back() {
    let app = TestApp::start().await;
    let (_, _, held) = stored(&app).await;
    assert_eq!(app.pledge_state(held.pledge).await, "held");

    assert_eq!(reports(&app).await, 1);
    app.drain().await;

    assert_eq!(app.pledge_state(held.pledge).await, "reserved");
    assert_eq!(app.ask::<String>("select outcome from gateway_events").await, "settled");
    assert_eq!(reports(&app).await, 0, "it is told once");
    app.finish().await;
}

#[tokio::test]
async fn however_reports_come_the_outcome_is_the_same_and_booked_once() {
    for manner in ["doubled", "reordered", "late", "lost", "forged"] {
        let app = TestApp::start().await;
        mood(&app, manner).await;
        let (project, lee, held) = stored(&app).await;
        let pledge = app.member("박모름").await.pledges(&project, &Choice::support(500), NO_ANSWER).await;

        for _ in 0..3 {
            reports(&app).await;
            app.drain().await;
        }
        app.advance(TimeDelta::minutes(2)).await;
        app.advance_to(project.deadline).await;
        for _ in 0..3 {
            // What was late or out of order comes now.
            sqlx::query("update sandbox.webhooks set at = clock_timestamp() where done_at is null")
                .execute(&app.state.db.pool)
                .await
                .unwrap();
            reports(&app).await;
            app.advance(TimeDelta::minutes(1)).await;
        }

        for pledge in [held.pledge, pledge] {
            assert_eq!(app.pledge_state(pledge).await, "collected", "{manner}");
            assert_eq!(app.charges_at_gateway(pledge).await, 1, "{manner}");
        }
        assert_eq!(app.escrow(project.id).await, 1500, "{manner}");
        let thanks = app.mails(&lee.email).await;
        assert_eq!(thanks.iter().filter(|mail| mail.subject.contains("예약했어요")).count(), 1, "{manner}");
        assert_eq!(
            app.count("select count(*) from gateway_events where outcome is null").await,
            0,
            "{manner}: every report was looked into"
        );
        app.finish().await;
    }
}

#[tokio::test]
async fn a_report_tells_of_a_charge_whose_call_had_no_answer() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), NO_ANSWER).await;
    app.advance_to(project.deadline).await;
    assert_eq!(app.pledge_state(pledge).await, "due");

    reports(&app).await;
    app.drain().await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_is_reported_after_the_deadline_is_removed_and_nobody_pays() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    app.set_clock(project.deadline - TimeDelta::minutes(2));
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;
    lee.enters_card_and_leaves(&held, GOOD_CARD).await;
    app.set_clock(project.deadline + TimeDelta::seconds(1));

    reports(&app).await;
    app.drain().await;

    assert_eq!(app.pledge_state(held.pledge).await, "voided");
    assert_eq!(app.count("select count(*) from sandbox.cards where not removed").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_the_gateway_did_not_sign_is_refused_and_not_kept() {
    let app = TestApp::start().await;
    let (_, _, held) = stored(&app).await;
    let secret = secret(&app).await;
    let body = json!({ "id": "1", "kind": "card.stored", "key": held.pledge }).to_string();
    let url = format!("{}/webhooks/sandbox", app.base);
    let http = outbound::client(TimeDelta::seconds(30).to_std().expect("a time")).expect("a client");

    let unsigned = http.post(&url).body(body.clone()).send().await.unwrap().status();
    let other = post(&app, "sandbox", &body, "the secret of another account").await;
    let old = http
        .post(&url)
        .header("sandbox-signature", sign(&secret, body.as_bytes(), app.now() - TimeDelta::minutes(6)))
        .body(body.clone());
    let old = old.send().await.unwrap().status();
    let broken = post(&app, "sandbox", "{\"id\":", &secret).await;
    let large = post(&app, "sandbox", &"x".repeat(10 << 20), &secret).await;
    let elsewhere = post(&app, "nobody", &body, &secret).await;

    assert_eq!([unsigned, other, old, broken], [StatusCode::UNAUTHORIZED; 4]);
    assert_eq!((large, elsewhere), (StatusCode::PAYLOAD_TOO_LARGE, StatusCode::NOT_FOUND));
    assert_eq!(app.count("select count(*) from gateway_events").await, 0);
    assert_eq!(app.pledge_state(held.pledge).await, "held");
    app.finish().await;
}

#[tokio::test]
async fn a_report_of_what_we_do_not_know_is_kept_for_people_to_see() {
    let app = TestApp::start().await;
    let secret = secret(&app).await;
    let body = json!({ "id": "evt", "kind": "charge.settled", "key": uuid::Uuid::now_v7() }).to_string();

    assert_eq!(post(&app, "sandbox", &body, &secret).await, StatusCode::OK);
    app.drain().await;

    assert_eq!(app.ask::<String>("select outcome from gateway_events").await, "unknown");
    let sealed: Vec<u8> = app.ask("select sealed from gateway_events").await;
    assert!(!String::from_utf8_lossy(&sealed).contains("charge.settled"), "what it says is sealed");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_report_that_comes_twenty_times_at_once_is_one() {
    let app = TestApp::start().await;
    let (_, _, held) = stored(&app).await;
    let secret = secret(&app).await;
    let key: uuid::Uuid = app.ask("select id from payment_attempts").await;
    let body = json!({ "id": "evt", "kind": "card.stored", "key": key }).to_string();

    let answers = futures::future::join_all((0..20).map(|_| post(&app, "sandbox", &body, &secret))).await;
    app.drain().await;

    assert_eq!(answers, [StatusCode::OK; 20]);
    assert_eq!(app.count("select count(*) from gateway_events").await, 1);
    assert_eq!(app.pledge_state(held.pledge).await, "reserved");
    app.finish().await;
}
