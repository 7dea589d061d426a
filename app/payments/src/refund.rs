//! Money that goes back: from where, on which way, and why. What becomes of it is the crate `refunds`'.

use chrono::{DateTime, Utc};
use kernel::{BankLineId, FormKey, MemberId, Money, PaymentId, RefundAccountId, RefundId, jobs::Job};
use serde::{Deserialize, Serialize};

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundSource {
    /// What was paid for something.
    Payment(PaymentId),
    /// What came in by transfer and belongs to nothing.
    Line(BankLineId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundWay {
    /// Through the gateway that took it.
    Gateway,
    /// By a transfer of ours, to an account that is asked for where none is known.
    Transfer,
}

impl RefundWay {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Transfer => "transfer",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Gateway, Self::Transfer].into_iter().find(|way| way.code() == code)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefundReason {
    BackerCanceled,
    /// The goal was missed.
    Unfunded,
    /// The creator or an operator stopped the project.
    Stopped,
    TooLittleCollected,
    /// The backer's right by law (전자상거래법 17).
    Withdrawn,
    NotAsDescribed,
    Late,
    /// Paid twice.
    Double,
    /// More came in than was asked for.
    Excess,
    /// It came in after its time.
    LateDeposit,
    Goodwill,
    Other,
}

impl RefundReason {
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::BackerCanceled, "backer_canceled"),
        (Self::Unfunded, "unfunded"),
        (Self::Stopped, "stopped"),
        (Self::TooLittleCollected, "too_little_collected"),
        (Self::Withdrawn, "withdrawn"),
        (Self::NotAsDescribed, "not_as_described"),
        (Self::Late, "late"),
        (Self::Double, "double"),
        (Self::Excess, "excess"),
        (Self::LateDeposit, "late_deposit"),
        (Self::Goodwill, "goodwill"),
        (Self::Other, "other"),
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(reason, _)| *reason == self).map_or("", |(_, code)| code)
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(reason, _)| *reason)
    }
}

/// A refund to be made. Its amount is never changed.
#[derive(Clone, Debug)]
pub struct NewRefund<'a> {
    pub source: RefundSource,
    /// Made with the form: the same form sent twice is one refund.
    pub key: FormKey,
    pub amount: Money,
    pub way: RefundWay,
    /// Where a transfer goes, if that is known.
    pub account: Option<RefundAccountId>,
    pub reason: RefundReason,
    pub note: &'a str,
    /// Nobody: the system.
    pub by: Option<MemberId>,
    pub at: DateTime<Utc>,
}

/// Bring a refund on its way: ask for an account, make a transfer, or call the gateway.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct BeginRefund {
    pub refund: RefundId,
    /// How often it was begun before.
    pub again: i32,
}

impl Job for BeginRefund {
    const KIND: &'static str = "refund.begin";

    fn key(&self) -> Option<String> {
        Some(format!("{}:{}", self.refund, self.again))
    }
}
