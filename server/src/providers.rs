//! Through whom people may log in: `DURE_PROVIDERS`.

use kernel::site::{Protocol, Provider};
use serde::Deserialize;
use std::collections::BTreeSet;
use url::Url;

/// What Kakao asks for; people may refuse to give their address.
const KAKAO: &[&str] = &["openid", "account_email", "profile_nickname"];
const USUAL: &[&str] = &["openid", "email", "profile"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: String,
    client: String,
    secret: String,
    name: Option<String>,
    issuer: Option<String>,
}

/// Reads a JSON list, such as `[{"key": "kakao", "client": "…", "secret": "…"}]`. Kakao, Naver and Google are
/// known; others say their `issuer` and their `name`. Tells what is wrong without the secrets.
pub fn parse(text: &str) -> Result<Vec<Provider>, String> {
    let entries: Vec<Entry> =
        serde_json::from_str(text).map_err(|error| format!("no such list, at column {}", error.column()))?;
    let providers: Vec<_> = entries.into_iter().map(provider).collect::<Result<_, _>>()?;
    let keys: BTreeSet<_> = providers.iter().map(|provider| &provider.key).collect();
    if keys.len() < providers.len() {
        return Err("a key stands twice".to_owned());
    }
    Ok(providers)
}

fn provider(entry: Entry) -> Result<Provider, String> {
    let Entry { key, client, secret, name, issuer } = entry;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if key.is_empty() || key.len() > 30 || !key.chars().all(plain) {
        return Err(format!("the key {key:?} is not of small letters, digits and dashes"));
    }
    if client.is_empty() || secret.is_empty() {
        return Err(format!("{key} has no client or no secret"));
    }
    if let Some(issuer) = &issuer
        && !is_safe(issuer)
    {
        return Err(format!("the issuer of {key} is no https address"));
    }
    let known = match key.as_str() {
        "kakao" => Some(("카카오", "Kakao", "https://kauth.kakao.com")),
        "naver" => Some(("네이버", "Naver", "https://nid.naver.com")),
        "google" => Some(("구글", "Google", "https://accounts.google.com")),
        _ => None,
    };
    let name = match (name, known) {
        (Some(name), _) if (1..=40).contains(&name.chars().count()) => (name.clone(), name),
        (None, Some((korean, english, _))) => (korean.to_owned(), english.to_owned()),
        _ => return Err(format!("{key} has no name of 1 to 40 letters")),
    };
    let protocol = match (key.as_str(), issuer) {
        ("naver", Some(issuer)) => Protocol::Naver { profile: format!("{issuer}/v1/nid/me"), log_in: issuer },
        ("naver", None) => Protocol::Naver {
            log_in: "https://nid.naver.com".to_owned(),
            profile: "https://openapi.naver.com/v1/nid/me".to_owned(),
        },
        (key, issuer) => Protocol::OpenId {
            issuer: issuer
                .or(known.map(|(_, _, issuer)| issuer.to_owned()))
                .ok_or_else(|| format!("{key} has no issuer"))?,
            scopes: if key == "kakao" { KAKAO } else { USUAL },
        },
    };
    Ok(Provider { key, name, protocol, client, secret })
}

/// Secrets go there: over TLS, or not over a network at all.
fn is_safe(issuer: &str) -> bool {
    Url::parse(issuer).is_ok_and(|url| {
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        url.query().is_none() && (url.scheme() == "https" || url.scheme() == "http" && here)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_providers_need_only_what_they_call_us() {
        let list = r#"[{"key":"kakao","client":"a","secret":"b"},{"key":"naver","client":"a","secret":"b"},
            {"key":"acme","name":"Acme","issuer":"https://id.acme.example","client":"a","secret":"b"}]"#;
        let providers = parse(list).unwrap();
        assert_eq!(providers[0].name.0, "카카오");
        let issuer = "https://kauth.kakao.com".to_owned();
        assert_eq!(providers[0].protocol, Protocol::OpenId { issuer, scopes: KAKAO });
        assert!(
            matches!(&providers[1].protocol, Protocol::Naver { log_in, .. } if log_in == "https://nid.naver.com")
        );
        assert!(!format!("{providers:?}").contains("secret"));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_secret() {
        for (list, told) in [
            ("", "no such list"),
            ("{}", "no such list"),
            (r#"[{"key":"kakao","client":"a","secret":"hush","extra":1}]"#, "no such list"),
            (r#"[{"key":"Kakao","client":"a","secret":"hush"}]"#, "key"),
            (r#"[{"key":"kakao","client":"","secret":"hush"}]"#, "client"),
            (r#"[{"key":"acme","client":"a","secret":"hush"}]"#, "name"),
            (r#"[{"key":"acme","name":"Acme","client":"a","secret":"hush"}]"#, "issuer"),
            (
                r#"[{"key":"acme","name":"Acme","issuer":"http://id.acme.example","client":"a","secret":"hush"}]"#,
                "https",
            ),
            (
                r#"[{"key":"kakao","client":"a","secret":"hush"},{"key":"kakao","client":"a","secret":"hush"}]"#,
                "twice",
            ),
        ] {
            let fault = parse(list).unwrap_err();
            assert!(fault.contains(told), "{list}: {fault}");
            assert!(!fault.contains("hush"));
        }
    }
}
