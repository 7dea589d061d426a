//! Money that goes back: refunds by card and by transfer, and charges that the payer's bank questions. Server only.
//!
//! Tables: `refunds`, `refund_lines`, `refund_accounts`, `transfers`, `transfer_batches`, `disputes`. Rules kept: an
//! attempt's row exists before the gateway is asked to give back, and a refund without an answer is only asked about,
//! or sent again under the same key; what went back is booked once; refunds of a payment never sum to more than was
//! paid; while its bank disputes a payment, nothing goes back beside it. Jobs run: [`AskRefund`], [`AskDispute`], for
//! `payments` its `BeginRefund`, and its `ReadEvent` where a report names a refund or a dispute.

#![cfg(feature = "ssr")]

mod account;
mod attempt;
mod disputes;
mod error;
mod form;
pub mod jobs;
mod mail;
mod make;
mod mine;
mod send;
mod settle;
mod steer;
pub mod store;
mod text;
mod transfers;
mod types;

pub use account::{AccountFields, GiveRefundAccount, RefundAccount, SetRefundAccount, refund_account_page};
pub use attempt::{AskRefund, RefundAttempt};
pub use disputes::{AskDispute, ask_dispute, dispute_reported};
pub use error::RefundError;
pub use make::{MakeRefund, REASONS, WantedRefund, make};
pub use mine::MyRefunds;
pub use send::{MOST_TRIES, begin};
pub use settle::{Settled, refund_reported, settle};
pub use steer::SteerRefund;
pub use text::reason as reason_label;
pub use transfers::{
    ConfirmTransfers, FailTransfer, MakeBatch, SendBatch, TransferRow, TransferState, batch_file, matches,
};
pub use types::{Refund, RefundState};
