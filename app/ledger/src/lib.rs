//! Double-entry books of the platform. Server only.
//!
//! Tables: `ledger_entries`, `ledger_postings`. Rules: entries sum to zero in each currency and are
//! never changed (both enforced by the database); the entries of a project are a chain of hashes.

#![cfg(feature = "ssr")]

mod chain;
mod store;

pub use chain::{Posting, Unhashed, genesis};
pub use store::{Account, BookedEntry, NewEntry, entries_of, hold_chain, post};
