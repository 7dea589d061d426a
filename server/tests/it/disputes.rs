//! Charges that the payer's bank questions: the money follows, refunds wait.

use crate::{
    harness::{Person, TestApp},
    refunds::{paid, refunds, refunds_all, reports},
};
use accounts::operators::Role;
use chrono::TimeDelta;
use kernel::PledgeId;

pub const IS_DISPUTED: &str = "4000000000000259";

/// Decides for the bank.
async fn decides(app: &TestApp, state: &str) {
    let id: uuid::Uuid = app.ask("select id from sandbox.disputes").await;
    let mut anybody = app.visitor();
    let page = anybody.get("/sandbox/disputes").await;
    assert!(page.has("연습용 이의 제기") && page.has(&id.to_string()), "{}", page.words());
    let decided =
        anybody.submit("/sandbox/disputes", &[("dispute", &id.to_string()), ("state", state)]).await;
    assert_eq!(decided.status, 200);
}

async fn told(app: &TestApp) {
    reports(app).await;
    app.drain().await;
}

async fn state(app: &TestApp) -> String {
    app.ask("select state from disputes").await
}

/// A disputed pledge of 2,500 won, and an operator.
async fn disputed(app: &TestApp) -> (crate::harness::Project, PledgeId, Person) {
    let (project, _, pledge) = paid(app, IS_DISPUTED).await;
    told(app).await;
    assert_eq!(state(app).await, "opened");
    (project, pledge, app.operator("재무", Role::Finance).await)
}

async fn held_apart(app: &TestApp, project: &crate::harness::Project) -> i64 {
    app.ask_of("select balance($1, 'disputed:sandbox')", project.id.uuid()).await
}

#[tokio::test]
async fn while_a_payment_is_disputed_its_money_is_apart_and_nothing_is_refunded() {
    let app = TestApp::start().await;
    let (project, pledge, mut boss) = disputed(&app).await;

    assert_eq!(held_apart(&app, &project).await, 2500);
    assert_eq!(app.escrow(project.id).await, 2500, "it is not lost yet");
    let page = boss.get("/admin/disputes").await;
    assert!(
        page.has("다투는 중") && page.has("까지 답변해 주세요") && page.has("2,500원"),
        "{}",
        page.words()
    );
    assert!(
        boss.get(&format!("/admin/refunds/pledges/{pledge}")).await.has("카드사에서 이의를 심사하고 있어요")
    );
    let id = pledge.to_string();
    let key = kernel::FormKey::new().to_string();
    let form = [("pledge", id.as_str()), ("key", &key), ("reason", "goodwill"), ("all", "true")];
    let refused = boss.call("/api/refunds/make/make_refund", &form).await;
    assert_eq!(refused.status, 409);
    assert!(refused.has("Disputed"), "{}", refused.text);

    decides(&app, "won").await;
    told(&app).await;

    assert_eq!((state(&app).await, held_apart(&app, &project).await), ("won".to_owned(), 0));
    assert_eq!(
        (app.escrow(project.id).await, app.pledge_state(pledge).await),
        (2500, "collected".to_owned())
    );
    refunds_all(&mut boss, pledge).await;
    app.drain().await;
    assert_eq!(app.pledge_state(pledge).await, "refunded");
    app.finish().await;
}

#[tokio::test]
async fn a_lost_dispute_takes_the_money_back_and_ends_the_pledge() {
    let app = TestApp::start().await;
    let (project, pledge, mut boss) = disputed(&app).await;

    decides(&app, "lost").await;
    told(&app).await;

    assert_eq!(state(&app).await, "lost");
    assert_eq!((app.escrow(project.id).await, held_apart(&app, &project).await), (0, 0));
    assert_eq!(app.pledge_state(pledge).await, "charged_back");
    assert_eq!(app.payment_state(pledge).await, "charged_back");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    assert!(app.page(&project.page()).await.words().contains("카드사가 돌려받은 금액 2,500원"));
    assert!(boss.get(&format!("/admin/refunds/pledges/{pledge}")).await.has("환불할 금액이 없어요"));

    decides(&app, "won").await;
    told(&app).await;
    // Nobody asks about a dispute that is over, so its report alone tells.
    assert_eq!((state(&app).await, app.escrow(project.id).await), ("won".to_owned(), 2500));
    assert!(!app.page(&project.page()).await.has("카드사가 돌려받은 금액"));
    app.finish().await;
}

#[tokio::test]
async fn a_refund_that_was_asked_for_before_waits_and_is_called_off_when_the_bank_paid() {
    let app = TestApp::start().await;
    let (_, _, pledge) = paid(&app, IS_DISPUTED).await;
    let mut boss = app.operator("재무", Role::Finance).await;
    // Before the dispute is known here: the gateway knows, and refuses.
    refunds(&mut boss, pledge, "1000", "").await;
    app.drain().await;
    assert_eq!(app.ask::<String>("select state from refunds").await, "failed");
    told(&app).await;

    app.advance(TimeDelta::days(2)).await;
    assert_eq!(app.count("select count(*) from sandbox.refunds").await, 1, "it waits");
    assert_eq!(app.broken_laws().await, Vec::<String>::new());
    decides(&app, "lost").await;
    told(&app).await;

    assert_eq!(app.ask::<String>("select state from refunds").await, "called_off");
    app.advance(TimeDelta::days(2)).await;
    assert_eq!(app.count("select count(*) from sandbox.refunds where state = 'succeeded'").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_dispute_whose_end_is_not_reported_is_asked_about() {
    let app = TestApp::start().await;
    let (project, _, _) = disputed(&app).await;
    sqlx::query("update sandbox.mood set webhooks = 'lost'").execute(&app.state.db.pool).await.unwrap();
    decides(&app, "lost").await;

    app.advance(TimeDelta::days(1)).await;
    app.advance(TimeDelta::days(1)).await;

    assert_eq!((state(&app).await, app.escrow(project.id).await), ("lost".to_owned(), 0));
    app.finish().await;
}

#[tokio::test]
async fn a_dispute_that_is_reported_many_times_at_once_is_booked_once() {
    let app = TestApp::start().await;
    sqlx::query("update sandbox.mood set webhooks = 'doubled'").execute(&app.state.db.pool).await.unwrap();
    let (project, _, _) = disputed(&app).await;
    decides(&app, "lost").await;
    told(&app).await;
    told(&app).await;

    assert_eq!(app.count("select count(*) from ledger_entries where kind like 'dispute%'").await, 2);
    assert_eq!(app.escrow(project.id).await, 0);
    app.finish().await;
}
