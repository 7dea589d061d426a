//! What can stop a project's use case.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ProjectError {
    #[error("the project was edited elsewhere in the meantime")]
    EditedElsewhere,
    #[error("goal and deadline are frozen after the launch")]
    TermsAreFrozen,
    #[error("the project is not in a state for this")]
    WrongState,
    #[error("the deadline has passed")]
    DeadlinePassed,
    #[error("not ready to launch")]
    NotReady,
    #[error("no plan of fees is offered")]
    NoPlan,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for ProjectError {
    fn status(&self) -> u16 {
        match self {
            Self::EditedElsewhere | Self::TermsAreFrozen | Self::WrongState | Self::DeadlinePassed => 409,
            Self::NotReady => 422,
            Self::NoPlan => 503,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, l: Locale) -> String {
        match self {
            Self::EditedElsewhere => text::edited_elsewhere(l).to_owned(),
            Self::TermsAreFrozen => text::terms_are_frozen(l).to_owned(),
            Self::WrongState => text::wrong_state(l).to_owned(),
            Self::DeadlinePassed => text::deadline_passed(l).to_owned(),
            Self::NotReady => text::not_ready(l).to_owned(),
            Self::NoPlan => text::no_plan(l).to_owned(),
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

kernel::server_error!(ProjectError);

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for ProjectError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}
