//! The database's own guards, tried as SQL past our code.

use crate::harness::{Choice, GOOD_CARD, Plan, TestApp};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The constraint that refused a statement, or what else it said.
fn refused_by(result: Result<impl Sized, sqlx::Error>) -> String {
    match result {
        Ok(_) => "nothing".to_owned(),
        Err(sqlx::Error::Database(error)) => match error.constraint() {
            Some(constraint) => constraint.to_owned(),
            None => format!("{} {}", error.code().unwrap_or_default(), error.message()),
        },
        Err(error) => error.to_string(),
    }
}

/// Runs one statement in a transaction that says who and why, and takes it back.
async fn tried(db: &mut PgConnection, sql: &'static str) -> String {
    let mut tx = db.begin().await.expect("a transaction");
    sign(&mut tx).await;
    let result = sqlx::raw_sql(sql).execute(&mut *tx).await;
    let result = match result {
        // Deferred constraints speak at the end.
        Ok(_) => sqlx::raw_sql("set constraints all immediate").execute(&mut *tx).await,
        refused => refused,
    };
    refused_by(result)
}

async fn sign(db: &mut PgConnection) {
    sqlx::query("select set_config('dure.who', 'test', true), set_config('dure.why', 'test', true), set_config('dure.at', now()::text, true)")
        .execute(db)
        .await
        .expect("settings can be set");
}

/// A funded project with a paid pledge, so that every table has a row.
async fn funded(app: &TestApp) -> crate::harness::Project {
    let project = app.member("김창작").await.launches(app, &Plan::with_goal(1000).reward(1000, 5)).await;
    app.member("이후원").await.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await;
    app.advance_to(project.deadline).await;
    project
}

/// A row in each table of money that a funded project alone has none in, written past all guards.
async fn fill(owner: &mut PgConnection) {
    let mut tx = owner.begin().await.expect("a transaction");
    sqlx::raw_sql(
        "set local session_replication_role = replica;
         insert into receiving_accounts (id, bank, number, holder, currency, created_at)
         values (gen_random_uuid(), '004', '123456-01-123456', '두레', 'KRW', now());
         insert into deposits (id, payment_id, account_id, code, amount_minor, currency, due_at, state, created_at)
         select gen_random_uuid(), p.id, r.id, '48219337', 1000, 'KRW', now(), 'canceled', now()
           from payments p, receiving_accounts r;
         insert into statements (id, account_id, file_hash, uploaded_by, uploaded_at, lines, fresh)
         select gen_random_uuid(), r.id, '', m.id, now(), 1, 1 from receiving_accounts r, members m limit 1;
         insert into bank_lines (id, account_id, statement_id, line, at, amount_minor, currency, sealed, fingerprint,
                                 occurrence, state)
         select gen_random_uuid(), s.account_id, s.id, 1, now(), 1000, 'KRW', '', '', 1, 'waiting' from statements s;
         insert into refunds (id, payment_id, form_key, amount_minor, currency, way, reason, asked_by, state, created_at)
         select gen_random_uuid(), p.id, gen_random_uuid(), 1, 'KRW', 'gateway', 'other', 'test', 'ready', now()
           from payments p;
         update payments set refunding_minor = 1;
         insert into disputes (id, payment_id, attempt_id, gateway, gateway_ref, amount_minor, currency, state, opened_at)
         select gen_random_uuid(), payment_id, id, 'sandbox', 'd', 1, 'KRW', 'won', now()
           from payment_attempts where kind = 'charge';
         insert into transfer_batches (id, account_id, made_at, made_by)
         select gen_random_uuid(), account_id, now(), uploaded_by from statements;
         insert into transfers (id, refund_id, batch_id, amount_minor, currency, sealed, memo, state, created_at)
         select gen_random_uuid(), r.id, b.id, 1, 'KRW', '', 'm', 'failed', now() from refunds r, transfer_batches b;
         insert into payout_accounts (id, member_id, sealed, created_at)
         select gen_random_uuid(), creator_id, '', now() from projects;
         insert into payouts (id, project_id, member_id, kind, number, currency, gross_minor, platform_fee_minor,
                              gateway_fee_minor, vat_minor, net_minor, account_id, drafted_at, state)
         select gen_random_uuid(), p.id, p.creator_id, 'later', 1, 'KRW', 10, 1, 1, 1, 7, a.id, now(), 'withdrawn'
           from projects p join payout_accounts a on a.member_id = p.creator_id;",
    )
    .execute(&mut *tx)
    .await
    .expect("rows");
    tx.commit().await.expect("a commit");
}

