//! `dure check` finds what somebody changed behind the guards' back.

use crate::harness::{Choice, GOOD_CARD, Plan, REFUSED_LATER, TestApp};
use sqlx::AssertSqlSafe;

/// Two funded projects, one with a refused card, and one that runs with a held pledge.
async fn a_busy_site(app: &TestApp) {
    let mut creator = app.member("김창작").await;
    let mut lee = app.member("이후원").await;
    for card in [GOOD_CARD, REFUSED_LATER] {
        let project = creator.launches(app, &Plan::with_goal(1000).reward(1000, 5)).await;
        lee.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await;
        lee.pledges(&project, &Choice::piece(project.rewards[0]).with_extra(50), card).await;
    }
    app.advance_to(app.now() + chrono::TimeDelta::days(31)).await;
    let running = creator.launches(app, &Plan::with_goal(1000).reward(1000, 5)).await;
    lee.holds(&running, &Choice::piece(running.rewards[0])).await;
    app.drain().await;
}

/// Changes rows with all guards off.
pub async fn tamper(app: &TestApp, sql: &str) -> u64 {
    let mut owner = app.database.owner().await;
    sqlx::raw_sql("set session_replication_role = replica").execute(&mut owner).await.expect("an owner may");
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut owner)
        .await
        .expect("the statement is right");
    done.rows_affected()
}

#[tokio::test]
async fn the_books_of_a_busy_site_hold_and_every_law_is_told() {
    let app = TestApp::start().await;
    a_busy_site(&app).await;

    let report = server::check::run(&app.state.db.pool, server::check::Gateway::Own).await.unwrap();

    assert_eq!((report.faults(), report.dead_jobs, report.entries), (0, 0, 3));
    assert!(report.checked.len() >= 14);
    assert!(report.lines().last().is_some_and(|line| line.starts_with("3 ledger entries")));
    app.finish().await;
}

