//! Money that goes back by transfer: the account is asked for, a file is made and sent, statements show it.

use crate::{
    harness::{Answer, Person, Project, TestApp},
    refunds::{REFUND_FAILS, paid, refunds_all},
};
use accounts::operators::Role;
use kernel::{PledgeId, seal::Place};

const ACCOUNT: &str = "3333-01-1234567";

/// A pledge of 2,500 won whose refund waits for an account, and an operator of finance.
async fn wanted(app: &TestApp) -> (Project, Person, PledgeId, Person) {
    let (project, lee, pledge) = paid(app, REFUND_FAILS).await;
    let mut boss = app.operator("재무", Role::Finance).await;
    refunds_all(&mut boss, pledge).await;
    app.drain().await;
    let id: uuid::Uuid = app.ask("select id from refunds").await;
    let turned = boss
        .submit("/api/refunds/steer/steer_refund", &[("refund", &id.to_string()), ("turn", "by_transfer")])
        .await;
    assert_eq!(turned.status, 200, "{:?}", turned.alerts());
    app.drain().await;
    sqlx::query(
        "insert into receiving_accounts (id, bank, number, holder, currency, created_at)
         values (gen_random_uuid(), '004', '123456-01-123456', '두레', 'KRW', now())",
    )
    .execute(&app.state.db.pool)
    .await
    .expect("an account");
    (project, lee, pledge, boss)
}

async fn gives(lee: &mut Person, pledge: PledgeId, number: &str) -> Answer {
    let pledge = pledge.to_string();
    lee.get(&format!("/account/pledges/{pledge}/refund-account")).await;
    let form = [("pledge", pledge.as_str()), ("bank", "090"), ("number", number), ("holder", "이후원")];
    lee.submit("/api/refunds/account/give_refund_account", &form).await
}

async fn makes_a_batch(app: &TestApp, boss: &mut Person) -> String {
    let account: uuid::Uuid = app.ask("select id from receiving_accounts").await;
    boss.get("/admin/transfers").await;
    let form = [("account", account.to_string())];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = boss.submit("/api/refunds/transfers/batch/make_batch", &form).await;
    assert_eq!(made.status, 200, "{:?}", made.alerts());
    app.ask::<uuid::Uuid>("select id from transfer_batches order by id desc limit 1").await.to_string()
}

/// Downloads the file and tells that the bank took it.
async fn sends(app: &TestApp, boss: &mut Person) -> Vec<u8> {
    let batch = makes_a_batch(app, boss).await;
    let file = boss.get(&format!("/admin/transfers/{batch}/file")).await;
    assert_eq!(file.status, 200);
    boss.get("/admin/transfers").await;
    let sent = boss.submit("/api/refunds/transfers/batch/send_batch", &[("batch", &batch)]).await;
    assert_eq!(sent.status, 200, "{:?}", sent.alerts());
    file.bytes.to_vec()
}

/// A line of a statement, as it stands in the books; its text is sealed.
async fn line(app: &TestApp, amount: i64, text: &str) -> uuid::Uuid {
    let (db, statement, id) = (&app.state.db, kernel::StatementId::new(), kernel::BankLineId::new());
    let account: uuid::Uuid = app.ask("select id from receiving_accounts").await;
    let mut tx = db.begin(kernel::db::Act::system("a statement was read")).await.expect("a transaction");
    sqlx::query(
        "insert into statements (id, account_id, file_hash, uploaded_by, uploaded_at, lines, fresh)
         select $1, $2, $3, id, $4, 1, 1 from members limit 1",
    )
    .bind(statement.uuid())
    .bind(account)
    .bind(statement.uuid().as_bytes().as_slice())
    .bind(app.now())
    .execute(&mut *tx)
    .await
    .expect("a statement");
    let sealed = db.keys.seal(Place { column: "bank_lines.sealed", row: id.uuid() }, text).expect("a key");
    sqlx::query(
        "insert into bank_lines (id, account_id, statement_id, line, at, amount_minor, currency, sealed, fingerprint,
                                 occurrence, state)
         values ($1, $2, $3, 1, $4, $5, 'KRW', $6, $7, 1, 'waiting')",
    )
    .bind(id.uuid())
    .bind(account)
    .bind(statement.uuid())
    .bind(app.now())
    .bind(amount)
    .bind(sealed)
    .bind(id.uuid().as_bytes().as_slice())
    .execute(&mut *tx)
    .await
    .expect("a line");
    let event = ledger::Event::StatementRead {
        statement,
        account: account.into(),
        credits: kernel::Money::won(amount.max(0)),
        debits: kernel::Money::won((-amount).max(0)),
    };
    ledger::post(&mut tx, event, app.now()).await.expect("it is booked");
    tx.commit().await.expect("it is written");
    id.uuid()
}

