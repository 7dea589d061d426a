//! A pledge as pages show it.

use crate::Piece;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Locale, MemberId, Money, PledgeId, ProjectId, RewardId, VariantId};
use projects::FundingState;
use rewards::LegalClass;
use serde::{Deserialize, Serialize};

/// Where a pledge stands. The allowed moves stand in table `allowed_moves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PledgeState {
    /// Stock is held for some minutes while a card is entered.
    Held,
    /// A card is stored; nothing is charged.
    Reserved,
    /// A transfer is waited for; it does not count yet.
    AwaitingDeposit,
    /// The transfer came; it is kept apart until the deadline.
    Deposited,
    Canceled,
    /// The card was not entered in time.
    Expired,
    /// The project missed its goal or was stopped; nobody pays.
    Voided,
    /// The goal was reached; the card is to be charged.
    Due,
    /// The card was refused; it is charged again at the next run.
    RetryWait,
    /// The card was refused; only its owner can mend it.
    ActionNeeded,
    Collected,
    /// The card was refused at every run; the pledge is over.
    Dropped,
    /// All of it went back.
    Refunded,
    /// The backer's bank took it back.
    ChargedBack,
}

impl PledgeState {
    const ALL: [(Self, &'static str, &'static str, &'static str); 14] = [
        (Self::Held, "held", "결제수단 등록 전", "No card yet"),
        (Self::Reserved, "reserved", "후원 예약", "Pledged"),
        (Self::AwaitingDeposit, "awaiting_deposit", "입금 대기", "Waiting for your transfer"),
        (Self::Deposited, "deposited", "입금 확인", "Transfer received"),
        (Self::Canceled, "canceled", "취소함", "Canceled"),
        (Self::Expired, "expired", "시간 초과", "Expired"),
        (Self::Voided, "voided", "결제하지 않음", "Not charged"),
        (Self::Due, "due", "결제 진행 중", "Being charged"),
        (Self::RetryWait, "retry_wait", "결제 다시 시도 예정", "Payment to be retried"),
        (Self::ActionNeeded, "action_needed", "결제수단 확인 필요", "Payment needs you"),
        (Self::Collected, "collected", "결제 완료", "Paid"),
        (Self::Dropped, "dropped", "결제 실패", "Payment failed"),
        (Self::Refunded, "refunded", "환불함", "Refunded"),
        (Self::ChargedBack, "charged_back", "카드사가 돌려받음", "Taken back by the bank"),
    ];

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _, _)| *known == code).map(|(state, ..)| *state)
    }

    #[must_use]
    pub fn label(self, locale: Locale) -> &'static str {
        Self::ALL.iter().find(|(state, ..)| *state == self).map_or("", |(_, _, ko, en)| locale.pick(*ko, *en))
    }
}

/// A reward of a pledge, as it was at that moment.
#[derive(Clone, Debug)]
pub struct PledgeLine {
    /// Its number; numbers of lines that were taken away are not used again.
    pub line: i16,
    pub reward: RewardId,
    pub variant: Option<VariantId>,
    pub title: String,
    /// The choices of the variant; empty for none.
    pub label: String,
    pub quantity: i32,
    pub unit_price: Money,
    pub ships: bool,
    pub legal_class: Option<LegalClass>,
    pub estimated_delivery: Option<NaiveDate>,
}

impl PledgeLine {
    #[must_use]
    pub const fn piece(&self) -> Piece {
        match self.variant {
            Some(variant) => Piece::Variant(variant),
            None => Piece::Of(self.reward),
        }
    }

    /// Title and choices.
    #[must_use]
    pub fn name(&self) -> String {
        if self.label.is_empty() { self.title.clone() } else { format!("{} ({})", self.title, self.label) }
    }
}

/// A pledge with what its page shows.
#[derive(Clone, Debug)]
pub struct Pledge {
    pub id: PledgeId,
    pub project: ProjectId,
    pub project_slug: String,
    pub project_title: String,
    pub project_state: FundingState,
    pub deadline: Option<DateTime<Utc>>,
    pub backer: MemberId,
    pub state: PledgeState,
    pub lines: Vec<PledgeLine>,
    pub shipping: Money,
    pub extra: Money,
    pub total: Money,
    /// Where it goes, as shipping sees it; none if nothing is sent.
    pub zone: Option<String>,
    /// Raised by one with each change by its backer.
    pub version: i32,
    pub hold_expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

impl PledgeState {
    /// Whether it can end without money, or be taken back, until the goal is judged.
    #[must_use]
    pub const fn waits_for_deadline(self) -> bool {
        matches!(self, Self::Held | Self::Reserved | Self::AwaitingDeposit | Self::Deposited)
    }

    /// Whether its backer may change what is pledged, while the project is live.
    #[must_use]
    pub const fn takes_changes(self) -> bool {
        matches!(self, Self::Held | Self::Reserved)
    }
}

impl Pledge {
    /// Whether its backer can still change it.
    #[must_use]
    pub fn can_be_changed(&self, now: DateTime<Utc>) -> bool {
        self.state.takes_changes()
            && self.project_state == FundingState::Live
            && self.deadline.is_some_and(|deadline| now < deadline)
    }

    /// Whether its backer can still take it back.
    #[must_use]
    pub fn can_be_canceled(&self, now: DateTime<Utc>) -> bool {
        self.state.waits_for_deadline()
            && self.project_state == FundingState::Live
            && self.deadline.is_some_and(|deadline| now < deadline)
    }
}
