//! Money that leaves by the operator's bank: refunds and payouts.

mod file;

pub use file::{Transfer, transfers_file};
