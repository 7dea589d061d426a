//! Sessions: a random token in a cookie, its hash in the database.

use crate::store;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::TimeDelta;
use http::{HeaderMap, HeaderValue, header, request::Parts};
use kernel::{Member, MemberId, Refusal, db::Db, site::Site, token};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::net::{IpAddr, Ipv6Addr};

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

/// Begins a new session and gives its cookie to the browser. The one that the request carried ends.
pub async fn begin(db: &Db, site: &Site, member: MemberId, keep: bool) -> Result<(), Refusal> {
    if let Some(before) = use_context::<Parts>().and_then(|parts| secret(&parts.headers, site)) {
        store::end_session(db, &token::hash(&before)).await?;
    }
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
    use_context::<ClientAddress>().map_or_else(|| "unknown".to_owned(), |address| network(&address.0))
}

/// An IPv4 address, or the /64 of an IPv6 address: so many addresses has every connection.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Ok(ip) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_ipv6_client_is_counted_with_its_whole_network() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::9"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:3::9"), network("2001:db8:1:2::9"));
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("unix"), "unix");
    }
}
