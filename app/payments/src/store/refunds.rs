//! SQL of opening refunds. In the caller's transaction.

use crate::refund::{BeginRefund, NewRefund, RefundSource, RefundWay};
use kernel::{BankLineId, PaymentId, RefundId, jobs};
use sqlx::PgConnection;

/// Sets money apart that goes back, with the job that brings it on its way; nothing if the same form did
/// so before.
///
/// Invariant: refunds of a payment never sum to more than was paid (`refunds_stay_within_payment`), nor of
/// a line to more than came in (`line_is_used_once`), and none is opened beside an open dispute
/// (`refund_waits_for_dispute`): the database refuses, whoever asks at once.
pub async fn open_refund(db: &mut PgConnection, new: &NewRefund<'_>) -> sqlx::Result<Option<RefundId>> {
    let id = RefundId::new();
    let (payment, line) = match new.source {
        RefundSource::Payment(payment) => (Some(payment), None),
        RefundSource::Line(line) => (None, Some(line)),
    };
    let state = match new.way {
        RefundWay::Transfer if new.account.is_none() => "needs_account",
        RefundWay::Transfer | RefundWay::Gateway => "ready",
    };
    let added = sqlx::query!(
        "insert into refunds (id, payment_id, line_id, form_key, amount_minor, currency, way, account_id, reason, note,
                              asked_by, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict on constraint refund_form_once do nothing",
        id.uuid(),
        payment.map(PaymentId::uuid),
        line.map(BankLineId::uuid),
        new.key.uuid(),
        new.amount.minor(),
        new.amount.currency().code(),
        new.way.code(),
        new.account.map(kernel::RefundAccountId::uuid),
        new.reason.code(),
        new.note,
        new.by.map_or_else(|| "system".to_owned(), |member| format!("member:{member}")),
        state,
        new.at
    )
    .execute(&mut *db)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(None);
    }
    jobs::enqueue(db, &BeginRefund { refund: id, again: 0 }, new.at).await?;
    Ok(Some(id))
}
