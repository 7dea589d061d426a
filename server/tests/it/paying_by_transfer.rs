//! Paying by bank transfer: asked for, changed, waited for, given up. What comes in has tests of its own.

use crate::{
    deposits::{Awaited, Bank},
    harness::{Choice, GOOD_CARD, Person, Plan, Project, TestApp},
};
use accounts::operators::Role;
use chrono::TimeDelta;
use kernel::{PledgeId, ReceivingAccountId};

struct Setting {
    app: TestApp,
    project: Project,
    account: ReceivingAccountId,
    lee: Person,
}

/// A live project with three cups of 30,000 won and a goal of 50,000, an account, and somebody who pledges.
async fn setting() -> Setting {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(50_000).reward(30_000, 3)).await;
    let (account, lee) = (app.receiving_account().await, app.member("이후원").await);
    Setting { app, project, account, lee }
}

impl Setting {
    async fn pledges(&mut self) -> PledgeId {
        let cup = Choice::piece(self.project.rewards[0]);
        self.lee.pledges_by_transfer(&self.project, &cup, self.account).await
    }

    async fn chooses(&mut self, pledge: PledgeId, account: ReceivingAccountId) -> crate::harness::Answer {
        self.lee.get(&format!("/account/pledges/{pledge}")).await;
        let (pledge, account) = (pledge.to_string(), account.to_string());
        let form = [("pledge", pledge.as_str()), ("account", &account), ("depositor", "이후원")];
        self.lee.submit("/api/pledges/transfer/choose/choose_transfer", &form).await
    }

    /// The states of all deposits, oldest first.
    async fn deposits(&self) -> Vec<String> {
        sqlx::query_scalar("select state from deposits order by created_at, id")
            .fetch_all(&self.app.state.db.pool)
            .await
            .expect("the query is right")
    }

    /// The bank's statements tell everything until now.
    async fn statements_are_read(&self) {
        sqlx::query("update receiving_accounts set covered_until = $1")
            .bind(self.app.now())
            .execute(&self.app.state.db.pool)
            .await
            .expect("the update is right");
    }
}

