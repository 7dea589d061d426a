//! What a profile must fulfil.

use super::{edit::ProfileForm, handle::parse_handle};
use crate::rules::parse_name;
use kernel::{Fault, Faults, Locale, Refusal, Zone};

const MOST_LINKS: usize = 5;
const LONGEST_LINK: usize = 300;
pub(super) const LONGEST_INTRODUCTION: u32 = 1000;

/// A profile form whose fields are right.
#[derive(Clone, Debug)]
pub struct CheckedProfile {
    pub name: String,
    pub handle: String,
    pub introduction: String,
    pub links: Vec<String>,
    pub shows_backed: bool,
    /// None: as before, for a form without that field.
    pub language: Option<Locale>,
    pub zone: Option<Zone>,
}

impl ProfileForm {
    /// Tells all faults at once.
    pub fn checked(self) -> Result<CheckedProfile, Refusal> {
        let mut faults = Faults::default();
        let name = faults.keep("name", parse_name(&self.name));
        let handle = faults.keep("handle", parse_handle(&self.handle));
        let introduction = faults.keep("introduction", parse_introduction(&self.introduction));
        let links = faults.keep("links", parse_links(&self.links));
        let language = faults.keep("language", chosen(&self.language, parse_language));
        let zone = faults.keep("time_zone", chosen(&self.time_zone, parse_zone));
        faults.none_or_refuse()?;
        match (name, handle, introduction, links, language.zip(zone)) {
            (Some(name), Some(handle), Some(introduction), Some(links), Some((language, zone))) => {
                Ok(CheckedProfile {
                    name,
                    handle,
                    introduction,
                    links,
                    shows_backed: self.shows_backed == "true",
                    language,
                    zone,
                })
            }
            _ => Err(Refusal::Malformed),
        }
    }
}

/// A choice, if the form had it.
fn chosen<T>(text: &str, parse: fn(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
}

fn parse_zone(name: &str) -> Result<Zone, Fault> {
    name.parse().map_err(|_| Fault::NotAllowed)
}

fn parse_language(tag: &str) -> Result<Locale, Fault> {
    [Locale::Ko, Locale::En].into_iter().find(|locale| locale.tag() == tag).ok_or(Fault::NotAllowed)
}

fn parse_introduction(text: &str) -> Result<String, Fault> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > LONGEST_INTRODUCTION as usize {
        return Err(Fault::TooLong { max: LONGEST_INTRODUCTION });
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Fault::NotAllowed);
    }
    Ok(text)
}

/// Addresses of the web, one a line. Other schemes could run script when they are followed.
fn parse_links(text: &str) -> Result<Vec<String>, Fault> {
    let links: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect();
    if links.len() > MOST_LINKS {
        return Err(Fault::TooMany { max: MOST_LINKS as u32 });
    }
    let right = |link: &String| {
        let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        rest.is_some_and(|rest| rest.contains('.') && !rest.starts_with('.'))
            && link.len() <= LONGEST_LINK
            && !link.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'`".contains(c))
            // A name before an @ would pretend to be the host.
            && rest.is_some_and(|rest| !rest.split(['/', '?', '#']).next().unwrap_or_default().contains('@'))
    };
    if links.iter().all(right) { Ok(links) } else { Err(Fault::NotALink) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_addresses_of_the_web() {
        let two = "https://dure.example/a?b=1\r\n\r\nhttp://example.kr ";
        assert_eq!(parse_links(two).unwrap(), ["https://dure.example/a?b=1", "http://example.kr"]);
        for wrong in [
            "javascript:alert(1)",
            "https://",
            "https://a b.kr",
            "https://bank.kr@evil.kr/",
            "data:text/html,x",
            "https://a.kr/\"onclick=",
        ] {
            assert_eq!(parse_links(wrong), Err(Fault::NotALink), "{wrong}");
        }
        assert_eq!(parse_links(&"https://a.kr\n".repeat(6)), Err(Fault::TooMany { max: 5 }));
    }

    #[test]
    fn an_introduction_keeps_its_lines_and_its_limit() {
        assert_eq!(parse_introduction("가\r\n나 ").as_deref(), Ok("가\n나"));
        assert_eq!(parse_introduction(&"가".repeat(1001)), Err(Fault::TooLong { max: 1000 }));
        assert_eq!(parse_introduction("a\u{0}b"), Err(Fault::NotAllowed));
    }
}
