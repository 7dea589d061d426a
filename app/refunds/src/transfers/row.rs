//! A transfer, and how it begins.

use crate::{Refund, account::RefundAccount, store};
use chrono::{DateTime, Utc};
use kernel::{BatchId, Money, TransferId, db::Db, seal::Place};
use sqlx::PgConnection;
use uuid::Uuid;

/// Where a transfer stands, as in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferState {
    Ready,
    Batched,
    /// The bank has the file.
    Sent,
    /// A statement shows that it left.
    Done,
    Failed,
}

impl TransferState {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Ready, "ready"),
        (Self::Batched, "batched"),
        (Self::Sent, "sent"),
        (Self::Done, "done"),
        (Self::Failed, "failed"),
    ];

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(state, _)| *state)
    }

    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, code)| code)
    }
}

/// A transfer of ours, opened for who may see it.
#[derive(Clone, Debug)]
pub struct TransferRow {
    pub id: TransferId,
    pub refund: Option<Uuid>,
    pub batch: Option<BatchId>,
    pub amount: Money,
    pub account: RefundAccount,
    /// What stands in our book: by it the statement finds the transfer.
    pub memo: String,
    pub state: TransferState,
}

/// A refund with an account becomes a transfer. The caller has locked the refund.
///
/// Invariant: of a refund at most one transfer is not failed (`transfer_open_once`); it goes where the account said
/// when it was made.
pub(crate) async fn begin(
    db: &Db,
    tx: &mut PgConnection,
    refund: &Refund,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let broken = |error| sqlx::Error::Decode(Box::new(error));
    let (account, sealed) = store::account_of(tx, refund.id).await?;
    let known = RefundAccount::open(db, Place { column: "refund_accounts.sealed", row: account }, &sealed);
    let id = TransferId::new();
    let sealed = known.and_then(|known| known.seal(db, Place { column: "transfers.sealed", row: id.uuid() }));
    let sealed = sealed.map_err(broken)?;
    store::begin_try(tx, refund.id).await?;
    // Short, as banks want it, and of the id's random part, so that two hardly ever share one.
    let memo = format!("R{:09}", id.uuid().as_u128() % 1_000_000_000);
    store::add_transfer(tx, id, refund, &sealed, &memo, now).await
}
