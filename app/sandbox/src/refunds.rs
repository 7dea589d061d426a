//! Money that goes back to a card, in the gateway's books.

use crate::{
    Sandbox,
    cards::Manner,
    gateway::{Answer, Merchant, broken},
    webhooks,
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// After so long the payer's bank sends back what it does not take.
const COMES_BACK_AFTER: TimeDelta = TimeDelta::days(2);

pub fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/gateway/refunds", post(refund))
        .route("/sandbox/gateway/refunds/{key}", get(ask))
}

#[derive(Deserialize)]
struct NewRefund {
    key: Uuid,
    charge: Uuid,
    amount_minor: i64,
    currency: String,
}

/// A refund that was asked for is made, whether or not the merchant waits for the answer.
async fn refund(_: Merchant, State(sandbox): State<Sandbox>, Json(new): Json<NewRefund>) -> Answer {
    let made = tokio::spawn(make(sandbox, new)).await;
    made.unwrap_or(Err(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn make(sandbox: Sandbox, new: NewRefund) -> Answer {
    let mut tx = sandbox.pool.begin().await.map_err(broken)?;
    // One at a time for a charge, so that parts never sum to more than it.
    let charge = sqlx::query!(
        r#"select c.amount_minor, c.currency, k.manner as "manner?" from sandbox.charges c
             left join sandbox.cards k on k.id = c.card
            where c.id = $1 and c.state = 'succeeded' for update of c"#,
        new.charge
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(broken)?
    .ok_or(StatusCode::NOT_FOUND)?;
    if new.amount_minor <= 0 || new.currency != charge.currency {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let before = sqlx::query!(
        r#"select coalesce(sum(amount_minor) filter (where state = 'succeeded'), 0)::bigint as "minor!",
                  exists (select from sandbox.disputes d where d.charge = $1 and d.state <> 'won') as "disputed!"
             from sandbox.refunds where charge = $1 and key <> $2"#,
        new.charge,
        new.key.to_string()
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(broken)?;
    let manner = charge.manner.and_then(|code| Manner::from_code(&code));
    let refused = if before.disputed {
        Some("charge_disputed")
    } else if before.minor + new.amount_minor > charge.amount_minor {
        Some("more_than_paid")
    } else if manner == Some(Manner::RefundFails) {
        Some("refund_failed")
    } else {
        None
    };
    let first = sqlx::query!(
        "insert into sandbox.refunds (id, key, charge, amount_minor, state, reason, at)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6) on conflict (key) do nothing",
        new.key.to_string(),
        new.charge,
        new.amount_minor,
        if refused.is_some() { "failed" } else { "succeeded" },
        refused,
        sandbox.clock.now()
    )
    .execute(&mut *tx)
    .await
    .map_err(broken)?
    .rows_affected()
        == 1;
    tx.commit().await.map_err(broken)?;
    if first {
        webhooks::note(&sandbox.pool, "refund.settled", &new.key.to_string()).await;
    }
    if first && manner.is_some_and(Manner::hangs) {
        // Done, but the merchant will not hear of it from this call.
        return Err(StatusCode::GATEWAY_TIMEOUT);
    }
    answer(&sandbox, new.key).await
}

async fn answer(sandbox: &Sandbox, key: Uuid) -> Answer {
    let row = sqlx::query!(
        "select r.id, r.state, r.reason, r.amount_minor, c.currency
           from sandbox.refunds r join sandbox.charges c on c.id = r.charge where r.key = $1",
        key.to_string()
    )
    .fetch_optional(&sandbox.pool)
    .await
    .map_err(broken)?
    .ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({
        "id": row.id,
        "state": row.state,
        "reason": row.reason,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
    })))
}

async fn ask(_: Merchant, State(sandbox): State<Sandbox>, Path(key): Path<Uuid>) -> Answer {
    answer(&sandbox, key).await
}

/// Refunds that the payer's bank does not take come back days after they were made, and are reported.
pub(crate) async fn come_back(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<()> {
    let back = sqlx::query_scalar!(
        "update sandbox.refunds r set state = 'failed', reason = 'came_back'
           from sandbox.charges c join sandbox.cards k on k.id = c.card
          where c.id = r.charge and k.manner = 'refund_fails_later' and r.state = 'succeeded' and r.at <= $1
          returning r.key",
        now - COMES_BACK_AFTER
    )
    .fetch_all(pool)
    .await?;
    for key in back {
        webhooks::note(pool, "refund.failed", &key).await;
    }
    Ok(())
}
