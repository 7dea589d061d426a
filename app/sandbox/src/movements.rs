//! The gateway's own books, for merchants who compare them with theirs.

use crate::{
    Sandbox,
    gateway::{Merchant, broken},
};
use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    routing::get,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Router<Sandbox> {
    Router::new().route("/sandbox/gateway/movements", get(movements))
}

#[derive(Deserialize)]
struct Span {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// All that moved from `from` until before `until`, in the gateway's time, which is the merchant's.
async fn movements(
    _: Merchant,
    State(sandbox): State<Sandbox>,
    Query(span): Query<Span>,
) -> Result<Json<Value>, StatusCode> {
    let rows = sqlx::query!(
        r#"select 'charge' as "kind!", id as "id!", amount_minor as "amount!", currency as "currency!", at as "at!"
             from sandbox.charges where state = 'succeeded' and at >= $1 and at < $2
           union all
           select 'refund', r.id, r.amount_minor, c.currency, r.at
             from sandbox.refunds r join sandbox.charges c on c.id = r.charge
            where r.state = 'succeeded' and r.at >= $1 and r.at < $2
           union all
           select 'dispute', d.id, d.amount_minor, c.currency, d.at
             from sandbox.disputes d join sandbox.charges c on c.id = d.charge where d.at >= $1 and d.at < $2
           union all
           select 'deposit', a.id, a.amount_minor, a.currency, a.paid_at
             from sandbox.accounts a where a.state = 'paid' and a.paid_at >= $1 and a.paid_at < $2
           order by 5, 2"#,
        span.from,
        span.until
    )
    .fetch_all(&sandbox.pool)
    .await
    .map_err(broken)?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({ "kind": row.kind, "id": row.id, "amount_minor": row.amount, "currency": row.currency, "at": row.at })
        })
        .collect();
    Ok(Json(json!({ "movements": rows })))
}
