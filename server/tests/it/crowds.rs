//! Many people at one instant, over HTTP.

use crate::harness::{Answer, Choice, GOOD_CARD, Person, Plan, Project, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;
use sqlx::Connection;

const PLACE: &str = "/api/pledges/place/place_pledge";

async fn places(mut person: Person, project: &Project, choice: &Choice, key: &str) -> Answer {
    let fields = choice.fields(project, key);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    person.submit_and_stay(PLACE, &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_the_last_piece_one_gets_it() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 1)).await;
    let mut people = Vec::new();
    for _ in 0..24 {
        let mut person = app.member("후원").await;
        let key = person.get(&format!("{}/pledge", project.page())).await.value_of("key").unwrap();
        people.push((person, key));
    }

    let choice = Choice::piece(project.rewards[0]);
    let answers =
        join_all(people.iter().map(|(person, key)| places(person.clone(), &project, &choice, key))).await;

    let got =
        answers.iter().filter(|answer| answer.header("location").contains("/sandbox/card?page=")).count();
    assert_eq!(got, 1);
    for ((person, _), answer) in people.into_iter().zip(answers) {
        if !answer.header("location").contains("/sandbox/card") {
            let page = person.browser.clone().follow(answer).await;
            assert_eq!(page.status, 409);
            assert!(page.alerts()[0].contains("남은 수량이 부족해졌어요"));
        }
    }
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_more_wait_for_one_reward_than_there_are_connections_readers_do_not() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 100)).await;
    let mut reader = app.member("박구경").await;
    let mut people = Vec::new();
    for _ in 0..30 {
        people.push((app.member("후원").await, kernel::FormKey::new().to_string()));
    }
    let mut owner = app.database.owner().await;
    let mut held = owner.begin().await.unwrap();
    sqlx::query("select from rewards for update").execute(&mut *held).await.unwrap();

    let choice = Choice::piece(project.rewards[0]);
    let pledging =
        join_all(people.iter().map(|(person, key)| places(person.clone(), &project, &choice, key)));
    let reading = async {
        let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *held).await.unwrap() < 12 {
            sqlx::query("select pg_stat_clear_snapshot()").execute(&mut *held).await.unwrap();
        }
        let page = reader.get(&project.page()).await;
        let account = reader.get("/account").await;
        held.rollback().await.unwrap();
        (page.status, account.status)
    };
    let (answers, read) = tokio::join!(pledging, reading);

    assert_eq!(read, (200, 200));
    for answer in &answers {
        assert!(answer.header("location").contains("/sandbox/card?page="), "{}", answer.text);
    }
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 30);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_pieces_wanted_by_more_are_all_sold_and_none_twice() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 10)).await;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(app.member("후원").await);
    }

    let choice = Choice::piece(project.rewards[0]).times(2);
    let keys: Vec<_> = people.iter().map(|_| kernel::FormKey::new().to_string()).collect();
    let answers = join_all(
        people.iter().zip(&keys).map(|(person, key)| places(person.clone(), &project, &choice, key)),
    )
    .await;

    let got =
        answers.iter().filter(|answer| answer.header("location").contains("/sandbox/card?page=")).count();
    assert_eq!(got, 5);
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 10);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_form_sent_many_times_at_once_is_one_pledge() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let mut lee = app.member("이후원").await;
    let key = lee.get(&format!("{}/pledge", project.page())).await.value_of("key").unwrap();

    let choice = Choice::piece(project.rewards[0]).times(2);
    let answers = join_all((0..8).map(|_| places(lee.clone(), &project, &choice, &key))).await;

    let first = answers[0].header("location");
    assert!(first.contains("/sandbox/card?page="), "{first}");
    for answer in &answers {
        assert_eq!((answer.status, answer.header("location")), (303, first));
    }
    assert_eq!(app.count("select count(*) from pledges").await, 1);
    assert_eq!(app.count("select count(*) from payments").await, 1);
    assert_eq!(app.count("select count(*) from sandbox.card_pages").await, 1);
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_back_from_the_card_page_many_times_at_once_reserves_once() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let held = lee.holds(&project, &Choice::support(1000)).await;
    lee.enters_card_and_leaves(&held, GOOD_CARD).await;

    let back = format!("/account/pledges/{}?returned=1", held.pledge);
    let returns = (0..6).map(|_| {
        let (mut tab, back) = (lee.clone(), back.clone());
        async move { tab.get(&back).await }
    });

    for page in join_all(returns).await {
        assert!(page.has("고마워요! 후원을 예약했어요."), "{}", page.words());
    }
    assert_eq!(app.count("select count(*) from state_moves where to_state = 'reserved'").await, 1);
    assert_eq!(app.count("select count(*) from payment_methods").await, 1);
    let told = app.mails(&lee.email).await.into_iter().filter(|mail| mail.subject.contains("예약했어요"));
    assert_eq!(told.count(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pledge_that_is_cancelled_while_its_card_is_entered_ends_in_one_of_the_two() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 9)).await;

    for _ in 0..6 {
        let mut lee = app.member("이후원").await;
        let held = lee.holds(&project, &Choice::piece(project.rewards[0])).await;
        lee.enters_card_and_leaves(&held, GOOD_CARD).await;
        let now = app.now();
        let (secured, canceled) = tokio::join!(
            pledges::returned(&app.means, held.pledge, now),
            pledges::cancel(&app.state.db, lee.id, held.pledge, now)
        );
        secured.unwrap();
        canceled.unwrap();
        assert_eq!(app.pledge_state(held.pledge).await, "canceled");
    }

    app.drain().await;
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0);
    assert_eq!(app.count("select count(*) from sandbox.cards where not removed").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pledges_that_come_while_the_deadline_is_judged_are_in_or_out_but_never_lost() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    app.member("이후원").await.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    let mut helds = Vec::new();
    app.set_clock(project.deadline - TimeDelta::minutes(1));
    for _ in 0..8 {
        let mut person = app.member("후원").await;
        let held = person.holds(&project, &Choice::support(500)).await;
        person.enters_card_and_leaves(&held, GOOD_CARD).await;
        helds.push(held);
    }

    // Half of them come back just in time, half too late, while a worker judges.
    let (before, after) = (project.deadline - TimeDelta::seconds(1), project.deadline);
    app.set_clock(project.deadline);
    let secured = join_all(helds.iter().enumerate().map(|(n, held)| {
        pledges::returned(&app.means, held.pledge, if n % 2 == 0 { before } else { after })
    }));
    let (secured, judged) = tokio::join!(secured, pledges::judge(&app.means, project.id));
    judged.unwrap();
    app.drain().await;

    let mut in_time = 0;
    for (held, outcome) in helds.iter().zip(secured) {
        assert_eq!(outcome.unwrap(), pledges::Settled::Booked);
        let state = app.pledge_state(held.pledge).await;
        assert!(matches!(state.as_str(), "collected" | "voided"), "{state}");
        in_time += i64::from(state == "collected");
    }
    assert!(in_time <= 4, "who comes at the deadline is too late");
    assert_eq!(app.escrow(project.id).await, 1000 + 500 * in_time);
    app.finish().await;
}
