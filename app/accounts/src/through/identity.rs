//! What a provider says of somebody, and whether it may be believed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Clocks of two systems differ by so much.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// A proof asks people to log in at the provider again; so long ago that may be.
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Who somebody is at a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Never changes, never another's.
    pub subject: String,
    pub email: Option<String>,
    /// Whether the provider vouches that the address is theirs.
    pub email_verified: bool,
    pub name: String,
}

/// The claims of an ID token (OpenID Connect Core 1.0, section 2), as far as they matter here.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: Audience,
    pub azp: Option<String>,
    pub exp: i64,
    pub nonce: Option<String>,
    pub auth_time: Option<i64>,
    #[serde(flatten)]
    pub profile: Profile,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Claims that may stand in the ID token or in the answer of the userinfo endpoint.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Profile {
    pub email: Option<String>,
    #[serde(default, deserialize_with = "yes")]
    pub email_verified: bool,
    pub name: Option<String>,
    pub nickname: Option<String>,
}

/// Some providers write `"true"`.
fn yes<'de, D: serde::Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(value)?;
    Ok(value.as_bool().unwrap_or_else(|| value.as_str() == Some("true")))
}

/// What an ID token must be about.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    /// Whether the person must have logged in at the provider just now.
    pub fresh: bool,
    pub now: DateTime<Utc>,
}

impl Claims {
    /// What is wrong with the claims, if anything (OpenID Connect Core 1.0, section 3.1.3.7). The signature is
    /// not needed: the token came from the provider itself, over TLS (point 6 there).
    #[must_use]
    pub fn fault(&self, expected: Expected<'_>) -> Option<&'static str> {
        let client = expected.client;
        let for_us = match &self.aud {
            Audience::One(one) => one == client,
            Audience::Several(several) => several.iter().any(|one| one == client),
        };
        let several = matches!(&self.aud, Audience::Several(several) if several.len() > 1);
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        let stale = |at: DateTime<Utc>| expected.now - at > FRESH;
        let faults = [
            (self.iss != expected.issuer, "another issuer"),
            (!for_us, "for somebody else"),
            (self.azp.as_ref().map_or(several, |azp| azp != client), "made for another client"),
            (at(self.exp) + SKEW < expected.now, "too old"),
            (self.nonce.as_deref() != Some(expected.nonce), "of another visit"),
            (self.sub.is_empty() || self.sub.len() > 255, "without a subject"),
            (expected.fresh && self.auth_time.is_none_or(|seconds| stale(at(seconds))), "logged in long ago"),
        ];
        faults.into_iter().find(|(wrong, _)| *wrong).map(|(_, fault)| fault)
    }
}

impl Profile {
    pub fn of(self, subject: String) -> Identity {
        Identity {
            subject,
            email: self.email.filter(|email| !email.is_empty()),
            email_verified: self.email_verified,
            name: self.name.or(self.nickname).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;

    fn fault_of(change: serde_json::Value) -> Option<&'static str> {
        let mut claims = json!({
            "iss": "https://id.example", "sub": "7", "aud": "dure", "exp": NOW + 60, "nonce": "n",
            "auth_time": NOW - 10, "email_verified": "true",
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).unwrap();
        let now = DateTime::from_timestamp(NOW, 0).unwrap();
        claims.fault(Expected { issuer: "https://id.example", client: "dure", nonce: "n", fresh: true, now })
    }

    #[test]
    fn only_claims_about_this_visit_are_believed() {
        for right in [
            json!({}),
            json!({"aud": ["dure"]}),
            json!({"aud": ["dure", "x"], "azp": "dure"}),
            json!({"exp": NOW - 30}),
        ] {
            assert_eq!(fault_of(right.clone()), None, "{right}");
        }
        for wrong in [
            json!({"iss": "https://evil.example"}),
            json!({"iss": "https://id.example/"}),
            json!({"aud": "other"}),
            json!({"aud": []}),
            json!({"aud": ["dure", "x"]}),
            json!({"azp": "other"}),
            json!({"exp": NOW - 61}),
            json!({"exp": i64::MIN}),
            json!({"nonce": "m"}),
            json!({"nonce": null}),
            json!({"sub": ""}),
            json!({"sub": "x".repeat(256)}),
            json!({"auth_time": NOW - 301}),
            json!({"auth_time": null}),
        ] {
            assert!(fault_of(wrong.clone()).is_some(), "{wrong}");
        }
    }
}
