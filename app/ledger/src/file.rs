//! The public file of a book, `dure-ledger/1`: JSON, a line for the head and one for each entry.
//!
//! Its references are the ids of what was booked. They lead to nobody outside the database.

use crate::{Book, BookedEntry};
use chrono::{DateTime, Utc};
use kernel::{Currency, Money};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub const FORMAT: &str = "dure-ledger/1";

/// The first line: whose book it is, and where it ends.
///
/// `slug` and `written_at` are for readers; no hash covers them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub format: String,
    /// Zeros for the platform's own book.
    pub project: Uuid,
    pub slug: String,
    /// Of every amount in the book of a project.
    pub currency: Currency,
    pub entries: u64,
    /// The hash of the last entry.
    pub head: String,
    pub written_at: DateTime<Utc>,
}

impl Head {
    #[must_use]
    pub fn new(
        book: Book,
        slug: &str,
        currency: Currency,
        entries: u64,
        head: &[u8],
        written_at: DateTime<Utc>,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            project: book.id(),
            slug: slug.to_owned(),
            currency,
            entries,
            head: hex(head),
            written_at,
        }
    }

    #[must_use]
    pub fn book(&self) -> Book {
        if self.project.is_nil() { Book::Platform } else { Book::Project(self.project.into()) }
    }
}

/// An entry's line. Each of its facts is covered by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryLine {
    pub seq: i64,
    pub kind: String,
    pub reference: Uuid,
    pub at: DateTime<Utc>,
    pub postings: Vec<(String, i64, Currency)>,
    pub prev: String,
    pub hash: String,
}

impl From<BookedEntry> for EntryLine {
    fn from(entry: BookedEntry) -> Self {
        let posting = |account: String, amount: Money| (account, amount.minor(), amount.currency());
        Self {
            seq: entry.seq,
            kind: entry.kind,
            reference: entry.reference,
            at: entry.occurred_at,
            postings: entry.postings.into_iter().map(|line| posting(line.account, line.amount)).collect(),
            prev: hex(&entry.prev_hash),
            hash: hex(&entry.hash),
        }
    }
}

/// The lines of a file, each with its end: the entries of the head's book, first entry first.
pub fn lines(head: &Head, entries: impl IntoIterator<Item = BookedEntry>) -> impl Iterator<Item = String> {
    let head = std::iter::once(line_of(head));
    head.chain(entries.into_iter().map(|entry| line_of(&EntryLine::from(entry))))
}

pub(crate) fn line_of(facts: &impl Serialize) -> String {
    // Their keys are words and their values are texts and numbers: JSON has them all.
    serde_json::to_string(facts).expect("a line is JSON") + "\n"
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
