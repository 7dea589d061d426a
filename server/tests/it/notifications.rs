//! What members are told, by which ways, and how they end it; language and time zone.

use crate::harness::{Answer, Browser, Choice, GOOD_CARD, Person, Plan, Project, TestApp};
use http::Method;

const SAVE: &str = "/api/accounts/notifications/settings/save_notifications";
const READ: &str = "/api/accounts/notifications/settings/read_notifications";
const EDIT_PROFILE: &str = "/api/accounts/profile/edit/edit_profile";

/// A project that a pledge takes to its goal, with its creator and the backer.
async fn goal_reached(app: &TestApp) -> (Person, Person, Project) {
    let mut creator = app.member("김창작").await;
    let project = creator.launches(app, &Plan::with_goal(1000)).await;
    let mut backer = app.member("박후원").await;
    backer.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.drain().await;
    (creator, backer, project)
}

/// The address that ends a mail's kind.
fn end_of(text: &str) -> String {
    let link = text.split_whitespace().find(|word| word.contains("/unsubscribe?token="));
    link.expect("the mail can be ended").to_owned()
}

/// What a mail program sends: no cookie, no word of where it comes from.
async fn one_click(app: &TestApp, address: &str) -> Answer {
    let mut program = app.visitor();
    let request = program.request(Method::POST, address).form(&[("List-Unsubscribe", "One-Click")]);
    program.send(request).await
}

#[tokio::test]
async fn a_reached_goal_is_told_once_to_the_creator_and_to_every_backer() {
    let app = TestApp::start().await;
    let (mut creator, mut backer, project) = goal_reached(&app).await;
    let mut late = app.member("이늦음").await;
    late.pledges(&project, &Choice::support(500), GOOD_CARD).await;
    backer.pledges(&project, &Choice::support(500), GOOD_CARD).await;

    let subjects =
        async |who: &str| app.mails(who).await.into_iter().map(|mail| mail.subject).collect::<Vec<_>>();
    let goal = "두레: ‘두레 찻잔’ 프로젝트가 마감 전에 목표를 채웠어요".to_owned();
    assert_eq!(subjects(&creator.email).await, std::slice::from_ref(&goal));
    assert_eq!(subjects(&backer.email).await.iter().filter(|subject| **subject == goal).count(), 1);
    assert!(!subjects(&late.email).await.contains(&goal), "they knew when they pledged");
    let page = creator.get("/account/notifications").await;
    assert!(page.has("박후원 님이 ‘두레 찻잔’ 프로젝트를 후원했어요"), "in the product, though not by mail");
    assert!(page.has(&project.page()));
    app.finish().await;
}

#[tokio::test]
async fn what_somebody_was_told_is_counted_in_the_header_until_they_have_read_it() {
    let app = TestApp::start().await;
    let (mut creator, mut backer, project) = goal_reached(&app).await;
    let counted = |page: &Answer| page.between("새 알림 ", "개");

    let shared = creator.get(&project.page()).await;
    assert!(counted(&shared).as_deref() == Some("2"), "on a page that all share");
    assert!(counted(&app.page(&project.page()).await).is_none());
    let list = creator.get("/account/notifications").await;
    let newest = list.value_of("newest").expect("there is something to mark");
    backer.pledges(&project, &Choice::support(500), GOOD_CARD).await;

    // Nobody reads for somebody else, and what came after the page stays unread.
    backer.get("/account/notifications").await;
    backer.submit(READ, &[("newest", &newest)]).await;
    let read = creator.submit(READ, &[("newest", &newest)]).await;
    assert!(counted(&read).as_deref() == Some("1"), "{:?}", counted(&read));
    assert_eq!(creator.call(READ, &[("newest", "7")]).await.status, 400);
    app.finish().await;
}

