//! Posting and reading entries.

use crate::chain::{Posting, Unhashed, genesis};
use chrono::{DateTime, Utc};
use kernel::{EntryId, Money, ProjectId};
use sqlx::PgConnection;
use uuid::Uuid;

/// The accounts of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Money that a gateway took for us and has not paid out yet.
    GatewayClearing,
    /// Money that is kept for a project.
    ProjectEscrow,
}

impl Account {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GatewayClearing => "gateway_clearing",
            Self::ProjectEscrow => "project_escrow",
        }
    }
}

/// An entry that moves one amount from one account to another.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry {
    pub project: ProjectId,
    pub kind: &'static str,
    /// What caused it; a second entry of the same kind and reference is refused.
    pub reference: Uuid,
    pub at: DateTime<Utc>,
    pub debit: Account,
    pub credit: Account,
    pub amount: Money,
}

/// Books an entry at the end of its project's chain, in the caller's transaction.
///
/// Invariant: the postings sum to zero, and the entry's hash covers the one before it. Entries of
/// one project wait for each other until the caller commits, so call this late.
pub async fn post(db: &mut PgConnection, entry: NewEntry) -> sqlx::Result<EntryId> {
    hold_chain(&mut *db, entry.project).await?;
    let last = sqlx::query!(
        "select seq, hash from ledger_entries where project_id = $1 order by seq desc limit 1",
        entry.project.uuid()
    )
    .fetch_optional(&mut *db)
    .await?;
    let (seq, previous) = match last {
        Some(last) => (last.seq + 1, last.hash),
        None => (1, genesis(entry.project)),
    };
    let credit = Money::new(-entry.amount.minor(), entry.amount.currency());
    let postings = [
        Posting { account: entry.debit.name().to_owned(), amount: entry.amount },
        Posting { account: entry.credit.name().to_owned(), amount: credit },
    ];
    let unhashed = Unhashed {
        project: entry.project,
        seq,
        kind: entry.kind,
        reference: entry.reference,
        occurred_at: entry.at,
        postings: &postings,
    };
    let id = EntryId::new();
    sqlx::query!(
        "insert into ledger_entries (id, project_id, seq, kind, reference, occurred_at, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.uuid(),
        entry.project.uuid(),
        seq,
        entry.kind,
        entry.reference,
        entry.at,
        previous,
        unhashed.hash(&previous)
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into ledger_postings (entry_id, line, account, amount_minor, currency)
         values ($1, 1, $2, $4, $5), ($1, 2, $3, -$4, $5)",
        id.uuid(),
        entry.debit.name(),
        entry.credit.name(),
        entry.amount.minor(),
        entry.amount.currency().code()
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// Holds the end of a project's chain until the caller's transaction ends: a chain has one end,
/// and whoever appends holds it. Holding it twice is harmless.
pub async fn hold_chain(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 1)) as held", project.to_string())
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

/// The chain of a project, first entry first.
pub async fn entries_of(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<BookedEntry>> {
    let rows = sqlx::query!(
        "select e.id, e.seq, e.kind, e.reference, e.occurred_at, e.prev_hash, e.hash,
                p.account, p.amount_minor, p.currency
           from ledger_entries e join ledger_postings p on p.entry_id = e.id
          where e.project_id = $1
          order by e.seq, p.line",
        project.uuid()
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
