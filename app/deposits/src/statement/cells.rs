//! What stands in one cell: amounts and times as Korean banks write them.

use chrono::{NaiveDate, NaiveTime, Timelike};
use kernel::{Currency, Money};
use unicode_normalization::UnicodeNormalization;

/// What a cell of amounts holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Blank,
    Of(Money),
}

/// Reads `1,234,567`, `1,234,567원`, `(500)`, `-500`, `₩500`; a lone dash is a blank.
pub fn amount(cell: &str, currency: Currency) -> Option<Amount> {
    let text: String = cell.nfkc().filter(|c| !c.is_whitespace()).collect();
    let (in_brackets, text) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inside) => (true, inside),
        None => (false, text.as_str()),
    };
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}', '△', '▲']) {
        Some(rest) => (true, rest),
        None => (in_brackets, text.strip_prefix('+').unwrap_or(text)),
    };
    if text.is_empty() {
        return (!in_brackets).then_some(Amount::Blank);
    }
    let digits =
        text.strip_prefix(currency.symbol()).or_else(|| text.strip_prefix(currency.code())).unwrap_or(text);
    let digits =
        if currency == Currency::KRW { digits.strip_suffix('원').unwrap_or(digits) } else { digits };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !is_grouped(digits) {
        return None;
    }
    let amount = Money::parse(digits, currency).ok()?;
    Some(Amount::Of(if negative { Money::new(-amount.minor(), currency) } else { amount }))
}

/// Commas only between groups of three, so that `1,5` is not read as fifteen.
fn is_grouped(digits: &str) -> bool {
    let whole = digits.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().map_or(0, str::len);
    let mut others = groups.peekable();
    others.peek().is_none() || ((1..=3).contains(&first) && others.all(|group| group.len() == 3))
}

/// Reads a day, with the time of day where it stands beside it: `2026-11-22 14:03:22`, `2026.11.22`,
/// `20261122140322`, `26/11/22`, `2026년 11월 22일 오후 2시 3분`, `2026.11.22(일) 14:03`.
pub fn day_and_time(cell: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let (text, half) = plain(cell)?;
    let mut numbers = numbers_of(&text);
    let first = *numbers.first()?;
    let (date, rest) = match first.len() {
        8 | 12 | 14 => {
            let (date, time) = first.split_at(8);
            let rest = if time.is_empty() { numbers.split_off(1) } else { vec![time] };
            // A number that holds its time has none beside it.
            if !time.is_empty() && numbers.len() > 1 {
                return None;
            }
            (date_of(date.get(..4)?, date.get(4..6)?, date.get(6..)?)?, rest)
        }
        // Two digits and a colon are hours.
        4 | 2 if !text.trim_start().get(first.len()..)?.starts_with(':') => {
            let [year, month, day] = [first, numbers.get(1)?, numbers.get(2)?];
            (date_of(year, month, day)?, numbers.split_off(3))
        }
        _ => return None,
    };
    match (rest.is_empty(), half) {
        (true, None) => Some((date, None)),
        (true, Some(_)) => None,
        (false, half) => Some((date, Some(time_of(&rest, half)?))),
    }
}

