//! A try at a gateway, and the job that asks what became of it.

use crate::gateway::{Ask, AttemptKind, Charge};
use chrono::{DateTime, Utc};
use kernel::{Money, PaymentAttemptId, PaymentId, PledgeId, jobs::Job};
use serde::{Deserialize, Serialize};

/// A row of the attempts.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: PaymentAttemptId,
    pub payment: PaymentId,
    /// What the payment is for.
    pub pledge: PledgeId,
    pub kind: AttemptKind,
    pub amount: Money,
    pub gateway: String,
    /// Without an outcome.
    pub open: bool,
    pub gateway_ref: Option<String>,
    pub visit_ref: Option<String>,
    /// The scheduled run that it belongs to; none for what a person began.
    pub run: Option<i16>,
    pub created_at: DateTime<Utc>,
}

impl Attempt {
    #[must_use]
    pub fn ask(&self) -> Ask {
        Ask {
            key: self.id,
            kind: self.kind,
            amount: self.amount,
            gateway_ref: self.gateway_ref.clone(),
            visit_ref: self.visit_ref.clone(),
            charge_ref: None,
            created_at: self.created_at,
        }
    }
}

/// What to do about a charge.
#[derive(Clone, Debug)]
pub enum Begun {
    /// The row is written: prepare, then call the gateway.
    Call(Attempt, Charge),
    /// An earlier try, or a visit, has no outcome: ask the gateway, never charge.
    Ask(Attempt),
    /// The payment has its outcome.
    Done,
}

/// Ask a gateway what became of a visit, whether or not its person comes back.
#[derive(Debug, Serialize, Deserialize)]
pub struct SettleAttempt {
    pub attempt: PaymentAttemptId,
}

impl Job for SettleAttempt {
    const KIND: &'static str = "payment.settle";

    fn key(&self) -> Option<String> {
        Some(self.attempt.to_string())
    }
}
