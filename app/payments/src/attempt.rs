//! A try at a gateway, as the caller needs it.

use crate::gateway::Charge;
use chrono::{DateTime, Utc};
use kernel::PaymentAttemptId;

/// An attempt without an outcome.
#[derive(Clone, Debug)]
pub struct OpenAttempt {
    pub id: PaymentAttemptId,
    pub created_at: DateTime<Utc>,
}

/// What to do about a charge.
#[derive(Clone, Debug)]
pub enum Begun {
    /// The row is written and says `sent`: call the gateway now.
    Call(Charge),
    /// An earlier try has no outcome: ask the gateway, never charge.
    Ask(OpenAttempt),
    /// The payment has its outcome.
    Done,
}
