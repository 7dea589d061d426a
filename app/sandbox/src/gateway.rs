//! The gateway's API: card pages, charges, and asking about both. Keys make calls repeatable.

use crate::{Sandbox, cards::Manner, disputes, webhooks};
use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, header, request::Parts},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// How long a slow card takes: less than callers wait.
const SLOW: Duration = Duration::from_secs(8);

pub fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/gateway/card-pages", post(open_page))
        .route("/sandbox/gateway/card-pages/{key}", get(ask_page))
        .route("/sandbox/gateway/card-pages/{key}/close", post(close_page))
        .route("/sandbox/gateway/charges", post(charge))
        .route("/sandbox/gateway/charges/{key}", get(ask_charge))
        .route("/sandbox/gateway/charges/{key}/close", post(close_charge))
        .route("/sandbox/gateway/cards/{card}/forget", post(forget))
}

pub(crate) type Answer = Result<Json<Value>, StatusCode>;

/// A caller that showed the merchant's secret.
pub(crate) struct Merchant;

impl FromRequestParts<Sandbox> for Merchant {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, StatusCode> {
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let right =
            shown.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|key| key == sandbox.secret);
        if right { Ok(Self) } else { Err(StatusCode::UNAUTHORIZED) }
    }
}

pub(crate) fn broken(error: sqlx::Error) -> StatusCode {
    tracing::error!(%error, "The sandbox gateway failed");
    StatusCode::INTERNAL_SERVER_ERROR
}

#[derive(Deserialize)]
struct OpenPage {
    key: Uuid,
    /// `store` or `pay`.
    wish: String,
    amount: String,
    amount_minor: i64,
    currency: String,
    title: String,
    return_url: String,
    locale: String,
}

async fn open_page(_: Merchant, State(sandbox): State<Sandbox>, Json(page): Json<OpenPage>) -> Answer {
    let id = sqlx::query_scalar!(
        r#"insert into sandbox.card_pages (id, key, wish, amount, amount_minor, currency, merchant, return_url, locale)
           values (gen_random_uuid(), $1, $6, $2, $7, $8, $3, $4, $5)
           on conflict (key) do update set return_url = excluded.return_url, locale = excluded.locale,
                amount = excluded.amount
           returning id"#,
        page.key.to_string(),
        page.amount,
        page.title,
        page.return_url,
        page.locale,
        page.wish,
        page.amount_minor,
        page.currency
    )
    .fetch_one(&sandbox.pool)
    .await
    .map_err(broken)?;
    let locale = kernel::Locale::from_tag(&page.locale);
    let path = locale.path(&format!("/sandbox/card?page={id}"));
    // The sandbox is reached under the name under which the merchant is reached.
    let origin: String = page.return_url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    Ok(Json(json!({ "url": format!("{origin}{path}") })))
}

#[derive(Serialize)]
struct Card {
    gateway_ref: Uuid,
    brand: String,
    last4: String,
}

async fn page_answer(sandbox: &Sandbox, key: Uuid) -> Answer {
    let row = sqlx::query!(
        r#"select p.state, c.id as "card?", c.brand as "brand?", c.last4 as "last4?"
             from sandbox.card_pages p left join sandbox.cards c on c.id = p.card where p.key = $1"#,
        key.to_string()
    )
    .fetch_optional(&sandbox.pool)
    .await
    .map_err(broken)?
    .ok_or(StatusCode::NOT_FOUND)?;
    let card = row.card.zip(row.brand).zip(row.last4);
    let card = card.map(|((gateway_ref, brand), last4)| Card { gateway_ref, brand, last4 });
    Ok(Json(json!({ "state": row.state, "card": card })))
}

async fn ask_page(_: Merchant, State(sandbox): State<Sandbox>, Path(key): Path<Uuid>) -> Answer {
    page_answer(&sandbox, key).await
}

async fn close_page(_: Merchant, State(sandbox): State<Sandbox>, Path(key): Path<Uuid>) -> Answer {
    // A page that was never opened is closed as well: its opening may still be on its way.
    sqlx::query!(
        "insert into sandbox.card_pages (id, key, amount, merchant, return_url, locale, state)
         values (gen_random_uuid(), $1, '', '', '', 'ko', 'closed')
         on conflict (key) do update set state = 'closed' where card_pages.state = 'open'",
        key.to_string()
    )
    .execute(&sandbox.pool)
    .await
    .map_err(broken)?;
    page_answer(&sandbox, key).await
}

#[derive(Deserialize)]
struct NewCharge {
    key: Uuid,
    card: Uuid,
    amount_minor: i64,
    currency: String,
}

