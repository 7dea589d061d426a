//! Backers change what they pledged, until the deadline.

use crate::harness::{Answer, Choice, GOOD_CARD, Person, SEOUL, Shop, TestApp, held, shop};
use futures::future::join_all;
use kernel::{FormKey, PledgeId};

const CHANGE: &str = "/api/pledges/change/change_pledge";

fn to_seoul<'a>(pieces: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    SEOUL.into_iter().chain(pieces.iter().copied()).collect()
}

/// A pledge of one red cup that stands.
async fn one_red(app: &TestApp, shop: &Shop) -> (Person, PledgeId) {
    let mut lee = app.member("이후원").await;
    let placed = held(&shop.place(&mut lee, "33000", &to_seoul(&[(shop.red, "1")])).await);
    lee.enters_card(&placed, GOOD_CARD).await;
    (lee, placed.pledge)
}

async fn changes(
    person: &mut Person,
    pledge: PledgeId,
    version: &str,
    total: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let (pledge, key) = (pledge.to_string(), FormKey::new().to_string());
    person.get(&format!("/account/pledges/{pledge}/change")).await;
    let mut form = vec![
        ("pledge", pledge.as_str()),
        ("version", version),
        ("key", &key),
        ("total", total),
        ("agree", "true"),
        ("agree_made_to_order", "true"),
    ];
    form.extend(fields);
    person.submit(CHANGE, &form).await
}

#[tokio::test]
async fn a_pledge_is_changed_with_its_stock_its_sum_and_its_payment() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, pledge) = one_red(&app, &shop).await;
    let page = lee.get(&format!("/account/pledges/{pledge}/change")).await;
    assert_eq!(
        (page.value_of(shop.red).as_deref(), page.value_of("postcode").as_deref()),
        (Some("1"), Some("04524"))
    );

    let chosen = to_seoul(&[(shop.blue, "2"), (shop.saucer, "1"), ("extra", "500")]);
    let id = pledge.to_string();
    let key = FormKey::new().to_string();
    let mut first = vec![("slug", shop.project.slug.as_str()), ("pledge", &id), ("key", &key)];
    first.extend(&chosen);
    let review = lee.submit("/api/pledges/review/review_pledge", &first).await;
    assert!(review.address.starts_with(&format!("/account/pledges/{pledge}/change?")), "{}", review.address);
    assert_eq!(review.value_of("total").as_deref(), Some("69500"));
    assert_eq!(review.value_of("version").as_deref(), Some("1"));
    let done = changes(&mut lee, pledge, "1", "69500", &chosen).await;

    assert!(done.has("후원을 바꿨어요."), "{:?}", done.alerts());
    assert!(done.words().contains("찻잔 (파랑) × 2") && done.words().contains("69,500원"));
    let payment: i64 =
        app.ask_of("select amount_minor from payments where purpose_id = $1", pledge.uuid()).await;
    assert_eq!(payment, 69_500);
    assert_eq!(app.count("select pledged_minor from figures((select id from projects))").await, 69_500);
    assert_eq!(app.count("select taken::bigint from reward_variants where label = '빨강'").await, 0);
    assert_eq!(app.count("select taken::bigint from reward_variants where label = '파랑'").await, 2);
    assert_eq!(
        app.count("select count(*) from pledge_changes where before ->> 'total_minor' = '33000'").await,
        1
    );
    let consents: i64 = app
        .ask_of(
            "select count(*) from pledge_consents where pledge_id = $1 and kind = 'made_to_order'",
            pledge.uuid(),
        )
        .await;
    assert_eq!(consents, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_changed_price_never_touches_what_was_chosen_before() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, pledge) = one_red(&app, &shop).await;
    let mut owner = app.database.owner().await;
    sqlx::query("update rewards set price_minor = price_minor * 2").execute(&mut owner).await.unwrap();

    // The cup costs what it cost, the file what it costs now.
    let wrong =
        changes(&mut lee, pledge, "1", "81000", &to_seoul(&[(shop.red, "1"), (shop.file, "1")])).await;
    assert_eq!(wrong.status, 409);
    assert_eq!(wrong.value_of("total").as_deref(), Some("51000"));
    let right =
        changes(&mut lee, pledge, "1", "51000", &to_seoul(&[(shop.red, "1"), (shop.file, "1")])).await;

    assert!(right.has("후원을 바꿨어요."), "{:?}", right.alerts());
    app.finish().await;
}

