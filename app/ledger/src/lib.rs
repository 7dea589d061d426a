//! Double-entry books of the platform. Server only.
//!
//! Tables: `ledger_entries`, `ledger_postings`, `ledger_sums` by a trigger, and `book_checks`. Rules: entries sum to
//! zero in each currency and are never changed (both enforced by the database); the entries of a book
//! are a chain of hashes. What is booked is an [`Event`]; nobody writes postings by hand.

#![cfg(feature = "ssr")]

mod accounts;
mod chain;
mod event;
mod file;
mod money;
mod store;
mod verify;

pub use accounts::{Account, Book};
pub use chain::{Posting, Unhashed, genesis};
pub use event::{Entry, Event, Settlement, Source, Way};
pub use file::{Head, lines};
pub use money::{BookCheck, ProjectMoney, last_balanced, last_checks, note_check, project_money};
pub use store::{BookedEntry, balance, entries_of, hold_chain, post};
pub use verify::{Fault, Verified, VerifyError, verify};
