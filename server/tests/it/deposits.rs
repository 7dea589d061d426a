//! Transfers that come in: statements are read once, lines find their deposits, money is booked once.

use crate::{
    books::tamper,
    harness::{Answer, Choice, Person, Plan, Project, TestApp, body_of, part},
};
use accounts::operators::Role;
use chrono::{DateTime, TimeDelta, Utc};
use deposits::DepositCode;
use http::header;
use kernel::{DepositId, PledgeId, ReceivingAccountId, seal::Place};
use std::fmt::Write;
use uuid::Uuid;

const MATCH: &str = "/api/pledges/transfer/matched/match_line";
const CONFIRM: &str = "/api/pledges/transfer/confirm/confirm_certain";
const UNDO: &str = "/api/pledges/transfer/undo/undo_match";
const STEER: &str = "/api/deposits/steer/steer_line";
const RETURN: &str = "/api/deposits/give_back/return_line";
const COLUMNS: &str = "/api/deposits/columns/save_columns";

/// A site with an account, an operator for finance and a project of 100,000 won.
pub struct Bank {
    pub app: TestApp,
    boss: Person,
    account: ReceivingAccountId,
    pub project: Project,
}

/// A pledge of 50,000 won that waits for its transfer.
pub struct Awaited {
    pub backer: Person,
    pub pledge: PledgeId,
    pub deposit: DepositId,
    pub code: DepositCode,
    due_at: DateTime<Utc>,
}

impl Bank {
    pub async fn open() -> Self {
        let app = TestApp::start().await;
        let boss = app.operator("이재무", Role::Finance).await;
        let account = ReceivingAccountId::new();
        sqlx::query(
            "insert into receiving_accounts (id, bank, number, holder, currency, created_at)
             values ($1, '004', '123456-01-123456', '두레', 'KRW', $2)",
        )
        .bind(account.uuid())
        .bind(app.now())
        .execute(&app.state.db.pool)
        .await
        .expect("an account");
        let project = app.member("김창작").await.launches(&app, &Plan::with_goal(100_000)).await;
        Self { app, boss, account, project }
    }

    pub async fn awaits(&self, name: &str) -> Awaited {
        let app = &self.app;
        let mut backer = app.member(name).await;
        let pledge = backer.holds(&self.project, &Choice::support(50_000)).await.pledge;
        let (deposit, code, due_at) = (DepositId::new(), DepositCode::random(), self.project.deadline);
        let place = Place { column: "deposits.depositor", row: deposit.uuid() };
        let sealed = app.state.db.keys.seal(place, name).expect("a key");
        let mut tx = app
            .state
            .db
            .begin(kernel::db::Act::system("a transfer was chosen"))
            .await
            .expect("a transaction");
        for sql in [
            "update pledges set state = 'awaiting_deposit' where id = $1",
            "update payments set state = 'awaiting', method = 'bank_transfer' where purpose_id = $1",
        ] {
            sqlx::query(sql).bind(pledge.uuid()).execute(&mut *tx).await.expect("a move");
        }
        sqlx::query(
            "insert into deposits (id, payment_id, account_id, code, amount_minor, currency, depositor, due_at, state, created_at)
             select $1, id, $3, $4, amount_minor, currency, $5, $6, 'issued', $7 from payments where purpose_id = $2",
        )
        .bind(deposit.uuid())
        .bind(pledge.uuid())
        .bind(self.account.uuid())
        .bind(code.to_string())
        .bind(sealed)
        .bind(due_at)
        .bind(app.now())
        .execute(&mut *tx)
        .await
        .expect("a deposit");
        sqlx::query(
            "insert into jobs (kind, payload, dedup_key, run_at)
             values ('pledge.expire_deposit', jsonb_build_object('deposit', $1::uuid), $1::text, $2)",
        )
        .bind(deposit.uuid())
        .bind(due_at)
        .execute(&mut *tx)
        .await
        .expect("a job");
        tx.commit().await.expect("a commit");
        Awaited { backer, pledge, deposit, code, due_at }
    }

