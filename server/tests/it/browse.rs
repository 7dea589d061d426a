//! Finding projects by words.

use crate::harness::{Plan, TestApp};

#[tokio::test]
async fn words_are_found_as_they_are_written() {
    let app = TestApp::start().await;
    let plan = Plan { title: "Tea, 50% off".to_owned(), ..Plan::with_goal(1000) };
    let tea = app.member("김창작").await.launches(&app, &plan).await;

    for (search, found) in [
        ("50%25 off", true),
        ("50%EF%BC%85 off", true),
        ("  tea,   50%25  ", true),
        ("50_ off", false),
        ("50%25off", false),
        ("5%25off", false),
        ("tea\\", false),
    ] {
        let page = app.page(&format!("/discover?q={search}")).await;
        assert_eq!(page.has(&format!("href=\"{}\"", tea.page())), found, "{search}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_page_past_the_end_still_tells_how_many_there_are() {
    let app = TestApp::start().await;
    app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;

    for page in ["/en/discover", "/en/discover?page=7"] {
        let words = app.page(page).await.words();
        assert!(words.contains(" 1 project "), "{page}: {words}");
    }
    assert!(app.page("/en/discover?q=nothing").await.words().contains(" 0 projects "));
    app.finish().await;
}