#[tokio::test]
async fn every_tampered_row_is_found_by_its_law() {
    let app = TestApp::start().await;
    a_busy_site(&app).await;
    assert_eq!(app.broken_laws().await, Vec::<String>::new());

    for (law, sql, back) in [
        (
            "every book's entries are an unbroken chain of hashes",
            "update ledger_entries set occurred_at = occurred_at + interval '1 second' where seq = 1",
            "update ledger_entries set occurred_at = occurred_at - interval '1 second' where seq = 1",
        ),
        (
            "every book's entries are an unbroken chain of hashes",
            "update ledger_entries set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where seq = 2",
            "update ledger_entries set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where seq = 2",
        ),
        (
            "every book's entries are an unbroken chain of hashes",
            "update ledger_postings set amount_minor = amount_minor * 2",
            "update ledger_postings set amount_minor = amount_minor / 2",
        ),
        (
            "every ledger entry sums to zero in each currency",
            "update ledger_postings set amount_minor = amount_minor + 1 where line = 1",
            "update ledger_postings set amount_minor = amount_minor - 1 where line = 1",
        ),
        (
            "what pages call collected equals the ledger",
            "update ledger_sums set minor = minor + 1 where account = 'project_escrow'",
            "update ledger_sums set minor = minor - 1 where account = 'project_escrow'",
        ),
        (
            "the sums by account equal the entries",
            "update ledger_sums set entries = entries + 1",
            "update ledger_sums set entries = entries - 1",
        ),
        (
            "no project has spent more than it collected",
            "update ledger_sums set minor = -minor where account = 'project_escrow'",
            "update ledger_sums set minor = -minor where account = 'project_escrow'",
        ),
        (
            "a pledge counts if it stood, however it ended",
            "update pledges set counted = not counted",
            "update pledges set counted = not counted",
        ),
        (
            "every due pledge will be charged, every finished collection closed",
            "update projects set state = 'collecting' where state = 'funded'",
            "update projects set state = 'funded' where state = 'collecting'",
        ),
        (
            "the figures on pages equal the sums of the pledges",
            "update project_tallies set pledged_minor = pledged_minor + 1",
            "update project_tallies set pledged_minor = pledged_minor - 1",
        ),
        (
            "the figures on pages equal the sums of the pledges",
            "update project_tallies set backers = backers + 1",
            "update project_tallies set backers = backers - 1",
        ),
        (
            "stock taken equals the pieces in pledges that hold or keep them",
            "update rewards set taken = taken + 1 where taken > 0",
            "update rewards set taken = taken - 1 where taken > 0",
        ),
        (
            "stock taken of a variant equals",
            "insert into reward_variants (id, reward_id, label, position, taken)
             select gen_random_uuid(), id, '빨강', 1, 1 from rewards order by id limit 1",
            "delete from reward_variants",
        ),
        (
            "what a person holds of a reward with a limit",
            "insert into reward_holdings select r.id, m.id, 1 from rewards r, members m order by r.id, m.id limit 1",
            "delete from reward_holdings",
        ),
        (
            "a pledge has an address exactly if",
            "update pledges set address = '\\x00' where state = 'held'",
            "update pledges set address = null where state = 'held'",
        ),
        (
            "every pledge of today has its consents and rights",
            "update pledge_rights set kind = 'late_delivery' where kind = 'cancel'",
            "update pledge_rights set kind = 'cancel' where line = 0",
        ),
        (
            "every pledge is the sum of its lines, its shipping and its extra support",
            "update pledge_lines set unit_price_minor = unit_price_minor + 1",
            "update pledge_lines set unit_price_minor = unit_price_minor - 1",
        ),
        (
            "moves follow each other without a gap and end in the present state",
            "update projects set state = 'suspended' where state = 'live'",
            "update projects set state = 'live' where state = 'suspended'",
        ),
        (
            "moves follow each other without a gap and end in the present state",
            "update pledges set state = 'reserved' where state = 'held'",
            "update pledges set state = 'held' where state = 'reserved'",
        ),
        (
            "every state was reached by an allowed move, signed with who and why",
            "update state_moves set from_state = 'dropped' where to_state = 'collected' and machine = 'pledge'",
            "update state_moves set from_state = 'due' where to_state = 'collected' and machine = 'pledge'",
        ),
        (
            "every state was reached by an allowed move, signed with who and why",
            "update state_moves set who = '' where who = 'system'",
            "update state_moves set who = 'system' where who = ''",
        ),
        (
            "pledge and payment agree",
            "update payments set amount_minor = amount_minor + 1",
            "update payments set amount_minor = amount_minor - 1",
        ),
        (
            "a payment is collected by exactly one charge, and booked once",
            "update payment_attempts set state = 'declined' where state = 'succeeded' and kind = 'charge'",
            "update payment_attempts set state = 'succeeded' where state = 'declined' and decline is null",
        ),
        (
            "the sandbox gateway's books equal ours",
            "update sandbox.charges set amount_minor = amount_minor + 1 where state = 'succeeded'",
            "update sandbox.charges set amount_minor = amount_minor - 1 where state = 'succeeded'",
        ),
        (
            "the sandbox gateway's books equal ours",
            "update sandbox.charges set state = 'succeeded', decline = 'was' where state = 'declined'",
            "update sandbox.charges set state = 'declined' where decline = 'was'",
        ),
        (
            "no attempt is without an outcome and without somebody who asks for it",
            "update jobs set kind = 'other ' || kind where kind in ('pledge.expire_hold', 'payment.settle')",
            "update jobs set kind = split_part(kind, ' ', 2) where kind like 'other %'",
        ),
        (
            "every hold will end",
            "update jobs set kind = 'other' where kind = 'pledge.expire_hold'",
            "update jobs set kind = 'pledge.expire_hold' where kind = 'other'",
        ),
        (
            "every running project will be judged, every missed one released",
            "update jobs set kind = 'other' where kind = 'project.judge'",
            "update jobs set kind = 'project.judge' where kind = 'other'",
        ),
        (
            "every launched project has a plan of fees",
            "update projects set plan_id = null where state = 'live'",
            "update projects set plan_id = (select id from fee_plans limit 1) where state = 'live'",
        ),
        (
            "every statement that is to come will be written",
            "update jobs set kind = 'other' where kind = 'project.draft_statement'",
            "update jobs set kind = 'project.draft_statement' where kind = 'other'",
        ),
        (
            "no job was given up",
            "update jobs set dead_at = now(), last_error = 'x' where kind = 'project.judge'",
            "update jobs set dead_at = null where kind = 'project.judge'",
        ),
    ] {
        assert!(tamper(&app, sql).await > 0, "something is changed by {sql}");

        let broken = app.broken_laws().await;

        assert!(broken.iter().any(|line| line.starts_with(law)), "{sql} broke {broken:?}");
        tamper(&app, back).await;
        assert_eq!(app.broken_laws().await, Vec::<String>::new(), "{back}");
    }
    app.finish().await;
}

