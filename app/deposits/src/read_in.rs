//! An operator brings a statement: read whole or not at all, each line once, booked in the same transaction.

use crate::{
    AskedColumns, DepositError,
    statement::{Headings, MOST_LINES, StatementError, Table, read},
    store::{self, NewStatement},
};
use accounts::operators::{Operator, audit};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Calendar, Fault, ReceivingAccountId, Refusal,
    db::{Act, Db},
};
use sha2::{Digest, Sha256};

/// The longest name of a file, as in the database.
const LONGEST_NAME: usize = 200;

/// What the operator sends: a file, or its text.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    pub account: String,
    pub file_name: String,
    pub bytes: Vec<u8>,
    /// The last day that the operator asked the bank about.
    pub until: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadIn {
    pub account: ReceivingAccountId,
    pub lines: usize,
    /// Those that no statement had told before.
    pub fresh: usize,
}

/// Reads a statement of one of the receiving accounts.
///
/// Invariant: nothing of it is kept unless all of it can be read; the same file is read once.
pub async fn read_in(db: &Db, operator: &Operator, upload: Upload) -> Result<ReadIn, DepositError> {
    let now = db.now();
    let account: ReceivingAccountId = upload.account.parse().map_err(|_| Refusal::NotFound)?;
    if upload.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DepositError::NothingSent);
    }
    let until = last_day(&upload.until)?;
    let act = Act::by(operator.member.id, "an operator read a statement");
    let mut tx = db.begin_at(act, now).await?;
    let currency = store::lock_account(&mut tx, account).await?.ok_or(Refusal::NotFound)?;
    let file_hash = Sha256::digest(&upload.bytes);
    if store::was_read(&mut tx, account, &file_hash).await? {
        return Err(DepositError::ReadBefore);
    }
    let remembered = store::mappings(&mut tx, account).await?;
    let bytes = upload.bytes;
    // Ten megabytes of cells are work for a thread of their own.
    let lines = tokio::task::spawn_blocking(move || {
        let table = Table::open(&bytes).map_err(|error| DepositError::unread(&error, None))?;
        let asked = || AskedColumns::of(account, &table);
        let headings = Headings::find(&table, &remembered)
            .map_err(|error| DepositError::unread(&error, Some(asked())))?;
        let explained = remembered.contains_key(&headings.hash);
        read(&table, &headings, currency).map_err(|error| {
            // Columns that somebody explained may have been explained wrongly.
            let columns = explained || error == StatementError::WrongColumns;
            DepositError::unread(&error, columns.then(asked))
        })
    })
    .await
    .map_err(|error| Refusal::internal(&error))??;
    let newest = lines.iter().map(|line| line.at).max().unwrap_or(now);
    let file_name: String = upload.file_name.chars().take(LONGEST_NAME).collect();
    let new = NewStatement {
        account,
        file_hash: &file_hash,
        file_name: &file_name,
        by: operator.member.id,
        at: now,
        lines: &lines,
        covers_until: covers_until(newest, until, now),
    };
    let fresh = store::add_statement(&mut tx, &db.keys, &new, currency).await?;
    let told = format!("{fresh}/{}", lines.len());
    audit(&mut tx, &operator.actor(), "read_statement", &format!("account:{account}"), &told, now).await?;
    tx.commit().await?;
    say_why(db, account, MOST_LINES as i64).await?;
    Ok(ReadIn { account, lines: lines.len(), fresh })
}

fn last_day(until: &str) -> Result<Option<NaiveDate>, Refusal> {
    let until = until.trim();
    if until.is_empty() {
        return Ok(None);
    }
    until.parse().map(Some).map_err(|_| Refusal::field("until", Fault::NotADate))
}

/// Everything that came in before is told: up to the last line, or to the end of a day that is over.
fn covers_until(newest: DateTime<Utc>, until: Option<NaiveDate>, now: DateTime<Utc>) -> DateTime<Utc> {
    let day_over = until.map(Calendar::end_of).filter(|end| *end < now);
    day_over.map_or(newest, |end| end.max(newest)).min(now)
}

/// Lines that are looked at again after something was done with one.
const LOOKED_AT: i64 = 10_000;

/// Says anew why the oldest lines of an account wait: after something was done with one, and for who looks.
pub async fn refresh(db: &Db, account: ReceivingAccountId) -> sqlx::Result<()> {
    say_why(db, account, LOOKED_AT).await
}

async fn say_why(db: &Db, account: ReceivingAccountId, most: i64) -> sqlx::Result<()> {
    let mut tx = db.pool.begin().await?;
    if store::lock_account(&mut tx, account).await?.is_some() {
        store::reclassify(&mut tx, &db.keys, account, most).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_covers_the_day_that_was_asked_for_once_it_is_over() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (newest, now) = (at("2026-12-01T14:03:22+09:00"), at("2026-12-02T09:00:00+09:00"));
        let day = |text: &str| last_day(text).unwrap();

        assert_eq!(covers_until(newest, None, now), newest);
        assert_eq!(covers_until(newest, day("2026-12-01"), now), at("2026-12-01T23:59:59+09:00"));
        assert_eq!(covers_until(newest, day("2026-12-02"), now), newest, "today is not over");
        assert_eq!(covers_until(newest, day("2026-11-30"), now), newest);
        assert_eq!(covers_until(at("2026-12-02T23:59:59+09:00"), None, now), now);
        assert!(last_day("어제").is_err());
    }
}
