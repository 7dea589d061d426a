//! Creators' money: plans, promises, statements, payouts, and what everybody sees of it.

use crate::{
    books::tamper,
    functions::{BASIC, account},
    harness::{Choice, GOOD_CARD, Person, Plan, Project, REFUSED_LATER, TestApp},
};
use accounts::operators::Role;
use chrono::TimeDelta;
use kernel::{FormKey, Money, PaymentId, db::Act};
use payments::{NewRefund, RefundReason, RefundSource, RefundWay};
use projects::DraftStatement;
use uuid::Uuid;

const CHOOSE: &str = "/api/settlement/terms/choose_terms";
const SAVE: &str = "/api/settlement/account/save_payout_account";
const CHECK: &str = "/api/app/pages/admin/payouts/check_account";
const REFUSE: &str = "/api/app/pages/admin/payouts/refuse_account";
const APPROVE: &str = "/api/app/pages/admin/payouts/approve_payout";
const REWRITE: &str = "/api/app/pages/admin/payouts/rewrite_payout";
const PAY: &str = "/api/app/pages/admin/payouts/pay_payout";
const ADD_PLAN: &str = "/api/app/pages/admin/plans/add_plan";
const CLOSE_PLAN: &str = "/api/app/pages/admin/plans/close_plan";

async fn save_account(creator: &mut Person) -> u16 {
    let form = account();
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    creator.call(SAVE, &form).await.status
}

/// A project of which a hundred thousand won was collected, with a creator whose account was checked.
struct Paid {
    creator: Person,
    finance: Person,
    project: Project,
}

async fn collected(app: &TestApp) -> Paid {
    let mut creator = app.member("김창작").await;
    let mut finance = app.operator("박재무", Role::Finance).await;
    assert_eq!(save_account(&mut creator).await, 200);
    let account: Uuid =
        app.ask_of("select id from payout_accounts where member_id = $1", creator.id.uuid()).await;
    assert_eq!(finance.call(CHECK, &[("account", &account.to_string())]).await.status, 200);
    let project = creator.launches(app, &Plan::with_goal(100_000)).await;
    app.member("이후원").await.pledges(&project, &Choice::support(100_000), GOOD_CARD).await;
    app.advance_to(project.deadline).await;
    assert_eq!(app.project_state(project.id).await, "funded");
    Paid { creator, finance, project }
}

/// The newest statement of a project.
async fn newest(app: &TestApp, project: &Project) -> Uuid {
    app.ask_of("select id from payouts where project_id = $1 order by number desc limit 1", project.id.uuid())
        .await
}

async fn payout_state(app: &TestApp, payout: Uuid) -> String {
    app.ask_of("select state from payouts where id = $1", payout).await
}

/// The operator's bank has an account, and a batch waits for its transfers.
async fn batch(app: &TestApp, by: &Person) -> Uuid {
    let (account, batch) = (Uuid::now_v7(), Uuid::now_v7());
    let number =
        format!("123-{}", &account.simple().to_string()[20..].replace(|c: char| !c.is_ascii_digit(), "0"));
    sqlx::query(
        "insert into receiving_accounts (id, bank, number, holder, currency, created_at)
         values ($1, '004', $2, '두레', 'KRW', now()) on conflict do nothing",
    )
    .bind(account)
    .bind(number)
    .execute(&app.state.db.pool)
    .await
    .expect("the database answers");
    sqlx::query("insert into transfer_batches (id, account_id, made_at, made_by) values ($1, $2, now(), $3)")
        .bind(batch)
        .bind(account)
        .bind(by.id.uuid())
        .execute(&app.state.db.pool)
        .await
        .expect("the database answers");
    batch
}

/// Takes the open transfer of a payout through these states.
async fn transfer_goes(app: &TestApp, payout: Uuid, batch: Uuid, states: &[&str]) {
    for state in states {
        let mut tx =
            app.state.db.begin(Act::operator("the bank said so")).await.expect("the database answers");
        let moved = sqlx::query(
            "update transfers set state = $2, batch_id = $3
              where id = (select id from transfers where payout_id = $1 order by id desc limit 1)",
        )
        .bind(payout)
        .bind(state)
        .bind(batch)
        .execute(&mut *tx)
        .await
        .expect("the database answers");
        assert_eq!(moved.rows_affected(), 1);
        tx.commit().await.expect("the database answers");
    }
    app.drain().await;
}