#[tokio::test]
async fn settings_decide_by_which_ways_one_is_told_and_money_is_told_always() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let project = creator.launches(&app, &Plan::with_goal(1000)).await;
    creator.get("/account/notifications").await;
    let saved = creator.submit(SAVE, &[("mail_backers", "true")]).await;
    assert!(saved.has("저장했어요"));
    let mut backer = app.member("박후원").await;
    backer.get("/account/notifications").await;
    // What is always sent has no box, and a forged one changes nothing.
    backer.submit(SAVE, &[("mail_pledges", "false"), ("product_security", "false")]).await;

    backer.pledges(&project, &Choice::support(1000), GOOD_CARD).await;

    let mails = app.mails(&creator.email).await;
    assert_eq!(mails.len(), 1, "the goal is off, the backer on: {mails:?}");
    assert!(mails[0].subject.contains("박후원 님이"));
    assert_eq!(app.count("select count(*) from notifications n join members m on m.id = n.member_id where m.name = '김창작'").await, 0);
    let mails = app.mails(&backer.email).await;
    assert!(mails.iter().any(|mail| mail.subject.contains("후원을 예약했어요")));
    assert!(mails.iter().all(|mail| !mail.subject.contains("마감 전에 목표를")));
    app.finish().await;
}

#[tokio::test]
async fn mails_are_ended_with_one_click_and_without_logging_in() {
    let app = TestApp::start().await;
    let (_, mut backer, _) = goal_reached(&app).await;
    let mails = app.mails(&backer.email).await;
    let goal = mails.iter().find(|mail| mail.subject.contains("마감 전에 목표를")).expect("it came");
    let receipt = mails.iter().find(|mail| mail.subject.contains("예약했어요")).expect("it came");
    assert!(!receipt.text.contains("/unsubscribe") && receipt.text.contains("설정과 관계없이"));
    let address = end_of(&goal.text);
    let off = "select mail from notification_settings where kind = 'backed' and member_id = $1";

    // A scanner that follows the link ends nothing.
    assert!(app.visitor().get(&address).await.has("그만 받을까요"));
    assert_eq!(app.count("select count(*) from notification_settings").await, 0);
    for _ in 0..2 {
        let done = one_click(&app, &address).await;
        assert_eq!((done.status, done.text.as_str()), (200, "ok"), "without a redirect");
        assert!(!app.ask_of::<bool>(off, backer.id.uuid()).await);
    }

    assert!(app.visitor().get(&address).await.has("더는 보내지 않아요"));
    let settings = backer.get("/account/notifications").await;
    let ticked = |name: &str| settings.between(&format!("name=\"{name}\""), ">").unwrap().contains("checked");
    assert!(!ticked("mail_backed") && ticked("product_backed"), "only the mail has ended");
    app.finish().await;
}

#[tokio::test]
async fn the_button_of_the_page_ends_mails_too_in_both_languages() {
    let app = TestApp::start().await;
    let (creator, ..) = goal_reached(&app).await;
    let address = end_of(&app.mails(&creator.email).await[0].text);
    let address = address.replace("/unsubscribe", "/en/unsubscribe");
    let mut visitor: Browser = app.visitor();
    let page = visitor.get(&address).await;
    assert!(page.has("My project reaches its goal"));
    let action = page.between("method=\"post\" action=\"", "\"").expect("there is a form");

    let done = visitor.submit(&action, &[]).await;

    assert!(done.has("They have stopped"), "{}", done.words());
    app.finish().await;
}