    /// Sends a file as the form of the page does.
    async fn reads(&mut self, file: &[u8]) -> Answer {
        let account = self.account.to_string();
        self.boss.get(&format!("/admin/deposits?account={account}")).await;
        let parts =
            [part("account", "", account.as_bytes()), part("file", "내역.csv", file), part("text", "", b"")];
        let (content_type, body) = body_of(&parts);
        let request =
            self.boss.post("/admin/deposits/read").header(header::CONTENT_TYPE, content_type).body(body);
        let answer = self.boss.send(request).await;
        self.boss.follow(answer).await
    }

    pub async fn reads_lines(&mut self, lines: &[(DateTime<Utc>, &str, i64)]) -> Answer {
        let file = statement(lines);
        self.reads(file.as_bytes()).await
    }

    pub async fn confirms(&mut self) -> Answer {
        let page = self.boss.get(&format!("/admin/deposits?account={}", self.account)).await;
        let last = page.value_of("last").expect("something is certain");
        self.boss.submit(CONFIRM, &[("account", &self.account.to_string()), ("last", &last)]).await
    }

    async fn line(&self, amount: i64) -> Uuid {
        sqlx::query_scalar("select id from bank_lines where amount_minor = $1 order by id desc limit 1")
            .bind(amount)
            .fetch_one(&self.app.state.db.pool)
            .await
            .expect("a line")
    }

    pub async fn matches(&mut self, line: Uuid, deposit: DepositId) -> Answer {
        self.boss.get(&format!("/admin/deposits?account={}&line={line}", self.account)).await;
        self.boss.submit(MATCH, &[("line", &line.to_string()), ("deposit", &deposit.to_string())]).await
    }

    async fn queue_of(&self, line: Uuid) -> String {
        self.app
            .ask_of("select state || ' ' || coalesce(queue, '') from bank_lines where id = $1", line)
            .await
    }

    async fn deposit(&self, of: &Awaited) -> String {
        let sql = "select state || ' ' || matched_minor from deposits where id = $1";
        self.app.ask_of(sql, of.deposit.uuid()).await
    }

    /// What the books hold for the backers of the project.
    async fn held(&self) -> i64 {
        self.app.ask_of("select -balance($1, 'backer_deposits')", self.project.id.uuid()).await
    }

    async fn finish(self) {
        assert_eq!(self.app.broken_laws().await, Vec::<String>::new());
        self.app.finish().await;
    }
}

fn in_korea(at: DateTime<Utc>) -> String {
    (at + TimeDelta::hours(9)).format("%Y.%m.%d %H:%M:%S").to_string()
}

fn statement(lines: &[(DateTime<Utc>, &str, i64)]) -> String {
    let mut file = String::from("거래일시,의뢰인,적요,출금액,입금액,잔액\n");
    for (n, (at, name, amount)) in lines.iter().enumerate() {
        let (out, into) = if *amount < 0 { (-amount, 0) } else { (0, *amount) };
        writeln!(file, "{},{name},전자금융,{out},{into},{}", in_korea(*at), 1_000_000 + n)
            .expect("a line can be written");
    }
    file
}

#[tokio::test]
async fn certain_lines_are_booked_in_one_confirmation_and_only_once() {
    let mut bank = Bank::open().await;
    let (lee, park) = (bank.awaits("이후원").await, bank.awaits("박후원").await);
    let now = bank.app.now();

    let read = bank
        .reads_lines(&[
            (now, &format!("이후원{}", lee.code), 50_000),
            (now, &park.code.shown(), 50_000),
            (now, "이자", 17),
            (now, "관리비", -3_000),
        ])
        .await;

    assert!(read.has("4줄을 읽었고, 새로운 줄은 4줄이에요"), "{:?}", read.alerts());
    assert!(read.has("2건, 100,000원 모두 확인하기"), "{}", read.words());
    let last = read.value_of("last").expect("something is certain");
    let booked = bank.confirms().await;
    assert!(booked.has("입금 2건을 확인했어요"), "{:?}", booked.alerts());
    for of in [&lee, &park] {
        assert_eq!(bank.deposit(of).await, "matched 50000");
        assert_eq!(bank.app.pledge_state(of.pledge).await, "deposited");
        assert_eq!(bank.app.payment_state(of.pledge).await, "received");
    }
    assert_eq!(bank.held().await, 100_000);
    let pledged = "select pledged_minor from figures($1)";
    assert_eq!(bank.app.ask_of::<i64>(pledged, bank.project.id.uuid()).await, 100_000);
    assert_eq!(bank.app.count("select count(*) from goals_reached").await, 1);

    let again = bank.boss.submit(CONFIRM, &[("account", &bank.account.to_string()), ("last", &last)]).await;
    assert!(again.has("입금 0건을 확인했어요"), "{:?}", again.alerts());
    assert_eq!(bank.app.count("select count(*) from deposit_matches").await, 2);
    bank.app.drain().await;
    let mails = bank.app.mails(&lee.backer.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.subject.contains("입금을 확인했어요")).count(), 1);
    bank.finish().await;
}

