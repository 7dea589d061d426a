//! The countries of ISO 3166-1 but Korea, whose addresses have a form of their own, and Kosovo, to which parcels go as XK.

use kernel::Locale;
use std::sync::LazyLock;

struct Country {
    code: &'static str,
    korean: &'static str,
    english: &'static str,
}

impl Country {
    const fn name(&self, l: Locale) -> &'static str {
        l.pick(self.korean, self.english)
    }
}

/// In the order of their English names; a line is code, Korean name and English name, as CLDR has them.
static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let parts = |line: &'static str| {
        let (code, names) = line.split_once('|')?;
        let (korean, english) = names.split_once('|')?;
        Some(Country { code, korean, english })
    };
    include_str!("countries.txt").lines().filter_map(parts).collect()
});

/// Whether parcels may go there.
pub fn is_country(code: &str) -> bool {
    COUNTRIES.iter().any(|country| country.code == code)
}

/// A country's name; one that is not known is told by its code.
pub fn country_name(l: Locale, code: &str) -> &str {
    COUNTRIES.iter().find(|country| country.code == code).map_or(code, |country| country.name(l))
}

/// Code and name of each, in the order of the language.
pub fn countries(l: Locale) -> Vec<ui::Choice> {
    let mut countries: Vec<_> = COUNTRIES.iter().collect();
    if l == Locale::Ko {
        countries.sort_by_key(|country| country.korean);
    }
    countries.into_iter().map(|country| (country.code.to_owned(), country.name(l).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_code_and_a_name_in_both_languages() {
        assert!(COUNTRIES.len() > 240 && !is_country("KR") && !is_country("us"));
        for country in COUNTRIES.iter() {
            assert!(country.code.len() == 2 && !country.korean.is_empty() && !country.english.contains('|'));
        }
        assert_eq!(country_name(Locale::Ko, "US"), "미국");
        assert_eq!(countries(Locale::Ko)[0].1, "가나");
    }
}
