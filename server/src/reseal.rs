//! `dure reseal`: what was sealed with an older key is sealed with the newest, so that the older can go.

use anyhow::Result;
use kernel::{
    db::Db,
    seal::{Place, SealError},
};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many rows are read at a time.
const BATCH: i64 = 200;

/// A column of sealed texts: its place is `table.column` and the row's key.
#[derive(Debug)]
pub struct Sealed {
    pub table: &'static str,
    pub key: &'static str,
    pub column: &'static str,
    place: &'static str,
}

const fn sealed(table: &'static str, key: &'static str, column: &'static str, place: &'static str) -> Sealed {
    Sealed { table, key, column, place }
}

/// Every column that holds sealed texts; a test compares it with the schema.
pub const SEALED: &[Sealed] = &[
    sealed("members", "id", "phone", "members.phone"),
    sealed("addresses", "id", "sealed", "addresses.sealed"),
    sealed("totp_secrets", "member_id", "secret", "totp_secrets.secret"),
    sealed("recovery_sheets", "member_id", "codes", "recovery_sheets.codes"),
    sealed("provider_arrivals", "id", "who", "provider_arrivals.who"),
    sealed("mail_reports", "id", "sealed", "mail_reports.sealed"),
    sealed("stashed_forms", "id", "typed", "stashed_forms.typed"),
    sealed("pledges", "id", "address", "pledges.address"),
    sealed("deposits", "id", "depositor", "deposits.depositor"),
    sealed("bank_lines", "id", "sealed", "bank_lines.sealed"),
    sealed("refund_accounts", "id", "sealed", "refund_accounts.sealed"),
    sealed("transfers", "id", "sealed", "transfers.sealed"),
    sealed("cash_receipts", "id", "sealed", "cash_receipts.sealed"),
    sealed("gateway_events", "id", "sealed", "gateway_events.sealed"),
    sealed("payout_accounts", "id", "sealed", "payout_accounts.sealed"),
];

/// What became of the texts of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub resealed: u64,
    /// Changed by somebody else meanwhile, and so sealed with the newest key already.
    pub overtaken: u64,
    /// Texts that no key opens, by the key that they name.
    pub closed: BTreeMap<u8, u64>,
}

/// Seals everything anew that an older key sealed, column by column.
///
/// Invariant: a text is replaced only where it is still the one that was read. It may be ended at any
/// point and run again, also twice at once.
pub async fn reseal(db: &Db) -> Result<Vec<(&'static str, Count)>> {
    let mut counts = Vec::new();
    for column in SEALED {
        let mut count = Count::default();
        let mut last = None;
        while let Some(end) = batch(db, column, last, &mut count).await? {
            last = Some(end);
        }
        counts.push((column.place, count));
    }
    Ok(counts)
}

/// Does the rows after `last`; tells where it ended, or nothing if there were none.
async fn batch(db: &Db, of: &Sealed, last: Option<Uuid>, count: &mut Count) -> Result<Option<Uuid>> {
    let Sealed { table, key, column, place } = of;
    // Names of our own list, never of anybody's input.
    let rows: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(AssertSqlSafe(format!(
        "select {key}, {column} from {table}
          where {column} is not null and ($1::uuid is null or {key} > $1) order by {key} limit $2"
    )))
    .bind(last)
    .bind(BATCH)
    .fetch_all(&db.pool)
    .await?;
    for (row, stored) in &rows {
        if !db.keys.is_old(stored) {
            continue;
        }
        let place = Place { column: place, row: *row };
        let Ok(text) = db.keys.open(place, stored) else {
            *count.closed.entry(stored.first().copied().unwrap_or_default()).or_default() += 1;
            continue;
        };
        let fresh: Result<_, SealError> = db.keys.seal(place, &text);
        let replaced = sqlx::query(AssertSqlSafe(format!(
            "update {table} set {column} = $3 where {key} = $1 and {column} = $2"
        )))
        .bind(row)
        .bind(stored)
        .bind(fresh?)
        .execute(&db.pool)
        .await?;
        if replaced.rows_affected() == 1 {
            count.resealed += 1;
        } else {
            count.overtaken += 1;
        }
    }
    Ok(rows.last().map(|(row, _)| *row))
}
