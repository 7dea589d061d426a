//! Pledges before the deadline: placed, secured with a card, expired, cancelled.

use crate::harness::{
    Answer, Choice, GOOD_CARD, Person, Plan, Project, REFUSED_AT_ONCE, TestApp, held, pieces,
};
use chrono::TimeDelta;
use kernel::FormKey;
use payments::{Ask, AttemptKind, Told, Visit, Wish};

/// A live project with three pieces of one reward at 30,000 won.
async fn three_cups(app: &TestApp) -> (Person, Project) {
    let mut creator = app.member("김창작").await;
    let project = creator.launches(app, &Plan::with_goal(100_000).reward(30_000, 3)).await;
    (creator, project)
}

async fn pledged(app: &TestApp, project: &Project) -> (i64, i64) {
    let figures = "select (pledged_minor, backers)::text from figures($1)";
    let text: String = app.ask_of(figures, project.id.uuid()).await;
    let (pledged, backers) = text.trim_matches(['(', ')']).split_once(',').expect("two figures");
    (pledged.parse().expect("a number"), backers.parse().expect("a number"))
}

#[tokio::test]
async fn a_pledge_is_held_with_its_stock_and_reserved_by_a_card() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;

    let held = lee.holds(&project, &Choice::piece(project.rewards[0]).times(2).with_extra(5_000)).await;
    assert_eq!(app.pledge_state(held.pledge).await, "held");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    assert_eq!(pledged(&app, &project).await, (0, 0));
    let thanks = lee.enters_card(&held, GOOD_CARD).await;

    assert_eq!(thanks.address, format!("/account/pledges/{}?returned=1", held.pledge));
    assert!(thanks.has("고마워요! 후원을 예약했어요."));
    assert_eq!(app.pledge_state(held.pledge).await, "reserved");
    assert_eq!(app.payment_state(held.pledge).await, "stored");
    assert_eq!(pledged(&app, &project).await, (65_000, 1));
    let page = app.page(&project.page()).await.words();
    assert!(
        page.contains("65,000원") && page.contains("65% 달성") && page.contains("1개 남았어요"),
        "{page}"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_card_number_reaches_none_of_our_tables() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;

    let pledge = lee.pledges(&project, &Choice::support(1000), GOOD_CARD).await;

    let page = lee.get(&format!("/account/pledges/{pledge}")).await;
    assert!(page.words().contains("Visa ···· 4242"));
    let mut owner = app.database.owner().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_schema || '.' || table_name from information_schema.tables
          where table_schema in ('public', 'sandbox') and table_type = 'BASE TABLE'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables {
        let sql = format!("select count(*) from {table} t where t::text like '%42424242%'");
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut owner).await.unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_is_refused_at_once_leaves_the_visit_open_for_another() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;

    let refused = lee.enters_card(&held, REFUSED_AT_ONCE).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.alerts(), ["카드가 거절됐어요. 다른 카드로 해 보세요."]);
    assert_eq!(app.pledge_state(held.pledge).await, "held");
    lee.enters_card(&held, GOOD_CARD).await;

    assert_eq!(app.pledge_state(held.pledge).await, "reserved");
    app.finish().await;
}

#[tokio::test]
async fn a_held_pledge_can_be_taken_up_again_on_the_same_card_page() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;

    let pledge = lee.get(&format!("/account/pledges/{}?returned=1", held.pledge)).await;
    assert!(pledge.has("아직 후원이 완료되지 않았어요"));
    let card_page =
        lee.submit("/api/pledges/resume/resume_pledge", &[("pledge", &held.pledge.to_string())]).await;

    assert_eq!(card_page.address, format!("/sandbox/card?page={}", held.visit));
    app.finish().await;
}

