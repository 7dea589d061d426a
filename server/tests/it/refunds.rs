//! Money that goes back by card: whole, in parts, refused, unanswered, come back days later; never twice, never
//! more than was paid.

use crate::harness::{Answer, Choice, GOOD_CARD, NO_ANSWER, Person, Plan, Project, TestApp};
use accounts::operators::Role;
use chrono::TimeDelta;
use kernel::{Money, PaymentAttemptId, PayoutId, PledgeId, TransferId, db::Act, jobs};
use ledger::{Event, Settlement};
use server::serve::merchant;

pub const REFUND_FAILS: &str = "4000000000005134";
pub const REFUND_FAILS_LATER: &str = "4000000000005126";
const MAKE: &str = "/api/refunds/make/make_refund";
const STEER: &str = "/api/refunds/steer/steer_refund";

/// Two pieces of 1,000 won and 500 won on top, paid by a card.
pub async fn paid(app: &TestApp, card: &str) -> (Project, Person, PledgeId) {
    let project = app.member("김창작").await.launches(app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let mut lee = app.member("이후원").await;
    let choice = Choice::piece(project.rewards[0]).times(2).with_extra(500);
    let pledge = lee.pledges(&project, &choice, card).await;
    app.advance_to(project.deadline).await;
    app.advance(TimeDelta::minutes(1)).await;
    assert_eq!(app.pledge_state(pledge).await, "collected");
    (project, lee, pledge)
}

/// Fills in the form: of the reward's line, of the extra support.
pub async fn refunds(operator: &mut Person, pledge: PledgeId, reward: &str, extra: &str) -> Answer {
    let page = operator.get(&format!("/admin/refunds/pledges/{pledge}")).await;
    let key = page.value_of("key").expect("something can be refunded");
    sends(operator, pledge, &key, &[reward, extra]).await
}

async fn sends(operator: &mut Person, pledge: PledgeId, key: &str, amounts: &[&str; 2]) -> Answer {
    let pledge = pledge.to_string();
    let form = [
        ("pledge", pledge.as_str()),
        ("key", key),
        ("lines[0][line]", "1"),
        ("lines[0][amount]", amounts[0]),
        ("lines[1][line]", "0"),
        ("lines[1][amount]", amounts[1]),
        ("reason", "not_as_described"),
        ("note", "금이 갔어요"),
    ];
    operator.submit(MAKE, &form).await
}

pub async fn refunds_all(operator: &mut Person, pledge: PledgeId) -> Answer {
    let page = operator.get(&format!("/admin/refunds/pledges/{pledge}")).await;
    let key = page.value_of("key").expect("something can be refunded");
    let pledge = pledge.to_string();
    let form = [("pledge", pledge.as_str()), ("key", &key), ("reason", "goodwill"), ("all", "true")];
    operator.submit(MAKE, &form).await
}

async fn steers(app: &TestApp, operator: &mut Person, turn: &str) -> Answer {
    let id: uuid::Uuid = app.ask("select id from refunds order by id desc limit 1").await;
    operator.get(&format!("/admin/refunds?id={id}")).await;
    operator.submit(STEER, &[("refund", &id.to_string()), ("turn", turn)]).await
}

pub async fn reports(app: &TestApp) -> usize {
    let secret = sandbox::merchant_secret(&app.state.db.pool).await.expect("the secret");
    let to = merchant(&app.state.config, secret).expect("a merchant");
    sandbox::deliver_webhooks(&app.state.db.pool, &to, app.now()).await.expect("reports are sent")
}

async fn refund_states(app: &TestApp) -> Vec<String> {
    app.ask("select coalesce(array_agg(state order by id), '{}') from refunds").await
}

/// What the gateway itself gave back.
async fn given_back(app: &TestApp) -> i64 {
    app.count("select coalesce(sum(amount_minor), 0)::bigint from sandbox.refunds where state = 'succeeded'")
        .await
}

/// The card takes everything from now on.
async fn card_is_mended(app: &TestApp) {
    sqlx::query("update sandbox.cards set manner = 'pays'")
        .execute(&app.state.db.pool)
        .await
        .expect("a card");
}

#[tokio::test]
async fn a_pledge_goes_back_line_by_line_until_nothing_is_left() {
    let app = TestApp::start().await;
    let (project, mut lee, pledge) = paid(&app, GOOD_CARD).await;
    let mut boss = app.operator("고객 지원", Role::Support).await;

    let made = refunds(&mut boss, pledge, "1,000", "").await;
    assert!(made.has("환불을 시작했어요"), "{:?}", made.alerts());
    app.drain().await;

    assert_eq!((given_back(&app).await, app.escrow(project.id).await), (1000, 1500));
    assert_eq!(app.pledge_state(pledge).await, "collected", "a part of it is still there");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 2);
    let page = boss.get(&format!("/admin/refunds/pledges/{pledge}")).await;
    assert!(page.words().contains("남은 금액 1,500원"), "{}", page.words());
    assert!(page.has("설명과 다름"));

    let rest = refunds_all(&mut boss, pledge).await;
    assert!(rest.has("환불을 시작했어요"), "{:?}", rest.alerts());
    app.drain().await;

    assert_eq!((given_back(&app).await, app.escrow(project.id).await), (2500, 0));
    assert_eq!(app.pledge_state(pledge).await, "refunded");
    assert_eq!(app.payment_state(pledge).await, "collected");
    assert_eq!(app.pieces_taken(project.rewards[0]).await, 0, "its pieces are free");
    let lines: Vec<String> = app
        .ask("select array_agg(line || ':' || quantity || ':' || amount_minor order by amount_minor, line) from refund_lines")
        .await;
    assert_eq!(lines, ["0:1:500", "1:1:1000", "1:1:1000"]);
    let mine = lee.get(&format!("/account/pledges/{pledge}")).await;
    assert!(
        mine.has("모두 환불한 후원이에요") && mine.words().contains("1,500원 환불함"),
        "{}",
        mine.words()
    );
    let mails = app.mails(&lee.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.subject.contains("환불했어요")).count(), 2);
    assert!(app.page(&project.page()).await.words().contains("환불한 금액 2,500원"));
    assert_eq!(app.count("select count(*) from audit_log where action = 'refund'").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let (_, _, pledge) = paid(&app, GOOD_CARD).await;
    let mut boss = app.operator("재무", Role::Finance).await;

    for (amounts, field, fault) in [
        (["2001", ""], "lines[0][amount]", "2,000원까지 입력할 수 있어요."),
        (["", "501"], "lines[1][amount]", "500원까지 입력할 수 있어요."),
        (["-1", ""], "lines[0][amount]", "0원 이상이어야 해요."),
        (["1.5", ""], "lines[0][amount]", "소수점 없이 입력해 주세요."),
        (["천 원", ""], "lines[0][amount]", "금액을 숫자로 입력해 주세요."),
        (["0", ""], "lines[0][amount]", "꼭 입력해 주세요."),
        (["99999999999999999999", ""], "lines[0][amount]", "2,000원까지 입력할 수 있어요."),
    ] {
        let page = refunds(&mut boss, pledge, amounts[0], amounts[1]).await;
        assert_eq!(page.status, 422, "{amounts:?}");
        assert_eq!(page.field_error(field).as_deref(), Some(fault), "{amounts:?}");
        let typed = if amounts[0].is_empty() { amounts[1] } else { amounts[0] };
        assert!(page.has(&format!("value=\"{typed}\"")) && page.has("금이 갔어요"), "{amounts:?}");
    }
    let page = boss.get(&format!("/admin/refunds/pledges/{pledge}")).await;
    let key = page.value_of("key").unwrap();
    let id = pledge.to_string();
    let without_reason = boss.submit(MAKE, &[("pledge", &id), ("key", &key), ("all", "true")]).await;
    assert_eq!(without_reason.field_error("reason").as_deref(), Some("꼭 입력해 주세요."));
    for (line, status) in [("9", 400), ("x", 400)] {
        let form = [
            ("pledge", id.as_str()),
            ("key", &key),
            ("reason", "late"),
            ("lines[0][line]", line),
            ("lines[0][amount]", "1"),
        ];
        assert_eq!(boss.call(MAKE, &form).await.status, status);
    }

    assert_eq!(app.count("select count(*) from refunds").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_refund() {
    let app = TestApp::start().await;
    let (_, _, pledge) = paid(&app, GOOD_CARD).await;
    let mut boss = app.operator("재무", Role::Finance).await;
    let key = boss.get(&format!("/admin/refunds/pledges/{pledge}")).await.value_of("key").unwrap();

    for _ in 0..2 {
        let made = sends(&mut boss, pledge, &key, &["2000", "500"]).await;
        assert!(made.has("환불을 시작했어요"), "{:?}", made.alerts());
        app.drain().await;
    }

    assert_eq!(refund_states(&app).await, ["succeeded"]);
    assert_eq!(given_back(&app).await, 2500);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_refunds_at_once_no_more_goes_back_than_was_paid() {
    let app = TestApp::start().await;
    let (project, _, pledge) = paid(&app, GOOD_CARD).await;
    let boss = app.operator("재무", Role::Finance).await;

    let asked = (0..8).map(|n| {
        let mut boss = boss.clone();
        async move {
            let key = kernel::FormKey::new().to_string();
            let amounts = if n % 2 == 0 { ["2000", "500"] } else { ["900", ""] };
            sends(&mut boss, pledge, &key, &amounts).await.status
        }
    });
    let answers = futures::future::join_all(asked).await;
    app.drain().await;

    assert!(
        answers.contains(&200) && answers.iter().all(|status| [200, 409, 422].contains(status)),
        "{answers:?}"
    );
    let back = given_back(&app).await;
    assert!((900..=2500).contains(&back));
    assert_eq!(app.escrow(project.id).await, 2500 - back);
    app.finish().await;
}

#[tokio::test]
async fn a_refund_without_an_answer_is_asked_about_and_booked_once() {
    let app = TestApp::start().await;
    let (project, lee, pledge) = paid(&app, NO_ANSWER).await;
    let mut boss = app.operator("재무", Role::Finance).await;
    refunds_all(&mut boss, pledge).await;

    app.drain().await;
    assert_eq!(refund_states(&app).await, ["sending"]);
    assert_eq!(
        app.ask::<String>("select state from payment_attempts where kind = 'refund'").await,
        "unknown"
    );
    assert_eq!(app.broken_laws().await, Vec::<String>::new());
    app.advance(TimeDelta::minutes(1)).await;

    assert_eq!(refund_states(&app).await, ["succeeded"]);
    assert_eq!(app.count("select count(*) from sandbox.refunds").await, 1);
    assert_eq!(app.count("select count(*) from payment_attempts where kind = 'refund'").await, 1);
    assert_eq!((app.escrow(project.id).await, app.pledge_state(pledge).await), (0, "refunded".to_owned()));
    let mails = app.mails(&lee.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.subject.contains("환불했어요")).count(), 1);
    app.finish().await;
}

/// A worker that writes its try down, and then is no more.
async fn begins_and_dies(app: &TestApp) -> payments::GiveBack {
    let id: uuid::Uuid = app.ask("select id from refunds").await;
    let mut tx = app.state.db.begin(Act::system("the refund is sent")).await.expect("the database answers");
    let refund = refunds::store::lock(&mut tx, id.into())
        .await
        .expect("the database answers")
        .expect("the refund is there");
    refunds::store::begin_try(&mut tx, refund.id).await.expect("the database answers");
    let attempt =
        refunds::store::add_attempt(&mut tx, &refund, app.now()).await.expect("the database answers");
    let asker = refunds::AskRefund { attempt: attempt.id, once_more: false };
    jobs::enqueue(&mut tx, &asker, app.now() + TimeDelta::seconds(30)).await.expect("the database answers");
    tx.commit().await.expect("the database answers");
    attempt.give_back()
}

#[tokio::test]
async fn a_refund_whose_worker_died_before_or_after_the_call_goes_back_once() {
    for called in [false, true] {
        let app = TestApp::start().await;
        let (project, _, pledge) = paid(&app, GOOD_CARD).await;
        let mut boss = app.operator("재무", Role::Finance).await;
        refunds_all(&mut boss, pledge).await;
        let back = begins_and_dies(&app).await;
        if called {
            app.means.till.gateway("sandbox").unwrap().give_back(&back).await.unwrap();
        }
        assert_eq!(app.broken_laws().await, Vec::<String>::new());

        app.advance(TimeDelta::minutes(1)).await;

        assert_eq!(refund_states(&app).await, ["succeeded"], "{called}");
        let keys: Vec<String> = app.ask("select array_agg(key) from sandbox.refunds").await;
        assert_eq!(keys, [back.key.to_string()], "never under another key");
        assert_eq!(app.count("select count(*) from payment_attempts where kind = 'refund'").await, 1);
        assert_eq!(app.escrow(project.id).await, 0);
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asker_report_and_several_workers_at_once_book_a_refund_once() {
    let app = TestApp::start().await;
    let (project, _, pledge) = paid(&app, NO_ANSWER).await;
    let mut boss = app.operator("재무", Role::Finance).await;
    refunds_all(&mut boss, pledge).await;
    app.drain().await;
    let attempt: uuid::Uuid = app.ask("select id from payment_attempts where kind = 'refund'").await;
    let attempt = PaymentAttemptId::from_uuid(attempt);

    let asked = (0..6).map(|_| refunds::settle(&app.means, attempt, app.now()));
    let settled = futures::future::join_all(asked).await;
    reports(&app).await;
    app.advance(TimeDelta::minutes(1)).await;

    let booked = settled.iter().filter(|one| matches!(one, Ok(refunds::Settled::Booked))).count();
    assert_eq!(booked, 1, "{settled:?}");
    assert_eq!(app.count("select count(*) from ledger_entries where kind = 'refund_sent'").await, 1);
    assert_eq!(app.escrow(project.id).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_card_that_takes_nothing_back_is_tried_again_and_then_an_account_is_asked_for() {
    let app = TestApp::start().await;
    let (project, mut lee, pledge) = paid(&app, REFUND_FAILS).await;
    let mut boss = app.operator("재무", Role::Finance).await;
    refunds_all(&mut boss, pledge).await;

    app.drain().await;
    assert_eq!(refund_states(&app).await, ["failed"]);
    for _ in 0..5 {
        app.advance(TimeDelta::days(1)).await;
    }
    assert_eq!(app.count("select count(*) from sandbox.refunds").await, 3, "not for ever");
    assert_eq!(app.escrow(project.id).await, 2500, "what failed is not booked");
    assert!(!app.page(&project.page()).await.has("환불한 금액"));

    let turned = steers(&app, &mut boss, "by_transfer").await;
    assert!(turned.has("계좌 필요"), "{:?}", turned.alerts());
    let mails = app.mails(&lee.email).await;
    assert!(mails[0].subject.contains("환불받을 계좌를 알려 주세요"), "{}", mails[0].subject);
    assert!(mails[0].links[0].ends_with(&format!("/account/pledges/{pledge}/refund-account")));
    assert!(lee.get(&format!("/account/pledges/{pledge}")).await.has("환불받을 계좌 적기"));

    let off = steers(&app, &mut boss, "call_off").await;
    assert!(off.has("취소함"), "{:?}", off.alerts());
    assert_eq!(app.count("select refunding_minor from payments").await, 0, "it can be refunded anew");
    app.finish().await;
}

#[tokio::test]
async fn an_operator_tries_again_once_the_card_is_mended() {
    let app = TestApp::start().await;
    let (_, _, pledge) = paid(&app, REFUND_FAILS).await;
    let mut boss = app.operator("재무", Role::Finance).await;
    refunds_all(&mut boss, pledge).await;
    app.drain().await;
    card_is_mended(&app).await;

    steers(&app, &mut boss, "again").await;
    app.drain().await;

    assert_eq!(refund_states(&app).await, ["succeeded"]);
    let twice = steers(&app, &mut boss, "again").await;
    assert_eq!(twice.status, 409);
    assert!(twice.alerts().join(" ").contains("그사이에 환불 상태가 바뀌었어요"));
    app.advance(TimeDelta::days(2)).await;
    assert_eq!(given_back(&app).await, 2500);
    app.finish().await;
}

#[tokio::test]
async fn what_comes_back_days_later_is_booked_back_told_and_sent_again() {
    for reported in [true, false] {
        let app = TestApp::start().await;
        let (project, lee, pledge) = paid(&app, REFUND_FAILS_LATER).await;
        let mut boss = app.operator("재무", Role::Finance).await;
        refunds_all(&mut boss, pledge).await;
        app.drain().await;
        assert_eq!(app.pledge_state(pledge).await, "refunded");
        reports(&app).await;
        app.drain().await;
        if !reported {
            sqlx::query("update sandbox.mood set webhooks = 'lost'")
                .execute(&app.state.db.pool)
                .await
                .unwrap();
        }

        app.advance(TimeDelta::days(3)).await;
        reports(&app).await;
        app.drain().await;
        assert_eq!(app.broken_laws().await, Vec::<String>::new());
        app.advance(TimeDelta::days(5)).await;

        assert_eq!(refund_states(&app).await, ["failed"], "{reported}");
        assert_eq!(
            app.ask::<String>("select state from payment_attempts where kind = 'refund'").await,
            "reversed"
        );
        assert_eq!(app.escrow(project.id).await, 2500);
        assert_eq!(app.pledge_state(pledge).await, "refunded", "its backer is owed the money");
        assert_eq!(steers(&app, &mut boss, "call_off").await.status, 409);

        card_is_mended(&app).await;
        steers(&app, &mut boss, "again").await;
        app.drain().await;

        assert_eq!((given_back(&app).await, app.escrow(project.id).await), (2500, 0));
        let subjects: Vec<_> = app.mails(&lee.email).await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects.iter().filter(|subject| subject.contains("되돌아왔어요")).count(), 1);
        app.finish().await;
    }
}

#[tokio::test]
async fn what_was_paid_out_already_the_creator_owes() {
    let app = TestApp::start().await;
    let (project, _, pledge) = paid(&app, GOOD_CARD).await;
    let mut tx = app.state.db.begin(Act::system("an early share")).await.unwrap();
    let none = Money::won(0);
    let settlement = Settlement {
        gross: Money::won(2000),
        platform_fee: none,
        gateway_fee: none,
        vat: none,
        netted: none,
    };
    let payout = PayoutId::new();
    ledger::post(&mut tx, Event::StatementApproved { project: project.id, payout, settlement }, app.now())
        .await
        .unwrap();
    let (transfer, amount) = (TransferId::new(), Money::won(2000));
    ledger::post(&mut tx, Event::PayoutSent { project: project.id, transfer, amount }, app.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut boss = app.operator("재무", Role::Finance).await;

    refunds(&mut boss, pledge, "", "500").await;
    app.drain().await;
    refunds_all(&mut boss, pledge).await;
    app.drain().await;

    assert_eq!(app.escrow(project.id).await, 0, "never overdrawn");
    let owed: i64 = app.ask_of("select balance($1, 'receivable')", project.id.uuid()).await;
    assert_eq!(owed, 2000);
    let noted: Vec<i64> = app.ask("select array_agg(receivable_minor order by id) from refunds").await;
    assert_eq!(noted, [0, 2000]);
    let id: uuid::Uuid = app.ask("select id from refunds order by id desc limit 1").await;
    assert!(boss.get(&format!("/admin/refunds?id={id}")).await.has("창작자가 갚을 돈 2,000원"));
    app.abandon();
}

#[tokio::test]
async fn refunds_are_for_finance_and_support_alone() {
    let app = TestApp::start().await;
    let (_, mut lee, pledge) = paid(&app, GOOD_CARD).await;
    let id = pledge.to_string();
    for page in [
        "/admin/refunds".to_owned(),
        format!("/admin/refunds/pledges/{pledge}"),
        "/admin/disputes".to_owned(),
    ] {
        assert_eq!(lee.get(&page).await.status, 404, "{page}");
    }
    let key = kernel::FormKey::new().to_string();
    let form = [("pledge", id.as_str()), ("key", &key), ("reason", "goodwill"), ("all", "true")];

    assert_eq!(lee.call(MAKE, &form).await.status, 404);
    assert_eq!(app.visitor().call(MAKE, &form).await.status, 401);

    assert_eq!(app.count("select count(*) from refunds").await, 0);
    let mut boss = app.operator("운영자", Role::Operator).await;
    let found = boss.get(&format!("/admin/refunds?q={}", lee.handle)).await;
    assert!(found.has(&format!("/admin/refunds/pledges/{pledge}")));
    assert!(boss.get("/admin/refunds?q=nobody").await.has("결제된 후원을 찾지 못했어요"));
    app.finish().await;
}