#[tokio::test]
async fn the_page_and_a_mail_say_where_how_much_and_until_when() {
    let mut s = setting().await;

    let id = s.pledges().await;

    let page = s.lee.get(&format!("/account/pledges/{id}")).await.words();
    let code: String = s.app.ask("select substr(code, 1, 4) || ' ' || substr(code, 5) from deposits").await;
    let number: String = s.app.ask("select number from receiving_accounts").await;
    for shown in ["국민은행", "두레", "30,000원", code.as_str(), number.as_str(), "입금 대기"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    s.app.drain().await;
    let mail = &s.app.mails(&s.lee.email).await[0];
    assert_eq!(mail.subject, "두레: ‘두레 찻잔’ 후원금을 입금해 주세요");
    assert!(mail.text.contains(&code) && mail.text.contains(&number), "{}", mail.text);
    assert_eq!(s.app.pledge_state(id).await, "awaiting_deposit");
    assert_eq!(s.app.payment_state(id).await, "awaiting");
    assert_eq!(s.app.pieces_taken(s.project.rewards[0]).await, 1);
    s.app.finish().await;
}

#[tokio::test]
async fn the_same_form_twice_asks_for_one_transfer() {
    let mut s = setting().await;
    let checkout = s.lee.get(&format!("{}/pledge", s.project.page())).await;
    let key = checkout.value_of("key").unwrap();
    let mut fields = Choice::piece(s.project.rewards[0]).fields(&s.project, &key);
    fields.extend([
        ("method", "bank_transfer".to_owned()),
        ("account", s.account.to_string()),
        ("depositor", "이후원".to_owned()),
    ]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();

    let first = s.lee.submit("/api/pledges/place/place_pledge", &fields).await;
    let second = s.lee.submit("/api/pledges/place/place_pledge", &fields).await;

    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.address, second.address);
    assert_eq!(s.deposits().await, ["issued"]);
    s.app.finish().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_the_field_and_nothing_is_held() {
    let mut s = setting().await;
    let strange = ReceivingAccountId::new();
    for (account, depositor, fault) in [
        (strange, "이후원", "account"),
        (s.account, " ", "depositor"),
        (s.account, "이\u{0}후원", "depositor"),
    ] {
        let checkout = s.lee.get(&format!("{}/pledge", s.project.page())).await;
        let key = checkout.value_of("key").unwrap();
        let mut fields = Choice::support(1_000).fields(&s.project, &key);
        fields.extend([
            ("method", "bank_transfer".to_owned()),
            ("account", account.to_string()),
            ("depositor", depositor.to_owned()),
        ]);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = s.lee.call("/api/pledges/place/place_pledge", &fields).await;
        assert!([400, 422].contains(&answer.status), "{fault}: {}", answer.text);
    }
    assert_eq!(s.app.count("select count(*) from pledges").await, 0);
    s.app.finish().await;
}

#[tokio::test]
async fn a_card_takes_the_place_of_a_transfer_and_a_transfer_that_of_a_card() {
    let mut s = setting().await;
    let id = s.pledges().await;

    s.lee.get(&format!("/account/pledges/{id}")).await;
    let card_page = s.lee.submit("/api/pledges/resume/resume_pledge", &[("pledge", &id.to_string())]).await;
    let held = crate::harness::held(&card_page);
    s.lee.enters_card(&held, GOOD_CARD).await;
    assert_eq!(s.app.pledge_state(id).await, "reserved");
    assert_eq!(s.deposits().await, ["canceled"]);

    let account = s.account;
    let chosen = s.chooses(id, account).await;
    assert!(chosen.has("이 계좌로 입금해 주세요"), "{:?}", chosen.alerts());
    s.app.drain().await;

    assert_eq!(s.app.pledge_state(id).await, "awaiting_deposit");
    assert_eq!(s.deposits().await, ["canceled", "issued"]);
    assert_eq!(s.app.count("select count(*) from payment_methods where forgotten_at is null").await, 0);
    assert_eq!(s.app.pieces_taken(s.project.rewards[0]).await, 1);
    s.app.finish().await;
}

#[tokio::test]
async fn another_account_makes_another_code_and_the_same_one_changes_nothing() {
    let mut s = setting().await;
    let id = s.pledges().await;
    let (same, other) = (s.account, s.app.receiving_account().await);

    s.chooses(id, same).await;
    assert_eq!(s.deposits().await, ["issued"]);
    s.chooses(id, other).await;

    assert_eq!(s.deposits().await, ["canceled", "issued"]);
    assert_eq!(s.app.count("select count(distinct code) from deposits").await, 2);
    s.app.finish().await;
}

#[tokio::test]
async fn whoever_does_not_pay_is_reminded_once_and_loses_the_pieces_at_the_end() {
    let mut s = setting().await;
    let id = s.pledges().await;

    s.app.advance(TimeDelta::days(3)).await;
    let subjects: Vec<_> = s.app.mails(&s.lee.email).await.into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects[0], "두레: ‘두레 찻잔’ 입금 기한이 다가와요");
    assert_eq!(s.app.pledge_state(id).await, "awaiting_deposit");
    s.app.advance(TimeDelta::days(1)).await;
    s.statements_are_read().await;
    s.app.advance(TimeDelta::hours(2)).await;

    assert_eq!(s.app.pledge_state(id).await, "expired");
    assert_eq!(s.deposits().await, ["expired"]);
    assert_eq!(s.app.pieces_taken(s.project.rewards[0]).await, 0);
    let subjects: Vec<_> = s.app.mails(&s.lee.email).await.into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects[0], "두레: ‘두레 찻잔’ 후원이 완료되지 않았어요");
    assert_eq!(subjects.len(), 3);
    s.app.finish().await;
}