#[tokio::test]
async fn a_held_pledge_expires_and_its_stock_comes_back() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::piece(project.rewards[0]).times(3)).await;

    app.advance(TimeDelta::minutes(19)).await;
    assert_eq!(app.pledge_state(held.pledge).await, "held");
    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.pledge_state(held.pledge).await, "expired");
    assert_eq!(app.payment_state(held.pledge).await, "voided");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    let gone = lee.get(&format!("/sandbox/card?page={}", held.visit)).await;
    assert_eq!(gone.status, 410, "no card can be stored any more");
    let page = lee.get(&format!("/account/pledges/{}", held.pledge)).await;
    assert!(page.has("카드를 제때 등록하지 않아"));
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_was_stored_in_the_last_moment_secures_the_pledge_instead_of_expiring_it() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::piece(project.rewards[0])).await;

    // The card is entered, but the browser never comes back.
    lee.enters_card_and_leaves(&held, GOOD_CARD).await;
    app.advance(TimeDelta::minutes(20)).await;

    assert_eq!(app.pledge_state(held.pledge).await, "reserved");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 1);
    assert_eq!(app.mails(&lee.email).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_cancelled_pledge_gives_its_stock_back_and_its_card_is_forgotten() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&project, &Choice::piece(project.rewards[0]).times(3), GOOD_CARD).await;
    assert_eq!(pledged(&app, &project).await, (90_000, 1));

    let page = lee.cancels(pledge).await;
    app.drain().await;

    assert!(page.has("취소한 후원이에요"));
    assert_eq!(app.pledge_state(pledge).await, "canceled");
    assert_eq!(app.payment_state(pledge).await, "voided");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    assert_eq!(pledged(&app, &project).await, (0, 0));
    assert_eq!(app.count("select count(*) from sandbox.cards where not removed").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn cancelling_twice_changes_nothing_more() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let (kept, pledge) = (
        lee.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await,
        lee.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await,
    );

    for _ in 0..2 {
        assert_eq!(lee.cancels(pledge).await.status, 200);
    }

    assert_eq!(app.pieces_taken(project.rewards[0]).await, 1);
    assert_eq!(app.pledge_state(kept).await, "reserved");
    assert_eq!(pledged(&app, &project).await, (30_000, 1), "two pledges were of one backer, one is left");
    app.finish().await;
}

#[tokio::test]
async fn a_pledge_cannot_be_cancelled_once_the_deadline_has_passed() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&project, &Choice::support(200_000), GOOD_CARD).await;

    // At the very instant, before anybody has judged; and after.
    app.set_clock(project.deadline);
    let at_once = lee.cancels(pledge).await;
    let state_at_once = app.pledge_state(pledge).await;
    app.drain().await;
    let later = lee.cancels(pledge).await;

    assert_eq!((at_once.status, later.status), (409, 409));
    assert_eq!(at_once.alerts(), ["마감한 뒤에는 바꿀 수 없어요."]);
    assert_eq!((state_at_once.as_str(), app.pledge_state(pledge).await.as_str()), ("reserved", "collected"));
    app.finish().await;
}

#[tokio::test]
async fn more_than_is_left_is_refused_and_what_was_typed_is_kept() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    app.member("박후원").await.holds(&project, &Choice::piece(project.rewards[0]).times(2)).await;
    let checkout = lee.get(&format!("{}/pledge", project.page())).await;
    let key = checkout.value_of("key").unwrap();

    let fields = Choice::piece(project.rewards[0]).times(2).with_extra(77).fields(&project, &key);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = lee.submit("/api/pledges/place/place_pledge", &fields).await;

    assert_eq!(page.status, 409);
    assert!(page.alerts()[0].contains("남은 수량이 부족해졌어요"));
    assert_eq!(
        (page.value_of(pieces(project.rewards[0])), page.value_of("extra")),
        (Some("2".to_owned()), Some("77".to_owned()))
    );
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    app.finish().await;
}

/// Sends the checkout's form with a key that the test knows.
async fn places(backer: &mut Person, project: &Project, choice: &Choice, key: &str) -> Answer {
    backer.get(&format!("{}/pledge", project.page())).await;
    let fields = choice.fields(project, key);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    backer.submit("/api/pledges/place/place_pledge", &fields).await
}

