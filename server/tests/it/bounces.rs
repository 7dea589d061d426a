//! Mails that come back: providers report them, and no more goes there until the owner confirms.

use crate::harness::{Answer, TestApp};
use http::Method;
use serde_json::{Value, json};
use server::config::Secret;

const SECRET: &str = "a-secret-of-the-provider";
const FIND_ID: &str = "/api/accounts/recover/find_id/find_id";
const RESEND: &str = "/api/accounts/sign_up/resend_confirmation";

async fn start() -> TestApp {
    TestApp::start_with(|config| config.mail_webhook_secret = Some(Secret(SECRET.to_owned()))).await
}

async fn report(app: &TestApp, authorization: &str, body: impl Into<reqwest::Body>) -> Answer {
    let mut provider = app.visitor();
    let request = provider.request(Method::POST, "/webhooks/mail");
    let request = request.header("authorization", authorization).header("content-type", "application/json");
    provider.send(request.body(body)).await
}

async fn bounced(app: &TestApp, body: &Value) {
    let answer = report(app, &format!("Bearer {SECRET}"), body.to_string()).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
}

fn hard(email: &str) -> Value {
    json!({"RecordType": "Bounce", "Type": "HardBounce", "Email": email, "Description": "unknown user"})
}

#[tokio::test]
async fn nothing_is_mailed_where_mails_came_back_until_the_owner_confirms_again() {
    let app = start().await;
    let mut kim = app.sign_up("김하늘", "Kim@example.kr").await;
    let before = app.mails("Kim@example.kr").await.len();

    bounced(&app, &hard("kim@EXAMPLE.kr")).await;

    app.visitor().call(FIND_ID, &[("email", "kim@example.kr")]).await;
    assert_eq!(app.mails("Kim@example.kr").await.len(), before, "nothing came");
    assert_eq!(app.count("select count(*) from outbox where given_up_at is not null").await, 1);
    for page in ["/account", "/account/notifications"] {
        assert!(kim.get(page).await.has("메일이 되돌아왔어요"), "{page}");
    }
    kim.get("/account").await;
    kim.submit(RESEND, &[]).await;
    let mails = app.mails("Kim@example.kr").await;
    assert_eq!(mails.len(), before + 1, "the one that asks them to confirm");
    app.visitor().confirms(&mails[0].links[0]).await;

    assert!(!kim.get("/account").await.has("되돌아왔어요"));
    app.visitor().call(FIND_ID, &[("email", "kim@example.kr")]).await;
    assert_eq!(app.mails("Kim@example.kr").await.len(), before + 2);
    // A report of what was before that stops nothing.
    let old = json!({"email": "kim@example.kr", "trouble": "bounced", "at": "2020-01-01T00:00:00Z"});
    bounced(&app, &old).await;
    assert!(!kim.get("/account").await.has("되돌아왔어요"));
    app.finish().await;
}

#[tokio::test]
async fn a_complaint_stops_mails_and_a_delay_is_only_written_down() {
    let app = start().await;
    let (mut kim, mut park) = (app.member("김하늘").await, app.member("박이슬").await);
    let ses = json!({"notificationType": "Complaint", "complaint":
        {"complainedRecipients": [{"emailAddress": kim.email}], "complaintFeedbackType": "abuse"}});
    let through = json!({"Type": "Notification", "TopicArn": "arn:aws:sns:x", "Message": ses.to_string()});
    bounced(&app, &through).await;
    bounced(&app, &json!([{"email": park.email, "trouble": "delayed", "reason": "mailbox full"}])).await;

    assert!(kim.get("/account").await.has("스팸으로 신고되어"));
    assert!(!park.get("/account").await.has("되돌아왔어요"));
    assert_eq!(app.count("select count(*) from mail_troubles").await, 2);
    assert_eq!(app.count("select count(*) from undeliverable").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_report_that_is_sent_twice_at_once_is_done_once() {
    let app = start().await;
    let kim = app.member("김하늘").await;
    let body = hard(&kim.email);

    tokio::join!(bounced(&app, &body), bounced(&app, &body), bounced(&app, &body));

    assert_eq!(app.count("select count(*) from mail_reports").await, 1);
    assert_eq!(app.count("select count(*) from mail_troubles").await, 1);
    let sealed: Vec<u8> = app.ask("select sealed from mail_reports").await;
    let address = kim.email.as_bytes();
    assert!(!sealed.windows(address.len()).any(|part| part == address), "it is sealed");
    app.finish().await;
}

#[tokio::test]
async fn who_does_not_show_the_secret_reports_nothing() {
    let app = start().await;
    let kim = app.member("김하늘").await;
    let right = base64(&format!("dure:{SECRET}"));
    assert_eq!(report(&app, &format!("Basic {right}"), "{}").await.status, 422, "it is read");

    let bare = base64(SECRET);
    for wrong in
        ["", "Bearer", "Bearer nearly", &format!("Basic {bare}"), &format!("Digest {SECRET}"), "Basic ?"]
    {
        let answer = report(&app, wrong, hard(&kim.email).to_string()).await;
        assert_eq!(answer.status, 401, "{wrong}");
    }
    let unasked = TestApp::start().await;
    assert_eq!(report(&unasked, &format!("Bearer {SECRET}"), "{}").await.status, 404);
    assert_eq!(app.count("select count(*) from mail_reports").await, 1);
    assert_eq!(app.count("select count(*) from undeliverable").await, 0);
    unasked.finish().await;
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_understood_is_refused_and_nothing_is_told_of_addresses() {
    let app = start().await;
    let bearer = format!("Bearer {SECRET}");
    for (body, status) in [
        (Vec::new(), 400),
        (b"\xff\xfe{".to_vec(), 400),
        (b"{\"email\":".to_vec(), 400),
        (b"{\"hello\":1}".to_vec(), 422),
        (json!({"email": "a\u{0}@example.kr", "trouble": "bounced"}).to_string().into_bytes(), 422),
        (vec![b'['; 10_000], 400),
        (vec![b' '; 2 * 1024 * 1024], 413),
        (hard("nobody-we-know@example.kr").to_string().into_bytes(), 204),
    ] {
        let start = String::from_utf8_lossy(&body[..body.len().min(30)]).into_owned();
        assert_eq!(report(&app, &bearer, body).await.status, status, "{start}");
    }
    let mut reason = hard("somebody@example.kr");
    reason["Description"] = json!("\u{0}가".repeat(2000));
    bounced(&app, &reason).await;
    assert_eq!(app.visitor().get("/webhooks/mail").await.status, 404);
    app.finish().await;
}

fn base64(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(text)
}
