//! Forms without JavaScript: errors at their fields, nothing typed is lost, nothing is done twice.

use crate::harness::{Choice, GOOD_CARD, PASSWORD, Plan, TestApp, pieces};
use chrono::TimeDelta;

const CREATE: &str = "/api/projects/draft/create_project";
const EDIT: &str = "/api/projects/draft/edit_project";
const PLACE: &str = "/api/pledges/place/place_pledge";
const REVIEW: &str = "/api/pledges/review/review_pledge";

#[tokio::test]
async fn a_refused_form_says_why_at_its_fields_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    kim.get("/en/studio/new").await;

    let summary = "긴 요약 ".repeat(50);
    let form = [
        ("title", ""),
        ("summary", summary.as_str()),
        ("category", "crafts"),
        ("goal", "-5"),
        ("deadline", "2020-01-01"),
        ("story", "그대로 남는 이야기"),
    ];
    let page = kim.submit(CREATE, &form).await;

    assert_eq!(page.status, 422);
    assert!(page.address.starts_with("/en/studio/new?form="), "{}", page.address);
    assert_eq!(page.alerts()[0], "Please correct the marked fields.");
    assert_eq!(page.field_error("title").as_deref(), Some("Please fill this in."));
    assert_eq!(page.field_error("summary").as_deref(), Some("At most 200 characters fit here."));
    assert_eq!(page.field_error("goal").as_deref(), Some("It must be at least ₩1."));
    assert_eq!(page.field_error("deadline").as_deref(), Some("Please choose a later date."));
    assert_eq!(page.field_error("story"), None);
    for (name, typed) in form {
        if name != "category" {
            assert_eq!(page.value_of(name).as_deref(), Some(typed), "{name}");
        }
    }
    assert!(page.has("<option value=\"crafts\" selected"));
    assert_eq!(app.count("select count(*) from projects").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn impossible_values_are_refused_at_their_fields() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let past = (app.now() - TimeDelta::days(1)).format("%Y-%m-%d").to_string();
    let far = (app.now() + TimeDelta::days(101)).format("%Y-%m-%d").to_string();
    let piece = pieces(project.rewards[0]);

    let (draft, list, pledge) =
        ("/studio/new", project.studio("/rewards"), format!("{}/pledge", project.page()));
    let shipping = project.studio("/shipping");
    let key = kernel::FormKey::new().to_string();
    for (page, action, field, values) in [
        (
            draft,
            CREATE,
            "goal",
            &["-1", "0", "10000000001", "99999999999999999999", "0.5", "1e5", "많이"][..],
        ),
        (draft, CREATE, "deadline", &[past.as_str(), &far, "2026-02-30", "내일", "99999-01-01"]),
        (&list, "/api/rewards/manage/add_reward", "price", &["-1", "0", "100000001", "1.5", ""]),
        (&list, "/api/rewards/manage/add_reward", "stock", &["-1", "0", "1000001", "1.5", "열"]),
        (&list, "/api/rewards/manage/add_reward", "delivery", &["2026-10", "2040-01", "2026-13", "", "곧"]),
        (&list, "/api/rewards/manage/add_reward", "per_person", &["-1", "0", "1000001", "1.5", "둘"]),
        (&list, "/api/rewards/manage/add_reward", "options", &["빨강", "색상: 빨강, 빨강", "색상:"]),
        (&list, "/api/rewards/manage/add_reward", "variant_stock", &["빨강 = 1"]),
        (&shipping, "/api/rewards/shipping/set_shipping", "first", &["-1", "0.5", "100000001", "공짜"]),
        (&pledge, PLACE, piece, &["-1", "101", "1.5", "99999999999"]),
        (&pledge, REVIEW, piece, &["-1", "101", "1.5", "99999999999"]),
        (&pledge, PLACE, "extra", &["-1", "0.5", "1000000001", "NaN", "US$5", "99999999999999999999"]),
        (&pledge, REVIEW, "extra", &["-1", "0.5", "1000000001", "NaN", "US$5", "99999999999999999999"]),
    ] {
        for value in values {
            let mut form = vec![("slug", project.slug.as_str()), ("title", "찻잔"), ("category", "crafts")];
            form.extend([("key", key.as_str()), ("agree", "true"), ("total", "1000")]);
            if field != piece {
                form.push((piece, "1"));
            }
            if field != "delivery" {
                form.push(("delivery", "2027-01"));
            }
            if field != "price" {
                form.push(("price", "1000"));
            }
            form.push((field, value));
            kim.get(page).await;
            let answer = kim.submit(action, &form).await;

            assert_eq!(answer.status, 422, "{field} {value}");
            assert!(answer.field_error(field).is_some(), "{field} {value}: {:?}", answer.alerts());
            assert_eq!(answer.value_of(field).as_deref(), Some(*value), "{field}");
        }
    }
    assert_eq!(app.count("select count(*) from projects").await, 1);
    assert_eq!(app.count("select count(*) from rewards").await, 1);
    assert_eq!(app.count("select count(*) from pledges").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_was_typed_survives_a_session_that_ended_in_the_middle_of_the_form() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김창작", "kim@example.kr").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let editor = kim.get(&project.studio("/edit")).await;
    let version = editor.value_of("version").unwrap();
    app.advance(TimeDelta::hours(13)).await;

    let form = [
        ("slug", project.slug.as_str()),
        ("version", &version),
        ("title", "새 이름"),
        ("category", "food"),
        ("story", "오래 쓴 이야기 & <b>"),
    ];
    let log_in = kim.submit(EDIT, &form).await;
    assert!(log_in.address.starts_with("/login?next="), "{}", log_in.address);
    assert!(log_in.has("로그인이 필요해요"));
    let next = log_in.value_of("next").unwrap();
    let page = kim
        .submit(
            "/api/accounts/log_in/log_in",
            &[("email", "kim@example.kr"), ("password", PASSWORD), ("next", &next)],
        )
        .await;

    assert_eq!(page.status, 200);
    assert!(page.address.starts_with(&project.studio("/edit?form=")), "{}", page.address);
    assert_eq!(page.value_of("title").as_deref(), Some("새 이름"));
    assert_eq!(page.value_of("story").as_deref(), Some("오래 쓴 이야기 & <b>"));
    assert!(page.has("<option value=\"food\" selected"));
    assert_eq!(page.alerts(), Vec::<String>::new());
    let saved = kim.submit(EDIT, &form).await;
    assert!(saved.has("저장했어요"));
    app.finish().await;
}

#[tokio::test]
async fn a_pledge_survives_a_session_that_ended_at_the_checkout() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let mut lee = app.sign_up("이후원", "lee@example.kr").await;
    let checkout = lee.get(&format!("{}/pledge", project.page())).await;
    let key = checkout.value_of("key").unwrap();
    app.advance(TimeDelta::hours(13)).await;

    let piece = pieces(project.rewards[0]);
    let form = [("slug", project.slug.as_str()), ("key", &key), (piece, "3"), ("extra", "777")];
    let log_in = lee.submit(REVIEW, &form).await;
    let next = log_in.value_of("next").unwrap();
    let page = lee.logs_in(&next).await;

    assert_eq!(
        (page.value_of(piece).as_deref(), page.value_of("extra").as_deref()),
        (Some("3"), Some("777"))
    );
    assert_eq!(page.value_of("key"), Some(key), "so that it is still one pledge");
    app.finish().await;
}

