//! What can stop an upload.

use crate::text;
use kernel::{DomainError, FieldFault, Locale, Refusal};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PictureError {
    #[error("not a picture that can be used")]
    NotAPicture,
    #[error("the picture is too large")]
    TooLarge,
    #[error("the file store does not take it")]
    NotStored,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DomainError for PictureError {
    fn status(&self) -> u16 {
        match self {
            Self::NotAPicture => 422,
            Self::TooLarge => 413,
            Self::NotStored => 503,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, l: Locale) -> String {
        match self {
            Self::NotAPicture => text::not_a_picture(l).to_owned(),
            Self::TooLarge => text::too_large(l).to_owned(),
            Self::NotStored => text::not_stored(l).to_owned(),
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

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for PictureError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}
