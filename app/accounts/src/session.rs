//! Sessions: a random token in a cookie, its hash in the database.

use crate::{
    mail::about_security,
    notifications::tell,
    rules::safe_next,
    security::{device_of, new_device},
    store::{self, Browser, Proved, Seen},
};
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::TimeDelta;
use http::{HeaderMap, HeaderValue, header, request::Parts};
use kernel::{Locale, Member, MemberId, Refusal, db::Db, site::Site, token};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use sqlx::PgConnection;
use std::net::{IpAddr, Ipv6Addr};

/// A session that is kept, and one that ends with the browser.
const KEPT: TimeDelta = TimeDelta::days(30);
const BRIEF: TimeDelta = TimeDelta::hours(12);
/// For so long a browser is remembered.
const DEVICE_KEPT: TimeDelta = TimeDelta::days(365);

/// `__Host-` binds the cookie to this host over HTTPS; plain HTTP exists for development only.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-dure" } else { "dure" }
}

/// The secret of the session that a request carries.
#[must_use]
pub fn secret(headers: &HeaderMap, site: &Site) -> Option<String> {
    cookie(headers, cookie_name(site.0.https))
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
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

/// The hash of the session's secret that a request carries.
#[must_use]
pub fn hash_in(headers: &HeaderMap, site: &Site) -> Option<Vec<u8>> {
    secret(headers, site).map(|secret| token::hash(&secret))
}

/// As [`hash_in`], of the request that is being answered.
#[must_use]
pub fn hash_of_request(site: &Site) -> Option<Vec<u8>> {
    use_context::<Parts>().and_then(|parts| hash_in(&parts.headers, site))
}

/// What a browser says of itself.
fn browser() -> Browser {
    Browser {
        device: use_context::<Parts>().map(|parts| device(&parts.headers)).unwrap_or_default(),
        locale: use_context::<Locale>().unwrap_or_default(),
    }
}

/// Browser and system of a request, in two words.
#[must_use]
pub fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.map(device_of).unwrap_or_default()
}

/// Gives the session of this request another secret, with the proof of who it belongs to.
pub async fn renew(db: &Db, site: &Site) -> Result<(), Refusal> {
    let before = hash_of_request(site).ok_or(Refusal::SignIn)?;
    let (secret, hash) = token::fresh();
    let lasts = store::renew_session(db, &before, &hash).await?.ok_or(Refusal::SignIn)?;
    set_cookie(site, secret, lasts > BRIEF)
}

/// Begins a new session and gives its cookie to the browser. The one that the request carried ends. A
/// browser that the member has not used before is told to them by mail.
pub async fn begin(
    db: &Db,
    site: &Site,
    member: MemberId,
    keep: bool,
    proved: Proved,
) -> Result<(), Refusal> {
    let browser = browser();
    if let Some(before) = use_context::<Parts>().and_then(|parts| secret(&parts.headers, site)) {
        store::end_session(db, &token::hash(&before)).await?;
    }
    let (secret, hash) = token::fresh();
    store::begin_session(db, member, &hash, if keep { KEPT } else { BRIEF }, &browser, proved).await?;
    set_cookie(site, secret, keep)?;
    note_device(db, site, member, &browser).await
}

