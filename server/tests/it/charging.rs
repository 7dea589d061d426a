//! Charging: refused, unknown, and exactly once.

use crate::harness::{Choice, GOOD_CARD, NO_ANSWER, Plan, REFUSED_LATER, TestApp};
use chrono::TimeDelta;
use kernel::jobs;
use payments::SandboxGateway;
use pledges::{ChargePledge, Means};
use server::worker;

#[tokio::test]
async fn a_card_that_is_refused_drops_its_pledge_and_the_page_tells_the_truth() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(50_000).reward(20_000, 5)).await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박거절").await);
    let paid = lee.pledges(&project, &Choice::piece(project.rewards[0]).times(2), GOOD_CARD).await;
    let refused = park.pledges(&project, &Choice::piece(project.rewards[0]), REFUSED_LATER).await;

    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(
        (app.pledge_state(paid).await, app.pledge_state(refused).await),
        ("collected".into(), "dropped".into())
    );
    assert_eq!(app.payment_state(refused).await, "failed");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2, "the piece can be sold again");
    assert_eq!(app.escrow(project.id).await, 40_000);
    let page = app.page(&project.page()).await.words();
    for truth in ["후원 약속 60,000원", "결제 완료 40,000원", "결제 실패 20,000원"] {
        assert!(page.contains(truth), "{truth} is not on the page: {page}");
    }
    assert_eq!(app.mails(&park.email).await[0].subject, "두레: ‘두레 찻잔’ 결제가 거절됐어요");
    let own = park.get(&format!("/account/pledges/{refused}")).await;
    assert!(own.has("카드 결제가 거절되어 후원이 끝났어요"));
    app.finish().await;
}

#[tokio::test]
async fn a_project_whose_every_card_is_refused_still_ends() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("박거절").await.pledges(&project, &Choice::support(1000), REFUSED_LATER).await;

    app.advance_to(project.deadline).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.pledge_state(pledge).await, "dropped");
    assert_eq!(app.escrow(project.id).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_charge_without_an_answer_is_asked_about_and_never_repeated() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&project, &Choice::support(1000), NO_ANSWER).await;

    app.advance_to(project.deadline).await;
    let unknown: String = app.ask("select state from payment_attempts where kind = 'charge'").await;
    assert_eq!((app.pledge_state(pledge).await.as_str(), unknown.as_str()), ("due", "unknown"));
    assert_eq!(app.broken_laws().await, Vec::<String>::new(), "somebody will ask");
    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.project_state(project.id).await, "funded");
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    assert_eq!(app.count("select count(*) from payment_attempts where kind = 'charge'").await, 1);
    assert_eq!(app.count("select count(*) from sandbox.charges").await, 1);
    let done =
        app.mails(&lee.email).await.into_iter().filter(|mail| mail.subject.contains("결제가 끝났어요"));
    assert_eq!(done.count(), 1);
    assert_eq!(app.escrow(project.id).await, 1000);
    app.finish().await;
}

#[tokio::test]
async fn a_project_waits_for_the_outcome_of_its_last_charge() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let known = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.member("박모름").await.pledges(&project, &Choice::support(500), NO_ANSWER).await;

    app.advance_to(project.deadline).await;
    assert_eq!(app.pledge_state(known).await, "collected");
    assert_eq!(app.project_state(project.id).await, "collecting");
    let page = app.page(&project.page()).await.words();
    assert!(page.contains("결제를 진행하고 있어요") && page.contains("결제 완료 1,000원"), "{page}");
    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(app.project_state(project.id).await, "funded");
    app.finish().await;
}

