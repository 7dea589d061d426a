//! The checkout whole: several rewards, options, add-ons, limits, shipping, consents.

use crate::harness::{Choice, GOOD_CARD, SEOUL, TestApp, held, shop};
use chrono::TimeDelta;
use futures::future::join_all;

/// The address of [`SEOUL`] and what is taken.
fn to_seoul<'a>(pieces: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    SEOUL.into_iter().chain(pieces.iter().copied()).collect()
}

#[tokio::test]
async fn every_line_of_a_sum_is_shown_before_and_after() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;

    // 2 × 30,000 + 5,000 + 9,000, three parcels' pieces for 3,000 + 2 × 500, and 1,000 more.
    let chosen = to_seoul(&[
        (shop.red, "1"),
        (shop.blue, "1"),
        (shop.saucer, "1"),
        (shop.file, "1"),
        ("extra", "1,000"),
    ]);
    let review = shop.review(&mut lee, &chosen).await;

    assert_eq!(review.status, 200, "{:?}", review.alerts());
    assert_eq!(review.value_of("total").as_deref(), Some("79000"));
    let words = review.words();
    for line in [
        "찻잔 (빨강) × 1",
        "찻잔 (파랑) × 1",
        "받침 × 1",
        "그림 파일 × 1",
        "배송비 (국내) 4,000원",
        "79,000원",
    ] {
        assert!(words.contains(line), "{line}: {words}");
    }
    assert!(review.has("아직 세상에 없는 물건이고") && review.has("주문을 받은 뒤 후원자마다"));
    assert_eq!(app.count("select count(*) from pledges").await, 0, "nothing is promised yet");

    let card_page = shop.place(&mut lee, "79000", &chosen).await;
    assert!(card_page.has("79,000원"), "{:?}", card_page.alerts());
    let held = held(&card_page);
    let thanks = lee.enters_card(&held, GOOD_CARD).await;

    let words = thanks.words();
    for line in [
        "찻잔 (빨강) × 1",
        "배송비 (국내) 4,000원",
        "79,000원",
        "서울 중구 세종대로 110",
        "받은 날부터 7일 안에",
    ] {
        assert!(words.contains(line), "{line}: {words}");
    }
    assert!(words.contains("주문 제작하는 물건이라 할 수 없어요."), "{words}");
    let of = held.pledge.uuid();
    let zone: String = app.ask_of("select zone from pledges where id = $1", of).await;
    assert_eq!(zone, "KR");
    let plain: i64 = app
        .ask_of("select count(*) from pledges where id = $1 and position('04524'::bytea in address) > 0", of)
        .await;
    assert_eq!(plain, 0, "the address is sealed");
    let kinds: String = app
        .ask_of("select string_agg(line || kind, ' ' order by line, kind) from pledge_consents where pledge_id = $1", of)
        .await;
    assert!(kinds.starts_with("0address 0pledge 1") && kinds.contains("made_to_order"), "{kinds}");
    app.finish().await;
}

