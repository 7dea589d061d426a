//! What an account's form must fulfil.

use crate::sign_up::SignUpForm;
use kernel::{Fault, Faults, Locale, Refusal, mail_domain};

const SHORTEST_PASSWORD: u32 = 10;
/// Longer input is refused before it is hashed.
pub const LONGEST_PASSWORD: u32 = 200;
const LONGEST_NAME: u32 = 40;
/// RFC 5321, section 4.5.3.1.3, less the angle brackets.
const LONGEST_EMAIL: usize = 254;
/// RFC 5321, section 4.5.3.1.1.
const LONGEST_LOCAL: usize = 64;

/// A sign-up form whose fields are right.
#[derive(Clone, Debug)]
pub struct CheckedSignUp {
    pub email: String,
    pub password: String,
    pub name: String,
    pub news: bool,
}

/// What everybody says who signs up, whichever way.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub email: String,
    pub name: String,
    pub news: bool,
}

/// What somebody agreed to; the two that are needed, and news if they want them.
#[must_use]
pub fn consents(news: bool) -> &'static [&'static str] {
    if news { &["terms", "privacy", "news"] } else { &["terms", "privacy"] }
}

/// Notes every fault of what was said and ticked.
pub fn parse_newcomer(
    faults: &mut Faults,
    [email, name]: [&str; 2],
    [terms, privacy, news]: [&str; 3],
) -> Option<Newcomer> {
    let email = faults.keep("email", parse_email(email));
    let name = faults.keep("name", parse_name(name));
    for (field, ticked) in [("terms", terms), ("privacy", privacy)] {
        if ticked != "true" {
            faults.add(field, Fault::MustAgree);
        }
    }
    Some(Newcomer { email: email?, name: name?, news: news == "true" })
}

impl SignUpForm {
    /// Tells all faults at once. `guessable` judges the password against the other fields.
    pub fn checked(self, guessable: impl FnOnce(&str, &[&str]) -> bool) -> Result<CheckedSignUp, Refusal> {
        let mut faults = Faults::default();
        let ticks = [&*self.terms, &*self.privacy, &*self.news];
        let newcomer = parse_newcomer(&mut faults, [&self.email, &self.name], ticks);
        let password = parse_password(&self.password, guessable, &[&self.email, &self.name]);
        let password = faults.keep("password", password);
        faults.none_or_refuse()?;
        match (newcomer, password) {
            (Some(Newcomer { email, name, news }), Some(password)) => {
                Ok(CheckedSignUp { email, password, name, news })
            }
            _ => Err(Refusal::Malformed),
        }
    }
}

/// An address that mail could be sent to; the mail that is sent is the real check.
pub fn parse_email(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Err(Fault::NotAnEmail);
    };
    let right = text.len() <= LONGEST_EMAIL && is_local(local) && mail_domain(domain).is_some();
    if right { Ok(text.to_owned()) } else { Err(Fault::NotAnEmail) }
}

/// The left side of an address without quotes (RFC 5322, 3.2.3, and RFC 6532): who has one with quotes
/// finds few that write to it.
fn is_local(local: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || (c.is_ascii() && "!#$%&'*+-/=?^_`{|}~".contains(c));
    local.len() <= LONGEST_LOCAL && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(plain))
}

/// A name that shows: no control characters, not only invisible ones.
pub fn parse_name(text: &str) -> Result<String, Fault> {
    let name: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !name.chars().any(|c| c.is_alphanumeric() && !invisible(c)) {
        return Err(Fault::Required);
    }
    if name.chars().count() > LONGEST_NAME as usize {
        return Err(Fault::TooLong { max: LONGEST_NAME });
    }
    if name.chars().any(invisible) {
        return Err(Fault::NotAllowed);
    }
    Ok(name)
}

/// A line of text without anything that hides; empty is allowed.
pub fn parse_line(text: &str, longest: u32) -> Result<String, Fault> {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > longest as usize {
        return Err(Fault::TooLong { max: longest });
    }
    if line.chars().any(invisible) { Err(Fault::NotAllowed) } else { Ok(line) }
}

/// Control characters, those that hide or reorder what stands beside them, and letters that show nothing
/// (the fillers of Hangul among them).
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}' | '\u{e0000}'..='\u{e0fff}')
}

pub fn parse_password(
    text: &str,
    guessable: impl FnOnce(&str, &[&str]) -> bool,
    others: &[&str],
) -> Result<String, Fault> {
    let length = text.chars().count();
    if length == 0 {
        return Err(Fault::Required);
    }
    if length < SHORTEST_PASSWORD as usize {
        return Err(Fault::TooShort { min: SHORTEST_PASSWORD });
    }
    if length > LONGEST_PASSWORD as usize {
        return Err(Fault::TooLong { max: LONGEST_PASSWORD });
    }
    if guessable(text, others) {
        return Err(Fault::WeakPassword);
    }
    Ok(text.to_owned())
}

/// Where to go after a log-in: a page of ours, or home. Anything that a browser could read as
/// another site's address is home.
#[must_use]
pub fn safe_next(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 2000
        && !next.contains('\\')
        && next.bytes().all(|b| b.is_ascii_graphic())
        // The ways to a provider begin on our own pages alone.
        && !["/login/with/", "/login/back/"].iter().any(|way| Locale::split(next).1.starts_with(way));
    if ours { next } else { "/" }
}

/// The address of a page that leads on to `next`, if there is one.
#[must_use]
pub fn with_next(mut page: String, next: &str) -> String {
    if !next.is_empty() {
        let next = url::form_urlencoded::byte_serialize(safe_next(next).as_bytes());
        page.push(if page.contains('?') { '&' } else { '?' });
        page.push_str("next=");
        page.extend(next);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusual_but_valid_addresses_are_taken() {
        for address in ["a+b@example.kr", "o'neil@sub.example.co.kr", "김@예시.한국", " kim@example.kr "]
        {
            assert!(parse_email(address).is_ok(), "{address}");
        }
        for address in [
            "",
            "kim",
            "kim@",
            "@example.kr",
            "kim@localhost",
            "a b@example.kr",
            "a@b..kr",
            "a@example.kr\r\nBcc: x@y.z",
            "a@127.0.0.1",
            "a@[::1]",
            "\"a b\"@example.kr",
            "a@-example.kr",
        ] {
            assert!(parse_email(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_name_of_invisible_letters_is_refused() {
        assert_eq!(parse_name("\u{200b}\u{200b}"), Err(Fault::Required));
        assert_eq!(parse_name("a\u{202e}b"), Err(Fault::NotAllowed));
        assert_eq!(parse_name("  김  하늘 "), Ok("김 하늘".to_owned()));
        assert_eq!(parse_name(&"가".repeat(41)), Err(Fault::TooLong { max: 40 }));
    }

    #[test]
    fn after_a_log_in_nobody_leaves_for_another_site() {
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "javascript:alert(1)",
            "/a\r\nb",
        ] {
            assert_eq!(safe_next(bad), "/", "{bad}");
        }
        assert_eq!(safe_next("/en/projects/tea?form=1"), "/en/projects/tea?form=1");
    }
}