/// A browser is known by a cookie of its own, which says nothing but that it was here.
async fn note_device(db: &Db, site: &Site, member: MemberId, browser: &Browser) -> Result<(), Refusal> {
    let mut tx = db.pool.begin().await?;
    if meet_device(&mut tx, db, site, member).await? == Seen::Strange {
        let to = store::recipient(&mut tx, member).await?;
        let mail = new_device(site, &to, &browser.device, db.now());
        tell(&mut tx, site, about_security(mail, Some("/account/security")), db.now()).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// Remembers the browser of this request with the member. A cookie that we never gave is not taken:
/// somebody may have planted it.
pub async fn meet_device(
    tx: &mut PgConnection,
    db: &Db,
    site: &Site,
    member: MemberId,
) -> Result<Seen, Refusal> {
    let name = device_cookie(site.0.https);
    let mut known = use_context::<Parts>()
        .and_then(|parts| cookie(&parts.headers, name))
        .map(|secret| (token::hash(&secret), secret));
    if let Some((hash, _)) = &known
        && !store::is_device(tx, hash).await?
    {
        known = None;
    }
    let (hash, secret) = known.unwrap_or_else(|| {
        let (secret, hash) = token::fresh();
        (hash, secret)
    });
    let seen = store::see_device(tx, member, &hash, db.now()).await?;
    put_cookie(site, name, secret, Some(DEVICE_KEPT))?;
    Ok(seen)
}

const fn device_cookie(https: bool) -> &'static str {
    if https { "__Host-dure-device" } else { "dure-device" }
}

/// The hash of what this request's browser is known by.
#[must_use]
pub fn device_of_request(site: &Site) -> Option<Vec<u8>> {
    let parts = use_context::<Parts>()?;
    cookie(&parts.headers, device_cookie(site.0.https)).map(|secret| token::hash(&secret))
}

/// Cookies besides the session's: each names something that this browser has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A log-in between its two steps.
    Step,
    /// A visit to a provider.
    Visit,
    /// Coming back from one as nobody that we know.
    Arrival,
}

impl Mark {
    const fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Step, true) => "__Host-dure-step",
            (Self::Step, false) => "dure-step",
            (Self::Visit, true) => "__Host-dure-visit",
            (Self::Visit, false) => "dure-visit",
            (Self::Arrival, true) => "__Host-dure-arrival",
            (Self::Arrival, false) => "dure-arrival",
        }
    }

    pub fn set(self, site: &Site, secret: String, lasts: TimeDelta) -> Result<(), Refusal> {
        put_cookie(site, self.name(site.0.https), secret, Some(lasts))
    }

    pub fn drop(self, site: &Site) -> Result<(), Refusal> {
        put_cookie(site, self.name(site.0.https), String::new(), Some(TimeDelta::zero()))
    }

    /// The hash of the secret that a request carries.
    #[must_use]
    pub fn hash_in(self, headers: &HeaderMap, site: &Site) -> Option<Vec<u8>> {
        cookie(headers, self.name(site.0.https)).map(|secret| token::hash(&secret))
    }

    /// As [`Mark::hash_in`], of the request that is being answered.
    #[must_use]
    pub fn hash_of_request(self, site: &Site) -> Option<Vec<u8>> {
        use_context::<Parts>().and_then(|parts| self.hash_in(&parts.headers, site))
    }
}

/// Sends the browser to `next`, a page of ours with its language, or else to `otherwise`.
pub fn lead_back(next: &str, otherwise: &str) {
    if next.is_empty() {
        ui::lead_to(otherwise);
    } else {
        leptos_axum::redirect(safe_next(next));
    }
}

/// Takes the session's cookie back; its row is gone already.
pub fn forget_cookie(site: &Site) -> Result<(), Refusal> {
    put_cookie(site, cookie_name(site.0.https), String::new(), Some(TimeDelta::zero()))
}

/// Ends the session of the request and takes its cookie back.
pub async fn end(db: &Db, site: &Site, secret: Option<String>) -> Result<(), Refusal> {
    if let Some(secret) = secret {
        store::end_session(db, &token::hash(&secret)).await?;
    }
    forget_cookie(site)
}

fn set_cookie(site: &Site, secret: String, keep: bool) -> Result<(), Refusal> {
    put_cookie(site, cookie_name(site.0.https), secret, keep.then_some(KEPT))
}

/// Without `lasts` the cookie ends with the browser; with nothing left it is taken back.
fn put_cookie(
    site: &Site,
    name: &'static str,
    secret: String,
    lasts: Option<TimeDelta>,
) -> Result<(), Refusal> {
    let mut cookie = Cookie::build((name, secret))
        .path("/")
        .http_only(true)
        .secure(site.0.https)
        .same_site(SameSite::Lax)
        .build()
        .to_string();
    if let Some(lasts) = lasts {
        cookie.push_str(&format!("; Max-Age={}", lasts.num_seconds()));
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
#[must_use]
pub fn network(address: &str) -> String {
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
