//! The hash chain over a book's entries: anyone can recompute it from the rows alone.

use crate::Book;
use chrono::{DateTime, Utc};
use kernel::Money;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// One line of an entry; a debit is positive, a credit negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: String,
    pub amount: Money,
}

/// An entry as its hash sees it.
#[derive(Clone, Debug)]
pub struct Unhashed<'a> {
    pub book: Book,
    pub seq: i64,
    pub kind: &'a str,
    pub reference: Uuid,
    pub occurred_at: DateTime<Utc>,
    pub postings: &'a [Posting],
}

/// What stands before the first entry of a book.
#[must_use]
pub fn genesis(book: Book) -> Vec<u8> {
    Sha256::digest(format!("dure ledger v1 {}", book.id()).as_bytes()).to_vec()
}

impl Unhashed<'_> {
    /// SHA-256 over the previous hash and a canonical text of the entry, one fact a line.
    #[must_use]
    pub fn hash(&self, previous: &[u8]) -> Vec<u8> {
        let mut text = format!(
            "{}\n{}\n{}\n{}\n{}\n",
            self.book.id(),
            self.seq,
            self.kind,
            self.reference,
            self.occurred_at.timestamp_micros()
        );
        for posting in self.postings {
            let (amount, currency) = (posting.amount.minor(), posting.amount.currency());
            text.push_str(&format!("{} {amount} {currency}\n", posting.account));
        }
        Sha256::new().chain_update(previous).chain_update(text.as_bytes()).finalize().to_vec()
    }
}
