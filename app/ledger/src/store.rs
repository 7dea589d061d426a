//! Posting and reading entries.

use crate::{
    Account, Book, Event,
    chain::{Posting, Unhashed, genesis},
};
use chrono::{DateTime, Utc};
use kernel::{EntryId, Money, ProjectId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Books what happened at the end of its book's chain, in the caller's transaction.
///
/// Invariant: the postings sum to zero, and the entry's hash covers the one before it. Entries of
/// one book wait for each other until the caller commits, so call this late.
pub async fn post(db: &mut PgConnection, event: Event<'_>, at: DateTime<Utc>) -> sqlx::Result<EntryId> {
    let entry = event.entry().map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    hold_chain(&mut *db, entry.book).await?;
    let last = sqlx::query!(
        // In the words of the index `ledger_chain_has_no_fork`.
        "select seq, hash from ledger_entries
          where coalesce(project_id, '00000000-0000-0000-0000-000000000000') = $1 order by seq desc limit 1",
        entry.book.id()
    )
    .fetch_optional(&mut *db)
    .await?;
    let (seq, previous) = match last {
        Some(last) => (last.seq + 1, last.hash),
        None => (1, genesis(entry.book)),
    };
    let unhashed = Unhashed {
        book: entry.book,
        seq,
        kind: entry.kind,
        reference: entry.reference,
        occurred_at: at,
        postings: &entry.postings,
    };
    let id = EntryId::new();
    let accounts: Vec<String> = entry.postings.iter().map(|posting| posting.account.clone()).collect();
    let amounts: Vec<i64> = entry.postings.iter().map(|posting| posting.amount.minor()).collect();
    let currencies: Vec<String> =
        entry.postings.iter().map(|posting| posting.amount.currency().code().to_owned()).collect();
    sqlx::query!(
        "with entry as (
             insert into ledger_entries (id, project_id, seq, kind, reference, occurred_at, prev_hash, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8) returning id)
         insert into ledger_postings (entry_id, line, account, amount_minor, currency)
         select entry.id, p.line, p.account, p.amount, p.currency
           from entry, unnest($9::text[], $10::bigint[], $11::text[]) with ordinality as p (account, amount, currency, line)",
        id.uuid(),
        entry.book.project().map(ProjectId::uuid),
        seq,
        entry.kind,
        entry.reference,
        at,
        previous,
        unhashed.hash(&previous),
        &accounts,
        &amounts,
        &currencies
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// Holds the end of a book's chain until the caller's transaction ends: a chain has one end,
/// and whoever appends holds it. Holding it twice is harmless.
pub async fn hold_chain(db: &mut PgConnection, book: Book) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 1)) as held", book.id().to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// An entry as it stands in the books.
#[derive(Clone, Debug)]
pub struct BookedEntry {
    pub id: EntryId,
    pub seq: i64,
    pub kind: String,
    pub reference: Uuid,
    pub occurred_at: DateTime<Utc>,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
    pub postings: Vec<Posting>,
}

/// What an account of a book holds; a debit is positive.
pub async fn balance(db: &mut PgConnection, book: Book, account: Account<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select balance($1, $2) as "minor!""#, book.id(), account.to_string())
        .fetch_one(db)
        .await
}

/// A book's chain, first entry first.
pub async fn entries_of(db: &mut PgConnection, book: Book) -> sqlx::Result<Vec<BookedEntry>> {
    let rows = sqlx::query!(
        "select e.id, e.seq, e.kind, e.reference, e.occurred_at, e.prev_hash, e.hash,
                p.account, p.amount_minor, p.currency
           from ledger_entries e join ledger_postings p on p.entry_id = e.id
          where coalesce(e.project_id, '00000000-0000-0000-0000-000000000000') = $1
          order by e.seq, p.line",
        book.id()
    )
    .fetch_all(db)
    .await?;
    let mut entries: Vec<BookedEntry> = Vec::new();
    for row in rows {
        let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        let posting = Posting { account: row.account, amount: Money::new(row.amount_minor, currency) };
        match entries.last_mut() {
            Some(entry) if entry.seq == row.seq => entry.postings.push(posting),
            _ => entries.push(BookedEntry {
                id: row.id.into(),
                seq: row.seq,
                kind: row.kind,
                reference: row.reference,
                occurred_at: row.occurred_at,
                prev_hash: row.prev_hash,
                hash: row.hash,
                postings: vec![posting],
            }),
        }
    }
    Ok(entries)
}
