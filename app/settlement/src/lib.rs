//! What creators are paid: fees by plan, early and last share. Server only.
//!
//! Rules kept: however a sum is paid out in parts, its fees are those of the whole; no share is less than
//! nothing.

#![cfg(feature = "ssr")]

mod fees;

pub use fees::{Fees, PlanRates, Share, early, last, later};