#[tokio::test]
async fn a_sum_that_the_browser_altered_is_refused_with_the_right_one() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let chosen = to_seoul(&[(shop.blue, "1")]);

    for altered in ["1", "0", "-33000", "", "33000.5", "330000", "US$33"] {
        let answer = shop.place(&mut lee, altered, &chosen).await;

        assert_eq!(answer.status, 409, "{altered}");
        assert_eq!(answer.alerts()[0], "금액이 33,000원이에요. 확인하고 다시 눌러 주세요.");
        assert_eq!(answer.value_of("total").as_deref(), Some("33000"));
        assert_eq!(answer.value_of(shop.blue).as_deref(), Some("1"), "nothing that was typed is lost");
        assert_eq!(answer.value_of("road").as_deref(), Some("서울 중구 세종대로 110"));
    }
    assert_eq!(app.count("select count(*) from pledges").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn nobody_pledges_without_having_agreed() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let chosen = to_seoul(&[(shop.blue, "1"), (shop.saucer, "1")]);
    let review = shop.review(&mut lee, &chosen).await;
    let key = review.value_of("key").unwrap();
    let mut form = vec![("slug", shop.project.slug.as_str()), ("key", &key), ("total", "38500")];
    form.extend(&chosen);

    let nothing = lee.submit("/api/pledges/place/place_pledge", &form).await;
    form.push(("agree", "true"));
    let not_all = lee.submit("/api/pledges/place/place_pledge", &form).await;

    assert_eq!((nothing.status, not_all.status), (422, 422));
    assert!(nothing.field_error("agree").is_some(), "{:?}", nothing.alerts());
    assert!(not_all.field_error("agree_made_to_order").is_some(), "{:?}", not_all.alerts());
    assert_eq!(not_all.value_of("total").as_deref(), Some("38500"), "the sum is still shown");
    assert_eq!(app.count("select count(*) from pledges").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn limits_of_options_and_of_people_are_kept_and_come_back() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박후원").await);

    let greedy = shop.place(&mut lee, "124500", &to_seoul(&[(shop.blue, "4")])).await;
    assert_eq!(greedy.status, 422);
    assert_eq!(greedy.field_error(shop.blue).as_deref(), Some("한 사람이 3개까지 받을 수 있어요."));
    held(&shop.place(&mut lee, "94000", &to_seoul(&[(shop.red, "2"), (shop.blue, "1")])).await);
    let sold_out = shop.review(&mut park, &to_seoul(&[(shop.red, "1")])).await;
    assert_eq!(sold_out.status, 409);
    assert!(sold_out.alerts()[0].contains("남은 수량이 부족해졌어요"));
    let sold_out = shop.place(&mut park, "33000", &to_seoul(&[(shop.red, "1")])).await;
    assert_eq!(sold_out.status, 409);

    // Another choice takes the place of the one that waits; what both want is not let go.
    held(&shop.place(&mut lee, "63500", &to_seoul(&[(shop.red, "2")])).await);
    assert_eq!(app.count("select sum(pieces)::bigint from reward_holdings").await, 2);
    // The hold runs out.
    app.advance(TimeDelta::minutes(21)).await;
    assert_eq!(app.count("select sum(pieces)::bigint from reward_holdings").await, 0);
    assert_eq!(app.count("select sum(taken)::bigint from reward_variants").await, 0);
    assert_eq!(app.count("select count(*) from pledges where address is not null").await, 0);
    // Secured, and cancelled.
    let placed = held(&shop.place(&mut park, "63500", &to_seoul(&[(shop.red, "2")])).await);
    park.enters_card(&placed, GOOD_CARD).await;
    assert_eq!(app.count("select sum(taken)::bigint from reward_variants").await, 2);
    park.cancels(placed.pledge).await;
    assert_eq!(app.count("select sum(taken)::bigint from reward_variants").await, 0);
    assert_eq!(app.count("select sum(pieces)::bigint from reward_holdings").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_project_that_fails_gives_everything_back() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let placed = held(&shop.place(&mut lee, "33000", &to_seoul(&[(shop.red, "1")])).await);
    lee.enters_card(&placed, GOOD_CARD).await;

    app.advance_to(shop.project.deadline).await;

    assert_eq!(app.pledge_state(placed.pledge).await, "voided");
    assert_eq!(app.count("select sum(taken)::bigint from reward_variants").await, 0);
    assert_eq!(app.count("select sum(pieces)::bigint from reward_holdings").await, 0);
    assert_eq!(app.count("select count(*) from pledges where address is not null").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_the_last_of_a_colour_two_get_it() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(app.member("후원").await);
    }

    let pledge = to_seoul(&[(shop.red, "1"), (shop.blue, "1")]);
    let answers = join_all(people.into_iter().map(|mut person| {
        let (shop, pledge) = (&shop, &pledge);
        async move { shop.place(&mut person, "63500", pledge).await }
    }))
    .await;

    let got = answers.iter().filter(|answer| answer.address.contains("/sandbox/card?page=")).count();
    assert_eq!(got, 2);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)));
    assert_eq!(app.count("select sum(taken)::bigint from reward_variants").await, 4);
    app.finish().await;
}

#[tokio::test]
async fn where_it_goes_decides_what_it_costs() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let at = |country: &'static str, postcode: &'static str| {
        let mut form = to_seoul(&[(shop.blue, "2"), ("city", "도쿄")]);
        form.extend([("country", country), ("postcode", postcode)]);
        // The last of a name stands.
        let mut named = std::collections::BTreeMap::new();
        named.extend(form);
        named.into_iter().collect::<Vec<_>>()
    };

    for (country, postcode, total) in [
        ("KR", "04524", "63500"),
        ("KR", "63309", "66500"),
        ("KR", "40240", "63500"),
        ("JP", "100-0001", "85000"),
    ] {
        let review = shop.review(&mut lee, &at(country, postcode)).await;
        assert_eq!(review.value_of("total").as_deref(), Some(total), "{postcode} {:?}", review.alerts());
    }
    let nowhere = shop.review(&mut lee, &at("US", "94103")).await;
    assert_eq!(nowhere.status, 422);
    assert_eq!(nowhere.field_error("address").as_deref(), Some("이 프로젝트는 이곳으로 보내지 않아요."));
    let unwritten = shop.review(&mut lee, &[(shop.blue, "1"), ("address", "new")]).await;
    assert_eq!(unwritten.status, 422);
    assert!(unwritten.field_error("recipient").is_some() && unwritten.field_error("postcode").is_some());
    // What is not sent needs no address.
    let file = shop.review(&mut lee, &[(shop.file, "1"), ("address", "new")]).await;
    assert_eq!(file.value_of("total").as_deref(), Some("9000"));
    app.finish().await;
}

