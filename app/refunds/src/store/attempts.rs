//! Tries to give back at a gateway.

use crate::{Refund, RefundAttempt};
use chrono::{DateTime, Utc};
use kernel::{Money, PaymentAttemptId, RefundId};
use payments::RefundSource;
use sqlx::PgConnection;

pub async fn attempt(db: &mut PgConnection, id: PaymentAttemptId) -> sqlx::Result<Option<RefundAttempt>> {
    find(db, Some(id), None).await
}

/// The try of a refund that has no outcome.
pub async fn open_attempt(db: &mut PgConnection, refund: RefundId) -> sqlx::Result<Option<RefundAttempt>> {
    find(db, None, Some(refund)).await
}

async fn find(
    db: &mut PgConnection,
    id: Option<PaymentAttemptId>,
    refund: Option<RefundId>,
) -> sqlx::Result<Option<RefundAttempt>> {
    let row = sqlx::query!(
        r#"select a.id, a.refund_id as "refund_id!", a.amount_minor, a.currency, a.gateway as "gateway!", a.gateway_ref,
                  a.state, a.created_at,
                  (select c.gateway_ref from payment_attempts c where c.payment_id = a.payment_id
                      and c.kind in ('charge', 'pay') and c.state = 'succeeded') as "charge_ref!"
             from payment_attempts a
            where a.kind = 'refund'
              and (a.id = $1 or (a.refund_id = $2 and a.state in ('created', 'sent', 'unknown')))"#,
        id.map(PaymentAttemptId::uuid),
        refund.map(RefundId::uuid)
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Some(RefundAttempt {
        id: row.id.into(),
        refund: row.refund_id.into(),
        amount: Money::new(row.amount_minor, currency),
        gateway: row.gateway,
        charge_ref: row.charge_ref,
        gateway_ref: row.gateway_ref,
        state: row.state,
        created_at: row.created_at,
    }))
}

/// Writes the row of a try at the gateway that took the charge; the caller commits before it calls.
pub async fn add_attempt(
    db: &mut PgConnection,
    refund: &Refund,
    at: DateTime<Utc>,
) -> sqlx::Result<RefundAttempt> {
    let id = PaymentAttemptId::new();
    let RefundSource::Payment(payment) = refund.source else {
        return Err(sqlx::Error::RowNotFound);
    };
    let charge = sqlx::query!(
        r#"select coalesce(c.gateway, y.gateway) as "gateway!", c.gateway_ref as "gateway_ref!"
             from payment_attempts c join payments y on y.id = c.payment_id
            where c.payment_id = $1 and c.kind in ('charge', 'pay') and c.state = 'succeeded'"#,
        payment.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    sqlx::query!(
        "insert into payment_attempts (id, payment_id, refund_id, kind, amount_minor, currency, gateway, state, created_at)
         values ($1, $2, $3, 'refund', $4, $5, $6, 'created', $7)",
        id.uuid(),
        payment.uuid(),
        refund.id.uuid(),
        refund.amount.minor(),
        refund.amount.currency().code(),
        charge.gateway,
        at
    )
    .execute(&mut *db)
    .await?;
    payments::mark_sent(db, id, None).await?;
    Ok(RefundAttempt {
        id,
        refund: refund.id,
        amount: refund.amount,
        gateway: charge.gateway,
        charge_ref: charge.gateway_ref,
        gateway_ref: None,
        state: "sent".to_owned(),
        created_at: at,
    })
}

/// What had succeeded came back. False if another writer was first.
pub async fn reverse_attempt(
    db: &mut PgConnection,
    id: PaymentAttemptId,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let reversed = sqlx::query!(
        "update payment_attempts set state = 'reversed', settled_at = $2 where id = $1 and state = 'succeeded'",
        id.uuid(),
        at
    )
    .execute(db)
    .await?;
    Ok(reversed.rows_affected() == 1)
}
