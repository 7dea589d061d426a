//! Paying by bank transfer (무통장입금): chosen, waited for, come in, given up.

mod choose;

#[cfg(feature = "ssr")]
mod confirm;
#[cfg(feature = "ssr")]
pub(crate) mod form;
#[cfg(feature = "ssr")]
mod matched;
#[cfg(feature = "ssr")]
mod shown;
#[cfg(feature = "ssr")]
mod taken;
#[cfg(feature = "ssr")]
mod undo;
#[cfg(feature = "ssr")]
mod waiting;

pub use choose::ChooseTransfer;

#[cfg(feature = "ssr")]
pub use {
    choose::choose,
    confirm::ConfirmCertain,
    form::{CheckedTransfer, TransferForm},
    matched::{MatchLine, Sureness, book},
    shown::{Instructions, TransferInputs, TransferOfPage, TransferWays},
    taken::{TellTaken, tell_taken},
    undo::{UndoMatch, undo},
    waiting::{ExpireDeposit, RemindDeposit, expire_deposit, remind_deposit},
};
