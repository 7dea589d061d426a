//! Identifiers: one type a thing, so that one cannot stand for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! decl_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new, time-ordered id (UUID v7). Only the server makes ids.
            #[cfg(feature = "ssr")]
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            #[must_use]
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        #[cfg(feature = "ssr")]
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

decl_id! {
    /// A person with an account.
    MemberId,
    ProjectId,
    RewardId,
    /// A picture that was decoded, stripped and stored in several widths.
    PictureId,
    PledgeId,
    PaymentId,
    /// One call to a gateway; also its idempotency key there.
    PaymentAttemptId,
    PaymentMethodId,
    EntryId,
    /// One of the kinds in which a reward comes.
    VariantId,
    /// A transfer that is expected.
    DepositId,
    /// An account of the operator into which backers pay.
    ReceivingAccountId,
    /// A bank's list of what came in and went out.
    StatementId,
    BankLineId,
    /// A part of a bank line that belongs to a deposit.
    MatchId,
    RefundId,
    /// Where somebody wants money back to.
    RefundAccountId,
    /// Money that leaves by the operator's bank.
    TransferId,
    /// A file of transfers.
    BatchId,
    /// A payment that the payer's bank questions.
    DisputeId,
    PayoutId,
    /// What a project pays in fees.
    PlanId,
    /// What a gateway reported.
    GatewayEventId,
    /// A comparison of our books with a gateway's.
    ReconciliationId,
    /// An address in the book of a member.
    AddressId,
    /// A message in the outbox.
    MessageId,
    /// Something that a member was told in the product.
    NotificationId,
    /// What a mail provider reported.
    MailReportId,
    /// Made with a form, so that the same form sent twice does its work once.
    FormKey,
    /// Given to a person together with a failure, and found again in the log.
    ErrorId,
}
