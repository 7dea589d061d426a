//! The deadline: judged once, on what stands.

use crate::harness::{Choice, GOOD_CARD, Plan, TestApp};
use chrono::TimeDelta;

#[tokio::test]
async fn a_funded_project_charges_every_pledge_once_and_tells_everybody_once() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let project = creator.launches(&app, &Plan::with_goal(100_000).reward(30_000, 3)).await;
    let mut backers = Vec::new();
    for (name, choice) in [
        ("가", Choice::piece(project.rewards[0]).times(2)),
        ("나", Choice::piece(project.rewards[0]).with_extra(5_000)),
        ("다", Choice::support(12_345)),
    ] {
        let mut backer = app.member(name).await;
        let pledge = backer.pledges(&project, &choice, GOOD_CARD).await;
        backers.push((backer, pledge));
    }

    let early = "두레: ‘두레 찻잔’ 프로젝트가 마감 전에 목표를 채웠어요";
    app.drain().await;
    app.advance_to(project.deadline).await;
    app.advance(TimeDelta::days(1)).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    for (backer, pledge) in &backers {
        assert_eq!(app.pledge_state(*pledge).await, "collected");
        assert_eq!(app.charges_at_gateway(*pledge).await, 1);
        let subjects: Vec<_> = app.mails(&backer.email).await.into_iter().map(|mail| mail.subject).collect();
        let first = "두레: ‘두레 찻잔’ 후원을 예약했어요";
        assert_eq!(subjects, ["두레: ‘두레 찻잔’ 결제가 끝났어요", early, first]);
    }
    let subjects: Vec<_> = app.mails(&creator.email).await.into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects, ["두레: ‘두레 찻잔’ 프로젝트가 목표를 채웠어요", early]);
    assert_eq!(app.escrow(project.id).await, 107_345);
    assert_eq!(app.count("select count(*) from ledger_entries").await, 3);
    let page = app.page(&project.page()).await.words();
    assert!(page.contains("펀딩에 성공했어요.") && page.contains("결제 완료 107,345원"), "{page}");
    assert!(page.contains("결제 실패 0원"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn an_unfunded_project_charges_nobody_and_forgets_the_cards() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let project = creator.launches(&app, &Plan::with_goal(100_000).reward(30_000, 3)).await;
    let mut lee = app.member("이후원").await;
    let reserved =
        lee.pledges(&project, &Choice::piece(project.rewards[0]).times(3).with_extra(9_999), GOOD_CARD).await;

    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "unfunded");
    assert_eq!(app.pledge_state(reserved).await, "voided");
    assert_eq!(app.payment_state(reserved).await, "voided");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    assert_eq!(app.count("select count(*) from sandbox.charges").await, 0);
    assert_eq!(app.count("select count(*) from sandbox.cards where not removed").await, 0);
    assert_eq!(app.count("select count(*) from ledger_entries").await, 0);
    assert_eq!(app.mails(&lee.email).await[0].subject, "두레: ‘두레 찻잔’ 후원을 결제하지 않아요");
    assert_eq!(app.mails(&creator.email).await[0].subject, "두레: ‘두레 찻잔’ 프로젝트가 마감했어요");
    let page = app.page(&project.page()).await.words();
    assert!(page.contains("목표를 채우지 못했어요. 아무도 결제하지 않았어요."), "{page}");
    assert!(page.contains("99,999원"), "what was pledged stays to be seen: {page}");
    app.finish().await;
}

#[tokio::test]
async fn a_goal_that_is_reached_to_the_won_is_reached() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(50_000)).await;
    for amount in [20_000, 30_000] {
        app.member("후원").await.pledges(&project, &Choice::support(amount), GOOD_CARD).await;
    }

    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.escrow(project.id).await, 50_000);
    app.finish().await;
}

#[tokio::test]
async fn a_pledge_without_a_card_does_not_count() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(50_000)).await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박후원").await);
    lee.pledges(&project, &Choice::support(49_999), GOOD_CARD).await;

    app.set_clock(project.deadline - TimeDelta::minutes(5));
    let held = park.holds(&project, &Choice::support(1)).await;
    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "unfunded");
    assert_eq!(app.pledge_state(held.pledge).await, "voided");
    assert_eq!(app.mails(&park.email).await.len(), 0, "there was no pledge to tell of");
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_is_stored_after_the_deadline_is_not_charged() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(50_000).reward(1000, 1)).await;
    app.member("이후원").await.pledges(&project, &Choice::support(60_000), GOOD_CARD).await;
    let mut park = app.member("박후원").await;
    app.set_clock(project.deadline - TimeDelta::minutes(5));
    let held = park.holds(&project, &Choice::piece(project.rewards[0])).await;

    app.advance_to(project.deadline + TimeDelta::minutes(5)).await;
    assert_eq!(app.pledge_state(held.pledge).await, "held");
    let page = park.enters_card(&held, GOOD_CARD).await;
    app.drain().await;

    assert!(
        page.has("후원을 받지 않을 때 카드가 등록되어")
            && !page.has("이루어지지 않아")
            && !page.has("고마워요"),
        "{}",
        page.words()
    );
    assert_eq!(app.pledge_state(held.pledge).await, "voided");
    assert_eq!(app.charges_at_gateway(held.pledge).await, 0);
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    assert_eq!(app.escrow(project.id).await, 60_000);
    assert_eq!(app.count("select count(*) from sandbox.cards where not removed").await, 1, "the other's");
    app.finish().await;
}

#[tokio::test]
async fn a_hold_that_outlives_the_deadline_expires_without_a_charge() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(50_000).reward(1000, 1)).await;
    app.member("이후원").await.pledges(&project, &Choice::support(60_000), GOOD_CARD).await;
    let mut park = app.member("박후원").await;
    app.set_clock(project.deadline - TimeDelta::minutes(5));
    let held = park.holds(&project, &Choice::piece(project.rewards[0])).await;

    app.advance_to(project.deadline).await;
    app.advance(TimeDelta::minutes(15)).await;

    assert_eq!(app.pledge_state(held.pledge).await, "expired");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    assert_eq!(app.project_state(project.id).await, "funded");
    app.finish().await;
}

#[tokio::test]
async fn a_project_that_nobody_backed_ends_unfunded() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let project = creator.launches(&app, &Plan::with_goal(1)).await;

    app.advance_to(project.deadline - TimeDelta::seconds(1)).await;
    assert_eq!(app.project_state(project.id).await, "live");
    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "unfunded");
    assert_eq!(app.mails(&creator.email).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn every_move_of_a_project_says_who_and_why() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let project = creator.launches(&app, &Plan::with_goal(1000)).await;
    app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.advance_to(project.deadline).await;

    let moves: Vec<String> = app
        .ask_of(
            "select array_agg(to_state || ' by ' || split_part(who, ':', 1) || ': ' || why order by id)
               from state_moves where entity_id = $1",
            project.id.uuid(),
        )
        .await;

    assert_eq!(
        moves,
        [
            "draft by member: draft started",
            "in_review by member: submitted by the creator",
            "live by system: approved by the rules",
            "judging by system: the deadline passed",
            "collecting by system: judged at the deadline",
            "funded by system: the last charge is settled",
        ]
    );
    app.finish().await;
}
