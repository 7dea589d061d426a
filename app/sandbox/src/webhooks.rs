//! Reports of the sandbox gateway to its merchant, with every trouble that real ones have.

use crate::refunds;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::signature;
use reqwest::Client;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

const AT_ONCE: i64 = 50;
/// After so many refusals the merchant is not told any more.
const MOST_TRIES: i32 = 12;

/// Notes that something happened to a key of the merchant's, to be reported as the sandbox's mood is. It is
/// written after the fact: like any gateway's, a report may be lost.
pub(crate) async fn note(pool: &PgPool, kind: &str, key: &str) {
    if let Err(error) = add(pool, kind, key).await {
        tracing::warn!(%error, "The sandbox lost a report");
    }
}

async fn add(pool: &PgPool, kind: &str, key: &str) -> sqlx::Result<()> {
    let mood = sqlx::query_scalar!("select webhooks from sandbox.mood").fetch_one(pool).await?;
    let body = json!({ "id": Uuid::new_v4(), "kind": kind, "key": key });
    // In real seconds: late is late for sure, reordered is anywhere within a few.
    let (copies, delay, spread) = match mood.as_str() {
        "lost" => (0, 0.0, 0.0),
        "late" => (1, 120.0, 0.0),
        "doubled" => (2, 0.0, 0.0),
        "reordered" => (1, 0.0, 4.0),
        _ => (1, 0.0, 0.0),
    };
    for _ in 0..copies {
        post(pool, &body, false, delay, spread).await?;
    }
    if mood == "forged" {
        let forged = json!({ "id": Uuid::new_v4(), "kind": "charge.succeeded", "key": key });
        post(pool, &forged, true, 0.0, 0.0).await?;
    }
    Ok(())
}

async fn post(
    pool: &PgPool,
    body: &serde_json::Value,
    forged: bool,
    delay: f64,
    spread: f64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into sandbox.webhooks (body, forged, at)
         values ($1, $2, clock_timestamp() + make_interval(secs => $3 + $4 * random()))",
        body,
        forged,
        delay,
        spread
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Where reports go.
#[derive(Clone, Debug)]
pub struct Merchant {
    pub http: Client,
    pub address: String,
    /// The secret that both know.
    pub secret: String,
}

/// Sends what is due; tells how many the merchant took. `now` is the merchant's clock.
pub async fn deliver_webhooks(pool: &PgPool, to: &Merchant, now: DateTime<Utc>) -> sqlx::Result<usize> {
    refunds::come_back(pool, now).await?;
    let mut tx = pool.begin().await?;
    let due = sqlx::query!(
        "select id, body, forged, tries from sandbox.webhooks
          where done_at is null and at <= clock_timestamp() order by at, id limit $1 for update skip locked",
        AT_ONCE
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut taken = 0;
    for report in &due {
        let body = report.body.to_string();
        let secret = if report.forged { "not the secret" } else { to.secret.as_str() };
        let head = signature::sign(secret, body.as_bytes(), now);
        let sent = to.http.post(&to.address).header("sandbox-signature", head).body(body).send().await;
        let good = sent.is_ok_and(|answer| answer.status().is_success());
        taken += usize::from(good);
        let over = good || report.forged || report.tries + 1 >= MOST_TRIES;
        let gap = TimeDelta::seconds(2_i64.pow(report.tries.clamp(0, 10).unsigned_abs()));
        sqlx::query!(
            "update sandbox.webhooks set tries = tries + 1, done_at = case when $2 then clock_timestamp() end,
                    at = clock_timestamp() + make_interval(secs => $3) where id = $1",
            report.id,
            over,
            gap.as_seconds_f64()
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(taken)
}
