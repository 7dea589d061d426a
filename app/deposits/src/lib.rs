//! Bank transfers (무통장입금): the codes that backers put, the statements of banks, what a line of one
//! belongs to, and the files that banks and the tax office take. Server only.
//!
//! Rules kept: a statement is read whole or not at all; what is read is bounded; a line is certain only by
//! code, amount and time together.

#![cfg(feature = "ssr")]

mod code;
mod csv_file;
pub mod matching;
mod receipts;
pub mod statement;
mod text;
mod transfers;

pub use code::DepositCode;
pub use csv_file::FileError;
pub use receipts::{Purpose, Receipt, receipts_file};
pub use transfers::{Transfer, transfers_file};
