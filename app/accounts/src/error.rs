//! What can stop an account's use case.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AccountError {
    /// Said alike for an unknown account and a wrong password.
    #[error("the log-in does not match")]
    WrongLogIn,
    #[error("the password does not match")]
    WrongPassword,
    #[error("the code does not match")]
    WrongCode,
    #[error("the second step took too long or was tried too often")]
    StepOver,
    #[error("the passkey was refused")]
    PasskeyRefused,
    #[error("a passkey needs JavaScript")]
    PasskeyNeedsScript,
    #[error("the account has too many passkeys")]
    TooManyPasskeys,
    /// Whoever a provider names is somebody else here, or the member is somebody else there.
    #[error("linked elsewhere")]
    LinkedElsewhere,
    /// Told only to whom the address belongs.
    #[error("the address has an account")]
    EmailHasAccount,
    /// Without it nobody could log in any more.
    #[error("it is the last way to log in")]
    LastWayIn,
    #[error("the link was used or is too old")]
    StaleLink,
    #[error("the address book is full")]
    TooManyAddresses,
    /// Something must be settled before the account can be closed.
    #[error("pledges or projects are still open")]
    TiesInTheWay,
    /// With the reason that the member was told.
    #[error("the account is suspended")]
    Suspended(String),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for AccountError {
    fn status(&self) -> u16 {
        match self {
            Self::WrongLogIn
            | Self::WrongPassword
            | Self::WrongCode
            | Self::PasskeyRefused
            | Self::PasskeyNeedsScript
            | Self::TooManyPasskeys
            | Self::TooManyAddresses => 422,
            Self::StepOver | Self::Suspended(_) => 403,
            Self::TiesInTheWay | Self::LastWayIn | Self::LinkedElsewhere | Self::EmailHasAccount => 409,
            Self::StaleLink => 410,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, locale: Locale) -> String {
        match self {
            Self::WrongLogIn => text::wrong_log_in(locale).to_owned(),
            Self::WrongPassword => text::wrong_password(locale).to_owned(),
            Self::WrongCode => text::wrong_code(locale).to_owned(),
            Self::StepOver => text::step_over(locale).to_owned(),
            Self::PasskeyRefused => text::passkey_refused(locale).to_owned(),
            Self::PasskeyNeedsScript => text::passkey_needs_script(locale).to_owned(),
            Self::TooManyPasskeys => text::too_many_passkeys(locale).to_owned(),
            Self::LastWayIn => text::last_way_in(locale).to_owned(),
            Self::LinkedElsewhere => text::linked_elsewhere(locale).to_owned(),
            Self::EmailHasAccount => text::email_has_account(locale).to_owned(),
            Self::StaleLink => text::link_used(locale).to_owned(),
            Self::TooManyAddresses => text::too_many_addresses(locale).to_owned(),
            Self::TiesInTheWay => text::ties_in_the_way(locale).to_owned(),
            Self::Suspended(why) => text::suspended(locale, why),
            Self::Refused(refusal) => refusal.explain(locale),
        }
    }

    fn faults(&self) -> &[FieldFault] {
        match self {
            Self::Refused(refusal) => refusal.faults(),
            _ => &[],
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
