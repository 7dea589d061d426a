//! Charging: refused, unknown, and exactly once.

use crate::harness::{Choice, GOOD_CARD, NO_ANSWER, Plan, REFUSED_LATER, TestApp};
use chrono::TimeDelta;

#[tokio::test]
async fn a_card_that_is_refused_drops_its_pledge_and_the_page_tells_the_truth() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(50_000).reward(20_000, 5)).await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박거절").await);
    let paid = lee.pledges(&project, &Choice::piece(project.rewards[0]).times(2), GOOD_CARD).await;
    let refused = park.pledges(&project, &Choice::piece(project.rewards[0]), REFUSED_LATER).await;

    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(
        (app.pledge_state(paid).await, app.pledge_state(refused).await),
        ("collected".into(), "dropped".into())
    );
    assert_eq!(app.payment_state(refused).await, "failed");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2, "the piece can be sold again");
    assert_eq!(app.escrow(project.id).await, 40_000);
    let page = app.page(&project.page()).await.words();
    for truth in ["후원 약속 60,000원", "결제 완료 40,000원", "결제 실패 20,000원"] {
        assert!(page.contains(truth), "{truth} is not on the page: {page}");
    }
    assert_eq!(app.mails(&park.email).await[0].subject, "두레: ‘두레 찻잔’ 결제가 거절됐어요");
    let own = park.get(&format!("/account/pledges/{refused}")).await;
    assert!(own.has("카드 결제가 거절되어 후원이 끝났어요"));
    app.finish().await;
}

#[tokio::test]
async fn a_project_whose_every_card_is_refused_still_ends() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("박거절").await.pledges(&project, &Choice::support(1000), REFUSED_LATER).await;

    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.pledge_state(pledge).await, "dropped");
    assert_eq!(app.escrow(project.id).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_charge_without_an_answer_is_asked_about_and_never_repeated() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&project, &Choice::support(1000), NO_ANSWER).await;

    app.advance_to(project.deadline).await;
    let unknown: String = app.ask("select state from payment_attempts where kind = 'charge'").await;
    assert_eq!((app.pledge_state(pledge).await.as_str(), unknown.as_str()), ("due", "unknown"));
    assert_eq!(app.broken_laws().await, Vec::<String>::new(), "somebody will ask");
    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    assert_eq!(app.count("select count(*) from payment_attempts where kind = 'charge'").await, 1);
    assert_eq!(app.count("select count(*) from sandbox.charges").await, 1);
    assert_eq!(app.mails(&lee.email).await.len(), 2);
    assert_eq!(app.escrow(project.id).await, 1000);
    app.finish().await;
}

#[tokio::test]
async fn a_project_waits_for_the_outcome_of_its_last_charge() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let known = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.member("박모름").await.pledges(&project, &Choice::support(500), NO_ANSWER).await;

    app.advance_to(project.deadline).await;
    assert_eq!(app.pledge_state(known).await, "collected");
    assert_eq!(app.project_state(project.id).await, "collecting");
    let page = app.page(&project.page()).await.words();
    assert!(page.contains("결제를 진행하고 있어요") && page.contains("결제 완료 1,000원"), "{page}");
    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    app.finish().await;
}

#[tokio::test]
async fn a_charge_that_is_done_again_books_nothing_more() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.advance_to(project.deadline).await;

    for _ in 0..3 {
        pledges::charge(&app.means, pledge).await.unwrap();
        pledges::judge(&app.means, project.id).await.unwrap();
    }

    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    assert_eq!(app.count("select count(*) from ledger_entries").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'pledge.collected:%'").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'project.judged:%'").await, 1);
    app.finish().await;
}
