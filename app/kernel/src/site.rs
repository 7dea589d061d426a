//! What a use case must know of the site that it runs on.

use crate::{Locale, Refusal};
use leptos::prelude::use_context;
use std::{str::FromStr, sync::Arc};

/// Settings that reach pages, mails and server functions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site(pub Arc<SiteSettings>);

#[derive(Debug)]
pub struct SiteSettings {
    /// Where people reach the site, without a slash at the end: `https://dure.example`.
    pub origin: String,
    /// Whether the sandbox parts (clock, mailbox, card page) are there.
    pub sandbox: bool,
    /// Whether cookies must be `Secure` (and named `__Host-`).
    pub https: bool,
    pub review: ReviewPolicy,
}

/// Who approves a project that its creator submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewPolicy {
    /// What passes the rules is approved at once.
    Rules,
    /// The operator looks at it first.
    Operator,
}

impl FromStr for ReviewPolicy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "rules" => Ok(Self::Rules),
            "operator" => Ok(Self::Operator),
            _ => Err("neither"),
        }
    }
}

impl Site {
    pub fn current() -> Result<Self, Refusal> {
        use_context::<Self>().ok_or_else(|| Refusal::internal(&"no site in the context"))
    }

    /// The full address of a page, for mails and for gateways.
    #[must_use]
    pub fn address(&self, locale: Locale, path: &str) -> String {
        format!("{}{}", self.0.origin, locale.path(path))
    }
}
