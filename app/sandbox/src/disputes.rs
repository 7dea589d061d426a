//! Charges that the payer's bank questions. Whoever practises decides how it ends.

use crate::{
    Sandbox,
    gateway::{Answer, Merchant, broken},
    page::{html, locale, not_found},
    text, webhooks,
};
use axum::{
    Form, Json, Router,
    extract::{Path, State, rejection::FormRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Currency, Locale, Money};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// How long the merchant may answer.
const ANSWER_WITHIN: TimeDelta = TimeDelta::days(14);

pub fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/gateway/disputes/{id}", get(ask))
        .route("/sandbox/disputes", get(show).post(decide))
}

/// The payer's bank questions a charge, all of it, once.
pub(crate) async fn open(pool: &PgPool, key: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let id = sqlx::query_scalar!(
        "insert into sandbox.disputes (id, charge, amount_minor, at)
         select gen_random_uuid(), c.id, c.amount_minor, $2 from sandbox.charges c
          where c.key = $1 and c.state = 'succeeded' and not exists (select from sandbox.disputes d where d.charge = c.id)
         returning id",
        key,
        now
    )
    .fetch_optional(pool)
    .await?;
    if let Some(id) = id {
        webhooks::note(pool, "dispute.opened", &id.to_string()).await;
    }
    Ok(())
}

/// Ends a dispute, or turns one that was lost; false if it stands so already, or there is none.
async fn end(pool: &PgPool, id: Uuid, state: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update sandbox.disputes set state = $2 where id = $1 and (state = 'opened' or (state = 'lost' and $2 = 'won'))",
        id,
        state
    )
    .execute(pool)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    webhooks::note(pool, "dispute.closed", &id.to_string()).await;
    Ok(true)
}

async fn ask(_: Merchant, State(sandbox): State<Sandbox>, Path(id): Path<Uuid>) -> Answer {
    let row = sqlx::query!(
        "select d.charge, d.amount_minor, d.state, d.at, c.currency
           from sandbox.disputes d join sandbox.charges c on c.id = d.charge where d.id = $1",
        id
    )
    .fetch_optional(&sandbox.pool)
    .await
    .map_err(broken)?
    .ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({
        "id": id,
        "charge": row.charge,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "reason": "fraudulent",
        "state": row.state,
        "answer_until": row.at + ANSWER_WITHIN,
    })))
}

struct Dispute {
    id: Uuid,
    amount: Money,
    state: String,
    card: String,
}

async fn all(pool: &PgPool) -> sqlx::Result<Vec<Dispute>> {
    let rows = sqlx::query!(
        r#"select d.id, d.amount_minor, d.state, c.currency, k.brand || ' ' || k.last4 as "card?"
             from sandbox.disputes d join sandbox.charges c on c.id = d.charge left join sandbox.cards k on k.id = c.card
            order by d.at desc, d.id limit 100"#
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Dispute {
            id: row.id,
            amount: Money::new(row.amount_minor, row.currency.parse().unwrap_or(Currency::KRW)),
            state: row.state,
            card: row.card.unwrap_or_default(),
        })
        .collect())
}

/// All disputes, with the ways in which each can end.
async fn show(State(sandbox): State<Sandbox>, headers: HeaderMap) -> Response {
    match all(&sandbox.pool).await {
        Ok(disputes) => html(StatusCode::OK, &sandbox, locale(&headers), |l| list(l, disputes).into_any()),
        Err(error) => broken(error).into_response(),
    }
}

fn list(l: Locale, disputes: Vec<Dispute>) -> impl IntoView {
    let empty = disputes.is_empty();
    let rows = disputes
        .into_iter()
        .map(|dispute| {
            let state = match dispute.state.as_str() {
                "won" => text::dispute_won(l),
                "lost" => text::dispute_lost(l),
                _ => text::dispute_opened(l),
            };
            let way = |end: &'static str, label: &'static str| {
                view! { <button type="submit" class="button button--quiet" name="state" value=end>{label}</button> }
            };
            let id = dispute.id.to_string();
            view! {
                <li>
                    <p>{dispute.amount.show(l)} " · " {dispute.card} " · " {state}</p>
                    {(dispute.state != "won").then(|| view! {
                        <form method="post" action=l.path("/sandbox/disputes")>
                            <input type="hidden" name="dispute" value=id />
                            {way("won", text::let_merchant_win(l))}
                            {(dispute.state == "opened").then(|| way("lost", text::let_payer_win(l)))}
                        </form>
                    })}
                </li>
            }
        })
        .collect_view();
    view! {
        <h1>{text::disputes(l)}</h1>
        <p>{text::disputes_note(l)}</p>
        {empty.then(|| view! { <p>{text::no_disputes(l)}</p> })}
        <ul class="card-page__disputes">{rows}</ul>
    }
}

#[derive(Deserialize)]
struct Decision {
    dispute: Uuid,
    state: String,
}

async fn decide(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    sent: Result<Form<Decision>, FormRejection>,
) -> Response {
    let Ok(Form(sent)) = sent else {
        return not_found(&sandbox, &headers);
    };
    if !matches!(sent.state.as_str(), "won" | "lost") {
        return not_found(&sandbox, &headers);
    }
    match end(&sandbox.pool, sent.dispute, &sent.state).await {
        Ok(_) => Redirect::to(&locale(&headers).path("/sandbox/disputes")).into_response(),
        Err(error) => broken(error).into_response(),
    }
}