#[tokio::test]
async fn a_creator_chooses_plan_and_promise_and_everybody_reads_them_before_paying() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let mut lee = app.member("이후원").await;
    let draft = creator.drafts(&app, &Plan::with_goal(1_000_000)).await;

    let page = creator.get(&draft.studio("/terms")).await;
    let words = page.words();
    for line in [
        "플랫폼 수수료 5%",
        "-50,000원",
        "-30,000원",
        "-8,000원",
        "받는 돈 912,000원",
        "729,600원",
        "182,400원",
    ] {
        assert!(words.contains(line), "{line} is not in {words}");
    }
    let odd = creator
        .submit(CHOOSE, &[("slug", &draft.slug), ("plan", BASIC), ("promise", "true"), ("share", "0.5")])
        .await;
    assert!(odd.alerts().iter().any(|alert| alert.contains("1부터 100까지")), "{:?}", odd.alerts());
    let saved = creator
        .submit(CHOOSE, &[("slug", &draft.slug), ("plan", BASIC), ("promise", "true"), ("share", "92.5")])
        .await;
    assert!(saved.has("저장했어요"), "{:?}", saved.alerts());
    projects::launch(&app.state.db, creator.id, &known(&app, &draft).await).await.unwrap();

    let (public, checkout) =
        (app.page(&draft.page()).await, lee.get(&format!("{}/pledge", draft.page())).await);
    for page in [public, checkout] {
        assert!(page.has("목표의 92.5%보다 적으면 모두에게 돌려드려요"), "{}", page.words());
        assert!(page.has("플랫폼 수수료 5%"), "{}", page.words());
    }
    let late = creator.call(CHOOSE, &[("slug", &draft.slug), ("plan", BASIC)]).await;
    assert_eq!(late.status, 409);
    assert!(creator.get(&draft.studio("/terms")).await.has("공개할 때 정해져"));
    let share: Option<i32> =
        app.ask_of("select collected_share_bp from projects where id = $1", draft.id.uuid()).await;
    assert_eq!(share, Some(9250));
    app.finish().await;
}

async fn known(app: &TestApp, project: &Project) -> projects::Project {
    projects::store::by_id(&mut app.state.db.pool.acquire().await.expect("the database answers"), project.id)
        .await
        .expect("the database answers")
}

#[tokio::test]
async fn a_new_version_is_for_projects_that_come_and_the_last_plan_stays() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let mut finance = app.operator("박재무", Role::Finance).await;
    let before = creator.launches(&app, &Plan::with_goal(1000)).await;
    let form = |platform: &'static str, after: &'static str| {
        [
            ("code", "basic"),
            ("after", after),
            ("name_ko", "기본"),
            ("name_en", "Basic"),
            ("platform", platform),
            ("payment", "3"),
            ("vat", "10"),
            ("early", "50"),
            ("early_days", "3"),
            ("final_days", "30"),
        ]
    };
    finance.get("/admin/plans?of=basic").await;
    for (platform, after, status) in
        [("50.5", "1", 422), ("-1", "1", 422), ("4", "7", 409), ("4", "1", 200), ("4", "1", 409)]
    {
        assert_eq!(
            finance.call(ADD_PLAN, &form(platform, after)).await.status,
            status,
            "{platform} after {after}"
        );
    }

    let after = creator.launches(&app, &Plan::with_goal(1000)).await;
    let rate = "select f.platform_bp from projects p join fee_plans f on f.id = p.plan_id where p.id = $1";
    assert_eq!(app.ask_of::<i32>(rate, before.id.uuid()).await, 500);
    assert_eq!(app.ask_of::<i32>(rate, after.id.uuid()).await, 400);
    let open: Uuid = app.ask("select id from fee_plans where closed_at is null").await;
    assert_eq!(
        finance.call(CLOSE_PLAN, &[("plan", &open.to_string())]).await.status,
        409,
        "a launch needs one"
    );
    assert_eq!(creator.call(CHOOSE, &[("slug", &before.slug), ("plan", BASIC)]).await.status, 409);
    let draft = creator.drafts(&app, &Plan::with_goal(1000)).await;
    assert_eq!(
        creator.call(CHOOSE, &[("slug", &draft.slug), ("plan", BASIC)]).await.status,
        409,
        "it is closed"
    );
    let page = finance.get("/admin/plans").await;
    assert!(page.has("고를 수 있음") && page.has("닫음"), "{}", page.words());
    assert!(finance.get("/admin/log").await.has("수수료 플랜 새 버전"));
    app.finish().await;
}

