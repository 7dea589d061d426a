//! The mailbox: what Dure mailed and texted, for people and for scripts.

use crate::{
    Sandbox,
    page::{html, locale, not_found},
    text,
};
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kernel::MessageId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

pub fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/mailbox", get(list))
        .route("/sandbox/mailbox.json", get(list_json))
        .route("/sandbox/mailbox/{id}", get(show))
}

/// How many mails are listed, newest first.
const LISTED: i64 = 200;

#[derive(Serialize)]
struct Mail {
    id: i64,
    /// `mail` or `sms`; a text message has neither subject nor HTML.
    channel: String,
    to: String,
    subject: String,
    text: String,
    html: String,
    links: Vec<String>,
    at: chrono::DateTime<chrono::Utc>,
}

impl Mail {
    /// What it is called in a list: the subject, or a text message itself.
    fn title(&self) -> &str {
        if self.channel == "sms" { &self.text } else { &self.subject }
    }
}

#[derive(Deserialize)]
struct Asked {
    /// Only mails to this address.
    to: Option<String>,
}

/// Takes a message out of the outbox into the mailbox, once; its words stay only here.
pub async fn deliver(
    pool: &PgPool,
    message: MessageId,
    at: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with sent as (
             update outbox o
                set sent_at = $2, text = '', html = '', unsubscribe = '',
                    recipient = case when member_id is null then '' else o.recipient end,
                    subject = case when member_id is null then '' else o.subject end
               from (select id, recipient, subject, text, html from outbox
                      where id = $1 and sent_at is null and given_up_at is null for update) letter
              where o.id = letter.id
             returning letter.*)
         insert into sandbox.mails (recipient, subject, text, html, arrived_at)
         select recipient, subject, text, html, $2 from sent",
        message.uuid(),
        at
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Takes a text message out of the outbox to a phone, once.
pub async fn deliver_sms(
    pool: &PgPool,
    message: MessageId,
    number: &str,
    at: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with sent as (
             update outbox o set sent_at = $2, text = ''
               from (select id, text from outbox
                      where id = $1 and sent_at is null and given_up_at is null and channel = 'sms' for update) sms
              where o.id = sms.id
             returning sms.text)
         insert into sandbox.mails (channel, recipient, subject, text, html, arrived_at)
         select 'sms', $3, '', text, '', $2 from sent",
        message.uuid(),
        at,
        number
    )
    .execute(pool)
    .await?;
    Ok(())
}

async fn mails(pool: &PgPool, to: Option<&str>, id: Option<i64>) -> sqlx::Result<Vec<Mail>> {
    // PostgreSQL has no place for a zero byte, so no mail went there.
    if to.is_some_and(|to| to.contains('\0')) {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        "select id, channel, recipient, subject, text, html, arrived_at from sandbox.mails
          where ($1::text is null or recipient = $1) and ($2::bigint is null or id = $2)
          order by id desc limit $3",
        to,
        id,
        LISTED
    )
    .fetch_all(pool)
    .await?;
    let mails = rows.into_iter().map(|row| Mail {
        id: row.id,
        channel: row.channel,
        to: row.recipient,
        links: links(&row.text),
        subject: row.subject,
        text: row.text,
        html: row.html,
        at: row.arrived_at,
    });
    Ok(mails.collect())
}

/// The addresses in a mail's text, in order.
fn links(text: &str) -> Vec<String> {
    let words = text.split_whitespace();
    words
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .map(ToOwned::to_owned)
        .collect()
}

async fn list_json(State(sandbox): State<Sandbox>, Query(asked): Query<Asked>) -> Response {
    match mails(&sandbox.pool, asked.to.as_deref(), None).await {
        Ok(mails) => ([(header::CACHE_CONTROL, "no-store")], Json(mails)).into_response(),
        Err(error) => broken(&error),
    }
}

async fn list(State(sandbox): State<Sandbox>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let l = locale(&headers);
    match mails(&sandbox.pool, asked.to.as_deref(), None).await {
        Ok(mails) => html(StatusCode::OK, &sandbox, l, move |l| {
            let empty = mails.is_empty();
            let rows = mails
                .into_iter()
                .map(|mail| {
                    let href = l.path(&format!("/sandbox/mailbox/{}", mail.id));
                    view! { <li><a class="row-link" href=href>{text::mail_link(l, mail.title(), &mail.to)}</a></li> }
                })
                .collect_view();
            view! {
                <h1>{text::mailbox(l)}</h1>
                <p class="quiet">{text::mailbox_note(l)}</p>
                {empty.then(|| view! { <p>{text::mailbox_empty(l)}</p> })}
                <ul class="row-links">{rows}</ul>
            }
            .into_any()
        }),
        Err(error) => broken(&error),
    }
}

async fn show(State(sandbox): State<Sandbox>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let l = locale(&headers);
    let Ok(id) = id.parse() else {
        return not_found(&sandbox, &headers);
    };
    let mail = match mails(&sandbox.pool, None, Some(id)).await {
        Ok(mails) => mails.into_iter().next(),
        Err(error) => return broken(&error),
    };
    let Some(mail) = mail else {
        return not_found(&sandbox, &headers);
    };
    html(StatusCode::OK, &sandbox, l, move |l| {
        let title = mail.title().to_owned();
        let links = mail
            .links
            .into_iter()
            .map(|link| view! { <li><a href=link.clone()>{link.clone()}</a></li> })
            .collect_view();
        view! {
            <h1>{title}</h1>
            <p class="quiet">{text::to(l, mail.to)}</p>
            <pre class="mail-text">{mail.text}</pre>
            <h2>{text::links(l)}</h2>
            <ul>{links}</ul>
            <p><a href=l.path("/sandbox/mailbox")>{text::go_back(l)}</a></p>
        }
        .into_any()
    })
}

fn broken(error: &sqlx::Error) -> Response {
    tracing::error!(%error, "The sandbox's mailbox failed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
