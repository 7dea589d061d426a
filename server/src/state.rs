//! What every request may use, and what is known of one request.

use crate::{cache::PageCache, config::Config, live::Hub, post::PostOffice, worker::Hands};
use accounts::session::{self, ClientAddress};
use anyhow::{Context, Result};
use app::Assets;
use axum::http::{HeaderMap, header, request::Parts};
use kernel::{
    Locale, Viewer,
    db::Db,
    site::{Site, SiteSettings},
};
use payments::{SandboxGateway, Till};
use pictures::Files;
use pledges::Means;
use std::{
    borrow::Cow,
    env, fs,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    pub db: Db,
    pub site: Site,
    /// Whether the site's address is configured; else each request tells it.
    pub fixed_origin: bool,
    pub till: Till,
    pub files: Files,
    pub assets: Arc<Assets>,
    pub config: Arc<Config>,
    pub cache: PageCache,
    pub post: Option<PostOffice>,
    pub hub: Hub,
}

impl AppState {
    /// `gateway_url` is where the sandbox gateway can be reached from this process.
    pub async fn new(config: &Config, db: Db, gateway_url: String) -> Result<Self> {
        let secret = match &config.gateway_secret {
            Some(secret) => secret.clone(),
            None => sandbox::merchant_secret(&db.pool).await?,
        };
        let gateway = SandboxGateway::new(gateway_url, secret)?;
        Ok(Self {
            db,
            site: config.site_settings(),
            fixed_origin: config.origin.is_some(),
            till: Till::new(gateway, config.collection.clone()).waiting_for_transfers(config.deposit_days),
            files: config.files.open()?,
            assets: Arc::new(assets(config)?),
            config: Arc::new(config.clone()),
            cache: PageCache::default(),
            post: config.mail.clone(),
            hub: Hub::default(),
        })
    }

    /// What the worker does its jobs with.
    #[must_use]
    pub fn hands(&self) -> Hands {
        Hands { means: self.means(), post: self.post.clone() }
    }

    /// What the use cases of pledges need, outside of a request.
    #[must_use]
    pub fn means(&self) -> Means {
        Means { db: self.db.clone(), site: self.site.clone(), till: self.till.clone() }
    }
}

/// The names of the built files. Tests run without them.
fn assets(config: &Config) -> Result<Assets> {
    let file = config.site.join("manifest.json");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) => {
            let watched = env::var_os("LEPTOS_SITE_ROOT").and(env::var("LEPTOS_OUTPUT_NAME").ok());
            if watched.is_none() {
                tracing::warn!(%error, "No site files at {}: pages have no style", config.site.display());
            }
            return Ok(watched.map(|name| watched_assets(&name)).unwrap_or_default());
        }
    };
    serde_json::from_str(&text).with_context(|| format!("{} is broken", file.display()))
}

/// The names that `cargo leptos watch` gives; it starts the program anew after a change.
fn watched_assets(name: &str) -> Assets {
    let version = uuid::Uuid::now_v7().simple();
    Assets {
        js: format!("{name}.js?v={version}"),
        wasm: format!("{name}.wasm?v={version}"),
        css: format!("{name}.css?v={version}"),
        boot: version.to_string(),
        passkey: version.to_string(),
        font: String::new(),
    }
}

/// What is known of a request before it is answered.
#[derive(Clone, Debug)]
pub struct Asked {
    pub site: Site,
    pub locale: Locale,
    pub viewer: Viewer,
    pub client: ClientAddress,
}

impl Asked {
    /// Reads address, language, session and client. Only a request with a session cookie asks
    /// the database.
    pub async fn read(state: &AppState, parts: &Parts) -> Result<Self, kernel::Refusal> {
        let asked = Self::nobody(state, parts);
        let viewer = Viewer(session::member(&state.db, &parts.headers, &asked.site).await?);
        Ok(Self { viewer, ..asked })
    }

    /// As [`Asked::read`], without asking who is logged in.
    #[must_use]
    pub fn nobody(state: &AppState, parts: &Parts) -> Self {
        Self {
            site: site_of(state, &parts.headers),
            locale: parts.extensions.get::<Locale>().copied().unwrap_or_default(),
            viewer: Viewer(None),
            client: ClientAddress(client_of(state, parts)),
        }
    }
}

/// The site at the address where this reader found it.
fn site_of(state: &AppState, headers: &HeaderMap) -> Site {
    let known = &state.site.0;
    match origin_of(state, headers) {
        Cow::Borrowed(_) => state.site.clone(),
        Cow::Owned(origin) => Site(Arc::new(SiteSettings {
            origin,
            sandbox: known.sandbox,
            https: known.https,
            review: known.review,
            providers: known.providers.clone(),
        })),
    }
}

/// Without a configured address the site is where a reader on this machine found it. Whoever calls it
/// by any other name gets the configured one: a mail must not link to what a request claimed.
pub fn origin_of<'a>(state: &'a AppState, headers: &HeaderMap) -> Cow<'a, str> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match host {
        Some(host) if !state.fixed_origin && is_this_machine(host, state.config.listen.ip()) => {
            Cow::Owned(["http://", host].concat())
        }
        _ => Cow::Borrowed(&state.site.0.origin),
    }
}

fn is_this_machine(host: &str, listen: IpAddr) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip == listen)
}

/// The client's address. Of X-Forwarded-For only what our own proxies wrote counts: the entry
/// that is as far from the right as there are proxies.
fn client_of(state: &AppState, parts: &Parts) -> String {
    let peer = parts
        .extensions
        .get::<axum::extract::ConnectInfo<SocketAddr>>()
        .map_or_else(|| "unknown".to_owned(), |info| info.0.ip().to_string());
    let proxies = state.config.proxies;
    if proxies == 0 {
        return peer;
    }
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let entries: Vec<String> =
        forwarded.flat_map(|value| value.split(',')).map(|ip| ip.trim().to_owned()).collect();
    entries.len().checked_sub(proxies).and_then(|n| entries.get(n).cloned()).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_taken_from_a_request() {
        let listen = "192.0.2.7".parse().unwrap();
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "[::1]", "192.0.2.7:8080"] {
            assert!(is_this_machine(host, listen), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "192.0.2.8",
            "a@localhost",
            "localhost:80/x",
            "localhost:8080@evil",
        ] {
            assert!(!is_this_machine(host, listen), "{host}");
        }
    }
}
