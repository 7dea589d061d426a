//! Gateways' books beside ours: every difference is found, once, and explained by somebody.

use crate::{
    books::tamper,
    harness::{Choice, GOOD_CARD, NO_ANSWER, Plan, REFUSED_LATER, TestApp},
};
use accounts::operators::Role;
use chrono::{NaiveTime, TimeDelta};
use kernel::Calendar;
use settlement::Reconcile;

const ASK: &str = "/api/app/pages/admin/reconciliation/reconcile_days";
const EXPLAIN: &str = "/api/app/pages/admin/reconciliation/explain_difference";

/// Two charges of one day at the practice gateway, and a refused one.
async fn a_day_of_charges(app: &TestApp) -> Reconcile {
    let project = app.member("김창작").await.launches(app, &Plan::with_goal(1000)).await;
    for (name, card) in [("이후원", GOOD_CARD), ("박후원", GOOD_CARD), ("최거절", REFUSED_LATER)] {
        app.member(name).await.pledges(&project, &Choice::support(1000), card).await;
    }
    app.advance_to(project.deadline + TimeDelta::hours(1)).await;
    let day = Calendar::day_of(app.now());
    Reconcile { gateway: "sandbox".to_owned(), from: day, to: day }
}

async fn differences(app: &TestApp) -> Vec<String> {
    sqlx::query_scalar(
        "select kind || ' ' || what || ' ' || ours || ' | ' || theirs from differences order by id",
    )
    .fetch_all(&app.state.db.pool)
    .await
    .expect("the database answers")
}

#[tokio::test]
async fn equal_books_have_no_difference_and_the_night_compares_them_once() {
    let app = TestApp::start().await;
    let job = a_day_of_charges(&app).await;

    settlement::reconcile(&app.means, &job).await.unwrap();

    assert_eq!(differences(&app).await, Vec::<String>::new());
    let rows: (i32, i32) = sqlx::query_as("select rows_there, rows_here from reconciliations")
        .fetch_one(&app.state.db.pool)
        .await
        .unwrap();
    assert_eq!(rows, (2, 2));
    // The next night, at four.
    let four = NaiveTime::from_hms_opt(4, 0, 0).unwrap();
    let next = Calendar::at(job.to + TimeDelta::days(2), four);
    app.set_clock(next - TimeDelta::minutes(1));
    settlement::sweep(&app.means).await.unwrap();
    assert_eq!(app.count("select count(*) from jobs where kind = 'payment.reconcile'").await, 0);
    app.set_clock(next);
    settlement::sweep(&app.means).await.unwrap();
    settlement::sweep(&app.means).await.unwrap();
    app.drain().await;
    settlement::sweep(&app.means).await.unwrap();
    app.drain().await;
    assert_eq!(app.count("select count(*) from reconciliations").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn each_difference_is_found_once_and_stands_until_it_is_explained() {
    let app = TestApp::start().await;
    let mut finance = app.operator("박재무", Role::Finance).await;
    let job = a_day_of_charges(&app).await;
    tamper(&app, "update sandbox.charges set amount_minor = 999 where id = (select min(id::text)::uuid from sandbox.charges where state = 'succeeded')").await;
    tamper(&app, "update sandbox.charges set state = 'closed' where id = (select max(id::text)::uuid from sandbox.charges where state = 'succeeded')").await;
    tamper(
        &app,
        "insert into sandbox.charges (id, key, amount_minor, currency, state, at)
         select gen_random_uuid(), 'unheard', 77, 'KRW', 'succeeded', max(at) from sandbox.charges",
    )
    .await;

    for _ in 0..2 {
        settlement::reconcile(&app.means, &job).await.unwrap();
    }

    let mut found = differences(&app).await;
    found.sort();
    assert_eq!(
        found,
        ["amount charge 1000 KRW | 999 KRW", "only_here charge 1000 KRW | ", "only_there charge  | 77 KRW"]
    );
    let page = finance.get("/admin/reconciliation").await;
    assert!(
        page.has("결제 대행사에만 있음") && page.has("우리 장부에만 있음") && page.has("금액이 다름"),
        "{}",
        page.words()
    );
    assert!(finance.get("/admin/money").await.words().contains("설명이 필요한 차이 3"));
    let id = app.count("select min(id) from differences").await.to_string();
    let empty = finance.call(EXPLAIN, &[("difference", &id), ("explanation", "  ")]).await;
    assert_eq!(empty.status, 422);
    let form = [("difference", id.as_str()), ("explanation", "대행사가 <b>잘못</b> 적었어요")];
    finance.get("/admin/reconciliation").await;
    let done = finance.submit(EXPLAIN, &form).await;
    let words = done.words();
    assert!(words.contains("설명함") && words.contains("대행사가 <b>잘못</b> 적었어요"), "{words}");
    assert_eq!(finance.call(EXPLAIN, &form).await.status, 409, "once");
    assert_eq!(app.count("select count(*) from differences where explained_at is null").await, 2);
    assert!(finance.get("/admin/log").await.has("차이 설명"));
    app.abandon();
}

#[tokio::test]
async fn finance_asks_for_days_and_is_told_which_cannot_be_compared() {
    let app = TestApp::start().await;
    let mut finance = app.operator("박재무", Role::Finance).await;
    let job = a_day_of_charges(&app).await;
    let day = job.from.to_string();
    let tomorrow = (job.from + TimeDelta::days(1)).to_string();
    for (gateway, from, to) in [
        ("nobody", day.as_str(), day.as_str()),
        ("sandbox", "", &day),
        ("sandbox", "2026-13-01", &day),
        ("sandbox", &tomorrow, &day),
        ("sandbox", "2025-01-01", &day),
        ("sandbox", &day, &tomorrow),
    ] {
        let refused = finance.call(ASK, &[("gateway", gateway), ("from", from), ("to", to)]).await;
        assert_eq!(refused.status, 422, "{gateway} {from} {to}");
    }
    finance.get("/admin/reconciliation").await;
    let asked = finance.submit(ASK, &[("gateway", "sandbox"), ("from", &day), ("to", &day)]).await;
    assert!(asked.has("비교를 시작했어요"), "{:?}", asked.alerts());
    app.drain().await;
    let words = finance.get("/admin/reconciliation").await.words();
    assert!(words.contains("결제 대행사 장부의 줄 2") && words.contains("우리 장부의 줄 2"), "{words}");
    app.finish().await;
}

#[tokio::test]
async fn a_charge_of_another_amount_is_not_booked_and_becomes_a_difference() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), NO_ANSWER).await;
    app.advance_to(project.deadline).await;
    assert_eq!(tamper(&app, "update sandbox.charges set amount_minor = 2000").await, 1);

    for _ in 0..3 {
        app.advance(TimeDelta::minutes(30)).await;
    }

    assert_eq!(app.pledge_state(pledge).await, "due");
    assert_eq!(app.escrow(project.id).await, 0);
    assert_eq!(differences(&app).await, ["amount charge 1000 KRW | 2000 KRW"]);
    app.abandon();
}
