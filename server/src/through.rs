//! The two addresses between us and a provider: out, and back.

use crate::{
    forms::by_link,
    pages::{self, form_pairs},
    state::AppState,
};
use accounts::{ComeBack, LeaveFor, Purpose};
use axum::{
    extract::{Path, Request, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Locale, Refusal};
use leptos::server_fn::ServerFn;

fn locale(parts: &Parts) -> Locale {
    parts.extensions.get::<Locale>().copied().unwrap_or_default()
}

/// `GET /login/with/{provider}`: only from our own pages, so that nobody is sent off by another site.
pub async fn leave(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let l = locale(&parts);
    if parts.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site") {
        return Redirect::to(&l.path("/login")).into_response();
    }
    let mut fields = form_pairs(parts.uri.query().unwrap_or_default().as_bytes());
    fields.retain(|(name, _)| name != "provider");
    let purpose = fields.iter().find(|(name, _)| name == "purpose").map_or("", |(_, value)| value);
    let page = l.path(Purpose::named(purpose).page());
    fields.push(("provider".to_owned(), provider));
    by_link(&state, parts, LeaveFor::PATH, page, &fields).await
}

/// `GET /login/back/{provider}`: where a provider sends people.
pub async fn come_back(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if state.site.provider(&provider).is_none() {
        return pages::error(&state, &parts, &Refusal::NotFound, None).await;
    }
    let mut fields = form_pairs(parts.uri.query().unwrap_or_default().as_bytes());
    fields.retain(|(name, _)| matches!(name.as_str(), "state" | "code" | "error"));
    fields.push(("provider".to_owned(), provider));
    by_link(&state, parts, ComeBack::PATH, "/login".to_owned(), &fields).await
}
