//! What can stop a use case of settlement.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, MoneyError, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SettlementError {
    #[error("it is not in a state for this")]
    WrongState,
    /// Something was booked since the statement was written.
    #[error("the ledger says something else")]
    SumsChanged,
    #[error("the creator has no account that was checked")]
    NoCheckedAccount,
    #[error("the plan is not offered")]
    PlanIsClosed,
    #[error("fees with their tax are more than the whole")]
    FeesTooHigh,
    #[error("a plan of this name has changed meanwhile")]
    ChangedMeanwhile,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for SettlementError {
    fn status(&self) -> u16 {
        match self {
            Self::WrongState
            | Self::SumsChanged
            | Self::NoCheckedAccount
            | Self::PlanIsClosed
            | Self::ChangedMeanwhile => 409,
            Self::FeesTooHigh => 422,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, l: Locale) -> String {
        match self {
            Self::WrongState => text::wrong_state(l).to_owned(),
            Self::SumsChanged => text::sums_changed(l).to_owned(),
            Self::NoCheckedAccount => text::no_checked_account(l).to_owned(),
            Self::PlanIsClosed => text::plan_is_closed(l).to_owned(),
            Self::FeesTooHigh => text::fees_too_high(l).to_owned(),
            Self::ChangedMeanwhile => text::changed_meanwhile(l).to_owned(),
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

kernel::server_error!(SettlementError);

impl From<sqlx::Error> for SettlementError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<MoneyError> for SettlementError {
    /// What the books hold adds up; where it does not, somebody must look.
    fn from(error: MoneyError) -> Self {
        Self::Refused(Refusal::internal(&error))
    }
}
