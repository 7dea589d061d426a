//! A database that goes away and comes back.

use crate::harness::{Answer, Browser, Choice, Line, PASSWORD, Plan, TestApp, TestDatabase};

/// An app whose line to the database can be cut.
async fn app_with_a_line() -> (TestApp, Line) {
    let database = TestDatabase::create().await;
    let (line, address) = Line::to(&database.url()).await;
    let app = TestApp::start_on(database, |config| config.database_url = Some(address)).await;
    (app, line)
}

/// The line holds again. Each of the pool's connections is found broken once: those that were used a moment
/// ago are not tried before they are given out.
async fn mend(line: &mut Line, app: &TestApp) {
    line.mend().await;
    for _ in 0..24 {
        app.visitor().get("/readyz").await;
    }
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
    mend(&mut line, &app).await;
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

/// Presses the button of a page that carries a form, as it stands there.
async fn send_again(reader: &mut Browser, page: &Answer, more: &[(&str, &str)]) -> Answer {
    let action = page.between("<form method=\"post\" action=\"", "\"");
    let action = action.unwrap_or_else(|| panic!("a page with a form: {} {}", page.status, page.text));
    let mut fields: Vec<(String, String)> = Vec::new();
    for input in page.text.split("<input type=\"hidden\" ").skip(1) {
        let part = |start: &str| {
            let (part, _) = crate::harness::html::between(input, start, "\"").expect("a name and a value");
            crate::harness::html::unescaped(part)
        };
        fields.push((part("name=\""), part("value=\"")));
    }
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    reader.submit(&action, &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_while_the_database_is_away_comes_back_whole_and_can_be_sent_again() {
    const CREATE: &str = "/api/projects/draft/create_project";
    let (app, mut line) = app_with_a_line().await;
    let mut kim = app.member("김창작").await;
    kim.get("/en/studio/new").await;
    let story = "첫 줄\n둘째 줄 \"<b>&";
    let whole = [("title", "찻잔 세트"), ("category", "crafts"), ("story", story)];
    let faulty = [("title", ""), ("category", "crafts"), ("story", story)];

    line.cut().await;
    let page = kim.submit(CREATE, &whole).await;
    kim.here = "/en/studio/new".to_owned();
    let faulty_page = kim.submit(CREATE, &faulty).await;
    mend(&mut line, &app).await;
    let refused = send_again(&mut kim, &faulty_page, &[]).await;
    let saved = send_again(&mut kim, &page, &[]).await;

    assert_eq!((page.status, page.header("retry-after")), (503, "5"));
    assert!(page.has("<html lang=\"en\"") && page.has("What you typed is still here"));
    assert_eq!(page.value_of("story").as_deref(), Some(story));
    assert_eq!(refused.status, 422, "{}", refused.address);
    assert!(refused.address.starts_with("/en/studio/new?form="), "{}", refused.address);
    assert_eq!(refused.value_of("story").as_deref(), Some(story));
    assert!(saved.address.starts_with("/en/studio/"), "{} {}", saved.status, saved.address);
    assert_eq!(app.ask::<String>("select title from projects").await, "찻잔 세트");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_comes_back_holds_no_password_and_asks_for_it() {
    const LOG_IN: &str = "/api/accounts/log_in/log_in";
    let (app, mut line) = app_with_a_line().await;
    app.sign_up("김창작", "kim@example.kr").await;
    let mut kim = app.visitor();
    kim.get("/login?next=%2Fstudio").await;

    line.cut().await;
    let form = [("email", "kim@example.kr"), ("password", PASSWORD), ("next", "/studio")];
    let page = kim.submit(LOG_IN, &form).await;
    mend(&mut line, &app).await;
    let logged_in = send_again(&mut kim, &page, &[("password", PASSWORD)]).await;

    assert_eq!(page.status, 503);
    assert!(!page.has(PASSWORD) && page.has("비밀번호는 남겨 두지 않아요"));
    assert!(page.has("type=\"password\""));
    assert_eq!((logged_in.status, logged_in.address.as_str()), (200, "/studio"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_the_server_ended_are_made_anew() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;

    for round in 0..3 {
        let mut neighbour = app.database.neighbour().await;
        let ended: i64 = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1",
        )
        .bind(app.database.name())
        .fetch_one(&mut neighbour)
        .await
        .unwrap();
        // Who was told that the database is away has not asked it again.
        assert!(ended > 0 || round > 0);
        let page = app.page(&project.page()).await;
        let own = lee.get("/account").await;

        for page in [page, own] {
            assert!(matches!(page.status, 200 | 503), "{}", page.status);
            assert!(page.status == 200 || page.has("지금은 처리할 수 없어요"));
        }
    }

    // Connections that rested are asked whether they live before they are used.
    tokio::time::sleep(kernel::db::RESTED * 2).await;
    assert_eq!(lee.get("/account").await.status, 200);
    app.finish().await;
}
