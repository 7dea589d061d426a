//! Money of one purpose, its tries at a gateway, and the gateways. Server only.
//!
//! Tables: `payments`, `payment_methods`, `payment_attempts`, `gateway_events`. Rules kept: an attempt's row exists
//! before the gateway is called and its id is the idempotency key; `unknown` is left only by asking
//! the gateway; a payment is charged at most once (`payment_charged_once`). This crate knows nothing of
//! pledges: whoever opened a payment moves it on, in one transaction with what it is for.

#![cfg(feature = "ssr")]

mod attempt;
mod decline;
pub mod events;
mod gateway;
pub mod reconcile;
mod refund;
mod sandbox;
mod schedule;
mod store;
mod till;

pub use attempt::{Attempt, Begun, SettleAttempt};
pub use decline::DeclineClass;
pub use gateway::{
    AccountWanted, Answer, Ask, AttemptKind, Charge, DisputeState, DisputeTold, Gateway, GatewayError,
    GiveBack, IssuedAccount, Movement, MovementKind, Opened, Report, StoredMethod, Told, Visit, Wish,
};
pub use refund::{BeginRefund, NewRefund, RefundReason, RefundSource, RefundWay};
pub use sandbox::SandboxGateway;
pub use schedule::{Schedule, ScheduleError};
pub use store::*;
pub use till::Till;
