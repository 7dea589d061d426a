//! The two languages of the product.

use serde::{Deserialize, Serialize};

/// A language of the screen. Korean stands at the root, English under `/en`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    Ko,
    En,
}

impl Locale {
    /// The BCP 47 tag, as in `<html lang>` and in the database.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag.starts_with("en") { Self::En } else { Self::Ko }
    }

    /// The address of a page in this language; `path` begins with `/` and has no language prefix.
    #[must_use]
    pub fn path(self, path: &str) -> String {
        match self {
            Self::Ko => path.to_owned(),
            Self::En if path == "/" => "/en".to_owned(),
            Self::En => format!("/en{path}"),
        }
    }

    /// Splits an address into its language and the path without prefix.
    #[must_use]
    pub fn split(path: &str) -> (Self, &str) {
        match path.strip_prefix("/en") {
            Some("") => (Self::En, "/"),
            Some(rest) if rest.starts_with('/') => (Self::En, rest),
            Some(rest) if rest.starts_with('?') => (Self::En, rest),
            _ => (Self::Ko, path),
        }
    }

    #[must_use]
    pub const fn pick<T: Copy>(self, korean: T, english: T) -> T {
        match self {
            Self::Ko => korean,
            Self::En => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_its_language_can_be_taken_apart_and_joined() {
        for path in ["/", "/discover", "/projects/english-tea"] {
            for locale in [Locale::Ko, Locale::En] {
                assert_eq!(Locale::split(&locale.path(path)), (locale, path));
            }
        }
        assert_eq!(Locale::split("/entry"), (Locale::Ko, "/entry"));
    }
}