#[tokio::test]
async fn a_short_deposit_waits_for_its_rest() {
    let mut bank = Bank::open().await;
    let lee = bank.awaits("이후원").await;
    let now = bank.app.now();
    bank.reads_lines(&[(now, &lee.code.shown(), 30_000)]).await;
    let first = bank.line(30_000).await;
    assert_eq!(bank.queue_of(first).await, "waiting short");

    let matched = bank.matches(first, lee.deposit).await;

    assert!(matched.has("처리했어요"), "{:?}", matched.alerts());
    assert_eq!((bank.deposit(&lee).await.as_str(), bank.held().await), ("short 30000", 30_000));
    assert_eq!(bank.app.pledge_state(lee.pledge).await, "awaiting_deposit");
    bank.app.drain().await;
    let mails = bank.app.mails(&lee.backer.email).await;
    assert!(mails.iter().any(|mail| mail.text.contains("20,000원 더 보내 주세요")), "{mails:?}");

    bank.reads_lines(&[(now + TimeDelta::seconds(1), &lee.code.shown(), 20_000)]).await;
    bank.confirms().await;
    assert_eq!((bank.deposit(&lee).await.as_str(), bank.held().await), ("matched 50000", 50_000));
    assert_eq!(bank.app.pledge_state(lee.pledge).await, "deposited");
    bank.finish().await;
}

#[tokio::test]
async fn of_an_excess_the_wanted_part_is_matched_and_the_rest_goes_back() {
    let mut bank = Bank::open().await;
    let lee = bank.awaits("이후원").await;
    bank.reads_lines(&[(bank.app.now(), &lee.code.shown(), 70_000)]).await;
    let line = bank.line(70_000).await;
    assert_eq!(bank.queue_of(line).await, "waiting excess");

    bank.matches(line, lee.deposit).await;
    assert_eq!((bank.deposit(&lee).await.as_str(), bank.held().await), ("matched 50000", 50_000));
    assert_eq!(bank.queue_of(line).await, "waiting double", "the rest waits");

    let page = bank.boss.get(&format!("/admin/deposits?account={}&line={line}", bank.account)).await;
    let key = page.value_of("key").expect("the money can be returned");
    let form = [("line", line.to_string()), ("key", key), ("reason", "excess".to_owned())];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let returned = bank.boss.submit(RETURN, &form).await;
    assert!(returned.has("처리했어요"), "{:?}", returned.alerts());
    let twice = bank.boss.submit(RETURN, &form).await;
    assert!(twice.has("그사이에 상태가 바뀌었어요"), "{:?}", twice.alerts());
    assert_eq!(bank.app.count("select amount_minor from refunds where line_id is not null").await, 20_000);
    assert!(bank.queue_of(line).await.starts_with("returning"));
    bank.finish().await;
}

