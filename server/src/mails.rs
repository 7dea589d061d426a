//! What comes back of our mails: the link that ends them, and the reports of mail providers.

use crate::{
    mail_reports::{Said, understand},
    pages,
    state::AppState,
};
use accounts::notifications;
use axum::{
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{DomainError, Locale, MailReportId, Refusal, db::Db, seal::Place, token, undeliverable};
use serde_json::Value;
use subtle::ConstantTimeEq;

/// The largest report, in bytes: some carry the whole mail.
pub const LARGEST_REPORT: usize = 1024 * 1024;
/// The largest form that ends mails.
const LARGEST_CLICK: usize = 16 * 1024;

/// `POST /unsubscribe?token=…`: from a mail program or its server (RFC 8058), which must not be sent
/// elsewhere, or by the button of our page, which shows what became of it.
pub async fn unsubscribe(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let query = pages::form_pairs(parts.uri.query().unwrap_or_default().as_bytes());
    let secret = query.into_iter().find(|(name, _)| name == "token").map(|(_, secret)| secret);
    let Ok(form) = to_bytes(body, LARGEST_CLICK).await else {
        return pages::error(&state, &parts, &Refusal::TooBig, None).await;
    };
    let secret = secret.unwrap_or_default();
    if let Err(refusal) = notifications::unsubscribe(&state.db, &secret).await {
        return pages::error(&state, &parts, &refusal, None).await;
    }
    // Either kind of form may carry it, so its words are looked for as they are.
    if form.windows(b"One-Click".len()).any(|words| words == b"One-Click") {
        return (StatusCode::OK, "ok").into_response();
    }
    let locale = parts.extensions.get::<Locale>().copied().unwrap_or_default();
    Redirect::to(&locale.path(&format!("/unsubscribe?token={secret}"))).into_response()
}

/// `POST /webhooks/mail`: whoever shows the secret of the configuration. Nobody is told whether we know
/// an address.
pub async fn reported(State(state): State<AppState>, heads: HeaderMap, body: Bytes) -> Response {
    let Some(secret) = &state.config.mail_webhook_secret else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !shows(&heads, &secret.0) {
        metrics::counter!("dure_mail_reports_forged_total").increment(1);
        // SNS shows what it has only after being asked.
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic realm=\"mail\"")])
            .into_response();
    }
    let Ok(said) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match settle(&state.db, &body, &said).await {
        Ok(status) => status.into_response(),
        Err(refusal) => {
            StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE).into_response()
        }
    }
}

/// Whether a request shows the secret, as a bearer or as the password of the basic scheme.
fn shows(heads: &HeaderMap, secret: &str) -> bool {
    let Some(shown) = heads.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let shown = match shown.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => rest.trim().to_owned(),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("basic") => {
            let pair = STANDARD.decode(rest.trim()).ok().and_then(|pair| String::from_utf8(pair).ok());
            pair.and_then(|pair| Some(pair.split_once(':')?.1.to_owned())).unwrap_or_default()
        }
        _ => return false,
    };
    token::hash(&shown).ct_eq(&token::hash(secret)).into()
}

/// Keeps a report as it came, then does what it says, once.
async fn settle(db: &Db, body: &Bytes, said: &Value) -> Result<StatusCode, Refusal> {
    let now = db.now();
    let id = keep(db, body).await?;
    let (reports, status) = match understand(said, now) {
        Said::Reports(reports) => (reports, StatusCode::NO_CONTENT),
        Said::Subscribe(address) => {
            tracing::warn!(
                address,
                "Amazon SNS wants to report bounces; open this address to allow it: {address}"
            );
            (Vec::new(), StatusCode::NO_CONTENT)
        }
        Said::Unknown => {
            tracing::warn!(report.id = %id, "Report {id} of a mail provider has no known form");
            (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY)
        }
    };
    let mut tx = db.pool.begin().await?;
    let first = sqlx::query!(
        "update mail_reports set settled_at = $2 where id = $1 and settled_at is null",
        id.uuid(),
        now
    )
    .execute(&mut *tx)
    .await?;
    if first.rows_affected() == 1 {
        for report in &reports {
            undeliverable::note(&mut tx, report, Some(id)).await?;
        }
    }
    tx.commit().await?;
    Ok(status)
}

/// Where the text of a report stands.
const fn place(id: MailReportId) -> Place {
    Place { column: "mail_reports.sealed", row: id.uuid() }
}

/// Stores a report sealed, before anything is made of it; one that came before is the same.
async fn keep(db: &Db, body: &Bytes) -> Result<MailReportId, Refusal> {
    let id = MailReportId::new();
    let text = String::from_utf8_lossy(body);
    let hash = token::hash(&text);
    let sealed = db.keys.seal(place(id), &text).map_err(|error| Refusal::internal(&error))?;
    sqlx::query!(
        "insert into mail_reports (id, body_hash, sealed, received_at) values ($1, $2, $3, $4)
         on conflict (body_hash) do nothing",
        id.uuid(),
        hash,
        sealed,
        db.now()
    )
    .execute(&db.pool)
    .await?;
    let kept = sqlx::query_scalar!("select id from mail_reports where body_hash = $1", hash)
        .fetch_one(&db.pool)
        .await?;
    Ok(kept.into())
}
