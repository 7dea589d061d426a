//! What creators are paid: fees by plan, statements, payouts, and what creators owe. Server only.
//!
//! Tables: `payouts`, `payout_accounts`, `cash_receipts`, and what `projects` chose of `fee_plans`. Rules kept: however a
//! project's money is paid out, its fees are those of the whole; a statement's sums are the ledger's, or it is
//! not approved (also by the database); no won leaves for an account that nobody has checked.
//! The books of gateways are compared with ours each night, row by row.
//! Jobs run: `DraftStatement` of `projects`, [`FollowTransfer`], which a trigger of `transfers` enqueues,
//! [`Reconcile`].

#![cfg(feature = "ssr")]

mod account;
mod approve;
mod draft;
mod error;
mod fees;
mod follow;
pub mod jobs;
mod mail;
mod owed;
mod payouts;
mod plans;
mod receipts;
mod reconcile;
mod statement;
pub mod store;
mod terms;
pub mod text;

pub use account::{
    AccountForm, PayoutAccount, SavePayoutAccount, account_page, check_account, refuse_account,
};
pub use approve::{approve, pay, rewrite};
pub use draft::{draft, sweep};
pub use error::SettlementError;
pub use fees::{Fees, PlanRates, Share, early, last};
pub use follow::{FollowTransfer, follow};
pub use owed::write_off;
pub use payouts::{StatementLines, payouts_page};
pub use plans::{NewPlan, PlanForm, add_version, close_plan, rates_of};
pub use receipts::{
    ReceiptForm, WantReceipt, cancel_receipt, export_receipts, note_receipts, receipt_page, receipts_csv,
};
pub use reconcile::{Reconcile, ask, explain, reconcile};
pub use statement::{Books, Kind, Payout, PayoutState, books_of};
pub use terms::{ChooseTerms, Example, terms_page};