#[tokio::test]
async fn a_new_pledge_takes_the_place_of_one_that_waits_for_its_card() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let first = lee.holds(&project, &Choice::piece(project.rewards[0]).times(3)).await;

    // The last pieces are kept by nobody but the backer.
    let second = lee.holds(&project, &Choice::piece(project.rewards[0]).times(2)).await;
    app.drain().await;

    assert_eq!(app.pledge_state(first.pledge).await, "canceled");
    assert_eq!(app.payment_state(first.pledge).await, "voided");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    assert_eq!(lee.get(&format!("/sandbox/card?page={}", first.visit)).await.status, 410);
    lee.enters_card(&second, GOOD_CARD).await;
    assert_eq!(app.pledge_state(second.pledge).await, "reserved");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checkouts_that_a_backer_sends_at_once_leave_one_pledge_that_waits() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let lee = app.member("이후원").await;

    let sent = (0..6).map(|_| {
        let (mut browser, project) = (lee.browser.clone(), project.clone());
        async move {
            let fields =
                Choice::piece(project.rewards[0]).times(2).fields(&project, &FormKey::new().to_string());
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.submit_and_stay("/api/pledges/place/place_pledge", &fields).await.status
        }
    });
    let answers = futures::future::join_all(sent).await;

    assert_eq!(answers, [303; 6]);
    assert_eq!(app.count("select count(*) from pledges where state = 'held'").await, 1);
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_form_that_is_sent_again_with_other_contents_is_another_pledge() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let key = FormKey::new().to_string();
    let two = Choice::piece(project.rewards[0]).times(2);

    let first = held(&places(&mut lee, &project, &Choice::support(1000), &key).await);
    let second = held(&places(&mut lee, &project, &two, &key).await);
    let again = held(&places(&mut lee, &project, &two, &key).await);

    assert_ne!(second.pledge, first.pledge);
    assert_eq!(again.pledge, second.pledge, "the same contents are the same pledge");
    assert_eq!(app.pledge_state(first.pledge).await, "canceled");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_form_that_made_a_pledge_does_not_change_it_afterwards() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let key = FormKey::new().to_string();
    let first = held(&places(&mut lee, &project, &Choice::support(1000), &key).await);
    lee.enters_card(&first, GOOD_CARD).await;

    let page = places(&mut lee, &project, &Choice::support(2000), &key).await;

    assert_eq!(page.status, 409);
    assert!(page.alerts()[0].starts_with("이 화면으로는 이미 후원했어요"), "{:?}", page.alerts());
    assert_eq!(page.value_of("extra").as_deref(), Some("2000"));
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    // The page that says so can make another.
    let another = places(&mut lee, &project, &Choice::support(2000), &page.value_of("key").unwrap()).await;
    assert_ne!(held(&another).pledge, first.pledge);
    app.finish().await;
}

#[tokio::test]
async fn nobody_keeps_the_stock_for_ever_without_a_card() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박후원").await);
    let all = Choice::piece(project.rewards[0]).times(3);

    for _ in 0..11 {
        lee.holds(&project, &all).await;
        app.advance(TimeDelta::minutes(20)).await;
    }
    let refused = places(&mut lee, &project, &all, &FormKey::new().to_string()).await;

    assert_eq!(refused.status, 429);
    assert!(refused.alerts()[0].contains("카드를 등록하지 않은 후원이 너무 많아요"));
    park.holds(&project, &all).await;
    app.advance(TimeDelta::days(1)).await;
    lee.holds(&project, &all).await;
    app.finish().await;
}

