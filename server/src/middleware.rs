//! What happens to every request: language, request id and log, origin check, safety heads.

use crate::{pages, state::AppState};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use kernel::Refusal;
use leptos::server_fn::axum::server_fn_paths;
use std::{panic::AssertUnwindSafe, time::Instant};
use tracing::Instrument;

/// Longer addresses are nobody's.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// Logs each request with an id that the answer carries, and measures it by its pattern.
pub async fn log(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let method = request.method().clone();
    let route = route_of(&request);
    let span = tracing::info_span!("http", request.id = %id, http.method = %method, http.route = %route);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let seconds = started.elapsed().as_secs_f64();
    let ms = (seconds * 1000.0).round();
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(http.status = status.as_u16(), ms, "{method} {route} answered {status}");
        } else if route.starts_with("/sandbox/") || matches!(route.as_str(), "/healthz" | "/readyz") {
            // Asked all the time: by the demo and a replay, and by whoever watches over us.
            tracing::debug!(http.status = status.as_u16(), ms, "{method} {route} answered {status}");
        } else {
            tracing::info!(http.status = status.as_u16(), ms, "{method} {route} answered {status}");
        }
    });
    metrics::histogram!("dure_http_seconds", "route" => route.clone()).record(seconds);
    metrics::counter!("dure_http_requests_total", "route" => route, "status" => status.as_u16().to_string())
        .increment(1);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// What a request is counted as: one of few names, whatever people ask for.
fn route_of(request: &Request) -> String {
    let path = request.uri().path();
    match request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) {
        Some(matched) if matched.starts_with("/api/{") => {
            let known = server_fn_paths().any(|(known, _)| known == path);
            if known { path.to_owned() } else { matched.to_owned() }
        }
        Some(matched) => matched.to_owned(),
        None => app::pattern(path).to_owned(),
    }
}

/// Gives whoever meets a panic a page in their language.
pub async fn caught(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(cause) => {
            let text = cause.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("unknown");
            let refusal = Refusal::internal(&format_args!("a request panicked: {text}"));
            pages::error(&state, &parts, &refusal, None).await
        }
    }
}

/// Refuses what another site sends in a reader's name.
///
/// Browsers tell where a request comes from: `Sec-Fetch-Site`, or `Origin`. A request that carries a
/// session and tells neither is refused as well. What shows a secret of its own instead is let through.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let with_secret = shows_secret(request.uri().path());
    if reads || with_secret || is_ours(request.headers(), &state) {
        return next.run(request).await;
    }
    let (parts, _) = request.into_parts();
    metrics::counter!("dure_cross_site_refused_total").increment(1);
    pages::error(&state, &parts, &Refusal::Forbidden, None).await
}

/// The practice gateway's API; reports of gateways and mail providers; and the link that ends mails, which mail programs and
/// their servers post to from anywhere and which acts in nobody's name but the link's.
fn shows_secret(path: &str) -> bool {
    path.starts_with("/sandbox/gateway/") || path.starts_with("/webhooks/") || path == "/unsubscribe"
}

fn is_ours(headers: &HeaderMap, state: &AppState) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin",
        None => match text(header::ORIGIN) {
            Some(origin) if state.fixed_origin => origin == state.site.0.origin,
            Some(origin) => text(header::HOST).is_some_and(|host| origin == format!("http://{host}")),
            None => !headers.contains_key(header::COOKIE),
        },
    }
}

/// Heads that tell browsers what our pages never do.
pub async fn safety(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    let mut response = if length > LONGEST_ADDRESS {
        let (parts, _) = request.into_parts();
        pages::error(&state, &parts, &Refusal::NotFound, Some(StatusCode::URI_TOO_LONG)).await
    } else {
        next.run(request).await
    };
    add_safety(response.headers_mut(), state.site.0.https);
    response
}

/// Adds the heads that every answer carries.
pub fn add_safety(heads: &mut HeaderMap, https: bool) {
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=()",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        heads.insert(name, HeaderValue::from_static(value));
    }
    if https {
        heads.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
}