#[tokio::test]
async fn a_link_that_we_did_not_make_ends_nothing() {
    let app = TestApp::start().await;
    let (creator, ..) = goal_reached(&app).await;
    let address = end_of(&app.mails(&creator.email).await[0].text);
    let mut forged = address.clone();
    let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
    forged.push(last);

    for wrong in [forged.as_str(), "/unsubscribe", "/unsubscribe?token=%00", "/unsubscribe?token="] {
        assert_eq!(one_click(&app, wrong).await.status, 404, "{wrong}");
        assert!(app.visitor().get(wrong).await.has("링크가 잘못됐어요"));
    }
    let mut large = app.visitor();
    let request = large.request(Method::POST, &address).body("x".repeat(100_000));
    assert_eq!(large.send(request).await.status, 413);
    assert_eq!(app.count("select count(*) from notification_settings").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_consent_to_news_is_given_and_withdrawn_with_its_times() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    kim.get("/account/notifications").await;
    kim.submit(SAVE, &[("mail_news", "true")]).await;
    kim.submit(SAVE, &[("mail_news", "true")]).await;
    let open = "select count(*) from consents where kind = 'news' and withdrawn_at is null";
    assert_eq!(app.count(open).await, 1, "given once");
    let (secret, hash) = kernel::token::fresh();
    sqlx::query(
        "insert into mailed_tokens (token_hash, member_id, purpose, kind, created_at, expires_at)
                 values ($1, $2, 'unsubscribe', 'news', now(), 'infinity')",
    )
    .bind(hash)
    .bind(kim.id.uuid())
    .execute(&app.state.db.pool)
    .await
    .unwrap();

    app.set_clock(app.now() + chrono::TimeDelta::days(1));
    assert_eq!(one_click(&app, &format!("/unsubscribe?token={secret}")).await.status, 200);

    assert_eq!(app.count(open).await, 0);
    let kept =
        "select count(*) from consents where kind = 'news' and withdrawn_at = given_at + interval '1 day'";
    assert_eq!(app.count(kept).await, 1);
    app.set_clock(app.now() + chrono::TimeDelta::days(1));
    kim.submit(SAVE, &[("mail_news", "true")]).await;
    assert_eq!(app.count("select count(*) from consents where kind = 'news'").await, 2, "given again");
    app.finish().await;
}

#[tokio::test]
async fn nothing_of_what_somebody_was_told_is_left_when_they_leave() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    kim.get("/account/notifications").await;
    kim.submit(SAVE, &[("mail_backers", "true")]).await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    kim.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.drain().await;
    let data: serde_json::Value = serde_json::from_str(&kim.get("/account/data.json").await.text).unwrap();
    assert!(!data["account"]["notifications"].as_array().unwrap().is_empty(), "{data}");

    kim.get("/account/close").await;
    let closed = kim.submit("/api/app/pages/close/close_account", &[("sure", "true")]).await;
    assert!(closed.address.starts_with("/account/close"), "{}", closed.address);

    for table in ["notifications", "notification_settings", "mailed_tokens"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select count(*) from {table} where member_id = $1"
        )))
        .bind(kim.id.uuid())
        .fetch_one(&app.state.db.pool)
        .await
        .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    app.finish().await;
}

#[tokio::test]
async fn times_are_shown_as_the_reader_lives_and_shared_pages_name_korean_time() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let form = |zone| [("name", "김하늘"), ("handle", "kim_sky"), ("language", "en"), ("time_zone", zone)];
    kim.get("/account/profile").await;
    let long = "x".repeat(1000);
    for wrong in ["Mars/Olympus", "Asia/Seoul' --", long.as_str()] {
        let refused = kim.submit(EDIT_PROFILE, &form(wrong)).await;
        assert_eq!((refused.status, refused.field_error("time_zone").is_some()), (422, true), "{wrong}");
    }

    let saved = kim.submit(EDIT_PROFILE, &form("Europe/Paris")).await;

    assert!(saved.address.starts_with("/en/account/profile"), "the other language: {}", saved.address);
    assert!(saved.has("value=\"Europe/Paris\" selected"));
    let pledge = kim.pledges_in_english(&project).await;
    let own = kim.get(&format!("/en/account/pledges/{pledge}")).await;
    assert!(own.has(" CET") && !own.has("KST"), "{}", own.words());
    let mail = app.mails("kim@example.kr").await.swap_remove(0);
    assert!(mail.subject.starts_with("Dure:") && mail.text.contains(" CET"), "{}", mail.text);
    assert!(kim.get(&project.page()).await.has("(한국 시간)"));
    assert!(app.page(&format!("/en{}", project.page())).await.has(" KST"));
    app.finish().await;
}

#[tokio::test]
async fn a_log_in_leads_home_in_ones_language_and_back_to_a_page_as_it_was() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    kim.get("/account/profile").await;
    kim.submit(EDIT_PROFILE, &[("name", "김하늘"), ("handle", "kim_sky"), ("language", "en")]).await;

    assert_eq!(kim.logs_in("").await.address, "/en");
    assert_eq!(kim.logs_in("/discover").await.address, "/discover");
    app.finish().await;
}

impl Person {
    /// Pledges, whatever the language of the page that thanks.
    async fn pledges_in_english(&mut self, project: &Project) -> kernel::PledgeId {
        let held = self.holds(project, &Choice::support(500)).await;
        self.enters_card(&held, GOOD_CARD).await;
        held.pledge
    }
}
