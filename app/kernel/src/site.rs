//! What a use case must know of the site that it runs on.

use crate::{Locale, Refusal};
use leptos::prelude::use_context;
use std::{fmt, str::FromStr, sync::Arc};

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
    /// Through whom else people may log in.
    pub providers: Arc<[Provider]>,
}

/// Somebody who tells us who a person is: OAuth 2.0, with OpenID Connect but for Naver.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// In addresses and in the database; never changed.
    pub key: String,
    /// As people know it, in Korean and in English.
    pub name: (String, String),
    pub protocol: Protocol,
    /// What the provider calls us.
    pub client: String,
    pub secret: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// By discovery at the issuer (OpenID Connect Discovery 1.0).
    OpenId { issuer: String, scopes: &'static [&'static str] },
    /// OAuth 2.0 and a profile of its own; where log-in and profile are.
    Naver { log_in: String, profile: String },
}

impl Provider {
    /// Whether it can tell that somebody logged in just now, so that this proves who they are.
    #[must_use]
    pub const fn tells_when(&self) -> bool {
        matches!(self.protocol, Protocol::OpenId { .. })
    }

    #[must_use]
    pub fn name(&self, locale: Locale) -> &str {
        locale.pick(&self.name.0, &self.name.1)
    }
}

/// Without the secret.
impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("key", &self.key).finish_non_exhaustive()
    }
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

    #[must_use]
    pub fn provider(&self, key: &str) -> Option<&Provider> {
        self.0.providers.iter().find(|provider| provider.key == key)
    }

    /// The full address of a page, for mails and for gateways.
    #[must_use]
    pub fn address(&self, locale: Locale, path: &str) -> String {
        format!("{}{}", self.0.origin, locale.path(path))
    }
}
