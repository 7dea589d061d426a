//! Signed reports in the manner of Stripe: `t=<seconds>,v1=<hex of HMAC-SHA256 over "t.body">`.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How old, or how far ahead of our clock, a report may be: what is older may be a replay.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

fn mac(secret: &str, time: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    Some(mac.chain_update(time.as_bytes()).chain_update(b".").chain_update(body))
}

/// The head of a report that is sent at `at`.
#[must_use]
pub fn sign(secret: &str, body: &[u8], at: DateTime<Utc>) -> String {
    let time = at.timestamp().to_string();
    let mac = mac(secret, &time, body).map(|mac| mac.finalize().into_bytes());
    let hex: String = mac.iter().flatten().map(|byte| format!("{byte:02x}")).collect();
    format!("t={time},v1={hex}")
}

/// Whether one of our secrets signed this body a short while ago. Several are accepted while one is
/// exchanged for another; compared in constant time.
#[must_use]
pub fn is_signed(head: &str, body: &[u8], secrets: &[&str], now: DateTime<Utc>) -> bool {
    let part = |name: &'static str| {
        head.split(',').filter_map(move |part| part.trim().split_once('=').filter(|(key, _)| *key == name))
    };
    let Some((_, time)) = part("t").next() else {
        return false;
    };
    let sent = time.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    if sent.is_none_or(|sent| (now - sent).abs() > TOLERANCE) {
        return false;
    }
    part("v1").filter_map(|(_, hex)| bytes(hex)).any(|claimed| {
        secrets
            .iter()
            .any(|secret| mac(secret, time, body).is_some_and(|mac| mac.verify_slice(&claimed).is_ok()))
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_known_signature_is_recognised() {
        // Made with `printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test`.
        let head = "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
        let now = at(1_700_000_000);
        assert!(is_signed(head, b"{\"id\":\"evt_1\"}", &["whsec_test"], now));
        assert_eq!(sign("whsec_test", b"{\"id\":\"evt_1\"}", now), head);
    }

    #[test]
    fn what_is_old_altered_or_signed_by_others_is_refused() {
        let now = at(1_800_000_000);
        let head = sign("ours", b"body", now);
        assert!(is_signed(&head, b"body", &["new", "ours"], now + TimeDelta::minutes(5)));
        assert!(is_signed(&format!("{head},v1=00,v0=zz"), b"body", &["ours"], now));
        assert!(!is_signed(&head, b"body", &["ours"], now + TimeDelta::seconds(301)));
        assert!(!is_signed(&head, b"body", &["ours"], now - TimeDelta::seconds(301)));
        assert!(!is_signed(&head, b"bodY", &["ours"], now));
        assert!(!is_signed(&head, b"body", &["theirs"], now));
        assert!(!is_signed(&head.replace("t=18", "t=17"), b"body", &["ours"], at(1_700_000_000)));
        for broken in
            ["", "t=", "v1=00", "t=1800000000", "t=x,v1=00", "t=1800000000,v1=0", "t=1800000000,v1=é"]
        {
            assert!(!is_signed(broken, b"body", &["ours"], now), "{broken}");
        }
    }

    proptest! {
        #[test]
        fn nothing_unsigned_passes(head in ".{0,200}", body in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(!is_signed(&head, &body, &["a secret"], at(1_800_000_000)));
        }
    }
}
