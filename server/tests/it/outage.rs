//! A database that goes away and comes back.

use crate::harness::{Choice, Line, Plan, TestApp, TestDatabase};

/// An app whose line to the database can be cut.
async fn app_with_a_line() -> (TestApp, Line) {
    let database = TestDatabase::create().await;
    let (line, address) = Line::to(&database.url()).await;
    let app = TestApp::start_on(database, |config| config.database_url = Some(address)).await;
    (app, line)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_pages_say_so_and_afterwards_nothing_is_lost() {
    let (app, mut line) = app_with_a_line().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let mut lee = app.member("이후원").await;
    let key = lee.get(&format!("{}/pledge", project.page())).await.value_of("key").unwrap();
    let kept = app.visitor().get(&project.page()).await;
    let fields = Choice::piece(project.rewards[0]).fields(&project, &key);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();

    line.cut().await;
    let page = app.visitor().get("/en/discover").await;
    let ready = app.visitor().get("/readyz").await;
    let alive = app.visitor().get("/healthz").await;
    let still_kept = app.visitor().get(&project.page()).await;
    let pledge = lee.submit("/api/pledges/place/place_pledge", &fields).await;
    line.mend().await;
    let again = lee.submit("/api/pledges/place/place_pledge", &fields).await;

    assert_eq!(page.status, 503);
    assert!(page.has("We cannot do this right now. Please try again shortly."));
    assert_eq!(page.header("retry-after"), "5");
    assert_eq!((ready.status, alive.status), (503, 200));
    assert_eq!((still_kept.status, still_kept.text), (200, kept.text), "what is kept is still shown");
    assert_eq!(pledge.status, 503);
    assert!(again.address.starts_with("/sandbox/card?page="), "{} {}", again.status, again.address);
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_the_server_ended_are_made_anew() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;

    for _ in 0..3 {
        let mut neighbour = app.database.neighbour().await;
        let ended: i64 = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1",
        )
        .bind(app.database.name())
        .fetch_one(&mut neighbour)
        .await
        .unwrap();
        assert!(ended > 0);
        let page = app.page(&project.page()).await;
        let own = lee.get("/account").await;

        for page in [page, own] {
            assert!(matches!(page.status, 200 | 503), "{}", page.status);
            assert!(page.status == 200 || page.has("지금은 처리할 수 없어요"));
        }
    }

    assert_eq!(lee.get("/account").await.status, 200);
    app.finish().await;
}