#[tokio::test]
async fn nothing_expires_while_no_statement_tells_of_its_time_but_not_for_ever() {
    let mut s = setting().await;
    let id = s.pledges().await;

    s.app.advance(TimeDelta::days(4)).await;
    assert_eq!(s.app.pledge_state(id).await, "awaiting_deposit");
    // Whatever weekend lies between: more than three business days.
    s.app.advance(TimeDelta::days(10)).await;

    assert_eq!(s.app.pledge_state(id).await, "expired");
    s.app.finish().await;
}

#[tokio::test]
async fn the_judgement_waits_for_transfers_and_counts_none_that_did_not_come() {
    let mut s = setting().await;
    s.app.advance_to(s.project.deadline - TimeDelta::hours(5)).await;
    let mut park = s.app.member("박후원").await;
    let card = park.pledges(&s.project, &Choice::support(40_000), GOOD_CARD).await;
    let id = s.pledges().await;

    s.app.advance_to(s.project.deadline).await;
    assert_eq!(s.app.project_state(s.project.id).await, "judging");
    s.statements_are_read().await;
    s.app.advance(TimeDelta::hours(2)).await;
    // Whichever of the two looked first.
    s.app.advance(TimeDelta::minutes(30)).await;

    assert_eq!(s.app.pledge_state(id).await, "expired");
    assert_eq!(s.app.project_state(s.project.id).await, "unfunded");
    assert_eq!(s.app.pledge_state(card).await, "voided");
    s.app.finish().await;
}

