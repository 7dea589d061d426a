//! What can stop a reward's use case.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RewardError {
    #[error("rewards of a launched project are frozen")]
    Frozen,
    #[error("the project takes no more rewards")]
    Closed,
    #[error("shipping rates of a launched project are frozen")]
    RatesFrozen,
    #[error("the project has as many rewards as fit")]
    TooMany,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for RewardError {
    fn status(&self) -> u16 {
        match self {
            Self::Frozen | Self::Closed | Self::RatesFrozen | Self::TooMany => 409,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, l: Locale) -> String {
        match self {
            Self::Frozen => text::frozen(l).to_owned(),
            Self::Closed => text::closed(l).to_owned(),
            Self::RatesFrozen => text::rates_frozen(l).to_owned(),
            Self::TooMany => text::too_many_rewards(l).to_owned(),
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

kernel::server_error!(RewardError);

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for RewardError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}
