//! What can stop an account's use case.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AccountError {
    /// Said alike for an unknown account and a wrong password.
    #[error("the log-in does not match")]
    WrongLogIn,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for AccountError {
    fn status(&self) -> u16 {
        match self {
            Self::WrongLogIn => 422,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, locale: Locale) -> String {
        match self {
            Self::WrongLogIn => text::wrong_log_in(locale).to_owned(),
            Self::Refused(refusal) => refusal.explain(locale),
        }
    }

    fn faults(&self) -> &[FieldFault] {
        match self {
            Self::Refused(refusal) => refusal.faults(),
            Self::WrongLogIn => &[],
        }
    }
}

kernel::server_error!(AccountError);

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}
