//! Settings of money.

use super::read::read_optional;
use anyhow::{Result, bail};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::Url;

/// Documented in `dure --help`, as those of [`super`].
pub const VARIABLES: &[(&str, &str)] = &[(
    "DURE_GATEWAY_URL",
    "where this process reaches the practice gateway; default: /sandbox/gateway at the address listened on",
)];

/// Where this process reaches the practice gateway: its own, unless another is named.
pub fn gateway_url(listen: SocketAddr) -> Result<String> {
    const ALLOWED: &str = "an http or https address such as http://dure/sandbox/gateway";
    let Some(text) = read_optional::<String>("DURE_GATEWAY_URL", ALLOWED)? else {
        let ip = match listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        return Ok(format!("http://{}/sandbox/gateway", SocketAddr::new(ip, listen.port())));
    };
    let known = Url::parse(&text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    if !known {
        bail!("DURE_GATEWAY_URL is {text:?}; allowed: {ALLOWED}");
    }
    Ok(text)
}