#[tokio::test]
async fn when_less_than_promised_is_collected_everybody_is_refunded_once() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let (mut lee, mut park) = (app.member("이후원").await, app.member("박거절").await);
    let draft = creator.drafts(&app, &Plan::with_goal(50_000)).await;
    let promise = [("slug", draft.slug.as_str()), ("plan", BASIC), ("promise", "true"), ("share", "90")];
    assert_eq!(creator.call(CHOOSE, &promise).await.status, 200);
    projects::launch(&app.state.db, creator.id, &known(&app, &draft).await).await.unwrap();
    let paid = lee.pledges(&draft, &Choice::support(40_000), GOOD_CARD).await;
    let refused = park.pledges(&draft, &Choice::support(20_000), REFUSED_LATER).await;
    app.set_clock(draft.deadline);
    pledges::judge(&app.means, draft.id).await.unwrap();
    for pledge in [paid, refused] {
        pledges::charge(&app.means, pledges::ChargePledge::run(pledge, 1)).await.unwrap();
    }
    pledges::finish_collection(&app.means, draft.id).await.unwrap();
    assert_eq!(app.project_state(draft.id).await, "unfunded");

    // Two workers at once, and one after them.
    let (one, two) = tokio::join!(
        pledges::return_collected(&app.means, draft.id),
        pledges::return_collected(&app.means, draft.id)
    );
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    pledges::return_collected(&app.means, draft.id).await.unwrap();
    pledges::finish_collection(&app.means, draft.id).await.unwrap();

    let refunds: Vec<String> = sqlx::query_scalar(
        "select reason || ' ' || way || ' ' || amount_minor || ' by ' || asked_by from refunds",
    )
    .fetch_all(&app.state.db.pool)
    .await
    .unwrap();
    assert_eq!(refunds, ["too_little_collected gateway 40000 by system"]);
    assert_eq!(app.count("select count(*) from outbox where key like 'pledge.too_little:%'").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'project.too_little:%'").await, 1);
    assert_eq!(app.count("select count(*) from payouts").await, 0);
    let page = app.page(&draft.page()).await.words();
    assert!(page.contains("약속한 몫보다 적어 모두에게 돌려드려요"), "{page}");
    assert!(page.contains("결제 완료 40,000원") && page.contains("장부 내려받기"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn when_as_much_as_promised_is_collected_the_project_is_funded() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let draft = creator.drafts(&app, &Plan::with_goal(50_000)).await;
    let promise = [("slug", draft.slug.as_str()), ("plan", BASIC), ("promise", "true"), ("share", "80")];
    assert_eq!(creator.call(CHOOSE, &promise).await.status, 200);
    projects::launch(&app.state.db, creator.id, &known(&app, &draft).await).await.unwrap();
    app.member("이후원").await.pledges(&draft, &Choice::support(40_000), GOOD_CARD).await;
    app.member("박거절").await.pledges(&draft, &Choice::support(20_000), REFUSED_LATER).await;

    app.advance_to(draft.deadline).await;

    assert_eq!(app.project_state(draft.id).await, "funded");
    assert_eq!(app.count("select count(*) from refunds").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_was_collected_reaches_the_creator_in_two_shares_to_the_won() {
    let app = TestApp::start().await;
    let Paid { mut creator, mut finance, project } = collected(&app).await;
    assert!(creator.get(&project.studio("/payouts")).await.has("아직 정산서가 없어요"));

    app.advance(TimeDelta::days(14)).await;
    let first = newest(&app, &project).await;
    assert_eq!(payout_state(&app, first).await, "issued");
    let words = creator.get(&project.studio("/payouts")).await.words();
    for line in
        ["정산할 돈 80,000원", "-4,000원", "-2,400원", "-640원", "보내 드리는 돈 72,960원", "승인 대기"]
    {
        assert!(words.contains(line), "{line} is not in {words}");
    }
    let mails = app.mails(&creator.email).await;
    assert!(
        mails[0].subject.contains("정산서가 나왔어요") && mails[0].text.contains("72,960원"),
        "{:?}",
        mails[0]
    );

    let id = first.to_string();
    let form = [("payout", id.as_str())];
    let mut outsider = app.member("이남").await;
    for action in [APPROVE, REWRITE, PAY] {
        assert_eq!(outsider.call(action, &form).await.status, 404);
        assert_eq!(creator.call(action, &form).await.status, 404, "nobody approves their own");
    }
    assert_eq!(finance.call(PAY, &form).await.status, 409, "it is not approved");
    finance.get("/admin/payouts").await;
    let done = finance.submit(APPROVE, &form).await;
    assert!(done.has("처리했어요"), "{:?}", done.alerts());
    assert_eq!(finance.call(APPROVE, &form).await.status, 409, "once");
    assert_eq!(finance.call(PAY, &form).await.status, 200);
    assert_eq!(finance.call(PAY, &form).await.status, 409, "one transfer is open");
    let open = batch(&app, &finance).await;
    transfer_goes(&app, first, open, &["batched", "sent"]).await;
    assert_eq!(payout_state(&app, first).await, "paying");
    assert_eq!(app.count("select count(*) from ledger_entries where kind = 'payout_sent'").await, 1);
    transfer_goes(&app, first, open, &["done"]).await;
    assert_eq!(payout_state(&app, first).await, "paid");
    let page = app.page(&project.page()).await.words();
    for truth in ["결제 완료 100,000원", "수수료 (부가세 포함) 7,040원", "창작자에게 보낸 금액 72,960원"]
    {
        assert!(page.contains(truth), "{truth} is not on the page: {page}");
    }

    app.advance(TimeDelta::days(60)).await;
    let second = newest(&app, &project).await;
    assert_ne!(first, second);
    let id = second.to_string();
    let form = [("payout", id.as_str())];
    assert_eq!(finance.call(APPROVE, &form).await.status, 200);
    assert_eq!(finance.call(PAY, &form).await.status, 200);
    transfer_goes(&app, second, open, &["batched", "sent", "done"]).await;

    let page = app.page(&project.page()).await.words();
    for truth in ["수수료 (부가세 포함) 8,800원", "창작자에게 보낸 금액 91,200원"] {
        assert!(page.contains(truth), "{truth} is not on the page: {page}");
    }
    assert_eq!(app.escrow(project.id).await, 0);
    assert_eq!(
        app.count("select sum(minor)::bigint from ledger_sums where account = 'creator_payable'").await,
        0
    );
    settlement::sweep(&app.means).await.unwrap();
    app.advance(TimeDelta::days(1)).await;
    assert_eq!(app.count("select count(*) from payouts").await, 2, "there is nothing more");
    assert!(app.mails(&creator.email).await.iter().any(|mail| mail.subject.contains("정산금을 보냈어요")));
    assert!(finance.get("/admin/log").await.has("정산서 승인"));
    app.finish().await;
}

#[tokio::test]
async fn nothing_leaves_for_an_account_that_nobody_has_checked() {
    let app = TestApp::start().await;
    let Paid { mut creator, mut finance, project } = collected(&app).await;
    app.advance(TimeDelta::days(14)).await;
    let id = newest(&app, &project).await.to_string();
    let form = [("payout", id.as_str())];
    assert_eq!(finance.call(APPROVE, &form).await.status, 200);
    let proof = save_account(&mut creator).await;
    assert_eq!(proof, 401, "the last proof of who they are is weeks old");
    sqlx::query("update sessions set proved_at = $1")
        .bind(app.now())
        .execute(&app.state.db.pool)
        .await
        .unwrap();

    assert_eq!(save_account(&mut creator).await, 200);
    assert_eq!(
        finance.call(PAY, &form).await.status,
        409,
        "it goes to the new account, which is not checked"
    );
    let account: Uuid = app.ask("select id from payout_accounts where ended_at is null").await;
    let why = [("account", account.to_string()), ("why", "예금주가 달라요".to_owned())];
    let why: Vec<_> = why.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(finance.call(REFUSE, &[why[0], ("why", " ")]).await.status, 422);
    assert_eq!(finance.call(REFUSE, &why).await.status, 200);
    assert_eq!(finance.call(CHECK, &[why[0]]).await.status, 409, "it was refused");
    assert_eq!(finance.call(PAY, &form).await.status, 409);
    let page = creator.get("/account/payout").await;
    assert!(page.has("예금주가 달라요") && page.has("••••5678") && !page.has("33330123"), "{}", page.words());
    assert_eq!(app.count("select count(*) from transfers").await, 0);
    let kept: Vec<u8> = app.ask("select sealed from payout_accounts limit 1").await;
    assert!(!String::from_utf8_lossy(&kept).contains("3333012345678"));
    app.finish().await;
}

#[tokio::test]
async fn a_statement_that_the_ledger_does_not_bear_out_is_refused_and_written_anew() {
    let app = TestApp::start().await;
    let Paid { finance, project, .. } = collected(&app).await;
    app.advance(TimeDelta::days(14)).await;
    let payout = newest(&app, &project).await;
    let id = payout.to_string();
    let form = [("payout", id.as_str())];
    let payment: Uuid = app.ask("select id from payments").await;
    let now = app.now();
    let refund = NewRefund {
        source: RefundSource::Payment(PaymentId::from_uuid(payment)),
        key: FormKey::new(),
        amount: Money::won(10_000),
        way: RefundWay::Transfer,
        account: None,
        reason: RefundReason::Goodwill,
        note: "",
        by: None,
        at: now,
    };
    let mut tx = app.state.db.begin(Act::operator("a part goes back")).await.unwrap();
    payments::open_refund(&mut tx, &refund).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(finance.clone().call(APPROVE, &form).await.status, 409);
    assert_eq!(payout_state(&app, payout).await, "issued");
    assert_eq!(app.count("select count(*) from ledger_entries where kind = 'statement_approved'").await, 0);
    // Past our code the database refuses it as well.
    let mut tx = app.state.db.begin(Act::operator("by hand")).await.unwrap();
    sqlx::query("update payouts set state = 'approved'").execute(&mut *tx).await.unwrap();
    let refused = tx.commit().await.unwrap_err();
    assert!(refused.to_string().contains("the ledger does not say"), "{refused}");
    assert_eq!(finance.clone().call(REWRITE, &form).await.status, 200);
    assert_eq!(app.count("select gross_minor from payouts").await, 72_000, "what goes back is held");
    assert_eq!(finance.clone().call(APPROVE, &form).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn statements_are_written_once_and_approved_once_whoever_tries_at_the_same_time() {
    let app = TestApp::start().await;
    let Paid { finance, project, .. } = collected(&app).await;
    app.set_clock(app.now() + TimeDelta::days(14));
    let job = || DraftStatement { project: project.id, round: 1 };

    let (one, two) = tokio::join!(settlement::draft(&app.means, job()), settlement::draft(&app.means, job()));
    assert!(one.is_ok() != two.is_ok(), "the other finds it open: {one:?} {two:?}");
    app.drain().await;
    assert_eq!(app.count("select count(*) from payouts").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'payout.issued:%'").await, 1);

    let id = newest(&app, &project).await.to_string();
    let form = [("payout", id.as_str())];
    let (mut a, mut b) = (finance.clone(), finance.clone());
    let (one, two) = tokio::join!(a.call(APPROVE, &form), b.call(APPROVE, &form));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let (one, two) = tokio::join!(a.call(PAY, &form), b.call(PAY, &form));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    assert_eq!(app.count("select count(*) from ledger_entries where kind = 'statement_approved'").await, 1);
    assert_eq!(app.count("select count(*) from transfers").await, 1);
    assert_eq!(app.count("select count(*) from outbox where key like 'payout.approved:%'").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_payout_that_comes_back_can_be_paid_again_and_is_booked_each_time() {
    let app = TestApp::start().await;
    let Paid { creator, mut finance, project } = collected(&app).await;
    app.advance(TimeDelta::days(14)).await;
    let payout = newest(&app, &project).await;
    let id = payout.to_string();
    let form = [("payout", id.as_str())];
    assert_eq!(finance.call(APPROVE, &form).await.status, 200);
    assert_eq!(finance.call(PAY, &form).await.status, 200);
    let open = batch(&app, &finance).await;

    // It never left.
    transfer_goes(&app, payout, open, &["batched", "ready", "failed"]).await;
    assert_eq!(payout_state(&app, payout).await, "failed");
    assert_eq!(app.count("select count(*) from ledger_entries where kind like 'payout_%'").await, 0);
    assert_eq!(finance.call(PAY, &form).await.status, 200);
    // It left and came back days after the bank had called it done.
    transfer_goes(&app, payout, open, &["batched", "sent", "done"]).await;
    transfer_goes(&app, payout, open, &["failed"]).await;
    assert_eq!(payout_state(&app, payout).await, "failed");
    assert_eq!(app.broken_laws().await, Vec::<String>::new());
    let transfer: Uuid = app.ask("select id from transfers order by id desc limit 1").await;
    for state in ["failed", "sent", "done", "failed"] {
        let again = settlement::FollowTransfer { transfer: transfer.into(), state: state.to_owned() };
        settlement::follow(&app.means, again).await.unwrap();
    }
    assert_eq!(payout_state(&app, payout).await, "failed", "what is told again changes nothing");
    assert_eq!(finance.call(PAY, &form).await.status, 200);
    transfer_goes(&app, payout, open, &["batched", "sent", "done"]).await;

    assert_eq!(payout_state(&app, payout).await, "paid");
    let kinds = "select string_agg(kind, ' ' order by seq) from ledger_entries where kind like 'payout_%'";
    assert_eq!(app.ask::<String>(kinds).await, "payout_sent payout_returned payout_sent");
    let page = app.page(&project.page()).await.words();
    assert!(page.contains("창작자에게 보낸 금액 72,960원"), "{page}");
    let failed =
        app.mails(&creator.email).await.into_iter().filter(|mail| mail.subject.contains("보내지 못했어요"));
    assert_eq!(failed.count(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_creator_with_money_in_the_books_cannot_leave_before_it_is_settled() {
    let app = TestApp::start().await;
    let Paid { mut creator, .. } = collected(&app).await;
    sqlx::query("update sessions set proved_at = $1")
        .bind(app.now())
        .execute(&app.state.db.pool)
        .await
        .unwrap();

    let page = creator.get("/account/close").await;
    let answer = creator.call("/api/app/pages/close/close_account", &[("sure", "true")]).await;

    assert!(page.has("정산이 아직 끝나지 않았어요"), "{}", page.words());
    assert_eq!(answer.status, 409);
    let kept = creator.get("/account/data.json").await;
    assert!(kept.text.contains("3333012345678"), "they may have what we keep of them");
    app.finish().await;
}

#[tokio::test]
async fn the_operator_sees_what_is_open_and_when_the_books_balanced() {
    let app = TestApp::start().await;
    let Paid { mut finance, project, .. } = collected(&app).await;
    let page = app.page(&project.page()).await;
    assert!(!page.has("장부가 마지막으로 맞은 때"), "{}", page.words());
    assert!(finance.get("/admin/money").await.has("아직 확인한 적이 없어요"));
    app.advance(TimeDelta::days(14)).await;

    server::check::run_and_note(&app.state.db, server::check::Gateway::Own).await.unwrap();

    let words = finance.get("/admin/money").await.words();
    assert!(words.contains("승인할 정산서 1") && words.contains("장부"), "{words}");
    assert!(app.page(&project.page()).await.has("장부가 마지막으로 맞은 때"));
    let (laws, faults): (i64, i64) = (
        app.count("select laws::bigint from book_checks").await,
        app.count("select faults::bigint from book_checks").await,
    );
    assert!(laws > 20 && faults == 0);
    app.finish().await;
}

#[tokio::test]
async fn every_law_of_payouts_finds_what_was_tampered_with() {
    let app = TestApp::start().await;
    let Paid { mut finance, project, .. } = collected(&app).await;
    app.advance(TimeDelta::days(14)).await;
    let payout = newest(&app, &project).await;
    let id = payout.to_string();
    let form = [("payout", id.as_str())];
    assert_eq!(finance.call(APPROVE, &form).await.status, 200);
    assert_eq!(finance.call(PAY, &form).await.status, 200);
    let open = batch(&app, &finance).await;
    transfer_goes(&app, payout, open, &["batched", "sent", "done"]).await;
    assert_eq!(app.broken_laws().await, Vec::<String>::new());

    for (law, sql, back) in [
        (
            "an approved statement is in the ledger with its sums, and no other is",
            "update payouts set vat_minor = vat_minor + 1, net_minor = net_minor - 1",
            "update payouts set vat_minor = vat_minor - 1, net_minor = net_minor + 1",
        ),
        (
            "an approved statement is in the ledger with its sums, and no other is",
            "update ledger_entries set reference = project_id where kind = 'statement_approved'",
            "update ledger_entries set reference = (select id from payouts) where kind = 'statement_approved'",
        ),
        (
            "a project has one statement of each share",
            "drop index one_early_one_final;
             insert into payouts select gen_random_uuid(), project_id, member_id, kind, 9::smallint, currency, gross_minor,
                    platform_fee_minor, gateway_fee_minor, vat_minor, netted_minor, net_minor, account_id, drafted_at,
                    approved_by, 'draft' from payouts",
            "delete from payouts where number = 9",
        ),
        (
            "creators are owed what was approved and did not leave",
            "update ledger_sums set minor = minor - 1 where account = 'creator_payable' and kind = 'statement_approved'",
            "update ledger_sums set minor = minor + 1 where account = 'creator_payable' and kind = 'statement_approved'",
        ),
        (
            "what is owed on either side is never less than nothing",
            "update ledger_sums set minor = minor + 1 where account = 'creator_payable' and kind = 'statement_approved'",
            "update ledger_sums set minor = minor - 1 where account = 'creator_payable' and kind = 'statement_approved'",
        ),
        (
            "every payout that is paid or under way has its transfer, of its amount",
            "update transfers set state = 'failed'",
            "update transfers set state = 'done'",
        ),
        (
            "where too little was collected, everything is on its way back",
            "update projects set state = 'unfunded'",
            "update projects set state = 'funded'",
        ),
    ] {
        tamper(&app, sql).await;

        let broken = app.broken_laws().await;

        assert!(broken.iter().any(|line| line.starts_with(law)), "{sql} broke {broken:?}");
        tamper(&app, back).await;
        assert_eq!(app.broken_laws().await, Vec::<String>::new(), "{back}");
    }
    app.finish().await;
}

/// A pledge whose payment was made by transfer: the rows as the matching of deposits leaves them.
async fn paid_by_transfer(app: &TestApp) -> (Person, kernel::PledgeId) {
    let project = app.member("김창작").await.launches(app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&project, &Choice::support(11_000), GOOD_CARD).await;
    app.advance_to(project.deadline).await;
    sqlx::query("update payments set method = 'bank_transfer' where purpose_id = $1")
        .bind(pledge.uuid())
        .execute(&app.state.db.pool)
        .await
        .expect("the database answers");
    (lee, pledge)
}

#[tokio::test]
async fn a_backer_who_paid_by_transfer_gets_a_cash_receipt_once() {
    let app = TestApp::start().await;
    let (mut lee, pledge) = paid_by_transfer(&app).await;
    let mut finance = app.operator("박재무", Role::Finance).await;
    let page = format!("/account/pledges/{pledge}/receipt");
    let id = pledge.to_string();
    let form = |number: &'static str| {
        [("pledge", id.clone()), ("purpose", "income_deduction".into()), ("number", number.into())]
    };
    let sent = |form: [(&'static str, String); 3]| form;
    assert!(
        lee.get(&format!("/account/pledges/{pledge}")).await.text.contains(&page),
        "the pledge leads there"
    );
    lee.get(&page).await;
    for (number, alert) in [("", "꼭 입력해 주세요"), ("12", "휴대폰 번호를 다시 확인해 주세요")]
    {
        let fields = sent(form(number));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let odd = lee.submit("/api/settlement/receipts/want_receipt", &fields).await;
        assert!(odd.alerts().iter().any(|said| said.contains(alert)), "{:?}", odd.alerts());
        lee.get(&page).await;
    }
    for number in ["010-1111-2222", "010-1234-5678"] {
        let fields = sent(form(number));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let saved = lee.submit("/api/settlement/receipts/want_receipt", &fields).await;
        assert!(saved.has("저장했어요") && saved.has("신청함"), "{:?}", saved.alerts());
    }
    assert_eq!(app.count("select count(*) from cash_receipts").await, 1);
    let kept: Vec<u8> = app.ask("select sealed from cash_receipts").await;
    assert!(!String::from_utf8_lossy(&kept).contains("01012345678"));
    assert_eq!(app.member("이남").await.get(&page).await.status, 404);

    assert_eq!(lee.get("/admin/receipts.csv").await.status, 404);
    finance.get("/admin/receipts").await;
    let put = finance.submit("/api/app/pages/admin/receipts/export_receipts", &[]).await;
    assert!(
        put.has("파일에 담긴 영수증 1") || put.words().contains("파일에 담긴 영수증 1"),
        "{}",
        put.words()
    );
    let (file, again) = (finance.get("/admin/receipts.csv").await, finance.get("/admin/receipts.csv").await);
    assert_eq!(file.bytes, again.bytes);
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    assert!(text.contains("01012345678") && text.contains(",11000,10000,1000,"), "{text}");
    let fields = sent(form("010-9999-8888"));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(
        lee.call("/api/settlement/receipts/want_receipt", &fields).await.status,
        409,
        "it is on its way"
    );

    let receipt: Uuid = app.ask("select id from cash_receipts").await;
    for (lines, status) in [
        ("", 422),
        ("x,1", 422),
        (&format!("{receipt},<b>"), 422),
        (&format!("{receipt},A12345678\n\n"), 200),
    ] {
        let noted = finance.call("/api/app/pages/admin/receipts/note_receipts", &[("lines", lines)]).await;
        assert_eq!(noted.status, status, "{lines}");
    }
    let words = lee.get(&page).await.words();
    assert!(
        words.contains("발급됨") && words.contains("A12345678") && !words.contains("현금영수증 신청"),
        "{words}"
    );
    assert!(lee.get("/account/data.json").await.text.contains("01012345678"));

    // The money goes back: the receipt is to be canceled.
    let cancel = [("receipt", receipt.to_string())];
    let cancel: Vec<_> = cancel.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = "/api/app/pages/admin/receipts/cancel_receipt";
    assert_eq!(finance.call(path, &cancel).await.status, 409, "nothing went back");
    tamper(&app, "update payments set refunding_minor = paid_minor").await;
    assert!(finance.get("/admin/receipts").await.has("A12345678"));
    assert_eq!(finance.call(path, &cancel).await.status, 200);
    assert_eq!(app.ask::<String>("select state from cash_receipts").await, "canceled");
    app.abandon();
}
