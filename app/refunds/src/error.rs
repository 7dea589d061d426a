//! What can stop a refund.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RefundError {
    #[error("nothing was paid, or it went back")]
    NotCollected,
    #[error("more would go back than was paid")]
    TooMuch,
    #[error("the payment is disputed")]
    Disputed,
    #[error("the refund stands otherwise by now")]
    StandsOtherwise,
    #[error("nothing is ready to be sent")]
    NothingReady,
    #[error("the form was sent before, with other contents")]
    FormUsed,
    #[error("the gateway does not answer")]
    GatewayAway,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for RefundError {
    fn status(&self) -> u16 {
        match self {
            Self::NotCollected
            | Self::TooMuch
            | Self::Disputed
            | Self::StandsOtherwise
            | Self::NothingReady
            | Self::FormUsed => 409,
            Self::GatewayAway => 503,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, l: Locale) -> String {
        match self {
            Self::NotCollected => text::not_collected(l).to_owned(),
            Self::TooMuch => text::too_much(l).to_owned(),
            Self::Disputed => text::disputed(l).to_owned(),
            Self::StandsOtherwise => text::stands_otherwise(l).to_owned(),
            Self::NothingReady => text::nothing_ready(l).to_owned(),
            Self::FormUsed => text::form_used(l).to_owned(),
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

kernel::server_error!(RefundError);

impl From<sqlx::Error> for RefundError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<RefundError> for kernel::jobs::JobError {
    fn from(error: RefundError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<payments::GatewayError> for RefundError {
    fn from(error: payments::GatewayError) -> Self {
        tracing::warn!(%error, "A gateway could not be asked: {error}");
        Self::GatewayAway
    }
}
