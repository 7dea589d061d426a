//! What came in and belongs to nothing goes back.

use crate::{DepositError, read_in, store};
use accounts::operators::{Role, audit, require_role};
use kernel::{
    BankLineId, Fault, FormKey, Refusal,
    db::{Act, Db},
};
use leptos::prelude::*;
use payments::{NewRefund, RefundReason, RefundSource, RefundWay};

/// Why money of a line goes back.
pub const REASONS: [RefundReason; 4] =
    [RefundReason::Excess, RefundReason::LateDeposit, RefundReason::Double, RefundReason::Other];

/// Operators for finance. All that is left of the line goes back.
///
/// Invariant: of a line never more goes back than came in and belongs to nothing; the same form does so once.
#[server]
pub async fn return_line(
    #[server(default)] line: String,
    #[server(default)] key: String,
    #[server(default)] reason: String,
) -> Result<(), DepositError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    let id: BankLineId = line.parse().map_err(|_| Refusal::NotFound)?;
    let key: FormKey = key.parse().map_err(|_| Refusal::Malformed)?;
    let reason = RefundReason::from_code(&reason).filter(|reason| REASONS.contains(reason));
    let reason = reason.ok_or_else(|| Refusal::field("reason", Fault::NotAllowed))?;
    let now = db.now();
    let mut tx =
        db.begin_at(Act::by(operator.member.id, "an operator returns the line's money"), now).await?;
    let line = store::lock_line(&mut tx, &db.keys, id).await?.ok_or(Refusal::NotFound)?;
    if line.state != "waiting" || line.left.minor() <= 0 {
        return Err(DepositError::StandsOtherwise);
    }
    let back = NewRefund {
        source: RefundSource::Line(id),
        key,
        amount: line.left,
        way: RefundWay::Transfer,
        account: None,
        reason,
        note: "",
        by: Some(operator.member.id),
        at: now,
    };
    payments::open_refund(&mut tx, &back).await?.ok_or(DepositError::StandsOtherwise)?;
    store::move_line(&mut tx, id, "returning").await?;
    audit(&mut tx, &operator.actor(), "return_line", &format!("line:{id}"), reason.code(), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    read_in::refresh(&db, line.account).await?;
    ui::lead_to(&format!("/admin/deposits?account={}&done=1", line.account));
    Ok(())
}
