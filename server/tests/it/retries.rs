//! Cards that are refused: charged again at the site's runs, mended by their owners, or given up.

use crate::harness::{
    ASKS_TO_AUTHENTICATE, Answer, Choice, GOOD_CARD, NO_FUNDS, Person, Plan, Project, REFUSED_LATER,
    REFUSED_TWICE, TestApp, held,
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::PledgeId;
use payments::{AttemptKind, SandboxGateway, Schedule};
use pledges::{ChargePledge, Means, Settled};
use server::worker;

const RESUME: &str = "/api/pledges/resume/resume_pledge";
const RUNS: &str = "1@10:00,2@18:30,4@09:00,7@20:00";

/// A site that charges on business days.
async fn site() -> TestApp {
    TestApp::start_with(|config| config.collection = Schedule::parse(RUNS).expect("runs")).await
}

/// A project that reaches its goal with one good card, and the pledge with another.
async fn pledged(app: &TestApp, card: &str) -> (Project, Person, PledgeId) {
    let project = app.member("김창작").await.launches(app, &Plan::with_goal(1000).reward(1000, 5)).await;
    app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    let mut park = app.member("박거절").await;
    let pledge = park.pledges(&project, &Choice::piece(project.rewards[0]), card).await;
    (project, park, pledge)
}

async fn runs(app: &TestApp, project: &Project) -> Vec<DateTime<Utc>> {
    let mut db = app.state.db.pool.acquire().await.expect("the database answers");
    let calendar = payments::calendar(&mut db).await.expect("holidays can be read");
    app.state.till.schedule.runs(project.deadline, &calendar)
}

async fn tries(app: &TestApp, pledge: PledgeId) -> Vec<DateTime<Utc>> {
    app.ask_of(
        "select coalesce(array_agg(a.created_at order by a.created_at), '{}') from payment_attempts a
           join payments y on y.id = a.payment_id where y.purpose_id = $1 and a.kind = 'charge'",
        pledge.uuid(),
    )
    .await
}

async fn told(app: &TestApp, who: &Person, subject: &str) -> usize {
    app.mails(&who.email).await.iter().filter(|mail| mail.subject.contains(subject)).count()
}

/// Goes to the gateway's page from the pledge's.
async fn goes_to_pay(who: &mut Person, pledge: PledgeId) -> Answer {
    who.get(&format!("/account/pledges/{pledge}")).await;
    who.submit(RESUME, &[("pledge", &pledge.to_string())]).await
}

#[tokio::test]
async fn a_card_without_money_is_charged_at_each_run_and_then_given_up() {
    let app = site().await;
    let (project, mut park, pledge) = pledged(&app, NO_FUNDS).await;
    let runs = runs(&app, &project).await;

    app.advance_to(project.deadline).await;
    assert!(tries(&app, pledge).await.is_empty(), "nobody is charged in the night");
    for (n, run) in runs.iter().enumerate() {
        app.advance_to(*run - TimeDelta::seconds(1)).await;
        assert_eq!(tries(&app, pledge).await.len(), n);
        app.advance_to(*run).await;
        assert_eq!(tries(&app, pledge).await, runs[..=n]);
        assert_eq!(app.broken_laws().await, Vec::<String>::new());
        let last = n + 1 == runs.len();
        assert_eq!(app.pledge_state(pledge).await, if last { "dropped" } else { "retry_wait" });
        assert_eq!(app.pieces_taken(project.rewards[0]).await, i32::from(!last));
        let page = park.get(&format!("/account/pledges/{pledge}")).await;
        assert_eq!(page.has("잔액이나 한도가 모자라"), !last, "{}", page.words());
        app.state.cache.clear();
        let truth = app.page(&project.page()).await.words();
        assert_eq!(truth.contains("결제 실패 1,000원"), last, "{truth}");
    }

    assert_eq!(told(&app, &park, "결제를 하지 못했어요").await, runs.len() - 1);
    assert_eq!(told(&app, &park, "결제가 거절됐어요").await, 1);
    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.escrow(project.id).await, 1000);
    assert_eq!(app.count("select count(*) from sandbox.cards where not removed").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_has_money_again_pays_at_a_later_run() {
    let app = site().await;
    let (project, park, pledge) = pledged(&app, REFUSED_TWICE).await;

    for run in runs(&app, &project).await {
        app.advance_to(run).await;
    }

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(tries(&app, pledge).await.len(), 3);
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    assert_eq!(told(&app, &park, "결제를 하지 못했어요").await, 2);
    assert_eq!(told(&app, &park, "결제가 끝났어요").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_will_never_pay_is_not_charged_again_but_its_owner_is_reminded() {
    let app = site().await;
    let (project, park, pledge) = pledged(&app, REFUSED_LATER).await;
    let runs = runs(&app, &project).await;

    for run in &runs[..3] {
        app.advance_to(*run).await;
        assert_eq!(app.pledge_state(pledge).await, "action_needed");
        assert_eq!(app.broken_laws().await, Vec::<String>::new());
    }
    assert_eq!(app.project_state(project.id).await, "collecting");
    app.advance_to(runs[3]).await;

    assert_eq!(tries(&app, pledge).await, [runs[0]]);
    assert_eq!(told(&app, &park, "결제를 하지 못했어요").await, 3);
    assert_eq!(app.pledge_state(pledge).await, "dropped");
    assert_eq!(app.project_state(project.id).await, "funded");
    app.finish().await;
}

#[tokio::test]
async fn who_pays_at_the_gateways_page_is_charged_once_and_no_run_comes_after() {
    let app = site().await;
    for card in [REFUSED_LATER, NO_FUNDS, ASKS_TO_AUTHENTICATE] {
        let (project, mut park, pledge) = pledged(&app, card).await;
        let runs = runs(&app, &project).await;
        app.advance_to(runs[0]).await;

        let page = goes_to_pay(&mut park, pledge).await;
        assert!(page.has("카드로 결제") && page.has("1,000원"), "{}", page.words());
        let visit = held(&page);
        let refused = park.enters_card(&visit, NO_FUNDS).await;
        assert_eq!(refused.status, 422, "a refused card is told on the gateway's page");
        // With its owner at the page, the card that wants a yes gets it.
        let good = if card == ASKS_TO_AUTHENTICATE { card } else { GOOD_CARD };
        let back = park.enters_card(&visit, good).await;
        assert!(back.has("결제가 끝났어요"), "{}", back.words());
        for run in &runs[1..] {
            app.advance_to(*run).await;
        }

        assert_eq!(app.pledge_state(pledge).await, "collected");
        assert_eq!(app.escrow(project.id).await, 2000);
        assert_eq!(app.project_state(project.id).await, "funded");
        assert_eq!(told(&app, &park, "결제가 끝났어요").await, 1);
    }
    app.finish().await;
}

#[tokio::test]
async fn who_paid_and_never_came_back_has_paid() {
    let app = site().await;
    let (project, mut park, pledge) = pledged(&app, REFUSED_LATER).await;
    app.advance_to(runs(&app, &project).await[0]).await;
    let visit = held(&goes_to_pay(&mut park, pledge).await);
    park.enters_card_and_leaves(&visit, GOOD_CARD).await;
    assert_eq!(app.pledge_state(pledge).await, "action_needed");

    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    app.finish().await;
}

#[tokio::test]
async fn whose_card_is_stored_has_pledged_even_without_coming_back() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;
    lee.enters_card_and_leaves(&held, GOOD_CARD).await;
    assert_eq!(app.pledge_state(held.pledge).await, "held");

    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.pledge_state(held.pledge).await, "reserved");
    assert_eq!(app.count("select count(*) from jobs where kind = 'payment.settle'").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_visit_that_nobody_ends_is_closed_and_the_next_run_charges() {
    let app = site().await;
    let (project, mut park, pledge) = pledged(&app, REFUSED_TWICE).await;
    let runs = runs(&app, &project).await;
    app.advance_to(runs[0]).await;
    let visit = held(&goes_to_pay(&mut park, pledge).await);

    app.advance(TimeDelta::minutes(31)).await;
    app.advance(TimeDelta::minutes(11)).await;
    let late = park.enters_card(&visit, GOOD_CARD).await;
    assert_eq!(late.status, 410, "{}", late.words());
    app.advance_to(runs[1]).await;
    app.advance_to(runs[2]).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_pays_in_the_moment_of_the_last_run_has_paid_or_not_but_never_both() {
    for _ in 0..6 {
        let app = TestApp::start_with(|config| config.collection = Schedule::parse("now,+1m").unwrap()).await;
        let (project, mut park, pledge) = pledged(&app, REFUSED_LATER).await;
        app.advance_to(project.deadline).await;
        let visit = held(&goes_to_pay(&mut park, pledge).await);
        app.set_clock(project.deadline + TimeDelta::minutes(1));

        let hands = app.means.clone().into();
        let (paid, last) =
            tokio::join!(park.enters_card(&visit, GOOD_CARD), worker::drain(&hands, app.now()));
        last.unwrap();
        app.drain().await;
        app.advance(TimeDelta::minutes(1)).await;

        let charges = app.charges_at_gateway(pledge).await;
        let state = app.pledge_state(pledge).await;
        assert_eq!(state, if charges == 1 { "collected" } else { "dropped" }, "{}", paid.words());
        assert_eq!(app.escrow(project.id).await, 1000 + 1000 * charges);
        assert_eq!(app.project_state(project.id).await, "funded");
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_several_do_and_that_is_done_again_charges_once() {
    let app = site().await;
    let (project, park, pledge) = pledged(&app, NO_FUNDS).await;
    app.advance_to(project.deadline).await;
    app.set_clock(runs(&app, &project).await[0]);
    let run = ChargePledge::run(pledge, 1);

    futures::future::join_all((0..6).map(|_| pledges::charge(&app.means, run))).await;
    for _ in 0..3 {
        pledges::charge(&app.means, run).await.unwrap();
    }
    app.drain().await;

    assert_eq!(tries(&app, pledge).await.len(), 1);
    assert_eq!(told(&app, &park, "결제를 하지 못했어요").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_gateway_that_finds_our_request_wrong_drops_nobody() {
    let app = site().await;
    let (project, park, pledge) = pledged(&app, GOOD_CARD).await;
    let runs = runs(&app, &project).await;
    app.advance_to(project.deadline).await;
    let wrong =
        SandboxGateway::new(format!("{}/sandbox/gateway", app.base), "another secret".to_owned()).unwrap();
    let means = Means { till: app.means.till.with(wrong), ..app.means.clone() };

    for run in &runs {
        app.set_clock(*run);
        worker::drain(&means.clone().into(), app.now()).await.unwrap();
        assert_eq!(app.pledge_state(pledge).await, "due");
        assert_eq!(app.broken_laws().await, Vec::<String>::new());
    }
    app.advance(TimeDelta::hours(1)).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(told(&app, &park, "결제를 하지 못했어요").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_brings_the_outcome_first_books_it_and_nobody_books_it_again() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;
    lee.enters_card_and_leaves(&held, GOOD_CARD).await;
    let mut connection = app.state.db.pool.acquire().await.unwrap();
    let payment = payments::of_pledge(&mut connection, held.pledge).await.unwrap();
    let visit = payments::open_attempt(&mut connection, payment.id, &[AttemptKind::StoreCard]).await.unwrap();
    drop(connection);
    let visit = visit.unwrap().id;

    let settled =
        futures::future::join_all((0..8).map(|_| pledges::settle(&app.means, visit, app.now()))).await;

    let booked = settled.into_iter().filter(|settled| *settled.as_ref().unwrap() == Settled::Booked);
    assert_eq!(booked.count(), 1);
    assert_eq!(app.count("select count(*) from payment_methods").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'pledge.reserved:%'").await, 1);
    app.finish().await;
}