#[tokio::test]
async fn an_address_can_be_changed_and_its_zone_with_it() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, pledge) = one_red(&app, &shop).await;
    let jeju = [
        ("address", "new"),
        ("recipient", "박받음"),
        ("phone", "010-9999-8888"),
        ("country", "KR"),
        ("postcode", "63309"),
        ("road", "제주 첨단로 242"),
        (shop.red, "1"),
    ];

    let done = changes(&mut lee, pledge, "1", "36000", &jeju).await;

    assert!(
        done.words().contains("제주 첨단로 242") && !done.words().contains("세종대로"),
        "{:?}",
        done.alerts()
    );
    let zone: String = app.ask_of("select zone from pledges where id = $1", pledge.uuid()).await;
    assert_eq!(zone, "KR-JEJU");
    app.finish().await;
}

#[tokio::test]
async fn a_change_that_is_sent_twice_is_one_and_an_old_page_changes_nothing() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, pledge) = one_red(&app, &shop).await;
    let two = to_seoul(&[(shop.red, "2")]);

    for _ in 0..2 {
        let done = changes(&mut lee, pledge, "1", "63500", &two).await;
        assert!(done.has("후원을 바꿨어요."), "{:?}", done.alerts());
    }
    let old = changes(&mut lee, pledge, "1", "33000", &to_seoul(&[(shop.blue, "1")])).await;

    assert_eq!(old.status, 409);
    assert!(old.alerts()[0].contains("다른 화면에서"), "{:?}", old.alerts());
    assert_eq!(app.count("select version::bigint from pledges").await, 2);
    assert_eq!(app.count("select taken::bigint from reward_variants where label = '빨강'").await, 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_at_once_happen_one_after_the_other() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (lee, pledge) = one_red(&app, &shop).await;
    let wishes = [(shop.red, "2", "63500"), (shop.blue, "1", "33000"), (shop.file, "1", "9000")];

    let answers = join_all(wishes.into_iter().map(|(piece, pieces, total)| {
        let mut person = lee.clone();
        async move { changes(&mut person, pledge, "1", total, &to_seoul(&[(piece, pieces)])).await }
    }))
    .await;

    let done = answers.iter().filter(|answer| answer.address.ends_with("changed=1")).count();
    assert_eq!(done, 1);
    assert_eq!(app.count("select version::bigint from pledges").await, 2);
    assert_eq!(app.count("select count(*) from pledge_changes").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn more_than_is_left_changes_nothing() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, pledge) = one_red(&app, &shop).await;
    let mut park = app.member("박후원").await;
    held(&shop.place(&mut park, "33000", &to_seoul(&[(shop.red, "1")])).await);

    let refused = changes(&mut lee, pledge, "1", "63500", &to_seoul(&[(shop.red, "2")])).await;
    let over = changes(&mut lee, pledge, "1", "124500", &to_seoul(&[(shop.blue, "4")])).await;

    assert_eq!((refused.status, over.status), (409, 422));
    assert_eq!(refused.value_of(shop.red).as_deref(), Some("2"));
    assert!(over.field_error(shop.blue).is_some(), "{:?}", over.alerts());
    assert_eq!(app.count("select count(*) from pledge_changes").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_changed_after_the_deadline_or_by_somebody_else() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, pledge) = one_red(&app, &shop).await;
    let mut park = app.member("박후원").await;
    let other = changes(&mut park, pledge, "1", "1000", &[("extra", "1000")]).await;
    assert_eq!(other.status, 404);
    lee.get(&format!("/account/pledges/{pledge}/change")).await;

    app.set_clock(shop.project.deadline);
    let late = changes(&mut lee, pledge, "1", "1000", &[("extra", "1000")]).await;
    app.drain().await;
    let later = changes(&mut lee, pledge, "1", "1000", &[("extra", "1000")]).await;

    assert_eq!((late.status, later.status), (409, 409));
    assert_eq!(app.count("select count(*) from pledge_changes").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_raised_pledge_is_charged_as_it_was_raised() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&shop.project, &Choice::support(90_000), GOOD_CARD).await;

    changes(&mut lee, pledge, "1", "110000", &[("extra", "110000")]).await;
    app.advance_to(shop.project.deadline).await;
    app.advance(chrono::TimeDelta::days(5)).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.count("select amount_minor from sandbox.charges").await, 110_000);
    app.finish().await;
}
