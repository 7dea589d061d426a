//! Reports of gateways: kept as they came, before they are understood.

use crate::Report;
use chrono::{DateTime, Utc};
use kernel::{
    GatewayEventId, PaymentAttemptId,
    db::Db,
    jobs::{self, Job},
    seal::Place,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// Ask about what a report names.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadEvent {
    pub event: GatewayEventId,
}

impl Job for ReadEvent {
    const KIND: &'static str = "payment.event";

    fn key(&self) -> Option<String> {
        Some(self.event.to_string())
    }
}

/// Keeps a report, once; false if it came before. What it says is sealed: it may name people.
pub async fn keep(
    db: &Db,
    gateway: &str,
    report: &Report,
    body: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let id = GatewayEventId::new();
    let place = Place { column: "gateway_events.sealed", row: id.uuid() };
    let sealed = db.keys.seal(place, body).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let mut tx = db.pool.begin().await?;
    let kept = sqlx::query!(
        "insert into gateway_events (id, gateway, event_key, kind, sealed, subject, received_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict on constraint gateway_event_once do nothing",
        id.uuid(),
        gateway,
        report.key,
        report.kind,
        sealed,
        report.subject,
        now
    )
    .execute(&mut *tx)
    .await?;
    let first = kept.rows_affected() == 1;
    if first {
        jobs::enqueue(&mut tx, &ReadEvent { event: id }, now).await?;
    }
    tx.commit().await?;
    Ok(first)
}

/// The attempt that a report names, by our key or in its gateway's words.
pub async fn named_by(
    db: &mut PgConnection,
    event: GatewayEventId,
) -> sqlx::Result<Option<PaymentAttemptId>> {
    let id = sqlx::query_scalar!(
        "select a.id from gateway_events e
           join payment_attempts a on a.id::text = e.subject or a.gateway_ref = e.subject or a.visit_ref = e.subject
           join payments y on y.id = a.payment_id
          where e.id = $1 and e.subject <> '' and coalesce(a.gateway, y.gateway) = e.gateway
          limit 1",
        event.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(PaymentAttemptId::from_uuid))
}

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOutcome {
    /// It told us something.
    Settled,
    /// We knew, or it is under way.
    Idle,
    /// It speaks of something that we do not know.
    Unknown,
}

pub async fn note_outcome(
    db: &mut PgConnection,
    event: GatewayEventId,
    attempt: Option<PaymentAttemptId>,
    outcome: EventOutcome,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let outcome = match outcome {
        EventOutcome::Settled => "settled",
        EventOutcome::Idle => "idle",
        EventOutcome::Unknown => "unknown",
    };
    sqlx::query!(
        "update gateway_events set attempt_id = $2, outcome = $3, settled_at = $4 where id = $1",
        event.uuid(),
        attempt.map(PaymentAttemptId::uuid),
        outcome,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}