#[tokio::test]
async fn an_address_of_the_book_is_chosen_and_one_of_somebody_else_is_not() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박후원").await);
    lee.get("/account/addresses").await;
    lee.submit("/api/accounts/addresses/book/add_address", &SEOUL[1..]).await;
    let id: uuid::Uuid = app.ask("select id from addresses").await;
    let id = id.to_string();

    let checkout = lee.get(&shop.checkout()).await;
    assert!(checkout.words().contains("세종대로"));
    let own = shop.review(&mut lee, &[(shop.blue, "1"), ("address", &id)]).await;
    let other = shop.review(&mut park, &[(shop.blue, "1"), ("address", &id)]).await;

    assert_eq!(own.value_of("total").as_deref(), Some("33000"));
    assert_eq!(other.status, 422);
    assert!(!other.words().contains("세종대로"));
    app.finish().await;
}

#[tokio::test]
async fn choices_that_make_no_sense_are_refused_and_kept() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let cup = crate::harness::pieces(shop.project.rewards[0]);

    let alone = shop.review(&mut lee, &to_seoul(&[(shop.saucer, "1")])).await;
    assert_eq!(alone.status, 422);
    assert!(alone.alerts()[0].contains("리워드와 함께만"));
    assert_eq!(alone.value_of(shop.saucer).as_deref(), Some("1"));
    let no_colour = shop.review(&mut lee, &to_seoul(&[(cup, "1")])).await;
    assert_eq!(no_colour.status, 422);
    for (field, value) in [("pieces[0]", "1"), ("pieces[v1]", "1"), ("pieces[x]", "1"), ("pieces", "1")] {
        let odd = shop.review(&mut lee, &[(field, value), ("extra", "1")]).await;
        assert!(matches!(odd.status, 400 | 422), "{field}: {}", odd.status);
    }
    let nothing = shop.review(&mut lee, &[(shop.blue, "0"), ("extra", "")]).await;
    assert_eq!(nothing.field_error("extra").as_deref(), Some("1원 이상이어야 해요."));
    let too_many = shop.review(&mut lee, &[(shop.blue, "60"), (shop.file, "41")]).await;
    assert_eq!(too_many.status, 422);
    let too_much = shop.review(&mut lee, &[(shop.file, "1"), ("extra", "1000000000")]).await;
    assert_eq!(too_much.status, 422);
    let most = shop.review(&mut lee, &[("extra", "1000000000")]).await;
    assert_eq!(most.value_of("total").as_deref(), Some("1000000000"));
    assert_eq!(app.count("select count(*) from pledges").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn who_backs_the_project_already_is_asked_before_another_pledge() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let first = lee.pledges(&shop.project, &Choice::support(1000), GOOD_CARD).await;

    let review = shop.review(&mut lee, &[("extra", "2000")]).await;
    assert!(review.has("이미 이 프로젝트를 후원하고 있어요"));
    assert!(review.has(&format!("/account/pledges/{first}/change")));
    let unasked = shop.place(&mut lee, "2000", &[("extra", "2000")]).await;
    assert_eq!(unasked.status, 409);
    assert!(unasked.alerts()[0].starts_with("이미 이 프로젝트를 후원하고 있어요"), "{:?}", unasked.alerts());
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    let wanted = shop.place(&mut lee, "2000", &[("extra", "2000"), ("another", "true")]).await;

    held(&wanted);
    assert_eq!(app.count("select count(*) from pledges").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_with_an_address_is_one_pledge() {
    let app = TestApp::start().await;
    let shop = shop(&app).await;
    let mut lee = app.member("이후원").await;
    let key = kernel::FormKey::new().to_string();
    let mut form = to_seoul(&[(shop.red, "1"), ("total", "33000"), ("agree", "true"), ("key", &key)]);
    form.push(("slug", &shop.project.slug));

    lee.get(&shop.checkout()).await;
    let first = held(&lee.submit("/api/pledges/place/place_pledge", &form).await);
    let second = held(&lee.submit("/api/pledges/place/place_pledge", &form).await);

    assert_eq!(first.pledge, second.pledge);
    assert_eq!(app.count("select sum(taken)::bigint from reward_variants").await, 1);
    app.finish().await;
}