#[tokio::test]
async fn shortly_before_the_deadline_only_cards_are_taken() {
    let mut s = setting().await;
    s.app.advance_to(s.project.deadline - TimeDelta::minutes(50)).await;

    let page = s.lee.get(&format!("{}/pledge", s.project.page())).await;
    let key = page.value_of("key").unwrap();
    let mut fields = Choice::support(1_000).fields(&s.project, &key);
    fields.extend([("method", "bank_transfer".to_owned()), ("account", s.account.to_string())]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = s.lee.call("/api/pledges/place/place_pledge", &fields).await;

    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(s.app.count("select count(*) from pledges").await, 0);
    s.app.finish().await;
}

#[tokio::test]
async fn cancelling_calls_the_transfer_off() {
    let mut s = setting().await;
    let id = s.pledges().await;

    let canceled = s.lee.cancels(id).await;

    assert_eq!(canceled.status, 200, "{:?}", canceled.alerts());
    assert_eq!(s.app.pledge_state(id).await, "canceled");
    assert_eq!(s.deposits().await, ["canceled"]);
    assert_eq!(s.app.pieces_taken(s.project.rewards[0]).await, 0);
    assert_eq!(s.app.count("select count(*) from refunds").await, 0);
    s.app.finish().await;
}

#[tokio::test]
async fn accounts_are_added_once_and_offered_until_they_are_closed() {
    let app = TestApp::start().await;
    let mut kim = app.operator("김운영", Role::Finance).await;
    let form = [("bank", "088"), ("number", "110-123-456789"), ("holder", "두레")];

    kim.get("/admin/accounts").await;
    let added = kim.submit("/api/app/pages/admin/receiving/add_receiving_account", &form).await;
    assert!(added.has("신한은행") && added.has("안내 중"), "{:?}", added.alerts());
    let again = kim.submit("/api/app/pages/admin/receiving/add_receiving_account", &form).await;
    assert_eq!(again.status, 422);
    let id: uuid::Uuid = app.ask("select id from receiving_accounts").await;
    let id = id.to_string();
    let closed = kim
        .submit(
            "/api/app/pages/admin/receiving/offer_receiving_account",
            &[("account", &id), ("open", "false")],
        )
        .await;

    assert!(closed.has("닫음"), "{:?}", closed.alerts());
    assert_eq!(
        app.count("select count(*) from audit_log where action in ('add_account', 'close_account')").await,
        2
    );
    app.finish().await;
}

/// Somebody whose 50,000 won have come.
async fn deposited(bank: &mut Bank, name: &str) -> Awaited {
    let of = bank.awaits(name).await;
    let now = bank.app.now();
    bank.reads_lines(&[(now, &format!("{name}{}", of.code), 50_000)]).await;
    bank.confirms().await;
    assert_eq!(bank.app.pledge_state(of.pledge).await, "deposited");
    of
}

#[tokio::test]
async fn what_came_in_is_taken_when_the_goal_is_reached_and_everybody_is_told_once() {
    let mut bank = Bank::open().await;
    let lee = deposited(&mut bank, "이후원").await;
    bank.app.advance(TimeDelta::minutes(1)).await;
    let park = deposited(&mut bank, "박후원").await;

    bank.app.advance_to(bank.project.deadline).await;
    bank.app.advance(TimeDelta::days(1)).await;

    assert_eq!(bank.app.project_state(bank.project.id).await, "funded");
    assert_eq!(bank.app.escrow(bank.project.id).await, 100_000);
    for of in [&lee, &park] {
        assert_eq!(bank.app.pledge_state(of.pledge).await, "collected");
        assert_eq!(bank.app.payment_state(of.pledge).await, "collected");
        let mails = bank.app.mails(&of.backer.email).await;
        assert_eq!(mails.iter().filter(|mail| mail.subject.contains("결제가 끝났어요")).count(), 1);
    }
    assert_eq!(bank.app.count("select count(*) from ledger_entries where kind = 'deposits_taken'").await, 1);
    assert_eq!(bank.app.count("select count(*) from refunds").await, 0);
    bank.app.finish().await;
}

#[tokio::test]
async fn what_came_in_goes_back_when_the_goal_is_missed() {
    let mut bank = Bank::open().await;
    let lee = deposited(&mut bank, "이후원").await;

    bank.app.advance_to(bank.project.deadline).await;

    assert_eq!(bank.app.project_state(bank.project.id).await, "unfunded");
    assert_eq!(bank.app.pledge_state(lee.pledge).await, "voided");
    let refund: String =
        bank.app.ask("select concat_ws(' ', amount_minor, way, reason, state) from refunds").await;
    assert_eq!(refund, "50000 transfer unfunded needs_account");
    bank.app.finish().await;
}

#[tokio::test]
async fn a_backer_who_cancels_gets_back_what_came_in_once() {
    let mut bank = Bank::open().await;
    let mut lee = deposited(&mut bank, "이후원").await;

    let canceled = lee.backer.cancels(lee.pledge).await;
    let again = lee.backer.cancels(lee.pledge).await;

    assert_eq!((canceled.status, again.status), (200, 200), "{:?}", canceled.alerts());
    assert_eq!(bank.app.pledge_state(lee.pledge).await, "canceled");
    let refund: String =
        bank.app.ask("select concat_ws(' ', amount_minor, way, reason, state) from refunds").await;
    assert_eq!(refund, "50000 transfer backer_canceled needs_account");
    bank.app.finish().await;
}

#[tokio::test]
async fn a_part_that_came_in_goes_back_when_the_rest_does_not_come() {
    let mut bank = Bank::open().await;
    let lee = bank.awaits("이후원").await;
    let now = bank.app.now();
    bank.reads_lines(&[(now, &format!("이후원{}", lee.code), 20_000)]).await;
    let line = bank.app.ask("select id from bank_lines").await;
    bank.matches(line, lee.deposit).await;

    // No statement is read in after that: it is waited for some days.
    bank.app.advance_to(bank.project.deadline + TimeDelta::days(12)).await;
    bank.app.advance(TimeDelta::hours(1)).await;

    assert_eq!(bank.app.pledge_state(lee.pledge).await, "expired");
    let refund: String =
        bank.app.ask("select concat_ws(' ', amount_minor, way, reason, state) from refunds").await;
    assert_eq!(refund, "20000 transfer late_deposit needs_account");
    assert_eq!(bank.app.project_state(bank.project.id).await, "unfunded");
    bank.app.finish().await;
}