async fn confirms(boss: &mut Person) -> Answer {
    boss.get("/admin/transfers").await;
    boss.submit("/api/refunds/transfers/outcome/confirm_transfers", &[]).await
}

async fn unmatched(app: &TestApp) -> i64 {
    app.count("select coalesce(sum(minor), 0)::bigint from ledger_sums where account = 'unmatched'").await
}

async fn state(app: &TestApp) -> (String, String) {
    (
        app.ask("select state from refunds").await,
        app.ask("select state from transfers order by id desc limit 1").await,
    )
}

#[tokio::test]
async fn a_refund_goes_to_the_account_that_its_backer_gave_and_a_statement_shows_it() {
    let app = TestApp::start().await;
    let (project, mut lee, pledge, mut boss) = wanted(&app).await;
    assert!(lee.get(&format!("/account/pledges/{pledge}/refund-account")).await.has("예금주"));

    let wrong = gives(&mut lee, pledge, "12").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.field_error("number").as_deref(), Some("8자 이상 입력해 주세요."));
    assert!(wrong.has("value=\"이후원\""), "what was typed is kept");
    assert_eq!(gives(&mut lee, pledge, ACCOUNT).await.status, 200);
    app.drain().await;
    assert_eq!(state(&app).await, ("sending".to_owned(), "ready".to_owned()));
    assert_eq!(gives(&mut lee, pledge, ACCOUNT).await.status, 404, "it is given once");

    let file = sends(&app, &mut boss).await;
    let batch: uuid::Uuid = app.ask("select id from transfer_batches").await;
    let again = boss.get(&format!("/admin/transfers/{batch}/file")).await;
    assert_eq!(again.bytes.to_vec(), file, "the same bytes each time");
    let text = String::from_utf8_lossy(&file).into_owned();
    let memo: String = app.ask("select memo from transfers").await;
    assert!(text.contains("090,3333011234567,2500,") && text.contains(&memo), "{text}");
    app.drain().await;
    assert_eq!(state(&app).await, ("succeeded".to_owned(), "sent".to_owned()));
    assert_eq!((app.escrow(project.id).await, app.pledge_state(pledge).await), (0, "refunded".to_owned()));
    let mails = app.mails(&lee.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.text.contains("알려 주신 계좌로 보냈어요")).count(), 1);

    // One of another amount, and one with another memo, are not it.
    line(&app, -2501, &memo).await;
    line(&app, -2500, "R000000000").await;
    assert!(confirms(&mut boss).await.has("새로 확인할 출금이 없어요"));
    assert_eq!(state(&app).await.1, "sent");
    line(&app, -2500, &format!("{{\"name\":\"이후원\",\"memo\":\"{memo}\"}}")).await;
    assert!(boss.get("/admin/transfers").await.has("맞는 출금이 1건"));
    confirms(&mut boss).await;
    confirms(&mut boss).await;

    assert_eq!(state(&app).await, ("succeeded".to_owned(), "done".to_owned()));
    assert_eq!(unmatched(&app).await, 5001, "but for the two others");
    assert_eq!(app.count("select count(*) from ledger_entries where kind = 'transfer_confirmed'").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn what_the_bank_refuses_or_sends_back_is_asked_for_again() {
    for left in [false, true] {
        let app = TestApp::start().await;
        let (project, mut lee, pledge, mut boss) = wanted(&app).await;
        gives(&mut lee, pledge, ACCOUNT).await;
        app.drain().await;
        sends(&app, &mut boss).await;
        let transfer: uuid::Uuid = app.ask("select id from transfers").await;
        let (id, memo) = (transfer.to_string(), app.ask::<String>("select memo from transfers").await);
        let mut form = vec![("transfer", id.clone()), ("why", "예금주 불일치".to_owned())];
        if left {
            line(&app, -2500, &memo).await;
            confirms(&mut boss).await;
            let back = line(&app, 2500, "되돌아온 이체").await;
            assert!(boss.get("/admin/transfers").await.has("되돌아온 환불"));
            form.push(("line", back.to_string()));
        }
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();

        let failed = boss.submit("/api/refunds/transfers/outcome/fail_transfer", &form).await;
        assert_eq!(failed.status, 200, "{:?}", failed.alerts());
        app.drain().await;

        assert_eq!(state(&app).await, ("needs_account".to_owned(), "failed".to_owned()), "{left}");
        assert_eq!((app.escrow(project.id).await, unmatched(&app).await), (2500, 0), "{left}");
        assert_eq!(app.broken_laws().await, Vec::<String>::new(), "{left}");
        assert_eq!(boss.call("/api/refunds/transfers/outcome/fail_transfer", &form).await.status, 409);
        let subjects: Vec<_> = app.mails(&lee.email).await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(
            subjects.iter().filter(|subject| subject.contains("계좌를 알려 주세요")).count(),
            2,
            "{left}"
        );

        gives(&mut lee, pledge, "110-123-456789").await;
        app.drain().await;
        sends(&app, &mut boss).await;
        assert_eq!(state(&app).await, ("succeeded".to_owned(), "sent".to_owned()));
        assert_eq!(app.escrow(project.id).await, 0);
        app.finish().await;
    }
}

#[tokio::test]
async fn an_operator_types_the_account_and_a_batch_is_sent_once() {
    let app = TestApp::start().await;
    let (project, _, _, mut boss) = wanted(&app).await;
    let id: uuid::Uuid = app.ask("select id from refunds").await;
    let id = id.to_string();
    assert!(boss.get(&format!("/admin/refunds?id={id}")).await.has("계좌를 대신 적기"));
    let form = [("refund", id.as_str()), ("bank", "004"), ("number", "12345678"), ("holder", "홍길동")];
    let typed = boss.submit("/api/refunds/account/set_refund_account", &form).await;
    assert_eq!(typed.status, 200, "{:?}", typed.alerts());
    app.drain().await;

    let batch = makes_a_batch(&app, &mut boss).await;
    let early = boss.call("/api/refunds/transfers/batch/send_batch", &[("batch", &batch)]).await;
    assert_eq!(early.status, 409, "nobody has the file yet");
    boss.get(&format!("/admin/transfers/{batch}/file")).await;
    for _ in 0..2 {
        assert_eq!(
            boss.call("/api/refunds/transfers/batch/send_batch", &[("batch", &batch)]).await.status,
            200
        );
    }
    let account: uuid::Uuid = app.ask("select id from receiving_accounts").await;
    let none =
        boss.call("/api/refunds/transfers/batch/make_batch", &[("account", &account.to_string())]).await;

    assert_eq!(none.status, 409, "nothing is ready");
    assert_eq!(app.count("select count(*) from ledger_entries where kind = 'refund_sent'").await, 1);
    assert_eq!(app.escrow(project.id).await, 0);
    let sealed: Vec<u8> = app.ask("select sealed from transfers").await;
    assert!(!String::from_utf8_lossy(&sealed).contains("12345678"), "accounts are sealed");
    app.finish().await;
}
