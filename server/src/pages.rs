//! Answering with a page: from the cache, or rendered; with its right status and heads.

use crate::{
    cache::{self, Kept},
    state::{AppState, Asked},
};
use app::{FormAgain, Personal, again_page, error_page, find, render, shared_query, splice};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use kernel::{DomainError, Locale, Refusal, Typed, stash};
use std::{sync::Arc, time::Instant};
use ui::{Page, PageRequest};

/// Every GET that nothing else answers.
pub async fn page(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return error(&state, &parts, &Refusal::NotFound, Some(StatusCode::METHOD_NOT_ALLOWED)).await;
    }
    match answer(&state, &parts).await {
        Ok(response) => response,
        Err(Refusal::SignIn) => on_the_way(&parts, log_in_address),
        Err(Refusal::Prove) => on_the_way(&parts, proof_address),
        Err(refusal) => error(&state, &parts, &refusal, None).await,
    }
}

async fn answer(state: &AppState, parts: &Parts) -> Result<Response, Refusal> {
    let asked = Asked::read(state, parts).await?;
    let mut req = page_request(state, parts, asked);
    let typed = typed(&req).await?;
    let key = cache::key(&req.site.0.origin, req.locale, &req.path, parts.uri.query());
    if typed.is_none()
        && let Some(kept) = key.as_ref().and_then(|key| state.cache.get(key))
    {
        return Ok(shared(parts, &req, &kept).await);
    }
    let status = typed.as_ref().and_then(failed_status).unwrap_or(StatusCode::OK);
    req.typed = typed;
    let since = Instant::now();
    let found = find(&req, &state.means()).await?;
    if let Some(address) = &found.page.moved {
        return Ok(Redirect::permanent(address).into_response());
    }
    let about = found.page.about;
    let keep = found.is_shared() && req.typed.is_none();
    let skeleton = render(found.page, &req, &state.assets);
    if !keep {
        let html = splice(&skeleton, &Personal::of(&req).await);
        return Ok(html_response(status, html, "private, no-store"));
    }
    let plain = splice(&skeleton, &Personal::nobody(req.locale));
    let kept = Arc::new(
        Kept::new(skeleton, plain, about, req.site.0.https).map_err(|error| Refusal::internal(&error))?,
    );
    if let Some(key) = key {
        state.cache.put(key, kept.clone(), since);
    }
    Ok(shared(parts, &req, &kept).await)
}

/// A page that everybody sees: compressed once for all, or with the viewer's own parts.
async fn shared(parts: &Parts, req: &PageRequest, kept: &Kept) -> Response {
    if req.viewer.0.is_none() {
        return kept.answer(&parts.headers);
    }
    let html = splice(&kept.skeleton, &Personal::of(req).await);
    html_response(StatusCode::OK, html, "private, no-cache")
}

fn html_response(status: StatusCode, html: String, caching: &'static str) -> Response {
    let heads = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "accept-encoding, cookie"),
    ];
    (status, heads, html).into_response()
}

fn page_request(state: &AppState, parts: &Parts, asked: Asked) -> PageRequest {
    let mut query = form_pairs(parts.uri.query().unwrap_or_default().as_bytes());
    if let Some(known) = shared_query(parts.uri.path()) {
        // A page that many see must not show what one address added.
        query.retain(|(name, _)| name == "form" || known.contains(&name.as_str()));
    }
    PageRequest {
        db: state.db.clone(),
        site: asked.site,
        locale: asked.locale,
        viewer: asked.viewer,
        path: parts.uri.path().to_owned(),
        query,
        typed: None,
        headers: parts.headers.clone(),
    }
}

/// Names and values of a query or of a form's body; bytes that are no UTF-8 are replaced, and zero
/// bytes, which PostgreSQL has no place for, are left out.
pub fn form_pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded)
        .map(|(name, value)| (name.replace('\0', ""), value.replace('\0', "")))
        .collect()
}

/// The last try of a form of this page.
async fn typed(req: &PageRequest) -> Result<Option<Typed>, Refusal> {
    match req.query("form") {
        Some(secret) => Ok(stash::find(&req.db, secret).await?),
        None => Ok(None),
    }
}

fn failed_status(typed: &Typed) -> Option<StatusCode> {
    let status = typed.error.as_ref()?.get("status")?.as_u64()?;
    StatusCode::from_u16(u16::try_from(status).ok()?).ok()
}

/// To a page that asks for something first, and back here.
fn on_the_way(parts: &Parts, address: fn(Locale, &str) -> String) -> Response {
    let locale = parts.extensions.get::<Locale>().copied().unwrap_or_default();
    let here = parts.uri.path_and_query().map_or("/", |address| address.as_str());
    Redirect::to(&address(locale, &locale.path(here))).into_response()
}

/// The page that asks once more who one is, and leads back to `next`.
#[must_use]
pub fn proof_address(locale: Locale, next: &str) -> String {
    with_next(&locale.path("/account/prove"), next)
}

/// The log-in page that leads back to `next`, an address with its language.
#[must_use]
pub fn log_in_address(locale: Locale, next: &str) -> String {
    with_next(&locale.path("/login"), next)
}

fn with_next(page: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{page}?next={next}")
}

/// The page that tells of a refusal, with its status.
pub async fn error(
    state: &AppState,
    parts: &Parts,
    refusal: &Refusal,
    status: Option<StatusCode>,
) -> Response {
    let status = status
        .or_else(|| StatusCode::from_u16(refusal.status()).ok())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    told(state, parts, status, |l| error_page(refusal, l)).await
}

/// The page that carries what was typed, when it could not be kept either.
pub async fn again(state: &AppState, parts: &Parts, refusal: &Refusal, form: FormAgain) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    told(state, parts, status, |l| again_page(refusal, l, form)).await
}

async fn told(
    state: &AppState,
    parts: &Parts,
    status: StatusCode,
    page: impl FnOnce(Locale) -> Page,
) -> Response {
    let locale = parts.extensions.get::<Locale>().copied().unwrap_or_default();
    // A database that is away is not waited for once more: there is no viewer, and still a page.
    let asked = match status {
        StatusCode::SERVICE_UNAVAILABLE => Asked::nobody(state, parts),
        _ => Asked::read(state, parts).await.unwrap_or_else(|_| Asked::nobody(state, parts)),
    };
    let mut req = page_request(state, parts, asked);
    // The link to the other language: a form's address is no page.
    if req.path.len() > 2000 || req.path.starts_with("/api/") {
        "/".clone_into(&mut req.path);
        req.query.clear();
    }
    let html = render(page(locale), &req, &state.assets);
    let personal = if req.viewer.0.is_some() { Personal::of(&req).await } else { Personal::nobody(locale) };
    let mut response = html_response(status, splice(&html, &personal), "no-store");
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
