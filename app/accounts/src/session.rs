//! Sessions: a random token in a cookie, its hash in the database.

use crate::store;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::TimeDelta;
use http::{HeaderMap, HeaderValue, header};
use kernel::{Member, MemberId, Refusal, db::Db, site::Site, token};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// A session that is kept, and one that ends with the browser.
const KEPT: TimeDelta = TimeDelta::days(30);
const BRIEF: TimeDelta = TimeDelta::hours(12);

/// `__Host-` binds the cookie to this host over HTTPS; plain HTTP exists for development only.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-dure" } else { "dure" }
}

/// The secret of the session that a request carries.
#[must_use]
pub fn secret(headers: &HeaderMap, site: &Site) -> Option<String> {
    let name = cookie_name(site.0.https);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Who is logged in by this request, if anybody.
pub async fn member(db: &Db, headers: &HeaderMap, site: &Site) -> sqlx::Result<Option<Member>> {
    match secret(headers, site) {
        Some(secret) => store::member_of_session(db, &token::hash(&secret)).await,
        None => Ok(None),
    }
}

/// Begins a new session and gives its cookie to the browser.
pub async fn begin(db: &Db, site: &Site, member: MemberId, keep: bool) -> Result<(), Refusal> {
    let (secret, hash) = token::fresh();
    store::begin_session(db, member, &hash, if keep { KEPT } else { BRIEF }).await?;
    set_cookie(site, secret, keep)
}

/// Ends the session of the request and takes its cookie back.
pub async fn end(db: &Db, site: &Site, secret: Option<String>) -> Result<(), Refusal> {
    if let Some(secret) = secret {
        store::end_session(db, &token::hash(&secret)).await?;
    }
    set_cookie(site, String::new(), false)
}

fn set_cookie(site: &Site, secret: String, keep: bool) -> Result<(), Refusal> {
    let https = site.0.https;
    let gone = secret.is_empty();
    let mut cookie = Cookie::build((cookie_name(https), secret))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .build()
        .to_string();
    if gone {
        cookie.push_str("; Max-Age=0");
    } else if keep {
        cookie.push_str(&format!("; Max-Age={}", KEPT.num_seconds()));
    }
    let value = HeaderValue::from_str(&cookie).map_err(|error| Refusal::internal(&error))?;
    let response = use_context::<ResponseOptions>()
        .ok_or_else(|| Refusal::internal(&"no response to set a cookie on"))?;
    response.append_header(header::SET_COOKIE, value);
    Ok(())
}

/// Where the request came from, as rate limits count it.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

/// The key of the client in rate limits.
#[must_use]
pub fn client_key() -> String {
    use_context::<ClientAddress>().map_or_else(|| "unknown".to_owned(), |address| address.0)
}
