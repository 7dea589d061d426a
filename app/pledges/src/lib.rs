//! Pledges: placed, secured with a card, cancelled; judged at the deadline, charged or released.
//!
//! Tables: `pledges`, `pledge_lines`. Rules kept: a pledge is added or secured only while its project
//! is live and before the deadline; stock is held from the first moment and comes back; the same
//! form sent twice is one pledge; of a backer's pledges in a project one at most waits for its card. Jobs run: [`ExpireHold`], [`ChargePledge`],
//! [`FinishCollection`], [`ReturnCollected`], [`ForgetCard`], [`ForgetMethod`], for `payments` its `SettleAttempt`, and for `projects` its
//! `JudgeDeadline` and `ReleasePledges`.

mod cancel;
mod error;
mod mine;
mod place;
mod resume;
mod rules;
mod text;
mod total;
mod types;

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
mod mail;
#[cfg(feature = "ssr")]
mod means;
#[cfg(feature = "ssr")]
mod release;
#[cfg(feature = "ssr")]
mod runs;
#[cfg(feature = "ssr")]
mod settle;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod visit;

pub use cancel::CancelPledge;
pub use error::PledgeError;
pub use place::{PlacePledge, PledgeForm};
pub use resume::ResumePledge;
pub use rules::{CheckedLine, CheckedPledge};
pub use total::PledgeTotal;
pub use types::*;

#[cfg(feature = "ssr")]
pub use {
    cancel::cancel,
    expire::{ExpireHold, expire},
    finish::{FinishCollection, ReturnCollected, finish_collection, return_collected},
    goal::{TellGoal, tell_goal},
    judge::judge,
    means::Means,
    mine::{pledge_page, pledges_page},
    place::{checkout_page, place},
    release::{ForgetCard, ForgetMethod, forget_card, forget_method, release},
    runs::{ChargePledge, charge},
    settle::{Settled, poll, returned, settle, settle_reported},
    visit::visit,
};
