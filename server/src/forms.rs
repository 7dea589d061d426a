//! Server functions as plain forms: redirect after success, the same page with what was typed
//! after a refusal, the right status for scripts.

use crate::{
    pages::{self, form_pairs, log_in_address, proof_address},
    state::{AppState, Asked},
};
use accounts::safe_next;
use app::FormAgain;
use axum::{
    Json,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use kernel::{DomainError, Locale, Refusal, Typed, limits::Limit, stash};
use leptos::prelude::provide_context;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;
use tracing::Instrument;

/// The largest form, in bytes: a story of 100,000 letters, percent-encoded.
pub const LARGEST_FORM: usize = 2 * 1024 * 1024;

/// Fields that are never kept.
const SECRET: [&str; 6] = ["password", "next_password", "token", "code", "ceremony", "answer"];

/// How often a member, or an address, may have a refused form kept.
const STASHES: Limit = Limit { name: "stash", burst: 120, seconds: 3600 };
/// How often an address may have a large one kept for somebody who is not logged in.
const LARGE_STASHES: Limit = Limit { name: "stash_large", burst: 5, seconds: 3600 };
/// Bytes of a form that is not large.
const SMALL: usize = 16 * 1024;
/// How long a refused form waits to be kept; after that the answer itself carries it.
const PATIENCE: Duration = Duration::from_secs(2);

/// `POST /api/…`: runs a server function.
pub async fn server_fn(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let page = named_page(&parts).or_else(|| own_referer(&parts.headers));
    let locale = page.as_deref().map_or_else(Locale::default, |page| Locale::split(page).0);
    parts.extensions.insert(locale);
    let as_form = accepts_html(&parts.headers);
    // A server function answers everybody alike; what a browser without JavaScript gets is made here.
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    match to_bytes(body, LARGEST_FORM).await {
        Ok(bytes) => answer(&state, &parts, as_form, page, bytes).await,
        Err(_) => refuse(&state, &parts, as_form, page, &Bytes::new(), wire(&Refusal::TooBig)).await,
    }
}

/// Runs a server function for whoever followed a link: other sites lead people here, and no form can lead
/// them there. `page` tells of a refusal.
pub async fn by_link(
    state: &AppState,
    mut parts: Parts,
    function: &'static str,
    page: String,
    fields: &[(String, String)],
) -> Response {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    parts.method = Method::POST;
    parts.uri = Uri::from_static(function);
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    parts.headers.insert(header::CONTENT_TYPE, form);
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    answer(state, &parts, true, Some(page), body.into()).await
}

async fn answer(
    state: &AppState,
    parts: &Parts,
    as_form: bool,
    page: Option<String>,
    bytes: Bytes,
) -> Response {
    match run(state, parts, bytes.clone()).await {
        Ok(response) if response.status() == StatusCode::INTERNAL_SERVER_ERROR => {
            let error = to_bytes(response.into_body(), LARGEST_FORM).await.unwrap_or_default();
            let error = serde_json::from_slice(&error).unwrap_or_else(|_| wire(&Refusal::Malformed));
            refuse(state, parts, as_form, page, &bytes, error).await
        }
        Ok(response) if response.status().is_client_error() => {
            refuse(state, parts, as_form, page, &bytes, wire(&Refusal::NotFound)).await
        }
        Ok(response) if as_form => done(response, page),
        Ok(response) => response,
        Err(refusal) => refuse(state, parts, as_form, page, &bytes, wire(&refusal)).await,
    }
}

async fn run(state: &AppState, parts: &Parts, body: Bytes) -> Result<Response, Refusal> {
    let asked = Asked::read(state, parts).await?;
    let member = asked.viewer.0.as_ref().map(|member| member.id.to_string());
    let (db, till) = (state.db.clone(), state.till.clone());
    let context = move || {
        provide_context(db.clone());
        provide_context(till.clone());
        provide_context(asked.site.clone());
        provide_context(asked.locale);
        provide_context(asked.viewer.clone());
        provide_context(asked.client.clone());
    };
    let span = tracing::info_span!("use_case", name = parts.uri.path().trim_start_matches("/api/"), member);
    let request = Request::from_parts(parts.clone(), Body::from(body));
    let answer = leptos_axum::handle_server_fns_with_context(context, request).instrument(span);
    Ok(answer.await.into_response())
}

/// After success the browser goes where the function says, or back to the form.
fn done(response: Response, page: Option<String>) -> Response {
    let (parts, _) = response.into_parts();
    let there = parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).map(ToOwned::to_owned);
    let mut answer = Redirect::to(&there.or(page).unwrap_or_else(|| "/".to_owned())).into_response();
    for cookie in parts.headers.get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    answer
}

/// An error in the wire format of server functions.
fn wire(refusal: &Refusal) -> Value {
    json!({ "status": refusal.status(), "error": { "Refused": refusal } })
}

