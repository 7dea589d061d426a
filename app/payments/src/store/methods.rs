//! SQL of stored methods.

use super::Payment;
use crate::gateway::StoredMethod;
use chrono::{DateTime, Utc};
use kernel::PaymentMethodId;
use sqlx::PgConnection;

/// Keeps a method of the payment's member, as a gateway stored it.
pub async fn add_method(
    db: &mut PgConnection,
    payment: &Payment,
    gateway: &str,
    stored: &StoredMethod,
    at: DateTime<Utc>,
) -> sqlx::Result<PaymentMethodId> {
    let id = PaymentMethodId::new();
    sqlx::query!(
        "insert into payment_methods (id, member_id, gateway, gateway_ref, brand, last4, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id.uuid(),
        payment.member.uuid(),
        gateway,
        stored.gateway_ref,
        stored.brand,
        stored.last4,
        at
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// Where a method is kept, and under which name; nothing if it was removed there.
pub async fn kept_at(
    db: &mut PgConnection,
    method: PaymentMethodId,
) -> sqlx::Result<Option<(String, String)>> {
    let row = sqlx::query!(
        "select gateway, gateway_ref from payment_methods where id = $1 and forgotten_at is null",
        method.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.gateway, row.gateway_ref)))
}

pub async fn note_forgotten(
    db: &mut PgConnection,
    method: PaymentMethodId,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update payment_methods set forgotten_at = $2 where id = $1", method.uuid(), at)
        .execute(db)
        .await?;
    Ok(())
}
