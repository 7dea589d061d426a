//! What every gateway can do, in the words of the field.

use crate::DeclineClass;
use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};
use kernel::{Locale, Money, PaymentAttemptId};
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};

pub type Answer<'a, T> = BoxFuture<'a, Result<T, GatewayError>>;

#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No answer that can be trusted: what was asked for may or may not have happened.
    #[error("the gateway gave no answer: {0}")]
    NoAnswer(String),
    /// The gateway says that our request, key or account is wrong; nothing happened.
    #[error("the gateway refuses what we ask: {0}")]
    Ours(String),
    #[error("this gateway cannot do that")]
    NotAble,
}

/// What somebody goes to the gateway's own page for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To have a method kept; nothing is charged.
    Store,
    /// To pay at once.
    Pay,
}

/// A visit to the gateway's own page, where a person enters a card. We never see its number.
#[derive(Clone, Debug)]
pub struct Visit {
    pub key: PaymentAttemptId,
    pub wish: Wish,
    /// What is paid now, or may be charged later.
    pub amount: Money,
    /// For what, as the page shows it.
    pub title: String,
    pub return_url: String,
    pub locale: Locale,
}

/// A visit that can be made now.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its name at the gateway, where that is not our key.
    pub visit_ref: Option<String>,
    pub address: String,
}

/// A card, or another method, as the gateway keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMethod {
    pub gateway_ref: String,
    pub brand: String,
    pub last4: String,
}

/// One charge of a stored method.
#[derive(Clone, Debug)]
pub struct Charge {
    pub key: PaymentAttemptId,
    pub method: String,
    pub amount: Money,
    /// Its name at the gateway, if [`Gateway::prepare`] gave it one.
    pub gateway_ref: Option<String>,
}

/// What an attempt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptKind {
    /// A visit that stores a method.
    StoreCard,
    /// A stored method is charged.
    Charge,
    /// A visit that pays at once.
    Pay,
}

impl AttemptKind {
    const ALL: [(Self, &'static str); 3] =
        [(Self::StoreCard, "store_card"), (Self::Charge, "charge"), (Self::Pay, "pay")];

    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| code)
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(kind, _)| *kind)
    }
}

/// An attempt that the gateway is asked about.
#[derive(Clone, Debug)]
pub struct Ask {
    pub key: PaymentAttemptId,
    pub kind: AttemptKind,
    pub amount: Money,
    pub gateway_ref: Option<String>,
    pub visit_ref: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// What a gateway says of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It knows no such key.
    Unheard,
    /// Under way, or the person has not finished.
    Open,
    /// It did not happen and never can.
    Closed,
    Stored(StoredMethod),
    Charged {
        gateway_ref: String,
        amount: Money,
    },
    Declined {
        code: String,
        class: DeclineClass,
    },
}

/// A message of a gateway's, checked to be its own. It moves nothing: it names what to ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The gateway's own number of it: the same report twice is one.
    pub key: String,
    pub kind: String,
    /// Our key, or the gateway's name of a charge or visit; empty if it is of no use to us.
    pub subject: String,
}

/// A gateway. Every call carries our key and has its own time limit; a call with a key that the
/// gateway knows changes nothing.
pub trait Gateway: Send + Sync {
    /// Its name in our tables.
    fn name(&self) -> &'static str;

    /// Whether somebody can pay at once on a page of its own.
    fn takes_visits_to_pay(&self) -> bool {
        false
    }

    /// Opens a page of the gateway's own, or the same one again.
    fn open_visit<'a>(&'a self, visit: &'a Visit) -> Answer<'a, Opened>;

    /// Gives a charge a name at the gateway before money can move: harmless and repeatable. Only for
    /// gateways that cannot be asked about our own key.
    fn prepare<'a>(&'a self, _charge: &'a Charge) -> Answer<'a, Option<String>> {
        async { Ok(None) }.boxed()
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Told>;

    /// What became of an attempt of any kind.
    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Told>;

    /// Makes sure that an attempt without an outcome never gets one, and tells what it had become.
    fn abandon<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Told>;

    /// Reads a report that was sent to us; nothing if it is forged. Gateways that send none refuse all.
    fn read_report<'a>(
        &'a self,
        _heads: &'a HeaderMap,
        _body: &'a [u8],
        _now: DateTime<Utc>,
    ) -> Answer<'a, Option<Report>> {
        async { Ok(None) }.boxed()
    }

    /// Removes a stored method.
    fn forget<'a>(&'a self, method: &'a str) -> Answer<'a, ()>;
}
