//! Settings from the environment, read once at the start.

mod files;
mod mail;
mod money;
mod read;

use crate::check::Gateway;
use crate::{post::PostOffice, providers, storage::Storage};
use anyhow::{Context, Result, bail};
use kernel::{
    seal::Keys,
    site::{Provider, ReviewPolicy, Site, SiteSettings},
};
use payments::Schedule;
use read::{read, read_optional, within};
use std::{
    env, fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    sync::Arc,
};
use url::Url;

/// Every variable with its meaning, documented in `dure --help`; a test compares the two.
pub fn variables() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [VARIABLES, money::VARIABLES].into_iter().flatten()
}

const VARIABLES: &[(&str, &str)] = &[
    ("DATABASE_URL", "PostgreSQL to use; unset: a private cluster in $DURE_DATA/postgres"),
    ("DURE_DATA", "folder for the private cluster and for files; default ./data"),
    (
        "DURE_FILES",
        "where pictures are kept, by this site alone: a folder, or s3://bucket/prefix; default $DURE_DATA/files",
    ),
    (
        "DURE_S3_ENDPOINT",
        "where the S3 of DURE_FILES is, such as https://s3.example:8333; default: Amazon's of the region",
    ),
    ("DURE_S3_REGION", "its region; default us-east-1"),
    ("DURE_S3_KEY", "id of the key to it; must be said with s3://"),
    ("DURE_S3_SECRET", "secret of that key; must be said with s3://"),
    ("DURE_ADDR", "address to listen on; default 127.0.0.1"),
    ("DURE_PORT", "port to listen on, 1 to 65535; default 8080"),
    (
        "DURE_ORIGIN",
        "where people reach the site, such as https://dure.example; default: the address listened on, if it is one",
    ),
    (
        "DURE_SMTP",
        "mail server, as smtp://user:password@host:587?tls=required (STARTTLS) or smtps://user:password@host:465; default: the sandbox's mailbox",
    ),
    (
        "DURE_SMTP_CA",
        "file with a certificate (PEM) that the mail server's is signed with; default: the public ones",
    ),
    ("DURE_MAIL_FROM", "who mails are from, such as Dure <hello@dure.example>; must be said with DURE_SMTP"),
    (
        "DURE_MAIL_WEBHOOK_SECRET",
        "what a mail provider shows at /webhooks/mail to report bounces and complaints, 16 letters or more; default: nothing is taken there",
    ),
    (
        "DURE_KEYS",
        "keys that seal personal data, as 2:<64 hex digits>,1:<64 hex digits>; the first seals; default: a practice key",
    ),
    (
        "DURE_PROVIDERS",
        "through whom people may log in: a JSON list of key (kakao, naver, google or one of your own), client, secret and, for your own, name and issuer; default: nobody",
    ),
    ("DURE_METRICS_ADDR", "address and port of /metrics; default: not served"),
    ("DURE_SANDBOX", "on or off: practice gateway, mailbox and clock; must be said for an https origin"),
    ("DURE_WORKER", "on or off: whether `serve` runs the worker beside it; default on"),
    (
        "DURE_REVIEW",
        "rules or operator: who approves a submitted project; the operator does it with `dure review`; default rules",
    ),
    ("DURE_DB_CONNECTIONS", "size of the connection pool, 2 to 500; default 24"),
    ("DURE_PROXIES", "number of trusted proxies that add to X-Forwarded-For, 0 to 10; default 0"),
    ("DURE_SITE", "folder of the built site files; default `site` beside the binary"),
    ("DURE_LOG", "what to log, in the words of tracing's EnvFilter; default info,sqlx=warn"),
    ("DURE_LOG_FORMAT", "text or json; default text"),
    ("DURE_PG_BIN", "folder of PostgreSQL's server programs; default: found by itself"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    On,
    Off,
}

impl FromStr for Switch {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err("neither"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("neither"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Config {
    pub database_url: Option<String>,
    pub data: PathBuf,
    /// Where pictures are kept.
    pub files: Storage,
    pub listen: SocketAddr,
    /// None: the address listened on, or the name by which a reader on this machine calls it.
    pub origin: Option<String>,
    pub metrics: Option<SocketAddr>,
    /// None: mails go to the sandbox's mailbox.
    pub mail: Option<PostOffice>,
    /// None: no reports of mail providers are taken.
    pub mail_webhook_secret: Option<Secret>,
    /// None: the sandbox's practice key.
    pub keys: Option<Keys>,
    pub providers: Arc<[Provider]>,
    pub sandbox: bool,
    pub review: ReviewPolicy,
    pub gateway_url: String,
    /// Of a practice gateway that is another's; none: this site's own.
    pub gateway_secret: Option<String>,
    /// When what is due is charged.
    pub collection: Schedule,
    /// For how many days a bank transfer is waited for.
    pub deposit_days: u32,
    pub worker: bool,
    pub connections: u16,
    pub proxies: usize,
    pub site: PathBuf,
    pub log: String,
    pub log_format: LogFormat,
}

/// A secret of the configuration, which no log shows.
#[derive(Clone)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The value is a secret and is never shown.
fn keys() -> Result<Option<Keys>> {
    let text: Option<String> = read_optional("DURE_KEYS", "keys")?;
    let parsed = text.map(|text| Keys::parse(&text));
    parsed
        .map(|keys| {
            keys.context("DURE_KEYS cannot be read; allowed: a number from 1 to 255, a colon and 64 hex digits, parted by commas")
        })
        .transpose()
}

/// The value holds secrets and is never shown.
fn providers() -> Result<Arc<[Provider]>> {
    let text: Option<String> = read_optional("DURE_PROVIDERS", "a list")?;
    match text.map(|text| providers::parse(&text)).transpose() {
        Ok(providers) => Ok(providers.unwrap_or_default().into()),
        Err(fault) => bail!(
            "DURE_PROVIDERS cannot be used: {fault}; allowed: a JSON list of key, client, secret and, for others than kakao, naver and google, name and issuer"
        ),
    }
}

/// The address of the database; it may hold a password, which is never shown.
fn database_url() -> Result<Option<String>> {
    const ALLOWED: &str = "an address such as postgres://name:password@host:5432/dure";
    let text: Option<String> = read_optional("DATABASE_URL", ALLOWED)?;
    if let Some(text) = &text {
        let known = Url::parse(text).is_ok_and(|url| ["postgres", "postgresql"].contains(&url.scheme()));
        if !known || text.parse::<sqlx::postgres::PgConnectOptions>().is_err() {
            if text.contains('@') {
                bail!(
                    "DATABASE_URL cannot be read (it is not shown, for it may hold a password); allowed: {ALLOWED}"
                );
            }
            bail!("DATABASE_URL is {text:?}; allowed: {ALLOWED}");
        }
    }
    Ok(text)
}

/// The folder of the built site. Tests run without one, but one that was named must be there.
fn site(beside: PathBuf) -> Result<PathBuf> {
    let Some(folder) = read_optional::<PathBuf>("DURE_SITE", "a folder")? else {
        // `cargo leptos watch` says where it builds.
        return Ok(env::var_os("LEPTOS_SITE_ROOT").map_or(beside, PathBuf::from));
    };
    if !folder.join("manifest.json").is_file() {
        bail!("DURE_SITE is {folder:?}; allowed: the folder `site` of a build, with manifest.json in it");
    }
    Ok(folder)
}

impl Config {
    /// Reads all variables; the first wrong one is the error.
    pub fn from_env(port: Option<u16>) -> Result<Self> {
        let addr: IpAddr =
            read("DURE_ADDR", "an IP address such as 127.0.0.1 or ::", IpAddr::from([127, 0, 0, 1]))?;
        let env_port = read("DURE_PORT", "a number from 1 to 65535", 8080_u16)?;
        let port = within("DURE_PORT", port.unwrap_or(env_port), 1, u16::MAX)?;
        let listen = SocketAddr::new(addr, port);
        let origin: Option<String> = read_optional("DURE_ORIGIN", "an http or https address")?;
        if let Some(origin) = &origin {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains(['/', ' ', '?', '#'])) {
                bail!("DURE_ORIGIN is {origin:?}; allowed: http:// or https:// and a host, without a path");
            }
        }
        let https = origin.as_ref().is_some_and(|origin| origin.starts_with("https://"));
        let sandbox = match read_optional("DURE_SANDBOX", "on or off")? {
            Some(Switch::On) => true,
            Some(Switch::Off) => bail!(
                "DURE_SANDBOX is \"off\"; allowed here: on, because this version has no other gateway than the practice one"
            ),
            None if https => bail!(
                "DURE_SANDBOX is not set and DURE_ORIGIN is https; allowed: on, which runs with the practice gateway, mailbox and clock"
            ),
            None => true,
        };
        let format = read("DURE_LOG_FORMAT", "text or json", LogFormat::Text)?;
        let here = env::current_exe().context("the program does not know where it is")?;
        let beside = here.parent().map(|folder| folder.join("site")).unwrap_or_default();
        let data = read("DURE_DATA", "a folder", PathBuf::from("data"))?;
        Ok(Self {
            database_url: database_url()?,
            files: files::files(&data)?,
            data,
            listen,
            origin,
            metrics: read_optional("DURE_METRICS_ADDR", "an address and port such as 127.0.0.1:9090")?,
            mail: mail::mail()?,
            mail_webhook_secret: mail::webhook_secret()?,
            keys: keys()?,
            providers: providers()?,
            sandbox,
            review: read("DURE_REVIEW", "rules or operator", ReviewPolicy::Rules)?,
            gateway_url: money::gateway_url(listen)?,
            gateway_secret: read_optional("DURE_GATEWAY_SECRET", "the gateway's secret")?,
            collection: money::collection(sandbox)?,
            deposit_days: money::deposit_days()?,
            worker: read("DURE_WORKER", "on or off", Switch::On)? == Switch::On,
            connections: within(
                "DURE_DB_CONNECTIONS",
                read("DURE_DB_CONNECTIONS", "a number from 2 to 500", 24)?,
                2,
                500,
            )?,
            proxies: within("DURE_PROXIES", read("DURE_PROXIES", "a number from 0 to 10", 0)?, 0, 10)?,
            site: site(beside)?,
            log: read("DURE_LOG", "a filter such as info or dure=debug", "info,sqlx=warn".to_owned())?,
            log_format: format,
        })
    }

    /// Whose practice gateway takes the cards.
    #[must_use]
    pub const fn gateway(&self) -> Gateway {
        if self.gateway_secret.is_some() { Gateway::Another } else { Gateway::Own }
    }

    /// Whether cookies must be secure.
    #[must_use]
    pub fn https(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// Refuses to run for people without knowing where they reach the site: mails link there, and
    /// nobody reaches 0.0.0.0.
    pub fn check_origin(&self) -> Result<()> {
        if self.origin.is_none() && self.listen.ip().is_unspecified() {
            bail!(
                "DURE_ORIGIN is not set and DURE_ADDR is {}; allowed: the address where people reach the site, such as https://dure.example",
                self.listen.ip()
            );
        }
        Ok(())
    }

    /// What use cases know of the site.
    #[must_use]
    pub fn site_settings(&self) -> Site {
        Site(Arc::new(SiteSettings {
            origin: self.home(),
            sandbox: self.sandbox,
            https: self.https(),
            review: self.review,
            providers: self.providers.clone(),
        }))
    }

    /// Where people reach the site when no request tells.
    #[must_use]
    pub fn home(&self) -> String {
        self.origin.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}