#[tokio::test]
async fn a_form_of_another_persons_project_is_refused_with_a_page() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let (draft, live) =
        (kim.drafts(&app, &Plan::with_goal(1000)).await, kim.launches(&app, &Plan::with_goal(1000)).await);
    let mut lee = app.member("이남").await;

    for (project, status) in [(&draft, 404), (&live, 403)] {
        assert_eq!(lee.get(&project.studio("/edit")).await.status, status);
        lee.get("/studio").await;
        let form = [
            ("slug", project.slug.as_str()),
            ("version", "1"),
            ("title", "빼앗은 이름"),
            ("category", "food"),
        ];
        let page = lee.submit(EDIT, &form).await;
        assert_eq!(page.status, status);
        assert!(page.has("<html lang=\"ko\""));
    }

    assert_eq!(app.count("select count(*) from projects where title = '빼앗은 이름'").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn of_two_edits_of_one_version_the_second_is_told_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let mut elsewhere = kim.clone();
    kim.get(&project.studio("/edit")).await;
    elsewhere.get(&project.studio("/edit")).await;

    let edit = |title: &'static str| {
        [("slug", project.slug.as_str()), ("version", "1"), ("title", title), ("category", "food")]
    };
    let first = kim.submit(EDIT, &edit("첫째")).await;
    let second = elsewhere.submit(EDIT, &edit("둘째")).await;

    assert_eq!((first.status, second.status), (200, 409));
    assert!(second.alerts()[0].contains("다른 곳에서 먼저 고친 내용이 있어요"));
    assert_eq!(second.value_of("title").as_deref(), Some("둘째"));
    assert_eq!(second.value_of("version").as_deref(), Some("1"), "saving again does not hide the clash");
    assert_eq!(app.ask::<String>("select title from projects").await, "첫째");
    app.finish().await;
}