#[tokio::test]
async fn a_charge_that_is_done_again_books_nothing_more() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.advance_to(project.deadline).await;

    for _ in 0..3 {
        pledges::charge(&app.means, ChargePledge::run(pledge, 1)).await.unwrap();
        pledges::judge(&app.means, project.id).await.unwrap();
    }

    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    assert_eq!(app.count("select count(*) from ledger_entries").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'pledge.collected:%'").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'project.judged:%'").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_gateway_that_is_away_for_hours_delays_the_charge_and_loses_nothing() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 1)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    let mut park = app.member("박후원").await;
    let nowhere = SandboxGateway::new("http://127.0.0.1:1".to_owned(), String::new()).unwrap();
    let away = Means { till: app.means.till.with(nowhere), ..app.means.clone() };
    app.set_clock(project.deadline - TimeDelta::minutes(1));
    let held = park.holds(&project, &Choice::piece(project.rewards[0])).await;

    for _ in 0..30 {
        app.set_clock(app.now() + TimeDelta::minutes(10));
        worker::drain(&away.clone().into(), app.now()).await.unwrap();
    }
    assert_eq!(
        (app.pledge_state(pledge).await.as_str(), app.pledge_state(held.pledge).await.as_str()),
        ("due", "held")
    );
    assert_eq!(app.broken_laws().await, Vec::<String>::new(), "somebody still tries");
    assert!(app.ask::<i32>("select min(tries) from jobs").await > 12);
    for _ in 0..3 {
        app.advance(TimeDelta::minutes(10)).await;
    }

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(app.charges_at_gateway(pledge).await, 1);
    assert_eq!(app.pledge_state(held.pledge).await, "expired");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_was_given_up_is_done_when_it_is_revived() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let pledge = app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    app.drain().await;
    app.set_clock(project.deadline);
    pledges::judge(&app.means, project.id).await.unwrap();
    let pool = &app.state.db.pool;
    sqlx::query(
        "update jobs set dead_at = run_at, tries = 12, last_error = 'gone' where kind = 'pledge.charge'",
    )
    .execute(pool)
    .await
    .unwrap();
    app.drain().await;
    assert_eq!(app.pledge_state(pledge).await, "due");

    assert_eq!(jobs::revive(pool, app.now()).await.unwrap(), 1);
    app.drain().await;

    assert_eq!(app.pledge_state(pledge).await, "collected");
    assert_eq!(jobs::revive(pool, app.now()).await.unwrap(), 0);
    app.finish().await;
}

#[tokio::test]
async fn what_waits_again_by_itself_is_not_revived_beside_it() {
    let app = TestApp::start().await;
    let pool = &app.state.db.pool;
    sqlx::query(
        "insert into jobs (kind, payload, dedup_key, run_at, dead_at)
         values ('test', '{}', 'a', now(), now()), ('test', '{}', 'a', now(), null),
                ('test', '{}', 'b', now(), now()), ('test', '{}', 'b', now(), now()), ('test', '{}', null, now(), now())",
    )
    .execute(pool)
    .await
    .unwrap();

    assert_eq!(
        jobs::revive(pool, app.now()).await.unwrap(),
        2,
        "one of the two b, and the one without a key"
    );

    app.abandon();
}

const SET_PHONE: &str = "/api/accounts/phone/set_phone";

#[tokio::test]
async fn a_refused_charge_is_told_by_mail_and_by_a_text_message_to_who_gave_a_number() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let (mut park, mut lee) = (app.member("박거절").await, app.member("이거절").await);
    park.get("/account").await;
    park.submit(SET_PHONE, &[("phone", "010-1234-5678")]).await;
    let pledge = park.pledges(&project, &Choice::support(1000), REFUSED_LATER).await;
    lee.pledges(&project, &Choice::support(1000), REFUSED_LATER).await;

    app.advance_to(project.deadline).await;

    let sent = app.visitor().get("/sandbox/mailbox.json").await;
    let sent: Vec<serde_json::Value> = serde_json::from_str(&sent.text).unwrap();
    let texts: Vec<_> = sent.iter().filter(|message| message["channel"] == "sms").collect();
    assert_eq!(texts.len(), 1, "{sent:?}");
    assert_eq!(texts[0]["to"], "+821012345678");
    let text = texts[0]["text"].as_str().unwrap();
    assert!(text.starts_with("[두레] ‘두레 찻잔’ 결제가 거절되어 후원이 끝났어요."), "{text}");
    assert!(text.ends_with(&format!("/account/pledges/{pledge}")), "{text}");
    for person in [&park, &lee] {
        let refusals = app.mails(&person.email).await;
        let refusals = refusals.iter().filter(|mail| mail.subject.contains("거절됐어요"));
        assert_eq!(refusals.count(), 1);
    }
    assert_eq!(app.count("select count(*) from outbox where channel = 'sms' and recipient <> ''").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_number_that_was_removed_gets_no_text_message_any_more() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut park = app.member("박거절").await;
    park.get("/account").await;
    park.submit(SET_PHONE, &[("phone", "010-1234-5678")]).await;
    let pledge = park.pledges(&project, &Choice::support(1000), REFUSED_LATER).await;
    app.set_clock(project.deadline);
    pledges::judge(&app.means, project.id).await.unwrap();
    pledges::charge(&app.means, ChargePledge::run(pledge, 1)).await.unwrap();

    // The message is written, and not yet sent.
    park.submit(SET_PHONE, &[("phone", "")]).await;
    app.drain().await;

    assert_eq!(app.count("select count(*) from sandbox.mails where channel = 'sms'").await, 0);
    let outbox =
        "select count(*) from outbox where channel = 'sms' and given_up_at is not null and sent_at is null";
    assert_eq!(app.count(outbox).await, 1);
    assert_eq!(app.count("select count(*) from jobs where kind = 'sms.send'").await, 0, "nobody tries again");
    app.finish().await;
}
