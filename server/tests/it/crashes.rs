//! A worker that dies at any point, and several that work at once: money moves once or not at all.

use crate::harness::{Choice, GOOD_CARD, NO_ANSWER, Plan, Project, REFUSED_LATER, TestApp};
use chrono::TimeDelta;
use kernel::{
    PledgeId,
    db::Act,
    jobs::{self, JobError, Patience},
};
use payments::{Answer, Ask, Begun, Charge, Gateway, Opened, Till, Told, Visit};
use pledges::ChargePledge;
use server::worker;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// A judged project whose only pledge is due, and nobody has begun to charge.
async fn due(app: &TestApp) -> (Project, PledgeId) {
    let project = app.member("김창작").await.launches(app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.drain().await;
    app.set_clock(project.deadline);
    pledges::judge(&app.means, project.id).await.expect("the deadline is judged");
    assert_eq!(app.pledge_state(pledge).await, "due");
    (project, pledge)
}

/// A worker that writes down its try, and then is no more.
async fn begins_a_charge_and_dies(app: &TestApp, pledge: PledgeId) -> Charge {
    let mut tx = app.state.db.begin(Act::system("the charge begins")).await.expect("a transaction");
    let payment = payments::lock(&mut tx, pledge).await.expect("the pledge has a payment");
    let begun = payments::begin_charge(&mut tx, &payment, 1, app.now()).await.expect("a charge can begin");
    tx.commit().await.expect("it is written down");
    let Begun::Call(_, charge) = begun else { panic!("{begun:?} although nobody began before") };
    charge
}

#[tokio::test]
async fn a_charge_that_never_left_is_begun_anew_after_a_while() {
    let app = TestApp::start().await;
    let (project, pledge) = due(&app).await;
    begins_a_charge_and_dies(&app, pledge).await;

    app.drain().await;
    app.advance(TimeDelta::minutes(4)).await;
    assert_eq!(app.count("select count(*) from sandbox.charges").await, 0, "it could still be on its way");
    assert_eq!(app.broken_laws().await, Vec::<String>::new());
    app.advance(TimeDelta::minutes(2)).await;
    app.advance(TimeDelta::minutes(5)).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    let tries: Vec<String> = app
        .ask("select array_agg(state || coalesce(' ' || decline, '') order by created_at) from payment_attempts where kind = 'charge'")
        .await;
    assert_eq!(tries, ["declined never_arrived", "succeeded"]);
    assert_eq!(app.escrow(project.id).await, 1000);
    app.finish().await;
}

#[tokio::test]
async fn a_charge_that_happened_unseen_is_found_and_booked_once() {
    let app = TestApp::start().await;
    let (project, pledge) = due(&app).await;
    let charge = begins_a_charge_and_dies(&app, pledge).await;
    app.means.till.gateway("sandbox").unwrap().charge(&charge).await.unwrap();

    app.drain().await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.count("select count(*) from sandbox.charges").await, 1);
    assert_eq!(app.count("select count(*) from payment_attempts where kind = 'charge'").await, 1);
    assert_eq!(app.escrow(project.id).await, 1000);
    app.finish().await;
}