#[tokio::test]
async fn a_member_keeps_at_most_a_hundred_pieces_without_a_card() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let plan = Plan::with_goal(1000).reward(1000, 1000);
    let (one, other) = (creator.launches(&app, &plan).await, creator.launches(&app, &plan).await);
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&one, &Choice::piece(one.rewards[0]).times(60)).await;

    let sixty = Choice::piece(other.rewards[0]).times(60);
    let refused = places(&mut lee, &other, &sixty, &FormKey::new().to_string()).await;
    lee.enters_card(&held, GOOD_CARD).await;

    assert_eq!(refused.status, 429);
    lee.holds(&other, &sixty).await;
    app.finish().await;
}

#[tokio::test]
async fn without_a_script_the_checkout_shows_no_sum_that_could_be_wrong() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;

    let checkout = lee.get(&format!("{}/pledge", project.page())).await;
    let choice = Choice::piece(project.rewards[0]).times(2).with_extra(5_000);
    let held = lee.holds(&project, &choice).await;
    let card_page = lee.get(&format!("/sandbox/card?page={}", held.visit)).await.words();

    let output = checkout.tags().into_iter().find(|tag| tag.starts_with("output")).unwrap();
    assert!(output.ends_with(" hidden") || output.contains(" hidden "), "{output}");
    assert!(checkout.has("금액은 다음 화면에서 확인해요."));
    assert!(card_page.contains("두레 찻잔 · 찻잔 하나 × 2 + 추가 후원금 5,000원"), "{card_page}");
    assert!(card_page.contains("65,000원"), "{card_page}");
    app.finish().await;
}

#[tokio::test]
async fn the_extra_support_is_counted_in_the_currency_of_the_project() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let address = format!("{}/pledge", project.page());
    assert!(lee.get(&address).await.has("field__unit\">원<"));

    let mut owner = app.database.owner().await;
    sqlx::raw_sql(
        "alter table projects disable trigger live_terms_are_frozen; update projects set currency = 'USD'",
    )
    .execute(&mut owner)
    .await
    .unwrap();

    assert!(lee.get(&address).await.has("field__unit\">USD<"));
    app.finish().await;
}

#[tokio::test]
async fn a_card_page_that_was_closed_before_it_was_opened_stays_closed() {
    let app = TestApp::start().await;
    let gateway = app.means.till.gateway("sandbox").unwrap();
    let key = kernel::PaymentAttemptId::new();
    let amount = kernel::Money::won(1000);
    let ask = Ask {
        key,
        kind: AttemptKind::StoreCard,
        amount,
        gateway_ref: None,
        visit_ref: None,
        charge_ref: None,
        created_at: app.now(),
    };
    let visit = Visit {
        key,
        wish: Wish::Store,
        amount,
        title: "두레 찻잔".to_owned(),
        return_url: format!("{}/account/pledges", app.base),
        locale: kernel::Locale::En,
    };

    assert_eq!(gateway.abandon(&ask).await.unwrap(), Told::Closed);
    let late = gateway.open_visit(&visit).await.unwrap();

    let over = app.page(&late.address).await;
    assert_eq!(over.status, 410);
    assert!(over.has("This visit is over."));
    assert_eq!(gateway.ask(&ask).await.unwrap(), Told::Closed);
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_is_wrong_is_told_at_its_field_and_typed_once() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;

    let form = [("page", held.visit.as_str()), ("number", GOOD_CARD), ("expiry", "13/40"), ("cvc", "123")];
    let page = lee.submit("/sandbox/card", &form).await;

    assert_eq!(page.status, 422);
    assert_eq!(page.field_error("expiry").as_deref(), Some("유효기간을 다시 확인해 주세요."));
    assert_eq!(page.field_error("number"), None);
    assert!(page.has("aria-describedby=\"field-expiry-error\"") && page.has("aria-invalid=\"true\""));
    assert_eq!(page.value_of("number").as_deref(), Some(GOOD_CARD));
    assert_eq!(page.value_of("expiry").as_deref(), Some("13/40"));
    assert_ne!(page.value_of("cvc").as_deref(), Some("123"));
    app.finish().await;
}

