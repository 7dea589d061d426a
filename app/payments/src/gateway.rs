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

/// A part of a charge, or all of it, that goes back to who paid.
#[derive(Clone, Debug)]
pub struct GiveBack {
    pub key: PaymentAttemptId,
    /// The charge, in the gateway's words.
    pub charge_ref: String,
    pub amount: Money,
}

/// An account that a gateway makes for one deposit (가상계좌).
#[derive(Clone, Debug)]
pub struct AccountWanted {
    pub key: PaymentAttemptId,
    pub amount: Money,
    /// For what, as the gateway's papers show it.
    pub title: String,
    /// The three-digit code of the bank (금융결제원).
    pub bank: String,
    /// Who pays in, as far as the gateway wants a name.
    pub payer: String,
    pub due_at: DateTime<Utc>,
}

/// An account that a gateway made. Its number is given to others later, so it is never a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedAccount {
    pub gateway_ref: String,
    pub bank: String,
    pub number: String,
    pub holder: String,
    pub due_at: DateTime<Utc>,
    /// What the gateway shows with its reports about this account, where it has such a thing.
    pub secret: Option<String>,
}

/// A payer's bank takes a charge back, or wants to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeTold {
    /// Its name at the gateway.
    pub gateway_ref: String,
    /// The charge, in the gateway's words.
    pub charge_ref: String,
    pub amount: Money,
    pub reason: String,
    pub answer_until: Option<DateTime<Utc>>,
    pub state: DisputeState,
}

/// The states of a dispute, as in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeState {
    Opened,
    Answered,
    Won,
    Lost,
}

/// What a row of a gateway's own books is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementKind {
    Charge,
    Refund,
    Dispute,
    Deposit,
}

/// A row of a gateway's own books, for the comparison with ours. Only money that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    pub kind: MovementKind,
    /// Its name at the gateway, as `gateway_ref` of attempts and disputes has it.
    pub gateway_ref: String,
    pub amount: Money,
    pub at: DateTime<Utc>,
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
    /// An account is made, into which one deposit is paid: told as charged when it was.
    IssueAccount,
    /// A charge, or a part of it, goes back.
    Refund,
}

impl AttemptKind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::StoreCard, "store_card"),
        (Self::Charge, "charge"),
        (Self::Pay, "pay"),
        (Self::IssueAccount, "issue_account"),
        (Self::Refund, "refund"),
    ];

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
    /// Of a refund: the charge that goes back, in the gateway's words.
    pub charge_ref: Option<String>,
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
    /// The gateway gave it back; it may still come back from the payer's bank.
    Refunded {
        gateway_ref: String,
        amount: Money,
    },
    /// Refused: of a charge or a visit to pay, or of a refund.
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
    /// In the gateway's words. One that begins with [`Report::OF_DISPUTE`] names a dispute.
    pub kind: String,
    /// Our key, or the gateway's name of a charge, visit or dispute; empty if it is of no use to us.
    pub subject: String,
}

impl Report {
    /// How the kind of a report about a dispute begins, whatever its gateway calls it.
    pub const OF_DISPUTE: &'static str = "dispute";
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

    /// Gives back a part of a charge, or all of it. What has no answer is asked about with
    /// [`Gateway::ask`], never sent under another key.
    fn give_back<'a>(&'a self, _back: &'a GiveBack) -> Answer<'a, Told> {
        not_able()
    }

    /// How a dispute stands; nothing if the gateway knows none of this name.
    fn dispute<'a>(&'a self, _gateway_ref: &'a str) -> Answer<'a, Option<DisputeTold>> {
        not_able()
    }

    /// Whether it makes accounts for deposits.
    fn makes_accounts(&self) -> bool {
        false
    }

    /// Makes an account for one deposit, or tells the same one again.
    fn issue_account<'a>(&'a self, _wanted: &'a AccountWanted) -> Answer<'a, IssuedAccount> {
        not_able()
    }

    /// What moved in its own books from `from` until before `until`, all of it.
    fn movements<'a>(&'a self, _from: DateTime<Utc>, _until: DateTime<Utc>) -> Answer<'a, Vec<Movement>> {
        not_able()
    }

    /// Removes a stored method.
    fn forget<'a>(&'a self, method: &'a str) -> Answer<'a, ()>;
}

fn not_able<'a, T: Send + 'a>() -> Answer<'a, T> {
    async { Err(GatewayError::NotAble) }.boxed()
}
