//! Statements of banks: from the bytes of a file to lines with time, amount and names.
//!
//! `Table::open` (encodings, workbooks, separators) → `Headings` (which column is what) → `read`.

mod cells;
mod encoding;
mod error;
mod fingerprint;
mod guard;
mod mapping;
mod read;
mod table;
mod workbook;

#[cfg(test)]
mod tests;

pub use error::StatementError;
pub use fingerprint::Fingerprint;
pub use mapping::{Column, Headings, HeadingsHash, Mapping, hash_of};
pub use read::{StatementLine, read};
pub use table::{Row, Table};

/// The largest file that is read.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// The longest statement that is read.
pub const MOST_LINES: usize = 100_000;
