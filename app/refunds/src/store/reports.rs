//! What a report of a gateway is about, as far as refunds and disputes go.

use chrono::{DateTime, Utc};
use kernel::{GatewayEventId, PaymentAttemptId};
use sqlx::PgConnection;

#[derive(Clone, Debug)]
pub struct Reported {
    pub gateway: String,
    pub kind: String,
    /// In the gateway's words.
    pub subject: String,
    pub received_at: DateTime<Utc>,
    /// The attempt to give back that it names.
    pub refund_attempt: Option<PaymentAttemptId>,
}

pub async fn reported(db: &mut PgConnection, event: GatewayEventId) -> sqlx::Result<Option<Reported>> {
    let row = sqlx::query!(
        r#"select e.gateway, e.kind, e.subject, e.received_at,
                  (select a.id from payment_attempts a
                    where a.kind = 'refund' and a.gateway = e.gateway and e.subject <> ''
                      and (a.id::text = e.subject or a.gateway_ref = e.subject) limit 1) as refund_attempt
             from gateway_events e where e.id = $1"#,
        event.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Reported {
        gateway: row.gateway,
        kind: row.kind,
        subject: row.subject,
        received_at: row.received_at,
        refund_attempt: row.refund_attempt.map(PaymentAttemptId::from_uuid),
    }))
}
