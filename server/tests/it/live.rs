//! Open pages follow what happens, also at another replica.

use crate::harness::{Choice, GOOD_CARD, Plan, Replica, Stream, TestApp};
use kernel::clock::Clock;

/// An app whose clock shows what the replicas' clocks show.
async fn now() -> TestApp {
    let app = TestApp::start().await;
    app.set_clock(Clock::system().now());
    app
}

#[tokio::test]
async fn the_present_figures_come_first() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(10_000).reward(1000, 5)).await;
    app.member("이후원")
        .await
        .pledges(&project, &Choice::piece(project.rewards[0]).times(2), GOOD_CARD)
        .await;

    let mut stream = Stream::open(&app.visitor(), &format!("/live/projects/{}", project.id)).await;
    let first = stream.next().await;

    assert_eq!(first["figures"]["pledged"]["minor"], 2000);
    assert_eq!(first["figures"]["backers"], 1);
    assert_eq!(first["state"], "live");
    assert_eq!(first["left"][0][1], 3);
    app.finish().await;
}

#[tokio::test]
async fn a_draft_has_no_public_figures() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.drafts(&app, &Plan::with_goal(10_000)).await;

    assert_eq!(app.page(&format!("/live/projects/{}", project.id)).await.status, 404);
    assert_eq!(app.page(&format!("/live/projects/{}", kernel::ProjectId::new())).await.status, 404);
    assert_eq!(app.page("/live/projects/x").await.status, 400);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pledge_at_one_replica_moves_the_figures_on_a_page_of_another() {
    let app = now().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(10_000).reward(1000, 5)).await;
    let mut lee = app.member("이후원").await;
    let replica = Replica::of(&app).await;
    let mut stream =
        Stream::open(&lee.over_to(&replica.base), &format!("/live/projects/{}", project.id)).await;
    assert_eq!(stream.next().await["left"][0][1], 5);

    let held = lee.holds(&project, &Choice::piece(project.rewards[0]).times(3)).await;
    let taken = stream.until(|live| live["left"][0][1] == 2).await;
    lee.enters_card(&held, GOOD_CARD).await;
    let pledged = stream.until(|live| live["figures"]["backers"] == 1).await;

    assert_eq!((&taken["figures"]["backers"], &taken["figures"]["pledged"]["minor"]), (&0.into(), &0.into()));
    assert_eq!((&pledged["left"][0][1], &pledged["figures"]["pledged"]["minor"]), (&2.into(), &3000.into()));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_which_nobody_was_told_is_shown_within_seconds() {
    let app = now().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(10_000)).await;
    app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    let replica = Replica::of(&app).await;
    let mut stream = Stream::open(&replica.visitor(), &format!("/live/projects/{}", project.id)).await;
    stream.until(|live| live["figures"]["pledged"]["minor"] == 1000).await;

    // As if the wake-up of a pledge had been lost.
    let mut owner = app.database.owner().await;
    let pledged = "update project_tallies set pledged_minor = pledged_minor + 7 where pledged_minor > 0";
    sqlx::raw_sql(pledged).execute(&mut owner).await.unwrap();

    stream.until(|live| live["figures"]["pledged"]["minor"] == 1007).await;
    app.abandon();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_a_replica_keeps_is_made_anew_after_a_pledge_at_another() {
    let app = now().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(10_000)).await;
    let replica = Replica::of(&app).await;
    let mut reader = app.visitor().over_to(&replica.base);
    let mut stream = Stream::open(&reader, &format!("/live/projects/{}", project.id)).await;
    stream.next().await;
    let before = reader.get(&project.page()).await;
    assert_eq!(reader.get(&project.page()).await.header("etag"), before.header("etag"), "the page is kept");

    app.member("이후원").await.pledges(&project, &Choice::support(7777), GOOD_CARD).await;
    // A replica forgets the page before it tells the figures.
    stream.until(|live| live["figures"]["backers"] == 1).await;

    let after = reader.get(&project.page()).await;
    assert_ne!(after.header("etag"), before.header("etag"));
    assert!(!before.has("7,777원") && after.has("7,777원"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_one_replica_is_known_at_another_and_its_end_too() {
    let app = now().await;
    let mut lee = app.member("이후원").await;
    let replica = Replica::of(&app).await;
    let mut there = lee.over_to(&replica.base);
    assert_eq!(there.get("/account").await.status, 200);

    lee.submit("/api/accounts/log_out/log_out", &[]).await;

    assert_eq!(there.get("/account").await.address, "/login?next=%2Faccount");
    app.finish().await;
}