#[tokio::test]
async fn a_pledge_form_that_is_sent_again_makes_no_second_pledge() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let mut lee = app.member("이후원").await;
    let key = lee.get(&format!("{}/pledge", project.page())).await.value_of("key").unwrap();
    let fields = Choice::piece(project.rewards[0]).times(2).fields(&project, &key);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();

    let first = lee.submit(PLACE, &fields).await;
    let again = lee.submit(PLACE, &fields).await;
    let held = crate::harness::held(&first);
    lee.enters_card(&held, GOOD_CARD).await;
    let after = lee.submit(PLACE, &fields).await;

    assert_eq!(again.address, first.address, "the same card page");
    assert_eq!(after.address, format!("/account/pledges/{}", held.pledge));
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn somebody_elses_form_key_is_not_ones_own_pledge() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let key = kernel::FormKey::new().to_string();
    let fields = Choice::support(1000).fields(&project, &key);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.member("박후원").await.call(PLACE, &fields).await;

    let answer = app.member("이후원").await.call(PLACE, &fields).await;

    assert_eq!(answer.status, 400);
    assert!(!answer.has("/account/pledges/") && answer.header("location").is_empty());
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_draft_that_lacks_something_is_not_launched() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let mut plan = Plan::with_goal(1000);
    plan.story.clear();
    let draft = kim.drafts(&app, &plan).await;
    kim.get(&draft.studio("")).await;

    let page = kim.submit("/api/projects/launch/launch_project", &[("slug", &draft.slug)]).await;

    assert_eq!(page.status, 422);
    assert_eq!(page.alerts(), ["공개하려면 빠진 항목을 먼저 채워 주세요."]);
    assert!(page.words().contains("이야기 — 아직 비어 있어요"));
    assert_eq!(app.project_state(draft.id).await, "draft");
    app.finish().await;
}

#[tokio::test]
async fn rewards_of_a_launched_project_can_be_added_but_not_changed() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let live = kim.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let reward = live.rewards[0].to_string();
    kim.get(&live.studio("/rewards")).await;

    let slug = live.slug.as_str();
    let fields =
        [("slug", slug), ("reward", &reward), ("title", "싸게"), ("price", "1"), ("delivery", "2027-03")];
    let edited = kim.submit("/api/rewards/manage/edit_reward", &fields).await;
    let removed = kim.submit("/api/rewards/manage/remove_reward", &fields).await;
    let added = kim.submit("/api/rewards/manage/add_reward", &fields).await;

    assert_eq!((edited.status, removed.status, added.status), (409, 409, 200));
    assert!(removed.alerts()[0].contains("새 리워드만 추가할 수 있어요"));
    assert!(edited.has("새 리워드만 추가할 수 있어요"));
    assert_eq!(app.count("select sum(price_minor)::bigint from rewards").await, 1001);
    app.finish().await;
}

#[tokio::test]
async fn who_sends_refused_forms_without_end_fills_no_table_and_loses_nothing() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    visitor.get("/signup").await;
    let large = "가".repeat(10_000);
    let form = [("email", "kim@example.kr"), ("name", large.as_str())];

    let mut last = None;
    for _ in 0..8 {
        visitor.here = "/signup".to_owned();
        last = Some(visitor.submit_and_stay("/api/accounts/sign_up/sign_up", &form).await);
    }

    let last = last.unwrap();
    assert_eq!(last.status, 429);
    assert!(last.has("조금 천천히 해 주세요") && last.has("입력하신 내용은 그대로 있어요"));
    assert_eq!(last.value_of("name").as_deref(), Some(large.as_str()));
    assert_eq!(app.count("select count(*) from stashed_forms").await, 5);
    app.finish().await;
}
