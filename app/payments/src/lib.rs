//! Money of one purpose, its tries at a gateway, and the gateways. Server only.
//!
//! Tables: `payments`, `payment_methods`, `payment_attempts`. Rules kept: an attempt's row exists
//! before the gateway is called and its id is the idempotency key; `unknown` is left only by asking
//! the gateway; a payment is charged at most once (`payment_charged_once`). This crate knows nothing of
//! pledges: whoever opened a payment moves it on, in one transaction with what it is for.

#![cfg(feature = "ssr")]

mod attempt;
mod gateway;
mod sandbox;
mod schedule;
mod store;

pub use attempt::{Begun, OpenAttempt};
pub use gateway::{CardOutcome, CardPage, Charge, ChargeOutcome, Gateway, GatewayError, StoredCard, Till};
pub use sandbox::SandboxGateway;
pub use schedule::{Schedule, ScheduleError};
pub use store::{
    NewPayment, Payment, PaymentState, begin_charge, begin_store_card, card_to_forget, lock, make_due,
    mark_sent, mark_unknown, of_purpose, open, open_attempt, record_card, record_charge,
    record_never_arrived, record_page_closed, void,
};
