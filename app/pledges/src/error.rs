//! What can stop a pledge's use case.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, Money, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PledgeError {
    #[error("not enough pieces are left")]
    SoldOut,
    #[error("the project takes no pledges")]
    NotLive,
    #[error("the reward belongs to another project")]
    NoSuchReward,
    #[error("add-ons go only with a reward")]
    AddOnAlone,
    #[error("the sum that was shown is not the sum")]
    OtherTotal { total: Money },
    #[error("the backer has a pledge that stands in this project")]
    AlreadyBacking,
    #[error("the pledge was changed meanwhile")]
    ChangedMeanwhile,
    #[error("the form was sent before, with other contents")]
    FormUsed,
    #[error("too much is held without a card")]
    TooMuchHeld,
    #[error("the pledge cannot be changed any more")]
    TooLate,
    #[error("too little time is left for a transfer")]
    TooLateForTransfer,
    #[error("money for it has come in")]
    MoneyCame,
    #[error("a charge has no outcome yet")]
    BeingCharged,
    #[error("the gateway does not answer")]
    GatewayAway,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for PledgeError {
    fn status(&self) -> u16 {
        match self {
            Self::SoldOut
            | Self::NotLive
            | Self::FormUsed
            | Self::TooLateForTransfer
            | Self::MoneyCame
            | Self::TooLate
            | Self::BeingCharged
            | Self::OtherTotal { .. }
            | Self::AlreadyBacking
            | Self::ChangedMeanwhile => 409,
            Self::TooMuchHeld => 429,
            Self::NoSuchReward | Self::AddOnAlone => 422,
            Self::GatewayAway => 503,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, l: Locale) -> String {
        match self {
            Self::SoldOut => text::sold_out(l).to_owned(),
            Self::NotLive => text::not_live(l).to_owned(),
            Self::NoSuchReward => text::no_such_reward(l).to_owned(),
            Self::AddOnAlone => text::add_on_alone(l).to_owned(),
            Self::OtherTotal { total } => text::other_total(l, total.show(l)),
            Self::AlreadyBacking => text::already_backing(l).to_owned(),
            Self::ChangedMeanwhile => text::changed_meanwhile(l).to_owned(),
            Self::FormUsed => text::form_used(l).to_owned(),
            Self::TooMuchHeld => text::too_much_held(l).to_owned(),
            Self::TooLateForTransfer => text::too_late_for_transfer(l).to_owned(),
            Self::MoneyCame => text::money_came(l).to_owned(),
            Self::TooLate => text::too_late(l).to_owned(),
            Self::BeingCharged => text::being_charged(l).to_owned(),
            Self::GatewayAway => text::gateway_away(l).to_owned(),
            Self::Refused(refusal) => refusal.explain(l),
        }
    }

    fn faults(&self) -> &[FieldFault] {
        match self {
            Self::Refused(refusal) => refusal.faults(),
            _ => &[],
        }
    }
}

impl PledgeError {
    /// Whether it is mended where the sum is shown and agreed to, not where rewards are chosen.
    #[must_use]
    pub fn is_about_agreeing(&self) -> bool {
        match self {
            Self::OtherTotal { .. } | Self::AlreadyBacking | Self::TooLateForTransfer => true,
            Self::Refused(Refusal::Invalid(faults)) => faults.iter().all(|fault| {
                matches!(
                    fault.field.as_str(),
                    "agree" | "agree_made_to_order" | "another" | "account" | "depositor"
                )
            }),
            _ => false,
        }
    }
}

kernel::server_error!(PledgeError);

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for PledgeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}

#[cfg(feature = "ssr")]
impl From<PledgeError> for kernel::jobs::JobError {
    fn from(error: PledgeError) -> Self {
        Self::Retry(error.to_string())
    }
}

#[cfg(feature = "ssr")]
impl From<payments::GatewayError> for PledgeError {
    fn from(error: payments::GatewayError) -> Self {
        tracing::warn!(%error, "A gateway could not be asked: {error}");
        Self::GatewayAway
    }
}

#[cfg(feature = "ssr")]
impl From<rewards::store::StockError> for PledgeError {
    fn from(error: rewards::store::StockError) -> Self {
        match error {
            rewards::store::StockError::SoldOut => Self::SoldOut,
            // Whoever knows the limit says it at the field.
            rewards::store::StockError::OverLimit { .. } => Self::Refused(Refusal::Malformed),
            rewards::store::StockError::Database(error) => error.into(),
        }
    }
}