/// A state machine: its table, what must change in a copy of a row, and what goes with a state.
struct Machine {
    name: &'static str,
    table: &'static str,
    copy: &'static str,
    with_state: &'static str,
}

const fn machine(name: &'static str, table: &'static str, copy: &'static str) -> Machine {
    Machine { name, table, copy, with_state: "" }
}

const MACHINES: [Machine; 10] = [
    machine("project", "projects", "'slug', gen_random_uuid(), 'form_key', gen_random_uuid()"),
    machine("pledge", "pledges", "'form_key', gen_random_uuid()"),
    machine("payment", "payments", "'purpose_id', gen_random_uuid()"),
    Machine {
        name: "attempt",
        table: "payment_attempts",
        // A charge that succeeded stands alone in its payment.
        copy: "'kind', 'store_card'",
        with_state: ", settled_at = case when $1 in ('succeeded', 'declined', 'reversed') then now() end",
    },
    Machine {
        name: "deposit",
        table: "deposits",
        copy: "'code', lpad((random() * 99999999)::int::text, 8, '0'), 'matched_minor',
               case $1 when 'matched' then 1000 when 'short' then 1 else 0 end",
        with_state: ", matched_minor = case $1 when 'matched' then amount_minor when 'short' then 1 else 0 end",
    },
    machine("bank_line", "bank_lines", "'occurrence', 2"),
    machine("refund", "refunds", "'form_key', gen_random_uuid()"),
    machine("dispute", "disputes", "'gateway_ref', gen_random_uuid()"),
    machine("transfer", "transfers", "'memo', 'copy'"),
    machine("payout", "payouts", "'number', 2"),
];

#[tokio::test]
async fn every_move_that_is_not_allowed_is_refused_for_every_machine() {
    let app = TestApp::start().await;
    funded(&app).await;
    let mut owner = app.database.owner().await;
    fill(&mut owner).await;
    let machines: Vec<String> = sqlx::query_scalar("select distinct machine from allowed_moves order by 1")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    let mut tried: Vec<_> = MACHINES.iter().map(|machine| machine.name).collect();
    tried.sort_unstable();
    assert_eq!(machines, tried, "all machines are tried");

    for machine in MACHINES {
        let states: Vec<String> = sqlx::query_scalar(
            "select from_state from allowed_moves where machine = $1 union select to_state from allowed_moves where machine = $1",
        )
        .bind(machine.name)
        .fetch_all(&mut owner)
        .await
        .unwrap();
        let (mut allowed, mut refused) = (0, 0);
        for from in &states {
            for to in states.iter().filter(|to| !to.is_empty() && *to != from) {
                let legal: bool = sqlx::query_scalar(
                    "select exists (select from allowed_moves where (machine, from_state, to_state) = ($1, $2, $3))",
                )
                .bind(machine.name)
                .bind(from)
                .bind(to)
                .fetch_one(&mut owner)
                .await
                .unwrap();
                let answer = move_state(&mut owner, &machine, from, to).await;
                assert_eq!(
                    answer,
                    if legal { "nothing" } else { "allowed_move" },
                    "{} {from:?} to {to:?}",
                    machine.name
                );
                *(if legal { &mut allowed } else { &mut refused }) += 1;
            }
        }
        assert!(allowed > 4 && refused > 4, "{}: {allowed} allowed, {refused} refused", machine.name);
    }
    // Its rows were written past all guards, so no law holds for them.
    app.abandon();
}

