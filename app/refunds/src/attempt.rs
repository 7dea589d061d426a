//! A try to give back at a gateway, and the job that asks what became of it.

use chrono::{DateTime, Utc};
use kernel::{Money, PaymentAttemptId, RefundId, jobs::Job};
use payments::{Ask, AttemptKind, GiveBack};
use serde::{Deserialize, Serialize};

/// A row of the attempts whose kind is `refund`.
#[derive(Clone, Debug)]
pub struct RefundAttempt {
    pub id: PaymentAttemptId,
    pub refund: RefundId,
    pub amount: Money,
    pub gateway: String,
    /// The charge that goes back, in the gateway's words.
    pub charge_ref: String,
    pub gateway_ref: Option<String>,
    pub state: String,
    pub created_at: DateTime<Utc>,
}

impl RefundAttempt {
    /// Without an outcome.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "created" | "sent" | "unknown")
    }

    /// As the gateway hears of it, each time under the same key.
    #[must_use]
    pub fn give_back(&self) -> GiveBack {
        GiveBack { key: self.id, charge_ref: self.charge_ref.clone(), amount: self.amount }
    }

    #[must_use]
    pub fn ask(&self) -> Ask {
        Ask {
            key: self.id,
            kind: AttemptKind::Refund,
            amount: self.amount,
            gateway_ref: self.gateway_ref.clone(),
            visit_ref: None,
            charge_ref: Some(self.charge_ref.clone()),
            created_at: self.created_at,
        }
    }
}

/// Ask a gateway what became of a refund: first until it is known, then once more days after it succeeded, because
/// the payer's bank may send it back and the report of that may be lost.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AskRefund {
    pub attempt: PaymentAttemptId,
    pub once_more: bool,
}

impl Job for AskRefund {
    const KIND: &'static str = "refund.ask";

    fn key(&self) -> Option<String> {
        let again = if self.once_more { ":again" } else { "" };
        Some(format!("{}{again}", self.attempt))
    }
}