/// A charge that was asked for is made, whether or not the merchant waits for the answer.
async fn charge(_: Merchant, State(sandbox): State<Sandbox>, Json(new): Json<NewCharge>) -> Answer {
    let made = tokio::spawn(make_charge(sandbox, new)).await;
    made.unwrap_or(Err(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn make_charge(sandbox: Sandbox, new: NewCharge) -> Answer {
    let mood = sqlx::query!("select slow_ms, at_once from sandbox.mood")
        .fetch_one(&sandbox.pool)
        .await
        .map_err(broken)?;
    let place = sandbox.desk.enter(usize::try_from(mood.at_once).unwrap_or_default()).await;
    tokio::time::sleep(Duration::from_millis(u64::try_from(mood.slow_ms).unwrap_or_default())).await;
    drop(place);
    let manner =
        sqlx::query_scalar!("select manner from sandbox.cards where id = $1 and not removed", new.card)
            .fetch_optional(&sandbox.pool)
            .await
            .map_err(broken)?
            .and_then(|code| Manner::from_code(&code))
            .ok_or(StatusCode::NOT_FOUND)?;
    if manner == Manner::Slow {
        tokio::time::sleep(SLOW).await;
    }
    let refusals = sqlx::query_scalar!(
        r#"select count(*) as "refusals!" from sandbox.charges where card = $1 and state = 'declined'"#,
        new.card
    )
    .fetch_one(&sandbox.pool)
    .await
    .map_err(broken)?;
    let wanted = Wanted {
        key: new.key.to_string(),
        card: new.card,
        amount_minor: new.amount_minor,
        currency: new.currency,
    };
    let first = book(&sandbox.pool, &wanted, manner.decline(refusals, false), sandbox.clock.now())
        .await
        .map_err(broken)?;
    if first {
        webhooks::note(&sandbox.pool, "charge.settled", &wanted.key).await;
    }
    if first && manner == Manner::IsDisputed {
        disputes::open(&sandbox.pool, &wanted.key, sandbox.clock.now()).await.map_err(broken)?;
    }
    if first && manner.hangs() {
        // Done, or refused, but the merchant will not hear of it from this call.
        return Err(StatusCode::GATEWAY_TIMEOUT);
    }
    charge_answer(&sandbox, new.key).await
}

/// A charge as the gateway's books have it.
pub(crate) struct Wanted {
    pub key: String,
    pub card: Uuid,
    pub amount_minor: i64,
    pub currency: String,
}

/// Writes a charge into the gateway's books; false if its key is known, or was closed.
pub(crate) async fn book(
    db: impl sqlx::PgExecutor<'_>,
    wanted: &Wanted,
    decline: Option<&str>,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into sandbox.charges (id, key, card, amount_minor, currency, state, decline, at)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7)
         on conflict (key) do nothing",
        wanted.key,
        wanted.card,
        wanted.amount_minor,
        wanted.currency,
        if decline.is_some() { "declined" } else { "succeeded" },
        decline,
        at
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes sure that a key can never be charged, nor paid on its page; tells what it had become.
async fn close_charge(_: Merchant, State(sandbox): State<Sandbox>, Path(key): Path<Uuid>) -> Answer {
    close(&sandbox, key).await.map_err(broken)?;
    charge_answer(&sandbox, key).await
}

async fn close(sandbox: &Sandbox, key: Uuid) -> sqlx::Result<()> {
    let mut tx = sandbox.pool.begin().await?;
    // The page first, as somebody who pays there does.
    sqlx::query!(
        "update sandbox.card_pages set state = 'closed' where key = $1 and state = 'open'",
        key.to_string()
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into sandbox.charges (id, key, amount_minor, currency, state)
         values (gen_random_uuid(), $1, 0, '', 'closed') on conflict (key) do nothing",
        key.to_string()
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

async fn charge_answer(sandbox: &Sandbox, key: Uuid) -> Answer {
    let row = sqlx::query!(
        "select id, state, decline, amount_minor, currency from sandbox.charges where key = $1",
        key.to_string()
    )
    .fetch_optional(&sandbox.pool)
    .await
    .map_err(broken)?
    .ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({
        "id": row.id,
        "state": row.state,
        "decline": row.decline,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
    })))
}

async fn ask_charge(_: Merchant, State(sandbox): State<Sandbox>, Path(key): Path<Uuid>) -> Answer {
    charge_answer(&sandbox, key).await
}

async fn forget(_: Merchant, State(sandbox): State<Sandbox>, Path(card): Path<Uuid>) -> Answer {
    sqlx::query!("update sandbox.cards set removed = true where id = $1", card)
        .execute(&sandbox.pool)
        .await
        .map_err(broken)?;
    Ok(Json(json!({})))
}
