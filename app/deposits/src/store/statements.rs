//! SQL of statements and of the columns of banks' files.

use super::{LineText, currency, decode, line_place};
use crate::statement::{HeadingsHash, Mapping, StatementLine};
use chrono::{DateTime, Utc};
use kernel::{BankLineId, Currency, MemberId, Money, ReceivingAccountId, StatementId, seal::Keys};
use ledger::Event;
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Lines that are written with one statement.
const BATCH: usize = 5_000;

/// A file that was read.
#[derive(Debug)]
pub struct NewStatement<'a> {
    pub account: ReceivingAccountId,
    pub file_hash: &'a [u8],
    pub file_name: &'a str,
    pub by: MemberId,
    pub at: DateTime<Utc>,
    pub lines: &'a [StatementLine],
    /// It tells everything that came in before.
    pub covers_until: DateTime<Utc>,
}

/// The currency of an account, which the caller's transaction holds: one statement of an account is read at a time.
pub async fn lock_account(
    db: &mut PgConnection,
    account: ReceivingAccountId,
) -> sqlx::Result<Option<Currency>> {
    let code = sqlx::query_scalar!(
        "select currency from receiving_accounts where id = $1 for no key update",
        account.uuid()
    )
    .fetch_optional(db)
    .await?;
    code.map(|code| currency(&code)).transpose()
}

pub async fn was_read(
    db: &mut PgConnection,
    account: ReceivingAccountId,
    file_hash: &[u8],
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from statements where account_id = $1 and file_hash = $2) as "read!""#,
        account.uuid(),
        file_hash
    )
    .fetch_one(db)
    .await
}

/// Keeps a statement with those of its lines that no earlier one had told, and books these; tells how many.
///
/// Invariant: a line is kept and booked once, whichever files tell it (`bank_line_once`). The caller holds the
/// account.
pub async fn add_statement(
    db: &mut PgConnection,
    keys: &Keys,
    new: &NewStatement<'_>,
    in_currency: Currency,
) -> sqlx::Result<usize> {
    let mut fresh = Vec::new();
    for lines in new.lines.chunks(BATCH) {
        let told = told_before(&mut *db, new.account, lines).await?;
        fresh.extend(lines.iter().filter(|line| !told.contains(&key(line))));
    }
    let id = StatementId::new();
    let count = |number: usize| i32::try_from(number).map_err(decode);
    sqlx::query!(
        "insert into statements (id, account_id, file_hash, file_name, uploaded_by, uploaded_at, lines, fresh,
                                 covers_from, covers_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id.uuid(),
        new.account.uuid(),
        new.file_hash,
        new.file_name,
        new.by.uuid(),
        new.at,
        count(new.lines.len())?,
        count(fresh.len())?,
        new.lines.iter().map(|line| line.at).min(),
        new.covers_until
    )
    .execute(&mut *db)
    .await?;
    for lines in fresh.chunks(BATCH) {
        add_lines(&mut *db, keys, new.account, id, lines).await?;
    }
    sqlx::query!(
        "update receiving_accounts set covered_until = greatest(covered_until, $2) where id = $1",
        new.account.uuid(),
        new.covers_until
    )
    .execute(&mut *db)
    .await?;
    book(db, new, id, &fresh, in_currency).await?;
    Ok(fresh.len())
}

fn key(line: &StatementLine) -> (Vec<u8>, i16) {
    (line.fingerprint.bytes().to_vec(), line.occurrence)
}

async fn told_before(
    db: &mut PgConnection,
    account: ReceivingAccountId,
    lines: &[StatementLine],
) -> sqlx::Result<HashSet<(Vec<u8>, i16)>> {
    let prints: Vec<Vec<u8>> = lines.iter().map(|line| line.fingerprint.bytes().to_vec()).collect();
    let rows = sqlx::query!(
        "select fingerprint, occurrence from bank_lines where account_id = $1 and fingerprint = any($2)",
        account.uuid(),
        &prints
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.fingerprint, row.occurrence)).collect())
}

