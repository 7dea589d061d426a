//! A person's time zone: how instants are shown on their own pages and in their mails.

use crate::{
    Locale,
    format::{day, day_and_time},
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{Asia::Seoul, OffsetName, TZ_VARIANTS, Tz};
use std::str::FromStr;

/// An IANA time zone; Seoul unless somebody chose another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Seoul)
    }
}

impl FromStr for Zone {
    type Err = chrono_tz::ParseError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.parse().map(Self)
    }
}

impl Zone {
    /// The zone of a stored name. A name that the tables no longer know is shown as Korean time.
    #[must_use]
    pub fn stored(name: &str) -> Self {
        name.parse().unwrap_or_default()
    }

    /// All that are known, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        TZ_VARIANTS.iter().copied().map(Self)
    }

    /// Its IANA name, such as `Asia/Seoul`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// `2026년 11월 22일` and `22 Nov 2026`
    #[must_use]
    pub fn date(self, locale: Locale, at: DateTime<Utc>) -> String {
        day(locale, &at.with_timezone(&self.0))
    }

    /// The date with hours and minutes, and the name of the zone: but for a reader of Korean in Korea, who
    /// needs none.
    #[must_use]
    pub fn date_time(self, locale: Locale, at: DateTime<Utc>) -> String {
        let here = at.with_timezone(&self.0);
        let time = day_and_time(locale, &here);
        // Many zones have no letters of their own, only their distance.
        let letters = here.offset().abbreviation().filter(|short| short.starts_with(char::is_alphabetic));
        let short = letters.map_or_else(|| here.format("UTC%:z").to_string(), ToOwned::to_owned);
        match locale {
            Locale::Ko if self.0 == Seoul => time,
            Locale::Ko => format!("{time} ({short})"),
            Locale::En => format!("{time} {short}"),
        }
    }

    /// The last minute before `deadline`: what ends with a day is not shown as midnight of the next.
    #[must_use]
    pub fn deadline(self, locale: Locale, deadline: DateTime<Utc>) -> String {
        self.date_time(locale, deadline - TimeDelta::seconds(1))
    }

    /// How far it is from UTC at an instant: `+09:00`.
    #[must_use]
    pub fn offset(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%:z").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn an_instant_is_shown_as_its_reader_lives_it() {
        let at = Utc.with_ymd_and_hms(2026, 12, 31, 15, 5, 0).unwrap();
        let [paris, sao_paulo] = ["Europe/Paris", "America/Sao_Paulo"].map(Zone::stored);
        assert_eq!(Zone::default().date_time(Locale::Ko, at), "2027년 1월 1일 오전 12:05");
        assert_eq!(Zone::default().date_time(Locale::En, at), "1 Jan 2027, 00:05 KST");
        assert_eq!(paris.date_time(Locale::Ko, at), "2026년 12월 31일 오후 4:05 (CET)");
        assert_eq!(sao_paulo.date_time(Locale::En, at), "31 Dec 2026, 12:05 UTC-03:00");
        assert_eq!(paris.deadline(Locale::En, at - TimeDelta::minutes(5)), "31 Dec 2026, 15:59 CET");
    }

    #[test]
    fn summer_time_comes_and_goes() {
        let paris = Zone::stored("Europe/Paris");
        let [before, after] = [0, 1].map(|hour| Utc.with_ymd_and_hms(2027, 3, 28, hour, 30, 0).unwrap());
        assert_eq!(paris.date_time(Locale::En, before), "28 Mar 2027, 01:30 CET");
        assert_eq!(paris.date_time(Locale::En, after), "28 Mar 2027, 03:30 CEST");
    }

    #[test]
    fn an_unknown_name_is_refused_and_a_stored_one_is_korean_time() {
        for wrong in ["", "Mars/Olympus", "asia/seoul; drop", "+09:00"] {
            assert!(wrong.parse::<Zone>().is_err(), "{wrong}");
        }
        assert_eq!(Zone::stored("Mars/Olympus"), Zone::default());
    }
}