/// Scripts get the error with its status. Browsers go back to the page, which shows what was
/// typed and what is wrong; who is not logged in does so on the way.
async fn refuse(
    state: &AppState,
    parts: &Parts,
    as_form: bool,
    page: Option<String>,
    body: &Bytes,
    error: Value,
) -> Response {
    let status = error.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let status =
        status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::BAD_REQUEST);
    if !as_form {
        return (status, Json(error)).into_response();
    }
    let (secrets, values): (Vec<_>, Vec<_>) =
        form_pairs(body).into_iter().partition(|(name, _)| SECRET.contains(&name.as_str()));
    let again = FormAgain {
        action: with_page(parts.uri.path(), page.as_deref()),
        values,
        secrets: secrets.into_iter().map(|(name, _)| name).collect(),
    };
    let Some(page) = page.filter(|_| status != StatusCode::NOT_FOUND) else {
        let refusal = refusal_of(&error, status);
        return match refusal {
            Refusal::Unavailable => pages::again(state, parts, &refusal, again).await,
            _ => pages::error(state, parts, &refusal, Some(status)).await,
        };
    };
    let typed = Typed {
        action: parts.uri.path().to_owned(),
        values: again.values.clone(),
        // On the way to the log-in nothing is wrong with what was typed.
        error: (status != StatusCode::UNAUTHORIZED).then(|| error.clone()),
    };
    match timeout(PATIENCE, keep(state, parts, &typed)).await.unwrap_or(Err(Refusal::Unavailable)) {
        Ok(secret) => {
            let back = with_form(&page, &secret);
            let locale = Locale::split(&page).0;
            let to = match refusal_of(&error, status) {
                Refusal::SignIn => log_in_address(locale, &back),
                Refusal::Prove => proof_address(locale, &back),
                _ => back,
            };
            Redirect::to(&to).into_response()
        }
        // Files are not carried along.
        Err(refusal @ (Refusal::Unavailable | Refusal::TooMany)) if parts.uri.path().starts_with("/api/") => {
            pages::again(state, parts, &refusal, again).await
        }
        Err(refusal @ Refusal::TooBig) => pages::error(state, parts, &refusal, Some(status)).await,
        Err(refusal) => pages::error(state, parts, &refusal, None).await,
    }
}

/// Keeps what was typed for the page that shows it again. Anybody may make the database write here, so
/// each client may so many times an hour, and what is large seldom without being logged in.
async fn keep(state: &AppState, parts: &Parts, typed: &Typed) -> Result<String, Refusal> {
    let asked = Asked::read(state, parts).await?;
    match asked.viewer.0 {
        Some(member) => STASHES.take(&state.db, &member.id.to_string()).await?,
        None => {
            let client = accounts::session::network(&asked.client.0);
            STASHES.take(&state.db, &client).await?;
            let size: usize = typed.values.iter().map(|(name, value)| name.len() + value.len()).sum();
            if size > SMALL {
                // A long story whose writer's session has run out comes this way.
                LARGE_STASHES.take(&state.db, &client).await?;
            }
        }
    }
    stash::keep(&state.db, typed).await?.ok_or(Refusal::TooBig)
}

/// The page that a form which is sent again stands for.
fn named_page(parts: &Parts) -> Option<String> {
    let query = form_pairs(parts.uri.query()?.as_bytes());
    let page = query.into_iter().find(|(name, _)| name == "page")?.1;
    is_page(&page).then_some(page)
}

fn with_page(action: &str, page: Option<&str>) -> String {
    let Some(page) = page else {
        return action.to_owned();
    };
    let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("{action}?page={page}")
}

/// Whether an address is one of our pages, to which a browser may be sent.
fn is_page(address: &str) -> bool {
    safe_next(address) == address && !address.starts_with("/api/")
}

fn refusal_of(error: &Value, status: StatusCode) -> Refusal {
    let inner = error.get("error").and_then(|error| error.get("Refused")).cloned();
    let known = inner.and_then(|inner| serde_json::from_value(inner).ok());
    known.unwrap_or(if status == StatusCode::NOT_FOUND { Refusal::NotFound } else { Refusal::Malformed })
}

/// The page with the secret of what was typed; an earlier one is dropped.
fn with_form(page: &str, secret: &str) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let mut pairs = form_pairs(query.as_bytes());
    pairs.retain(|(name, _)| !matches!(name.as_str(), "form" | "saved" | "sent"));
    pairs.push(("form".to_owned(), secret.to_owned()));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

/// The page of ours that the form stands on, with its query, if the request names one.
pub fn own_referer(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let rest = referer.strip_prefix("https://").or_else(|| referer.strip_prefix("http://"))?;
    let path = rest.strip_prefix(host)?.split('#').next()?;
    if path.is_empty() {
        return Some("/".to_owned());
    }
    is_page(path).then(|| path.to_owned())
}

/// Refuses a form outside of `/api` that shows its error on `page`, in the same way.
pub async fn refuse_on_page<E: DomainError>(
    state: &AppState,
    parts: &Parts,
    page: &str,
    error: &E,
) -> Response {
    let error = json!({ "status": error.status(), "error": error });
    refuse(state, parts, accepts_html(&parts.headers), Some(page.to_owned()), &Bytes::new(), error).await
}