async fn add_lines(
    db: &mut PgConnection,
    keys: &Keys,
    account: ReceivingAccountId,
    statement: StatementId,
    lines: &[&StatementLine],
) -> sqlx::Result<()> {
    let ids: Vec<BankLineId> = lines.iter().map(|_| BankLineId::new()).collect();
    let mut sealed = Vec::with_capacity(lines.len());
    for (id, line) in ids.iter().zip(lines) {
        let text = LineText { name: line.name.clone(), memo: line.memo.clone(), raw: line.raw.clone() };
        let text = serde_json::to_string(&text).map_err(decode)?;
        sealed.push(keys.seal(line_place(*id), &text).map_err(decode)?);
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let numbers: Vec<i32> = lines.iter().map(|line| i32::try_from(line.line).unwrap_or(i32::MAX)).collect();
    let times: Vec<_> = lines.iter().map(|line| line.at).collect();
    let amounts: Vec<i64> = lines.iter().map(|line| line.amount.minor()).collect();
    let currencies: Vec<String> = lines.iter().map(|line| line.amount.currency().code().to_owned()).collect();
    let balances: Vec<Option<i64>> = lines.iter().map(|line| line.balance.map(Money::minor)).collect();
    let prints: Vec<Vec<u8>> = lines.iter().map(|line| line.fingerprint.bytes().to_vec()).collect();
    let occurrences: Vec<i16> = lines.iter().map(|line| line.occurrence).collect();
    sqlx::query!(
        "insert into bank_lines (id, account_id, statement_id, line, at, amount_minor, currency, balance_minor, sealed,
                                 fingerprint, occurrence, state)
         select n.id, $1, $2, n.line, n.at, n.amount, n.currency, n.balance, n.sealed, n.print, n.occurrence, 'waiting'
           from unnest($3::uuid[], $4::int[], $5::timestamptz[], $6::bigint[], $7::text[], $8::bigint[], $9::bytea[],
                       $10::bytea[], $11::smallint[])
                as n(id, line, at, amount, currency, balance, sealed, print, occurrence)",
        account.uuid(),
        statement.uuid(),
        &ids,
        &numbers,
        &times,
        &amounts,
        &currencies,
        &balances as &[Option<i64>],
        &sealed,
        &prints,
        &occurrences
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn book(
    db: &mut PgConnection,
    new: &NewStatement<'_>,
    id: StatementId,
    fresh: &[&StatementLine],
    in_currency: Currency,
) -> sqlx::Result<()> {
    let (mut credits, mut debits) = (Money::zero(in_currency), Money::zero(in_currency));
    for line in fresh {
        let side = if line.amount.minor() > 0 { &mut credits } else { &mut debits };
        let amount = Money::new(line.amount.minor().abs(), in_currency);
        *side = side.checked_add(amount).map_err(decode)?;
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let event = Event::StatementRead { statement: id, account: new.account, credits, debits };
    ledger::post(db, event, new.at).await?;
    Ok(())
}

/// What operators have said about the columns of this account's files.
pub async fn mappings(
    db: &mut PgConnection,
    account: ReceivingAccountId,
) -> sqlx::Result<HashMap<HeadingsHash, Mapping>> {
    let rows = sqlx::query!(
        "select headings_hash, columns from statement_mappings where account_id = $1",
        account.uuid()
    )
    .fetch_all(db)
    .await?;
    let read = |row: (Vec<u8>, serde_json::Value)| {
        let hash = HeadingsHash::try_from(row.0).map_err(|_| sqlx::Error::Decode("not a hash".into()))?;
        Ok((hash, serde_json::from_value(row.1).map_err(decode)?))
    };
    rows.into_iter().map(|row| read((row.headings_hash, row.columns))).collect()
}

/// Remembers the columns of files with these headings; what was said last counts.
pub async fn save_mapping(
    db: &mut PgConnection,
    account: ReceivingAccountId,
    hash: &HeadingsHash,
    mapping: &Mapping,
    by: MemberId,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let columns = serde_json::to_value(mapping).map_err(decode)?;
    sqlx::query!(
        "insert into statement_mappings (account_id, headings_hash, columns, saved_at, saved_by)
         values ($1, $2, $3, $4, $5)
         on conflict (account_id, headings_hash) do update
            set columns = excluded.columns, saved_at = excluded.saved_at, saved_by = excluded.saved_by",
        account.uuid(),
        hash.as_slice(),
        columns,
        at,
        by.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}
