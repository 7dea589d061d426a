//! Money that leaves by the operator's bank: gathered into a file, sent, seen on a statement, or come back.

mod batch;
mod outcome;
mod row;

pub use batch::{MakeBatch, SendBatch, batch_file};
pub use outcome::{ConfirmTransfers, FailTransfer, matches};
pub(crate) use row::begin;
pub use row::{TransferRow, TransferState};
