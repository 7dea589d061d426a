//! Counts, dates and durations as each language writes them. What everybody sees alike tells Korean
//! time and says so; a person's own pages and mails tell theirs (`zone.rs`).

use crate::Locale;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, Timelike, Utc};

/// Korea has one time zone and no daylight saving time.
fn seoul(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(9 * 3600) {
        Some(offset) => at.with_timezone(&offset),
        None => at.fixed_offset(),
    }
}

pub(crate) fn grouped(number: u64, separator: &str) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    out
}

/// `12,345`
#[must_use]
pub fn count(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs(), ","))
}

/// `part` of `whole` in whole per cent, rounded down so that 99.9 % never reads as reached.
#[must_use]
pub fn percent(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    i64::try_from(i128::from(part) * 100 / i128::from(whole)).unwrap_or(i64::MAX)
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn month_name(month0: u32) -> &'static str {
    MONTHS.get(month0 as usize).copied().unwrap_or("?")
}

/// `2026년 11월 22일` and `22 Nov 2026`, in Korean time.
#[must_use]
pub fn date(locale: Locale, at: DateTime<Utc>) -> String {
    day(locale, &seoul(at))
}

/// The last minute before `deadline`, in Korean time and said so: what ends with a day is not shown as
/// midnight of the next.
#[must_use]
pub fn deadline(locale: Locale, deadline: DateTime<Utc>) -> String {
    let time = day_and_time(locale, &seoul(deadline - TimeDelta::seconds(1)));
    match locale {
        Locale::Ko => format!("{time} (한국 시간)"),
        Locale::En => format!("{time} KST"),
    }
}

pub(crate) fn day(locale: Locale, at: &impl Datelike) -> String {
    match locale {
        Locale::Ko => format!("{}년 {}월 {}일", at.year(), at.month(), at.day()),
        Locale::En => format!("{} {} {}", at.day(), month_name(at.month0()), at.year()),
    }
}

/// `2026년 11월 22일 오전 9:05` and `22 Nov 2026, 09:05`
pub(crate) fn day_and_time(locale: Locale, at: &(impl Datelike + Timelike)) -> String {
    let day = day(locale, at);
    match locale {
        Locale::Ko => {
            let half = if at.hour() < 12 { "오전" } else { "오후" };
            format!("{day} {half} {}:{:02}", (at.hour() + 11) % 12 + 1, at.minute())
        }
        Locale::En => format!("{day}, {:02}:{:02}", at.hour(), at.minute()),
    }
}

/// `2027년 3월` and `Mar 2027`
#[must_use]
pub fn month(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::Ko => format!("{}년 {}월", day.year(), day.month()),
        Locale::En => format!("{} {}", month_name(day.month0()), day.year()),
    }
}

/// The largest fitting unit of a time span: `3일`, `5시간`, `12분`; `3 days`, `1 hour`.
#[must_use]
pub fn hours_and_minutes(locale: Locale, span: TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    let (number, ko, en) = match minutes {
        0..60 => (minutes.max(1), "분", "minute"),
        60..2880 => (minutes / 60, "시간", "hour"),
        _ => (minutes / 1440, "일", "day"),
    };
    match locale {
        Locale::Ko => format!("{number}{ko}"),
        Locale::En if number == 1 => format!("1 {en}"),
        Locale::En => format!("{number} {en}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn what_everybody_sees_is_korean_time_and_says_so() {
        let at = Utc.with_ymd_and_hms(2026, 12, 31, 15, 5, 0).unwrap();
        assert_eq!(date(Locale::Ko, at), "2027년 1월 1일");
        assert_eq!(deadline(Locale::Ko, at), "2027년 1월 1일 오전 12:04 (한국 시간)");
        assert_eq!(deadline(Locale::En, at), "1 Jan 2027, 00:04 KST");
    }

    #[test]
    fn spans_name_their_largest_unit() {
        assert_eq!(hours_and_minutes(Locale::Ko, TimeDelta::days(3)), "3일");
        assert_eq!(hours_and_minutes(Locale::En, TimeDelta::minutes(60)), "1 hour");
        assert_eq!(hours_and_minutes(Locale::Ko, TimeDelta::seconds(3)), "1분");
    }

    #[test]
    fn a_goal_that_is_almost_reached_is_not_shown_as_reached() {
        assert_eq!(percent(999_999, 1_000_000), 99);
        assert_eq!(percent(1, 0), 0);
        assert_eq!(percent(i64::MAX, 1), i64::MAX);
    }
}
