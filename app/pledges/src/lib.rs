//! Pledges: placed, secured with a card, cancelled; judged at the deadline, charged or released.
//!
//! Tables: `pledges`, `pledge_lines`, `pledge_changes`, `pledge_consents`, `pledge_rights`, `legal_texts`. Rules kept: a pledge is added or secured only while its project
//! is live and before the deadline; stock is held from the first moment and comes back; the same
//! form sent twice is one pledge; of a backer's pledges in a project one at most waits for its card. Jobs run: [`ExpireHold`], [`ChargePledge`],
//! [`FinishCollection`], [`ReturnCollected`], [`ForgetCard`], [`ForgetMethod`], [`ExpireDeposit`], [`RemindDeposit`],
//! [`TellTaken`], for `payments` its `SettleAttempt`, and for `projects` its
//! `JudgeDeadline` and `ReleasePledges`.

mod cancel;
mod change;
mod error;
mod form;
mod mine;
mod mine_rights;
mod place;
mod resume;
mod review;
mod rules;
mod text;
mod total;
mod transfer;
mod types;

#[cfg(feature = "ssr")]
mod bill;
#[cfg(feature = "ssr")]
mod checkout;
#[cfg(feature = "ssr")]
mod consents;
#[cfg(feature = "ssr")]
mod expire;
#[cfg(feature = "ssr")]
mod finish;
#[cfg(feature = "ssr")]
mod goal;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod judge;
#[cfg(feature = "ssr")]
mod lines;
#[cfg(feature = "ssr")]
mod mail;
#[cfg(feature = "ssr")]
mod means;
#[cfg(feature = "ssr")]
mod release;
#[cfg(feature = "ssr")]
mod rights;
#[cfg(feature = "ssr")]
mod runs;
#[cfg(feature = "ssr")]
mod settle;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod visit;

pub use cancel::CancelPledge;
pub use change::ChangePledge;
pub use error::PledgeError;
pub use form::PledgeForm;
pub use place::PlacePledge;
pub use resume::ResumePledge;
pub use review::ReviewPledge;
pub use rules::{CheckedLine, Piece};
pub use total::PledgeTotal;
pub use transfer::ChooseTransfer;
pub use types::*;

#[cfg(feature = "ssr")]
pub use {
    cancel::cancel,
    change::change,
    checkout::{change_page, checkout_page},
    expire::{ExpireHold, expire},
    finish::{FinishCollection, ReturnCollected, finish_collection, return_collected},
    goal::{TellGoal, tell_goal},
    judge::judge,
    means::Means,
    mine::{pledge_page, pledges_page},
    place::place,
    release::{ForgetCard, ForgetMethod, forget_card, forget_method, release},
    rules::{CheckedPledge, Destination},
    runs::{ChargePledge, charge},
    settle::{Settled, poll, returned, settle, settle_reported},
    transfer::{
        CheckedTransfer, ConfirmCertain, ExpireDeposit, MatchLine, RemindDeposit, Sureness, TellTaken,
        TransferForm, UndoMatch, book, choose, expire_deposit, remind_deposit, tell_taken, undo,
    },
    visit::visit,
};
