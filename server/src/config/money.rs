//! Settings of money.

use super::read::{read, read_optional, within};
use anyhow::{Context, Result, bail};
use payments::Schedule;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::Url;

/// Documented in `dure --help`, as those of [`super`].
pub const VARIABLES: &[(&str, &str)] = &[
    (
        "DURE_GATEWAY_URL",
        "where this process reaches the practice gateway; default: /sandbox/gateway at the address listened on",
    ),
    (
        "DURE_GATEWAY_SECRET",
        "the secret of a practice gateway that runs elsewhere; default: that of this site's own",
    ),
    (
        "DURE_COLLECTION",
        "when cards are charged after a deadline: business days and Korean times, or waits; \
         default: 1@10:00,2@18:30,4@09:00,7@20:00, on a practice site now,+10m,+1h",
    ),
    (
        "DURE_DEPOSIT_DAYS",
        "for how many days a bank transfer is waited for, until the end of the last one in Korea; 1 to 14, default: 3",
    ),
];

/// When what is due is charged. On a practice site nobody waits for days.
pub fn collection(sandbox: bool) -> Result<Schedule> {
    let usual = if sandbox { "now,+10m,+1h" } else { "1@10:00,2@18:30,4@09:00,7@20:00" };
    let text = read_optional::<String>("DURE_COLLECTION", "runs such as 1@10:00,2@18:30")?;
    let text = text.as_deref().unwrap_or(usual);
    Schedule::parse(text).with_context(|| format!("DURE_COLLECTION is {text:?}"))
}

/// For how many days a transfer is waited for.
pub fn deposit_days() -> Result<u32> {
    within("DURE_DEPOSIT_DAYS", read("DURE_DEPOSIT_DAYS", "a number of days", 3)?, 1, 14)
}

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