/// Puts a row into `from` behind the guards' back, moves it to `to` in their sight, and takes all back.
async fn move_state(db: &mut PgConnection, machine: &Machine, from: &str, to: &str) -> String {
    let (table, with_state) = (machine.table, machine.with_state);
    let mut tx = db.begin().await.expect("a transaction");
    sign(&mut tx).await;
    if from.is_empty() {
        let sql = format!(
            "insert into {table} select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(),
                 'state', $1::text, 'settled_at', case when $1 in ('succeeded', 'declined', 'reversed') then now() end, {copy}))).*
               from {table} t limit 1",
            copy = machine.copy
        );
        return refused_by(sqlx::query(AssertSqlSafe(sql)).bind(to).execute(&mut *tx).await);
    }
    let id: uuid::Uuid = sqlx::query_scalar(AssertSqlSafe(format!("select id from {table} limit 1")))
        .fetch_one(&mut *tx)
        .await
        .expect("a row");
    let sql = format!("update {table} set state = $1 {with_state} where id = $2");
    sqlx::query("set local session_replication_role = replica").execute(&mut *tx).await.expect("no guards");
    sqlx::query(AssertSqlSafe(sql.clone())).bind(from).bind(id).execute(&mut *tx).await.expect("any state");
    sqlx::query("set local session_replication_role = origin").execute(&mut *tx).await.expect("guards");
    refused_by(sqlx::query(AssertSqlSafe(sql)).bind(to).bind(id).execute(&mut *tx).await)
}

#[tokio::test]
async fn nothing_leads_out_of_an_end() {
    let app = TestApp::start().await;

    let ends: Vec<String> = app
        .ask(
            "select array_agg(distinct machine || ' ' || to_state order by machine || ' ' || to_state) from allowed_moves m
              where not exists (select from allowed_moves n where (n.machine, n.from_state) = (m.machine, m.to_state))",
        )
        .await;

    let expected = "attempt declined, attempt reversed, deposit canceled, deposit expired, deposit reversed, \
        dispute won, payment charged_back, payment failed, payment voided, payout withdrawn, \
        pledge canceled, pledge charged_back, pledge dropped, pledge expired, pledge refunded, pledge voided, \
        project canceled, project funded, project unfunded, refund called_off, transfer failed";
    assert_eq!(ends.join(", "), expected);
    app.finish().await;
}

#[tokio::test]
async fn a_move_without_who_and_why_is_refused() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.drafts(&app, &Plan::with_goal(1000)).await;

    let unsigned = sqlx::query("update projects set state = 'in_review' where id = $1")
        .bind(project.id.uuid())
        .execute(&app.state.db.pool)
        .await;

    assert_eq!(refused_by(unsigned), "move_is_signed");
    assert_eq!(app.project_state(project.id).await, "draft");
    app.finish().await;
}

#[tokio::test]
async fn the_ledger_is_never_changed_by_anybody() {
    let app = TestApp::start().await;
    funded(&app).await;
    let mut owner = app.database.owner().await;
    let mut program = app.state.db.pool.acquire().await.unwrap();

    for sql in [
        "update ledger_entries set occurred_at = now()",
        "update ledger_postings set amount_minor = amount_minor * 2",
        "delete from ledger_postings",
        "delete from ledger_entries",
        "truncate ledger_postings",
        "truncate ledger_entries, ledger_postings",
        "update state_moves set who = 'somebody else'",
        "delete from state_moves",
    ] {
        assert_eq!(tried(&mut owner, sql).await, "append_only", "{sql}");
        let program = tried(&mut program, sql).await;
        assert!(program.starts_with("42501 permission denied"), "{sql}: {program}");
    }
    for sql in [
        "insert into state_moves (machine, entity_id, from_state, to_state, at, who, why) values ('pledge', gen_random_uuid(), '', 'held', now(), 'a', 'b')",
        "insert into allowed_moves values ('pledge', 'dropped', 'collected')",
        "delete from allowed_moves",
        "alter table ledger_entries disable trigger all",
        "set session_replication_role = replica",
    ] {
        let answer = tried(&mut program, sql).await;
        assert!(answer.starts_with("42501 "), "{sql}: {answer}");
    }
    drop(program);
    app.finish().await;
}

