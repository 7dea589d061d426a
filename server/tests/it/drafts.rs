//! Drafts and rewards: sent twice, sent late, previewed.

use crate::harness::{Plan, TestApp};

const CREATE: &str = "/api/projects/draft/create_project";
const EDIT: &str = "/api/projects/draft/edit_project";
const PREVIEW: &str = "/api/projects/editor/preview_project";
const ADD: &str = "/api/rewards/manage/add_reward";

#[tokio::test]
async fn a_form_sent_twice_makes_one_draft() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let key = kim.get("/studio/new").await.value_of("key").unwrap();
    let form = [("title", "두레 찻잔"), ("category", "crafts"), ("key", &key)];

    let (mut again, mut other) = (kim.clone(), app.member("이남").await);
    let (first, second) = tokio::join!(kim.submit(CREATE, &form), again.submit(CREATE, &form));
    let third = kim.submit(CREATE, &form).await;

    assert_eq!(first.address, "/studio/dure-chatjan?saved=1");
    assert_eq!((&second.address, &third.address), (&first.address, &first.address));
    assert_eq!(app.count("select count(*) from projects").await, 1);
    // Somebody else's key is not one's own.
    other.get("/studio/new").await;
    assert_ne!(other.submit(CREATE, &form).await.address, first.address);
    app.finish().await;
}

#[tokio::test]
async fn a_form_sent_twice_adds_one_reward() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let key = kim.get(&project.studio("/rewards")).await.value_of("key").unwrap();
    let form = [
        ("slug", project.slug.as_str()),
        ("title", "찻잔"),
        ("price", "1000"),
        ("delivery", "2027-03"),
        ("key", &key),
    ];

    let mut again = kim.clone();
    let (first, second) = tokio::join!(kim.submit(ADD, &form), again.submit(ADD, &form));

    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(app.count("select count(*) from rewards").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn no_more_rewards_are_added_than_fit_however_fast() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let plan = (0..49).fold(Plan::with_goal(1000), |plan, _| plan.reward(1000, None));
    let project = kim.drafts(&app, &plan).await;
    let form =
        [("slug", project.slug.as_str()), ("title", "찻잔"), ("price", "1000"), ("delivery", "2027-03")];

    let mut again = kim.clone();
    let (first, second) = tokio::join!(kim.submit(ADD, &form), again.submit(ADD, &form));

    assert_eq!(first.status.min(second.status), 200);
    assert_eq!(first.status.max(second.status), 409);
    assert_eq!(app.count("select count(*) from rewards").await, 50);
    app.finish().await;
}

#[tokio::test]
async fn a_tab_from_before_the_launch_does_not_change_the_terms_in_silence() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let tab = kim.get(&project.studio("/edit")).await;
    let day = tab.value_of("deadline").unwrap();
    kim.submit("/api/projects/launch/launch_project", &[("slug", &project.slug)]).await;
    kim.get(&project.studio("/edit")).await;
    let form = |goal: &'static str, day: &str| {
        [
            ("title", "새 이름"),
            ("category", "crafts"),
            ("slug", &project.slug),
            ("version", "1"),
            ("goal", goal),
            ("deadline", day),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };

    for form in [form("2,000", &day), form("1000", "2026-12-01"), form("천 원", &day)] {
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        let page = kim.submit(EDIT, &form).await;

        assert_eq!(page.status, 409, "{form:?}");
        assert_eq!(page.alerts(), ["공개한 프로젝트의 목표 금액과 마감일은 바꿀 수 없어요."]);
        assert_eq!(app.count("select count(*) from projects where title = '새 이름'").await, 0);
    }
    let form = form("1,000", &day);
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = kim.submit(EDIT, &form).await;

    assert_eq!(page.address, project.studio("/edit?saved=1"));
    assert_eq!(app.count("select count(*) from projects where title = '새 이름'").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_project_whose_title_is_a_page_has_an_address_of_its_own() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;

    let project = kim.drafts(&app, &Plan { title: "New".to_owned(), ..Plan::with_goal(1000) }).await;

    assert_eq!(project.slug, "new-project");
    assert!(kim.get(&project.studio("")).await.words().contains("공개할 준비"));
    app.finish().await;
}

#[tokio::test]
async fn a_project_is_not_stopped_once_its_deadline_has_passed() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.launches(&app, &Plan::with_goal(1000)).await;
    kim.get(&project.studio("")).await;
    // The worker is late.
    app.set_clock(project.deadline);

    let sure = [("slug", project.slug.as_str()), ("sure", "true")];
    let page = kim.submit("/api/projects/cancel/cancel_project", &sure).await;

    assert_eq!(page.status, 409);
    assert!(page.alerts()[0].contains("마감이 지나"), "{:?}", page.alerts());
    assert_eq!(app.project_state(project.id).await, "live");
    app.finish().await;
}

#[tokio::test]
async fn a_story_is_previewed_without_a_script_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let story = "## 처음\n\n**굵게**\n\n<script>alert(1)</script>";

    for (page, slug) in [("/studio/new".to_owned(), ""), (project.studio("/edit"), project.slug.as_str())] {
        let opened = kim.get(&page).await;
        assert!(opened.has(&format!("formaction=\"{PREVIEW}\"")));
        // Nothing need be right yet.
        let form = [("slug", slug), ("title", ""), ("goal", "많이"), ("story", story), ("version", "1")];
        let shown = kim.submit(PREVIEW, &form).await;

        assert_eq!(shown.status, 200);
        assert!(shown.address.starts_with(&page));
        assert!(shown.has("<h2>처음</h2>") && shown.has("<strong>굵게</strong>"));
        assert!(!shown.has("<script>alert"));
        assert_eq!(shown.alerts(), Vec::<String>::new());
        assert_eq!(shown.value_of("goal").as_deref(), Some("많이"));
        assert_eq!(shown.value_of("story").as_deref(), Some(story));
    }
    assert_eq!(app.count("select count(*) from projects").await, 1);
    assert_eq!(app.count("select sum(version) from projects").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn only_a_public_page_listens_for_changes() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let plan = Plan::with_goal(1000).reward(1000, 5);
    let (draft, live) = (kim.drafts(&app, &plan).await, kim.launches(&app, &plan).await);

    let (draft, live) = (kim.get(&draft.page()).await, kim.get(&live.page()).await);

    for island in ["LiveProgress", "LiveStock"] {
        assert!(live.has(island) && !draft.has(island), "{island}");
    }
    assert!(draft.words().contains("5개 남았어요") && draft.words().contains("0% 달성"));
    app.finish().await;
}

#[tokio::test]
async fn a_month_that_cannot_be_read_is_told_how_to_write_it() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let form = kim.get(&project.studio("/rewards")).await;
    assert!(form.words().contains("예: 2027-03"));

    let wrong =
        [("slug", project.slug.as_str()), ("title", "찻잔"), ("price", "1"), ("delivery", "2027년 3월")];
    let page = kim.submit(ADD, &wrong).await;

    assert_eq!(page.field_error("delivery").as_deref(), Some("2027-03처럼 연도와 달을 써 주세요."));
    app.finish().await;
}