#[tokio::test]
async fn what_the_sandbox_does_not_know_is_told_in_the_readers_language() {
    let app = TestApp::start().await;
    let unknown = "01890000-0000-7000-8000-000000000000";

    for address in ["/sandbox/card?page=abc", "/sandbox/card?page=a&page=b", "/sandbox/mailbox/abc"] {
        let (korean, english) = (app.page(address).await, app.page(&format!("/en{address}")).await);
        assert_eq!((korean.status, english.status), (404, 404), "{address}");
        assert!(korean.has("이 페이지를 찾을 수 없어요."), "{address}");
        assert!(english.has("This page was not found."), "{address}");
    }
    for page in ["abc", unknown] {
        let answer = app.visitor().submit("/sandbox/card", &[("page", page)]).await;
        assert_eq!(answer.status, 404);
        assert!(answer.has("이 페이지를 찾을 수 없어요."));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_reward_of_another_project_cannot_be_chosen() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let (_, other) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;

    let fields = Choice::piece(other.rewards[0]).fields(&project, &FormKey::new().to_string());
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = lee.call("/api/pledges/place/place_pledge", &fields).await;

    assert_eq!(answer.status, 422);
    assert_eq!(app.count("select count(*) from pledges").await, 0);
    assert_eq!(app.count("select sum(taken)::bigint from rewards").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_pledge_keeps_the_price_of_its_moment() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await;

    let mut owner = app.database.owner().await;
    sqlx::query("update rewards set price_minor = 99").execute(&mut owner).await.unwrap();

    assert!(lee.get(&format!("/account/pledges/{pledge}")).await.words().contains("30,000원"));
    app.finish().await;
}

#[tokio::test]
async fn a_project_that_is_over_takes_no_pledges() {
    let app = TestApp::start().await;
    let (_, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let fields = Choice::support(1000).fields(&project, &FormKey::new().to_string());
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();

    app.set_clock(project.deadline);
    let at_the_deadline = lee.call("/api/pledges/place/place_pledge", &fields).await;
    app.drain().await;
    let after = lee.get(&format!("{}/pledge", project.page())).await;

    assert_eq!(at_the_deadline.status, 409);
    assert!(after.has("지금은 후원을 받지 않는 프로젝트예요") && !after.has("name=\"key\""));
    assert_eq!(app.count("select count(*) from pledges").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn somebody_elses_pledge_is_not_there() {
    let app = TestApp::start().await;
    let (mut creator, project) = three_cups(&app).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;

    for address in
        [format!("/account/pledges/{}", held.pledge), format!("/account/pledges/{}?returned=1", held.pledge)]
    {
        assert_eq!(creator.get(&address).await.status, 404);
        let nobody = app.page(&address).await;
        assert!(nobody.address.starts_with("/login?next="));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_project_that_its_creator_stops_releases_every_pledge() {
    let app = TestApp::start().await;
    let (mut creator, project) = three_cups(&app).await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박후원").await);
    let reserved = lee.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await;
    let held = park.holds(&project, &Choice::piece(project.rewards[0])).await;

    creator.get(&project.studio("")).await;
    let unsure = creator.submit("/api/projects/cancel/cancel_project", &[("slug", &project.slug)]).await;
    assert_eq!((unsure.status, app.project_state(project.id).await.as_str()), (422, "live"));
    creator.submit("/api/projects/cancel/cancel_project", &[("slug", &project.slug), ("sure", "true")]).await;
    app.drain().await;

    assert_eq!(app.project_state(project.id).await, "canceled");
    for pledge in [reserved, held.pledge] {
        assert_eq!(app.pledge_state(pledge).await, "voided");
    }
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    assert_eq!(app.count("select count(*) from sandbox.cards where not removed").await, 0);
    assert_eq!(app.mails(&lee.email).await.len(), 2, "that it was reserved, and that it is released");
    assert_eq!(app.mails(&park.email).await.len(), 0);
    assert!(app.page(&project.page()).await.has("창작자가 중단한 프로젝트예요"));
    app.finish().await;
}