#[tokio::test]
async fn a_worker_that_dies_between_the_claim_and_the_judgement_leaves_it_to_another() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.set_clock(project.deadline);
    let mut tx = app.state.db.begin(Act::system("the deadline passed")).await.unwrap();
    assert!(projects::store::claim_deadline(&mut tx, project.id, app.now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(app.project_state(project.id).await, "judging");

    app.drain().await;

    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_job_whose_worker_died_is_done_by_another_once_the_lease_is_over() {
    let app = TestApp::start().await;
    let (project, pledge) = due(&app).await;
    let taken = jobs::take(&app.state.db.pool, app.now(), 10).await.unwrap();
    assert!(taken.iter().any(|job| job.kind == "pledge.charge"));
    assert_eq!(app.drain().await, 0, "they are somebody's");

    // Leases run in real time, which a test cannot wait for.
    let mut owner = app.database.owner().await;
    sqlx::query("update jobs set lease_until = lease_until - interval '1 hour'")
        .execute(&mut owner)
        .await
        .unwrap();
    app.drain().await;
    for job in &taken {
        let too_late = Err(JobError::Fail("too late".to_owned()));
        jobs::finish(&app.state.db, job, Patience::Forever, too_late).await.unwrap();
    }

    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    assert_eq!(
        app.count("select count(*) from jobs where dead_at is not null").await,
        0,
        "whose lease is over is fenced off"
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_at_once_judge_and_charge_everything_once() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let mut pledges = Vec::new();
    let funded = creator.launches(&app, &Plan::with_goal(1000)).await;
    let missed = creator.launches(&app, &Plan::with_goal(1_000_000)).await;
    for card in [GOOD_CARD, GOOD_CARD, NO_ANSWER, GOOD_CARD, REFUSED_LATER, GOOD_CARD, NO_ANSWER, GOOD_CARD] {
        let mut backer = app.member("후원").await;
        pledges.push((backer.pledges(&funded, &Choice::support(1000), card).await, card));
        backer.pledges(&missed, &Choice::support(1000), card).await;
    }
    let other = pledges::Means { db: app.state.db.clone(), ..app.means.clone() };

    for step in [TimeDelta::zero(), TimeDelta::minutes(1), TimeDelta::minutes(1)] {
        app.set_clock(app.now().max(funded.deadline) + step);
        let now = app.now();
        // What one takes the other does not get; what the one's jobs bring, either does.
        let (here, there) = (app.means.clone().into(), other.clone().into());
        let (one, two) = tokio::join!(worker::drain(&here, now), worker::drain(&there, now));
        one.and(two).unwrap();
    }

    assert_eq!(app.project_state(funded.id).await, "funded");
    assert_eq!(app.project_state(missed.id).await, "unfunded");
    for (pledge, card) in pledges {
        assert_eq!(app.charges_at_gateway(pledge).await, i64::from(card != REFUSED_LATER));
    }
    assert_eq!(app.escrow(funded.id).await, 7000);
    assert_eq!(app.escrow(missed.id).await, 0);
    assert_eq!(app.count("select count(*) from state_moves where to_state = 'judging'").await, 2);
    assert_eq!(
        app.count("select count(*) from sandbox.mails where subject not like '%마감 전에%'").await,
        2 + 16 + 8 + 8
    );
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_pledge_that_several_charge_at_once_is_charged_once() {
    let app = TestApp::start().await;
    let (project, pledge) = due(&app).await;

    // Most are told that another's try is on its way, and would try again.
    futures::future::join_all((0..6).map(|_| pledges::charge(&app.means, ChargePledge::run(pledge, 1))))
        .await;
    app.drain().await;
    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.count("select count(*) from sandbox.charges").await, 1);
    assert_eq!(app.escrow(project.id).await, 1000);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_project_that_several_judge_at_once_is_judged_once() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.set_clock(project.deadline);

    for judged in futures::future::join_all((0..6).map(|_| pledges::judge(&app.means, project.id))).await {
        judged.unwrap();
    }
    app.drain().await;

    assert_eq!(
        app.count("select count(*) from state_moves where to_state in ('judging', 'collecting')").await,
        2
    );
    assert_eq!(app.count("select count(*) from outbox where key like 'project.judged:%'").await, 1);
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    app.finish().await;
}

/// A gateway whose client panics when the first visit is to be closed.
struct PanicsOnce {
    inner: Till,
    panicked: AtomicBool,
}

impl PanicsOnce {
    fn sandbox(&self) -> &dyn Gateway {
        self.inner.gateway("sandbox").expect("the sandbox is there")
    }
}

impl Gateway for PanicsOnce {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn open_visit<'a>(&'a self, visit: &'a Visit) -> Answer<'a, Opened> {
        self.sandbox().open_visit(visit)
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Told> {
        self.sandbox().charge(charge)
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Told> {
        self.sandbox().ask(ask)
    }

    fn abandon<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Told> {
        assert!(self.panicked.swap(true, Ordering::Relaxed), "a bug in the client");
        self.sandbox().abandon(ask)
    }

    fn forget<'a>(&'a self, method: &'a str) -> Answer<'a, ()> {
        self.sandbox().forget(method)
    }
}

/// Waits for a worker in another task.
async fn until_there_is(app: &TestApp, rows: &'static str) {
    for _ in 0..500 {
        if app.count(rows).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing came of {rows}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_panics_is_tried_again_by_the_same_worker() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let held = app.member("이후원").await.holds(&project, &Choice::support(1000)).await;
    let gateway = PanicsOnce { inner: app.means.till.clone(), panicked: AtomicBool::new(false) };
    let means = pledges::Means { till: app.means.till.with(gateway), ..app.means.clone() };
    let (wake, stop) = (Arc::new(Notify::new()), CancellationToken::new());
    app.set_clock(app.now() + TimeDelta::minutes(20));

    let worker = tokio::spawn(worker::serve(means.into(), wake.clone(), stop.clone()));
    until_there_is(&app, "select count(*) from jobs where last_error like '%panic%' and lease_token is null")
        .await;
    app.set_clock(app.now() + TimeDelta::minutes(1));
    wake.notify_one();
    until_there_is(&app, "select count(*) from pledges where state = 'expired'").await;
    stop.cancel();
    worker.await.unwrap();

    assert_eq!(app.pledge_state(held.pledge).await, "expired");
    app.finish().await;
}

#[tokio::test]
async fn a_lease_that_was_given_away_is_not_renewed_by_who_had_it() {
    let app = TestApp::start().await;
    due(&app).await;
    let pool = &app.state.db.pool;
    let before = jobs::take(pool, app.now(), 10).await.unwrap();
    sqlx::query("update jobs set lease_until = lease_until - interval '1 hour'").execute(pool).await.unwrap();
    let now = jobs::take(pool, app.now(), 10).await.unwrap();
    let lease =
        || app.ask::<chrono::DateTime<chrono::Utc>>("select min(lease_until) from jobs where tries = 2");
    let given = lease().await;

    jobs::renew(pool, before.iter()).await.unwrap();
    assert_eq!(lease().await, given);
    jobs::renew(pool, now.iter()).await.unwrap();

    assert!(lease().await > given);
    app.abandon();
}