/// A refund in two parts, one of them refused, a dispute that runs and one that was lost.
async fn a_site_that_gives_back(app: &TestApp) {
    use crate::{
        disputes::IS_DISPUTED,
        refunds::{REFUND_FAILS, paid, refunds, refunds_all, reports},
    };
    let mut boss = app.operator("재무", accounts::operators::Role::Finance).await;
    let (_, _, good) = paid(app, GOOD_CARD).await;
    refunds_all(&mut boss, good).await;
    let (_, _, part) = paid(app, GOOD_CARD).await;
    refunds(&mut boss, part, "1000", "").await;
    let (_, _, bad) = paid(app, REFUND_FAILS).await;
    refunds(&mut boss, bad, "1000", "").await;
    for end in ["lost", ""] {
        paid(app, IS_DISPUTED).await;
        reports(app).await;
        app.drain().await;
        let pool = &app.state.db.pool;
        if !end.is_empty() {
            sqlx::query("update sandbox.disputes set state = 'lost'").execute(pool).await.expect("a dispute");
            sqlx::query(
                "insert into sandbox.webhooks (body, forged, at)
                 select jsonb_build_object('id', gen_random_uuid(), 'kind', 'dispute.closed', 'key', id), false, clock_timestamp()
                   from sandbox.disputes",
            )
            .execute(pool)
            .await
            .expect("a report");
            reports(app).await;
            app.drain().await;
        }
    }
    // The failed one waits to be tried again.
    let waits: i64 = app.count("select count(*) from refunds where state = 'failed'").await;
    assert_eq!(waits, 1);
    refunds(&mut boss, part, "", "100").await;
}

