//! SQL of settlement, a file a thing. All functions that write run in the caller's transaction.

mod accounts;
pub mod money;
mod owed;
mod payouts;
mod plans;
mod receipts;

pub use accounts::{
    KeptAccount, account_by_id, account_of, add_account, check, erase_accounts, export_account, refuse,
    unchecked,
};
pub use owed::{Owed, owed, ties_of};
pub use payouts::{
    Listed, Transferred, add, add_transfer, approve, by_id, held_back, is_booked, listed, lock, move_state,
    next_number, of_project, rewrite, transfer, unsettled, was_sent,
};
pub use plans::{add_plan, close_plan, newest_version};
pub use receipts::{
    Exported, KeptReceipt, PaidByTransfer, ReceiptCounts, ToCancel, cancel_receipt, export_receipts_of,
    export_wanted, exported, note_receipt, paid_by_transfer, receipt_counts, receipt_of, receipts_to_cancel,
    want_receipt,
};