/// Reads `14:03:22`, `140322`, `14:03`, `오후 2:03`, and `93022` of a program that cut the zero off.
pub fn time(cell: &str) -> Option<NaiveTime> {
    let (text, half) = plain(cell)?;
    match numbers_of(&text).as_slice() {
        [cut] if cut.len() == 5 => time_of(&[&format!("0{cut}")], half),
        numbers => time_of(numbers, half),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

/// The text without its half of the day and its weekday; nothing if it holds what no time does.
fn plain(cell: &str) -> Option<(String, Option<Half>)> {
    let mut text = cell.nfkc().collect::<String>().to_uppercase();
    let mut half = None;
    for (mark, meaning) in
        [("오전", Half::Morning), ("AM", Half::Morning), ("오후", Half::Afternoon), ("PM", Half::Afternoon)]
    {
        if text.contains(mark) {
            text = text.replacen(mark, " ", 1);
            half = Some(meaning);
        }
    }
    for day in "월화수목금토일".chars() {
        text = text.replace(&format!("({day})"), " ");
    }
    let fits = |c: char| c.is_ascii_digit() || c.is_whitespace() || "./-:T년월일시분초".contains(c);
    text.chars().all(fits).then_some((text, half))
}

fn numbers_of(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect()
}

fn date_of(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let century = if year.len() == 2 { 2000 } else { 0 };
    let year = century + year.parse::<i32>().ok()?;
    if !(2000..2100).contains(&year) || month.len() > 2 || day.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// Hours, minutes and seconds, apart or in one number. Fractions of a second are dropped.
fn time_of(numbers: &[&str], half: Option<Half>) -> Option<NaiveTime> {
    let (hour, minute, second) = match numbers {
        [one] if matches!(one.len(), 4 | 6) => (one.get(..2)?, one.get(2..4)?, one.get(4..)?),
        [hour, minute] => (*hour, *minute, ""),
        [hour, minute, second] | [hour, minute, second, _] => (*hour, *minute, *second),
        _ => return None,
    };
    if [hour, minute, second].iter().any(|number| number.len() > 2) {
        return None;
    }
    let second = if second.is_empty() { 0 } else { second.parse().ok()? };
    let time = NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, second)?;
    match (half, time.hour()) {
        (None, _) | (Some(Half::Afternoon), 13..) => Some(time),
        (Some(Half::Morning), hour @ 0..=12) => time.with_hour(hour % 12),
        (Some(Half::Afternoon), hour @ 1..=12) => time.with_hour(hour % 12 + 12),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn won(text: &str) -> Option<Amount> {
        amount(text, Currency::KRW)
    }

    #[test]
    fn amounts_are_read_as_banks_write_them() {
        for (text, minor) in [
            ("1,234,567", 1_234_567),
            ("1234567", 1_234_567),
            (" 1,234,567원 ", 1_234_567),
            ("₩1,000", 1_000),
            ("￦ 1,000", 1_000),
            ("１，０００", 1_000),
            ("KRW 1,000", 1_000),
            ("(1,500)", -1_500),
            ("-1,500", -1_500),
            ("- 1,500", -1_500),
            ("−1,500", -1_500),
            ("△1,500", -1_500),
            ("-₩1,500", -1_500),
            ("+1,500", 1_500),
            ("1000.00", 1_000),
            ("000000001500", 1_500),
            ("0", 0),
        ] {
            assert_eq!(won(text), Some(Amount::Of(Money::won(minor))), "{text}");
        }
        for blank in ["", " ", "-", "\u{a0}"] {
            assert_eq!(won(blank), Some(Amount::Blank), "{blank:?}");
        }
        assert_eq!(amount("US$1,234.5", Currency::USD), Some(Amount::Of(Money::new(123_450, Currency::USD))));
    }

    #[test]
    fn what_may_mean_another_amount_is_refused() {
        for wrong in [
            "1,5",
            "12,34",
            "1234,567",
            ",500",
            "1.234.567",
            "1,000.5",
            "1e6",
            "--5",
            "-(5)-",
            "()",
            "5-",
            "12월",
            "#####",
            "1 원 2",
            "원",
            "_5",
        ] {
            assert_eq!(won(wrong), None, "{wrong}");
        }
        assert_eq!(won("99999999999999999999"), None);
        assert_eq!(amount("1,000원", Currency::USD), None);
    }

    fn at(date: &str, time: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
        Some((date.parse().unwrap(), (!time.is_empty()).then(|| time.parse().unwrap())))
    }

    #[test]
    fn times_are_read_as_banks_write_them() {
        for text in [
            "2026-11-22 14:03:22",
            "2026.11.22 14:03:22",
            "2026/11/22 14:03:22",
            "2026-11-22T14:03:22",
            "2026-11-22 14:03:22.000",
            "20261122140322",
            "20261122 140322",
            "20261122 14:03:22",
            "2026.11.22(일) 14:03:22",
            "2026. 11. 22. 오후 2:03:22",
            "2026-11-22 02:03:22 PM",
            "2026-11-22 오후 14:03:22",
            "2026년 11월 22일 14시 3분 22초",
            "26.11.22 14:03:22",
            "２０２６．１１．２２　１４：０３：２２",
        ] {
            assert_eq!(day_and_time(text), at("2026-11-22", "14:03:22"), "{text}");
        }
        for text in [
            "2026-11-22",
            "2026.11.22",
            "2026.11.22.",
            "20261122",
            "26/11/22",
            "2026년 11월 22일",
            "2026.11.22 (일)",
        ] {
            assert_eq!(day_and_time(text), at("2026-11-22", ""), "{text}");
        }
        assert_eq!(day_and_time("202611220903"), at("2026-11-22", "09:03:00"));
        assert_eq!(day_and_time("2026-11-22 9:03"), at("2026-11-22", "09:03:00"));
        for text in ["2026-11-22 오전 12:03", "2026-11-22 오전 0:03"] {
            assert_eq!(day_and_time(text), at("2026-11-22", "00:03:00"), "{text}");
        }
        assert_eq!(day_and_time("2026-11-22 오후 12:03"), at("2026-11-22", "12:03:00"));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for wrong in [
            "",
            "-",
            "합계",
            "2026-02-29",
            "2026-13-01",
            "1999-12-31",
            "2126-01-01",
            "14:03:22",
            "11/22",
            "1,234,567",
            "3",
            "010-1234-5678",
            "2026-11-22 25:00",
            "2026-11-22 14",
            "20261122140322 14:03",
            "2026-11-22 오후",
            "46348.5",
            "2026-11-22 오전 13:00",
            "22-11-2026",
            "2026/1122",
        ] {
            assert_eq!(day_and_time(wrong), None, "{wrong}");
        }
        for wrong in ["", "14", "25:00", "1403222", "14:60", "14:03:22:11:05", "정오"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
        for text in ["14:03:22", "140322", "오후 2:03:22", "14시 03분 22초"] {
            assert_eq!(time(text), "14:03:22".parse().ok(), "{text}");
        }
        assert_eq!(time("93022"), "09:30:22".parse().ok());
        assert_eq!(time("1403"), "14:03:00".parse().ok());
    }

    proptest! {
        #[test]
        fn an_amount_that_is_written_is_read_again(minor in -9_000_000_000_000_000_i64..9_000_000_000_000_000, form in 0..4) {
            let grouped = kernel::count(minor);
            let text = match form {
                0 => minor.to_string(),
                1 => grouped,
                2 if minor < 0 => format!("({})", kernel::count(-minor)),
                _ => format!("{grouped}원"),
            };
            prop_assert_eq!(won(&text), Some(Amount::Of(Money::won(minor))));
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".{0,40}", digits in "[0-9년월일시분초:./ T-]{0,24}") {
            for text in [text, digits] {
                let _ = (won(&text), day_and_time(&text), time(&text));
            }
        }
    }
}
