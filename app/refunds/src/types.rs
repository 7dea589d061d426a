//! A refund as pages and use cases see it.

use crate::text;
use chrono::{DateTime, Utc};
use kernel::{Locale, Money, PledgeId, ProjectId, RefundId};
use payments::{RefundReason, RefundSource, RefundWay};

/// Where a refund stands. The allowed moves stand in table `allowed_moves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// By transfer, and nobody has said yet where to.
    NeedsAccount,
    Ready,
    Sending,
    Succeeded,
    /// The gateway refused, or what was sent came back.
    Failed,
    CalledOff,
}

impl RefundState {
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::NeedsAccount, "needs_account"),
        (Self::Ready, "ready"),
        (Self::Sending, "sending"),
        (Self::Succeeded, "succeeded"),
        (Self::Failed, "failed"),
        (Self::CalledOff, "called_off"),
    ];

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(state, _)| *state)
    }

    #[must_use]
    pub const fn label(self, l: Locale) -> &'static str {
        match self {
            Self::NeedsAccount => text::needs_account(l),
            Self::Ready => text::ready(l),
            Self::Sending => text::sending(l),
            Self::Succeeded => text::succeeded(l),
            Self::Failed => text::failed(l),
            Self::CalledOff => text::called_off(l),
        }
    }

    /// The tone of its tag.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Succeeded => "good",
            Self::NeedsAccount | Self::Failed => "bad",
            Self::Ready | Self::Sending => "open",
            Self::CalledOff => "plain",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Refund {
    pub id: RefundId,
    pub source: RefundSource,
    /// What was paid for, and its project; none for a line of a bank that belongs to nothing.
    pub pledge: Option<(PledgeId, ProjectId)>,
    pub amount: Money,
    pub way: RefundWay,
    pub reason: RefundReason,
    pub note: String,
    /// How much of it the creator owes, because it was paid out.
    pub receivable: Money,
    pub state: RefundState,
    /// How often it was begun.
    pub tries: i32,
    pub created_at: DateTime<Utc>,
}
