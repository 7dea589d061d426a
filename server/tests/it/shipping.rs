//! What creators ask for shipping, and what of their rewards is frozen.

use crate::harness::{Plan, TestApp, shop};

const SET: &str = "/api/rewards/shipping/set_shipping";
const ADD: &str = "/api/rewards/shipping/add_destination";
const REMOVE: &str = "/api/rewards/shipping/remove_destination";

#[tokio::test]
async fn a_creator_sets_rates_and_takes_them_back() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let draft = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let slug = draft.slug.as_str();
    kim.get(&draft.studio("/shipping")).await;

    let saved = kim.submit(SET, &[("slug", slug), ("first", "3,000"), ("jeju", "4000원")]).await;
    assert!(saved.has("저장했어요."), "{:?}", saved.alerts());
    assert_eq!(
        (saved.value_of("first").as_deref(), saved.value_of("jeju").as_deref()),
        (Some("3000"), Some("4000"))
    );
    kim.submit(ADD, &[("slug", slug), ("country", "US"), ("country_first", "20000")]).await;
    let all = kim.submit(ADD, &[("slug", slug), ("country", "*"), ("country_first", "30000")]).await;
    assert!(all.words().contains("미국 20,000원") && all.words().contains("그 밖의 모든 나라 30,000원"));
    let less = kim.submit(REMOVE, &[("slug", slug), ("zone", "US")]).await;
    assert!(!less.words().contains("미국 20,000원"));
    kim.submit(SET, &[("slug", slug), ("first", "")]).await;
    assert_eq!(app.count("select count(*) from shipping_rates").await, 1);
    let odd = kim.submit(ADD, &[("slug", slug), ("country", "ZZ"), ("country_first", "1")]).await;
    assert!(odd.field_error("country").is_some());
    app.finish().await;
}

#[tokio::test]
async fn rates_and_rewards_of_a_live_project_are_frozen_but_for_additions() {
    let app = TestApp::start().await;
    let mut shop = shop(&app).await;
    let slug = shop.project.slug.clone();
    let kim = &mut shop.creator;
    let page = kim.get(&shop.project.studio("/shipping")).await;
    assert!(page.words().contains("3,000원, 한 개 더할 때마다 500원"), "{}", page.words());

    let set = kim.submit(SET, &[("slug", &slug), ("first", "1")]).await;
    let cheaper = kim.submit(ADD, &[("slug", &slug), ("country", "JP"), ("country_first", "1")]).await;
    let gone = kim.submit(REMOVE, &[("slug", &slug), ("zone", "JP")]).await;
    let new = kim.submit(ADD, &[("slug", &slug), ("country", "US"), ("country_first", "25000")]).await;
    let all = kim.submit(ADD, &[("slug", &slug), ("country", "*"), ("country_first", "40000")]).await;
    let under_all = kim.submit(ADD, &[("slug", &slug), ("country", "FR"), ("country_first", "1")]).await;

    let statuses = [&set, &cheaper, &gone, &new, &all, &under_all].map(|answer| answer.status);
    assert_eq!(statuses, [409, 409, 409, 200, 200, 409]);
    assert_eq!(set.value_of("first").as_deref(), Some("1"), "what was typed is kept");
    let rewards = kim.get(&shop.project.studio("/rewards")).await.words();
    assert!(rewards.contains("추가 구성품") && rewards.contains("빨강 (2개 남았어요), 파랑"), "{rewards}");
    app.finish().await;
}

#[tokio::test]
async fn options_of_a_draft_are_changed_with_the_reward() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let draft = kim.drafts(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let (slug, reward) = (draft.slug.as_str(), draft.rewards[0].to_string());
    kim.get(&draft.studio("/rewards")).await;
    let form = |options: &'static str, stock: &'static str| {
        [
            ("title", "찻잔"),
            ("price", "1000"),
            ("delivery", "2027-03"),
            ("options", options),
            ("variant_stock", stock),
        ]
    };

    let mut edit = vec![("slug", slug), ("reward", reward.as_str())];
    edit.extend(form("색: 빨강, 파랑\n크기: 대, 소", "빨강 / 대 = 7"));
    let saved = kim.submit("/api/rewards/manage/edit_reward", &edit).await;
    assert_eq!(saved.status, 200, "{:?}", saved.alerts());
    assert_eq!(saved.value_of("options").as_deref(), Some("색: 빨강, 파랑\n크기: 대, 소"));
    assert_eq!(saved.value_of("variant_stock").as_deref(), Some("빨강 / 대 = 7"));
    assert_eq!(app.count("select count(*) from reward_variants").await, 4);

    let mut less = vec![("slug", slug), ("reward", reward.as_str())];
    less.extend(form("색: 빨강", ""));
    kim.submit("/api/rewards/manage/edit_reward", &less).await;
    assert_eq!(app.count("select count(*) from reward_variants").await, 1);
    app.finish().await;
}
