//! Bank transfers (무통장입금): the codes that backers put, the statements of banks, what a line of one
//! belongs to, and the files that banks and the tax office take. Server only.
//!
//! Tables: `receiving_accounts`, `deposits`, `statements`, `statement_mappings`, `bank_lines`, `deposit_matches`.
//!
//! Rules kept: a statement is read whole or not at all; what is read is bounded; a line is certain only by
//! code, amount and time together.

#![cfg(feature = "ssr")]

mod code;
mod columns;
mod csv_file;
mod error;
pub mod expected;
mod give_back;
pub mod matching;
mod read_in;
mod receipts;
pub mod receiving;
pub mod statement;
mod steer;
pub mod store;
mod text;
mod transfers;

pub use code::DepositCode;
pub use columns::SaveColumns;
pub use csv_file::FileError;
pub use error::{AskedColumns, DepositError, HeadRow};
pub use give_back::{REASONS, ReturnLine};
pub use matching::DepositState;
pub use read_in::{ReadIn, Upload, read_in, refresh};
pub use receipts::{Purpose, Receipt, receipts_file};
pub use steer::SteerLine;
pub use transfers::{Transfer, transfers_file};
