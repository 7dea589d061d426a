//! What every gateway can do, in the words of the field.

use futures::future::BoxFuture;
use kernel::{Locale, Money, PaymentAttemptId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A visit to the gateway's own page, where a person enters a card. We never see its number.
#[derive(Clone, Debug)]
pub struct CardPage {
    pub key: PaymentAttemptId,
    /// What may be charged later; nothing is charged now.
    pub amount: Money,
    /// For what, as the page shows it.
    pub title: String,
    pub return_url: String,
    pub locale: Locale,
}

/// A card as the gateway keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCard {
    pub gateway_ref: String,
    pub brand: String,
    pub last4: String,
}

/// What became of a visit to the card page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardOutcome {
    /// The person has not finished.
    Open,
    Stored(StoredCard),
    /// Given up, or closed by us; it can never be finished.
    Closed,
}

/// One charge of a stored card.
#[derive(Clone, Debug)]
pub struct Charge {
    pub key: PaymentAttemptId,
    pub card: String,
    pub amount: Money,
}

/// What the gateway says of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChargeOutcome {
    Succeeded { gateway_ref: String },
    Declined { code: String },
}

/// The gateway gave no answer that can be trusted: what was asked for may or may not have happened.
#[derive(Debug, thiserror::Error)]
#[error("the gateway gave no answer: {0}")]
pub struct GatewayError(pub String);

type Answer<'a, T> = BoxFuture<'a, Result<T, GatewayError>>;

/// A gateway. Every call carries our key and has its own time limit; a call with a key that the
/// gateway knows changes nothing.
pub trait Gateway: Send + Sync {
    /// Its name in our tables.
    fn name(&self) -> &'static str;

    /// The address of a page that takes a card.
    fn open_card_page(&self, page: CardPage) -> Answer<'_, String>;

    fn ask_card_page(&self, key: PaymentAttemptId) -> Answer<'_, CardOutcome>;

    /// Makes sure that the page can never store a card; tells what it had become.
    fn close_card_page(&self, key: PaymentAttemptId) -> Answer<'_, CardOutcome>;

    fn charge(&self, charge: Charge) -> Answer<'_, ChargeOutcome>;

    /// What became of a charge; nothing if the gateway has never heard of it.
    fn ask_charge(&self, key: PaymentAttemptId) -> Answer<'_, Option<ChargeOutcome>>;

    /// Removes a stored card.
    fn forget_card<'a>(&'a self, card: &'a str) -> Answer<'a, ()>;
}

/// The gateway of this site, as server functions find it in their context.
#[derive(Clone)]
pub struct Till(pub Arc<dyn Gateway>);

impl std::fmt::Debug for Till {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Till({})", self.0.name())
    }
}
