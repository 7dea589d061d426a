//! Paying by bank transfer (무통장입금): what comes in.

#[cfg(feature = "ssr")]
mod confirm;
#[cfg(feature = "ssr")]
mod matched;
#[cfg(feature = "ssr")]
mod undo;

#[cfg(feature = "ssr")]
pub use {
    confirm::ConfirmCertain,
    matched::{MatchLine, Sureness, book},
    undo::{UndoMatch, undo},
};