#[tokio::test]
async fn what_is_late_double_for_a_pledge_that_is_over_or_unknown_is_never_booked() {
    let mut bank = Bank::open().await;
    let (late, twice, over) =
        (bank.awaits("이후원").await, bank.awaits("박후원").await, bank.awaits("최후원").await);
    let now = bank.app.now();
    let mut tx = bank.app.state.db.begin(kernel::db::Act::system("test")).await.unwrap();
    for sql in [
        "update pledges set state = 'canceled' where id = $1",
        "update payments set state = 'voided' where purpose_id = $1",
        "update deposits set state = 'canceled' where payment_id = (select id from payments where purpose_id = $1)",
    ] {
        sqlx::query(sql).bind(over.pledge.uuid()).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    bank.reads_lines(&[(now, &twice.code.shown(), 50_000)]).await;
    bank.confirms().await;

    bank.reads_lines(&[
        (late.due_at + TimeDelta::seconds(1), &late.code.shown(), 50_000),
        (now + TimeDelta::seconds(1), &twice.code.shown(), 50_001),
        (now + TimeDelta::seconds(2), &over.code.shown(), 50_002),
        (now + TimeDelta::seconds(3), "누구일까", 50_003),
    ])
    .await;

    for (amount, queue, deposit) in [
        (50_000, "late", late.deposit),
        (50_001, "double", twice.deposit),
        (50_002, "canceled", over.deposit),
        (50_003, "unknown", over.deposit),
    ] {
        let line = bank.line(amount).await;
        assert_eq!(bank.queue_of(line).await, format!("waiting {queue}"));
        let refused = bank.matches(line, deposit).await;
        assert!(refused.has("연결할 수 없어요"), "{queue}: {:?}", refused.alerts());
        assert_eq!(bank.queue_of(line).await, format!("waiting {queue}"));
    }
    assert_eq!(bank.held().await, 50_000);
    let page = bank.boss.get(&format!("/admin/deposits?account={}", bank.account)).await;
    assert!(page.value_of("last").is_none_or(|last| last.is_empty()), "nothing is certain");
    bank.finish().await;
}

#[tokio::test]
async fn a_line_is_read_once_whichever_files_tell_it() {
    let mut bank = Bank::open().await;
    let now = bank.app.now();
    let file = statement(&[(now, "\"김, 철수\"", 1_000), (now, "이영희", 2_000)]);
    let marked = format!("\u{feff}{file}");

    assert!(bank.reads(marked.as_bytes()).await.has("새로운 줄은 2줄이에요"));
    let again = bank.reads(marked.as_bytes()).await;
    assert!(again.has("이 파일은 이미 읽었어요"), "{:?}", again.alerts());
    let longer = statement(&[(now, "\"김, 철수\"", 1_000), (now, "이영희", 2_000), (now, "박민수", 3_000)]);
    assert!(bank.reads(longer.as_bytes()).await.has("3줄을 읽었고, 새로운 줄은 1줄이에요"));

    assert_eq!(bank.app.count("select sum(amount_minor)::bigint from bank_lines").await, 6_000);
    assert!(bank.boss.get("/admin/deposits").await.has("김, 철수"));
    let sealed = "select count(*) from bank_lines where position('철수'::bytea in sealed) > 0";
    assert_eq!(bank.app.count(sealed).await, 0, "names are sealed");
    let covered: DateTime<Utc> = bank.app.ask("select covered_until from receiving_accounts").await;
    assert_eq!(covered.timestamp(), now.timestamp());
    bank.finish().await;
}

#[tokio::test]
async fn unknown_columns_are_asked_for_once_and_remembered() {
    let mut bank = Bank::open().await;
    let now = in_korea(bank.app.now());
    let file = |name: &str| format!("언제,누가,얼마,메모\n{now},{name},7000,가\n");

    let asked = bank.reads(file("김철수").as_bytes()).await;
    assert!(asked.has("어느 열이 무엇인가요?"), "{:?}", asked.alerts());
    assert_eq!(bank.app.count("select count(*) from statements").await, 0);
    let headings = asked
        .between("<option value=\"", "\"")
        .filter(|hash| hash.len() == 64)
        .or_else(|| {
            asked
                .text
                .split("<option value=\"")
                .find_map(|rest| Some(rest.split_once('"')?.0.to_owned()).filter(|value| value.len() == 64))
        })
        .expect("a row of headings");
    let account = bank.account.to_string();
    let form = |at: &'static str, credit: &'static str| {
        vec![
            ("account", account.clone()),
            ("headings", headings.clone()),
            ("columns[at]", at.to_owned()),
            ("columns[name]", "2".to_owned()),
            ("columns[credit]", credit.to_owned()),
        ]
    };
    for (at, credit, saved) in [("1", "1", false), ("", "3", false), ("1", "3", true)] {
        let form = form(at, credit);
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = bank.boss.submit(COLUMNS, &form).await;
        assert_eq!(answer.has("열을 기억했어요"), saved, "{at} {credit}: {:?}", answer.alerts());
    }

    assert!(bank.reads(file("김철수").as_bytes()).await.has("새로운 줄은 1줄이에요"));
    assert!(bank.reads(file("이영희").as_bytes()).await.has("새로운 줄은 1줄이에요"), "remembered");
    for (bad, told) in [
        ("거래일시,의뢰인,적요,출금액\n", "열이 없어요"),
        ("", "파일을 고르거나"),
        ("거래일시,의뢰인,적요,입금액\n어제,가,나,5\n", "날짜를 읽을 수 없어요"),
    ] {
        let answer = bank.reads(bad.as_bytes()).await;
        assert!(answer.has(told), "{bad}: {:?}", answer.alerts());
    }
    assert_eq!(bank.app.count("select count(*) from statements").await, 2, "nothing of a bad file is kept");
    bank.finish().await;
}

#[tokio::test]
async fn two_operators_at_once_book_a_line_once() {
    let mut bank = Bank::open().await;
    let lee = bank.awaits("이후원").await;
    bank.reads_lines(&[(bank.app.now(), &lee.code.shown(), 50_000)]).await;
    let (line, deposit) = (bank.line(50_000).await.to_string(), lee.deposit.to_string());
    let mut other = bank.app.operator("박재무", Role::Operator).await;
    let form = [("line", line.as_str()), ("deposit", deposit.as_str())];

    let (one, two) = tokio::join!(bank.boss.call(MATCH, &form), other.call(MATCH, &form));

    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    assert_eq!(bank.app.count("select count(*) from deposit_matches").await, 1);
    assert_eq!(bank.held().await, 50_000);
    bank.finish().await;
}

#[tokio::test]
async fn a_match_is_taken_back_and_made_again() {
    let mut bank = Bank::open().await;
    let lee = bank.awaits("이후원").await;
    bank.reads_lines(&[(bank.app.now(), &lee.code.shown(), 50_000)]).await;
    bank.confirms().await;
    let id: Uuid = bank.app.ask("select id from deposit_matches").await;
    let form = [("matched", id.to_string()), ("why", "mistake".to_owned())];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();

    let undone = bank.boss.submit(UNDO, &form).await;

    assert!(undone.has("처리했어요"), "{:?}", undone.alerts());
    assert_eq!((bank.deposit(&lee).await.as_str(), bank.held().await), ("issued 0", 0));
    assert_eq!(bank.app.pledge_state(lee.pledge).await, "awaiting_deposit");
    assert_eq!(bank.app.payment_state(lee.pledge).await, "awaiting");
    assert_eq!(bank.queue_of(bank.line(50_000).await).await, "waiting certain");
    assert!(bank.boss.submit(UNDO, &form).await.has("그사이에 상태가 바뀌었어요"));
    assert_eq!(bank.app.broken_laws().await, Vec::<String>::new());
    bank.confirms().await;
    assert_eq!((bank.deposit(&lee).await.as_str(), bank.held().await), ("matched 50000", 50_000));

    let (again, now): (Uuid, _) =
        (bank.app.ask("select id from deposit_matches where undone_at is null").await, bank.app.now());
    sqlx::query("update deposits set due_at = $1").bind(now).execute(&bank.app.state.db.pool).await.unwrap();
    let form = [("matched", again.to_string()), ("why", "mistake".to_owned())];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(bank.boss.submit(UNDO, &form).await.has("그사이에 상태가 바뀌었어요"), "its time is over");
    assert_eq!(bank.deposit(&lee).await, "matched 50000");
    bank.finish().await;
}

#[tokio::test]
async fn a_line_that_is_nobody_s_is_set_aside_and_brought_back() {
    let mut bank = Bank::open().await;
    bank.reads_lines(&[(bank.app.now(), "이자", 17), (bank.app.now(), "관리비", -3_000)]).await;
    let other = "select balance('00000000-0000-0000-0000-000000000000', 'other')";
    for amount in [17, -3_000] {
        let line = bank.line(amount).await.to_string();
        for (turn, works, booked) in [
            ("set_aside", true, -amount),
            ("set_aside", false, -amount),
            ("bring_back", true, 0),
            ("set_aside", true, -amount),
            ("bring_back", true, 0),
        ] {
            bank.boss.get("/admin/deposits").await;
            let answer = bank.boss.submit(STEER, &[("line", &line), ("turn", turn)]).await;
            assert_eq!(answer.has("처리했어요"), works, "{turn}: {:?}", answer.alerts());
            assert_eq!(bank.app.count(other).await, booked, "{turn}");
        }
    }
    bank.finish().await;
}

#[tokio::test]
async fn a_long_statement_is_read_whole_and_one_that_is_too_long_not_at_all() {
    let mut bank = Bank::open().await;
    let first = bank.app.now() - TimeDelta::days(30);
    let file = |lines: i64| {
        let mut file = String::from("거래일시,의뢰인,적요,출금액,입금액\n");
        for n in 0..lines {
            writeln!(file, "{},가{n},나,0,1000", in_korea(first + TimeDelta::seconds(n))).unwrap();
        }
        file
    };

    // More than is written, and more than is looked at, in one go.
    let read = bank.reads(file(12_001).as_bytes()).await;
    assert!(read.has("12,001줄을 읽었고, 새로운 줄은 12,001줄이에요"), "{:?}", read.alerts());
    assert!(read.text.len() < 300_000, "the page shows the first lines of each queue");
    let unknown = "select count(*) from bank_lines where queue = 'unknown'";
    assert_eq!(bank.app.count(unknown).await, 12_001);
    let more = bank.reads(file(100_001).as_bytes()).await;
    assert!(more.has("줄을 넘어요"), "{:?}", more.alerts());
    assert_eq!(bank.app.count(unknown).await, 12_001);
    bank.finish().await;
}

#[tokio::test]
async fn each_law_of_deposits_is_found_broken() {
    let mut bank = Bank::open().await;
    let lee = bank.awaits("이후원").await;
    let now = bank.app.now();
    bank.reads_lines(&[(now, &lee.code.shown(), 50_000), (now, "이자", 17)]).await;
    bank.confirms().await;
    assert_eq!(bank.app.broken_laws().await, Vec::<String>::new());

    for (law, sql, back) in [
        (
            "every deposit has what was matched to it",
            "update deposit_matches set amount_minor = amount_minor - 1",
            "update deposit_matches set amount_minor = amount_minor + 1",
        ),
        (
            "of every line is used what belongs to deposits or goes back",
            "update bank_lines set used_minor = used_minor - 1 where used_minor > 0",
            "update bank_lines set used_minor = used_minor + 1 where used_minor > 0",
        ),
        (
            "the books hold of every receiving account what its statements tell",
            "update bank_lines set amount_minor = 18 where amount_minor = 17",
            "update bank_lines set amount_minor = 17 where amount_minor = 18",
        ),
        (
            "what was set aside is booked as nobody's",
            "update bank_lines set state = 'set_aside' where amount_minor = 17",
            "update bank_lines set state = 'waiting' where amount_minor = 17",
        ),
        (
            "backers' deposits of a project are what came in for it and was not taken",
            "update ledger_sums set minor = minor + 1 where account = 'backer_deposits'",
            "update ledger_sums set minor = minor - 1 where account = 'backer_deposits'",
        ),
        (
            "a payment by transfer is received once all of its deposit is there",
            "update payments set paid_minor = paid_minor - 1 where state = 'received'",
            "update payments set paid_minor = paid_minor + 1 where state = 'received'",
        ),
    ] {
        assert!(tamper(&bank.app, sql).await > 0, "something is changed by {sql}");
        let broken = bank.app.broken_laws().await;
        assert!(broken.iter().any(|line| line.starts_with(law)), "{sql} broke {broken:?}");
        tamper(&bank.app, back).await;
        assert_eq!(bank.app.broken_laws().await, Vec::<String>::new(), "{back}");
    }
    bank.finish().await;
}