#[tokio::test]
async fn an_entry_that_does_not_sum_to_zero_is_refused_at_the_commit() {
    let app = TestApp::start().await;
    funded(&app).await;
    let mut program = app.state.db.pool.acquire().await.unwrap();

    let entry = "insert into ledger_entries
        select gen_random_uuid(), project_id, seq + 1, kind, gen_random_uuid(), occurred_at, hash, hash from ledger_entries;
        insert into ledger_postings select id, 1, 'gateway_clearing', 500, 'KRW' from ledger_entries where seq = 2;";
    let second = |line: &str| {
        format!(
            "{entry} insert into ledger_postings select id, 2, 'project_escrow', {line} from ledger_entries where seq = 2"
        )
    };
    let mut answers = Vec::new();
    for line in ["-500, 'KRW'", "-499, 'KRW'", "-500, 'USD'", "500, 'KRW'"] {
        let mut tx = program.begin().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(second(line))).execute(&mut *tx).await.unwrap();
        answers.push(refused_by(sqlx::raw_sql("set constraints all immediate").execute(&mut *tx).await));
    }
    let half = tried(&mut program, entry).await;
    let bare = tried(&mut program, "insert into ledger_entries
        select gen_random_uuid(), project_id, seq + 1, kind, gen_random_uuid(), occurred_at, hash, hash from ledger_entries").await;

    assert_eq!(answers, ["nothing", "entry_sums_to_zero", "entry_sums_to_zero", "entry_sums_to_zero"]);
    assert_eq!((half.as_str(), bare.as_str()), ("entry_sums_to_zero", "entry_sums_to_zero"));
    drop(program);
    app.finish().await;
}

#[tokio::test]
async fn what_money_and_stock_rest_on_is_refused_by_constraints() {
    let app = TestApp::start().await;
    funded(&app).await;
    let mut owner = app.database.owner().await;

    for (sql, constraint) in [
        ("update rewards set taken = stock + 1", "reward_is_not_oversold"),
        ("update rewards set taken = -1", "rewards_taken_check"),
        ("update rewards set taken = 0, stock = 0", "rewards_stock_check"),
        ("update projects set goal_minor = goal_minor + 1", "live_terms_are_frozen"),
        ("update projects set deadline = deadline + interval '1 day'", "live_terms_are_frozen"),
        ("update projects set currency = 'USD'", "live_terms_are_frozen"),
        ("update projects set creator_id = (select id from members where id <> creator_id limit 1)", "live_terms_are_frozen"),
        ("update pledges set total_minor = total_minor + 1", "pledge_total_is_its_lines"),
        ("update payments set state = 'due', method_id = null", "due_payments_have_a_method"),
        ("update payment_attempts set settled_at = null", "settled_attempts_have_a_time"),
        (
            "insert into payment_attempts select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),
                'state', 'created', 'settled_at', null))).* from payment_attempts a where kind = 'charge';
             update payment_attempts set state = 'sent' where state = 'created';
             update payment_attempts set state = 'succeeded', settled_at = now() where state = 'sent'",
            "payment_charged_once",
        ),
        (
            "insert into payment_attempts select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),
                'state', 'created', 'settled_at', null))).* from payment_attempts a, generate_series(1, 2) where kind = 'charge'",
            "attempt_open_once",
        ),
        (
            "insert into ledger_entries select gen_random_uuid(), project_id, seq + 1, kind, reference, occurred_at, hash, hash
               from ledger_entries",
            "booked_once",
        ),
        (
            "insert into ledger_entries select gen_random_uuid(), project_id, seq, kind, gen_random_uuid(), occurred_at, hash, hash
               from ledger_entries",
            "ledger_chain_has_no_fork",
        ),
        (
            "insert into pledges select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'state', 'held'))).*
               from pledges p",
            "pledge_form_once",
        ),
    ] {
        assert_eq!(tried(&mut owner, sql).await, constraint, "{sql}");
    }
    app.finish().await;
}

#[tokio::test]
async fn no_function_with_its_owners_rights_looks_at_a_callers_temporary_tables_first() {
    let app = TestApp::start().await;

    let careless: Vec<String> = sqlx::query_scalar(
        "select p.oid::regprocedure::text from pg_proc p
          where p.prosecdef and p.pronamespace::regnamespace::text in ('public', 'sandbox')
            and not coalesce(p.proconfig @> array['search_path=public, pg_temp'], false)",
    )
    .fetch_all(&app.state.db.pool)
    .await
    .unwrap();

    assert_eq!(careless, Vec::<String>::new());
    app.finish().await;
}