#[tokio::test]
async fn every_tampered_refund_and_dispute_is_found_by_its_law() {
    let app = TestApp::start().await;
    a_site_that_gives_back(&app).await;
    assert_eq!(app.broken_laws().await, Vec::<String>::new());

    for (law, sql, back) in [
        (
            "what is set apart of a payment equals its refunds",
            "update payments set refunding_minor = refunding_minor + 1 where refunding_minor between 1 and paid_minor - 1",
            "update payments set refunding_minor = refunding_minor - 1 where refunding_minor between 1 and paid_minor - 1",
        ),
        (
            "no refund has more lines than it has money",
            "update refund_lines set amount_minor = amount_minor + 1",
            "update refund_lines set amount_minor = amount_minor - 1",
        ),
        (
            "a refund through a gateway went by exactly one try, and is booked once",
            "update payment_attempts set state = 'reversed' where kind = 'refund' and state = 'succeeded'",
            "update payment_attempts set state = 'succeeded' where kind = 'refund' and state = 'reversed'",
        ),
        (
            "a refund through a gateway went by exactly one try, and is booked once",
            "update refunds set state = 'sending' where state = 'failed'",
            "update refunds set state = 'failed' where state = 'sending'",
        ),
        (
            "what the ledger sent back to payers equals the refunds that went",
            "update ledger_sums set minor = minor + 1 where kind = 'refund_sent' and account = 'project_escrow'",
            "update ledger_sums set minor = minor - 1 where kind = 'refund_sent' and account = 'project_escrow'",
        ),
        (
            "a refunded pledge has nothing left, a charged back one was lost",
            "update pledges set state = 'collected' where state = 'refunded'",
            "update pledges set state = 'refunded' where state = 'collected' and id in (select entity_id from state_moves where to_state = 'refunded')",
        ),
        (
            "every dispute is booked as it stands",
            "update disputes set state = 'won' where state = 'lost'",
            "update disputes set state = 'lost' where state = 'won'",
        ),
        (
            "what gateways hold for disputes equals those that are open",
            "update disputes set amount_minor = amount_minor + 1 where state = 'opened'",
            "update disputes set amount_minor = amount_minor - 1 where state = 'opened'",
        ),
        (
            "every refund and dispute under way has somebody who sees to it",
            "update jobs set kind = 'other ' || kind where kind in ('refund.begin', 'dispute.ask')",
            "update jobs set kind = split_part(kind, ' ', 2) where kind like 'other %'",
        ),
        (
            "the sandbox gateway's refunds and disputes equal ours",
            "update sandbox.refunds set amount_minor = amount_minor + 1",
            "update sandbox.refunds set amount_minor = amount_minor - 1",
        ),
        (
            "the sandbox gateway's refunds and disputes equal ours",
            "update sandbox.disputes set state = 'opened' where state = 'lost'",
            "update sandbox.disputes set state = 'lost' where state = 'opened' and id::text in (select gateway_ref from disputes where state = 'lost')",
        ),
    ] {
        assert!(tamper(&app, sql).await > 0, "something is changed by {sql}");

        let broken = app.broken_laws().await;

        assert!(broken.iter().any(|line| line.starts_with(law)), "{sql} broke {broken:?}");
        tamper(&app, back).await;
        assert_eq!(app.broken_laws().await, Vec::<String>::new(), "{back}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_entry_that_vanished_is_found() {
    let app = TestApp::start().await;
    a_busy_site(&app).await;

    tamper(
        &app,
        "delete from ledger_postings where entry_id in (select id from ledger_entries where seq = 1);
                  delete from ledger_entries where seq = 1",
    )
    .await;

    let broken = app.broken_laws().await.join("\n");
    for law in [
        "every book's entries are an unbroken chain of hashes",
        "the sums by account equal the entries",
        "a payment is collected by exactly one charge, and booked once",
    ] {
        assert!(broken.contains(law), "{law} is not among {broken}");
    }
    app.abandon();
}

#[tokio::test]
async fn the_command_prints_the_broken_rows_and_fails() {
    let app = TestApp::start().await;
    a_busy_site(&app).await;
    let check = || {
        std::process::Command::new(env!("CARGO_BIN_EXE_dure"))
            .arg("check")
            .env("DATABASE_URL", app.database.url())
            .output()
            .expect("the program runs")
    };

    let good = check();
    tamper(&app, "update project_tallies set pledged_minor = pledged_minor + 1").await;
    let bad = check();

    let (good_text, bad_text) = (String::from_utf8_lossy(&good.stdout), String::from_utf8_lossy(&bad.stdout));
    assert_eq!((good.status.code(), bad.status.code()), (Some(0), Some(1)));
    assert!(
        good_text.contains("holds   no job was given up") && good_text.contains("0 faults"),
        "{good_text}"
    );
    assert!(bad_text.contains("BROKEN  the figures on pages equal the sums of the pledges"), "{bad_text}");
    assert!(bad_text.contains("        project "), "{bad_text}");
    app.abandon();
}
