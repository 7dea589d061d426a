//! An operator sees to a refund that does not go by itself: again, by transfer instead, or not at all.

use crate::{RefundError, RefundState, store};
use accounts::operators::{Operator, Role, audit, require_role};
use chrono::{DateTime, Utc};
use kernel::{
    RefundId, Refusal,
    db::{Act, Db},
    jobs,
};
use leptos::prelude::*;
use payments::{BeginRefund, RefundWay};

/// What an operator decides about a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Again,
    /// The money goes to an account, because the card takes nothing back.
    ByTransfer,
    CallOff,
}

impl Turn {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Again, "again"), (Self::ByTransfer, "by_transfer"), (Self::CallOff, "call_off")];

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(turn, _)| *turn)
    }
}

/// Operators for finance and for support.
#[server]
pub async fn steer_refund(
    #[server(default)] refund: String,
    #[server(default)] turn: String,
) -> Result<(), RefundError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance, Role::Support]).await?;
    let id: RefundId = refund.parse().map_err(|_| Refusal::NotFound)?;
    let turn = Turn::from_code(&turn).ok_or(Refusal::Malformed)?;
    steer(&db, &operator, id, turn, db.now()).await?;
    ui::lead_to(&format!("/admin/refunds?id={id}"));
    Ok(())
}

/// Turns a refund that failed, or waits.
///
/// Invariant: one that is with the gateway or the bank is left alone; one of a pledge that counts as refunded is not
/// called off, because its backer is owed the money.
pub async fn steer(
    db: &Db,
    operator: &Operator,
    id: RefundId,
    turn: Turn,
    now: DateTime<Utc>,
) -> Result<(), RefundError> {
    let mut tx = db.begin_at(Act::by(operator.member.id, "an operator saw to the refund"), now).await?;
    let refund = store::lock(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let begun = BeginRefund { refund: id, again: refund.tries };
    match (turn, refund.state) {
        (Turn::Again, RefundState::Failed) => {
            jobs::drop_waiting(&mut tx, &begun).await?;
            store::move_state(&mut tx, id, RefundState::Ready).await?;
            jobs::enqueue(&mut tx, &begun, now).await?;
        }
        (Turn::ByTransfer, RefundState::Failed) if refund.way == RefundWay::Gateway => {
            jobs::drop_waiting(&mut tx, &begun).await?;
            store::by_transfer(&mut tx, id).await?;
            jobs::enqueue(&mut tx, &begun, now).await?;
        }
        (Turn::CallOff, RefundState::Failed | RefundState::Ready | RefundState::NeedsAccount)
            if !store::is_owed(&mut tx, refund.source).await? =>
        {
            jobs::drop_waiting(&mut tx, &begun).await?;
            store::move_state(&mut tx, id, RefundState::CalledOff).await?;
        }
        _ => return Err(RefundError::StandsOtherwise),
    }
    let code = Turn::ALL.iter().find(|(known, _)| *known == turn).map_or("", |(_, code)| code);
    audit(&mut tx, &operator.actor(), "steer_refund", &format!("refund:{id}"), code, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}
