//! SQL of refunds and disputes. All functions that write run in the caller's transaction.

mod attempts;
mod disputes;
mod lists;
mod refundable;
mod refunds;
mod reports;
mod transfers;

pub use attempts::{add_attempt, attempt, open_attempt, reverse_attempt};
pub use disputes::{
    Charge, DisputeRow, add_dispute, all_disputes, call_off_waiting, charge_back, charge_of, lock_dispute,
    move_dispute, named, owed_when_lost, put_off,
};
pub use lists::{Found, Listed, find_pledges, of_pledge, refunds_listed};
pub use refundable::{Refundable, RefundableLine, add_lines, lock_refundable, refundable};
pub use refunds::{
    begin_try, by_form, by_transfer, failed_after_all, get, is_all_back, is_collected, is_disputed, is_owed,
    lock, move_state, pledge_of, succeeded,
};
pub use reports::{Reported, reported};
pub use transfers::{
    BatchRow, OurAccount, account_of, add_account, add_batch, add_transfer, ask_account_again, batch_sent,
    batches, confirm_transfer, done_transfers, fits_back, gather, hash, is_our_account, keep_hash,
    line_is_back, line_went, lines_out, lock_batch, lock_transfer, move_transfer, of_batch, our_accounts,
    payer, projects_of_batch, ready_transfers, sent_transfers, set_account, transfer, transfer_failed,
    use_line, waiting_for_account,
};
