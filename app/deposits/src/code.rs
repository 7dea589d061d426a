//! The code that a backer puts beside their name, so that a line of a statement finds its deposit.

use std::{fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization;

const DIGITS: usize = 8;
/// Codes begin with 3 to 9: no date of this century and no 1588-number reads as one, and no program
/// that takes it for a number cuts a zero off.
const FIRST: u32 = 3_000_000;
const COUNT: u32 = 7_000_000;

/// Seven random digits and a check digit, shown as `4821 9331`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DepositCode(u32);

#[derive(Debug, thiserror::Error)]
#[error("not a deposit code")]
pub struct NotACode;

impl DepositCode {
    /// A new code. That nobody had it before is for the database to say.
    #[must_use]
    pub fn random() -> Self {
        Self::of(rand::random_range(0..COUNT))
    }

    fn of(number: u32) -> Self {
        let seven = FIRST + number % COUNT;
        Self(seven * 10 + check_digit(seven.into()))
    }

    /// As people read it aloud: in two groups.
    #[must_use]
    pub fn shown(self) -> String {
        format!("{} {:04}", self.0 / 10_000, self.0 % 10_000)
    }

    /// The codes that stand in what somebody wrote, each once: eight digits that belong to no longer number,
    /// in one piece or apart.
    #[must_use]
    pub fn in_text(text: &str) -> Vec<Self> {
        let text: String = text.nfkc().collect();
        let mut found = Vec::new();
        for number in text.split(|c: char| !c.is_ascii_digit() && !parts_digits(c)) {
            let together: String = number.chars().filter(char::is_ascii_digit).collect();
            let pieces = number.split(|c: char| !c.is_ascii_digit());
            for code in
                std::iter::once(together.as_str()).chain(pieces).filter_map(|digits| digits.parse().ok())
            {
                if !found.contains(&code) {
                    found.push(code);
                }
            }
        }
        found
    }
}

/// What people put between the digits of one number.
fn parts_digits(c: char) -> bool {
    c.is_whitespace() || c == '-'
}

/// Luhn's digit: it tells every single wrong digit, and nearly every pair that changed places.
fn check_digit(number: u64) -> u32 {
    let digits = number.to_string();
    let sum: u32 =
        digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate().map(doubled_from_the_end).sum();
    (10 - sum % 10) % 10
}

/// The sum of the digits of twice a digit at an odd place, counted from the check digit.
fn doubled_from_the_end((place, digit): (usize, u32)) -> u32 {
    let value = if place.is_multiple_of(2) { digit * 2 } else { digit };
    value / 10 + value % 10
}

impl FromStr for DepositCode {
    type Err = NotACode;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        let right_length = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        let number: u32 = digits.parse().ok().filter(|_| right_length).ok_or(NotACode)?;
        let (seven, check) = (number / 10, number % 10);
        if seven >= FIRST && check_digit(seven.into()) == check { Ok(Self(number)) } else { Err(NotACode) }
    }
}

/// The eight digits, as the database has them.
impl fmt::Display for DepositCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn any_code() -> impl Strategy<Value = DepositCode> {
        (0..COUNT).prop_map(DepositCode::of)
    }

    /// A code as somebody may write it.
    pub(crate) fn written(code: DepositCode) -> impl Strategy<Value = String> {
        let digits = code.to_string();
        let spread: String = digits.chars().flat_map(|digit| [digit, ' ']).collect();
        let wide: String =
            digits.chars().filter_map(|digit| char::from_u32(digit as u32 - 0x30 + 0xff10)).collect();
        let dashed = code.shown().replace(' ', "-");
        proptest::sample::select(vec![
            digits,
            code.shown(),
            dashed,
            spread,
            wide,
            code.shown().replace(' ', "\u{3000}"),
        ])
    }

    proptest! {
        #[test]
        fn a_code_is_found_in_what_somebody_wrote(
            (code, written) in any_code().prop_flat_map(|code| (Just(code), written(code))),
            before in "([가-힣A-Za-z]{0,6}[ /]?)?", after in "([ /]?[가-힣A-Za-z.,]{0,6})?"
        ) {
            prop_assert_eq!(DepositCode::in_text(&format!("{before}{written}{after}")), [code]);
        }

        #[test]
        fn a_wrong_digit_makes_it_no_code(code in any_code(), at in 0_usize..8, other in 1_u32..10) {
            let mut digits: Vec<u32> = code.to_string().chars().filter_map(|c| c.to_digit(10)).collect();
            digits[at] = (digits[at] + other) % 10;
            let wrong: String = digits.iter().map(ToString::to_string).collect();
            prop_assert!(wrong.parse::<DepositCode>().is_err());
        }

        #[test]
        fn a_code_is_read_as_it_is_kept(code in any_code()) {
            prop_assert_eq!(code.to_string().parse().ok(), Some(code));
            prop_assert_eq!(code.shown().replace(' ', ""), code.to_string());
        }

        #[test]
        fn no_text_makes_looking_for_codes_panic(text in ".*") {
            let _ = DepositCode::in_text(&text);
        }
    }

    #[test]
    fn the_check_digit_is_luhn_s() {
        // The textbook's 7992739871 has 3.
        assert_eq!(check_digit(7_992_739_871), 3);
        assert_eq!(DepositCode::of(1_821_933).to_string(), "48219331");
        assert!("48219331".parse::<DepositCode>().is_ok());
        for wrong in
            ["48219337", "4821933", "048219331", "4821 9331", "４８２１９３３１", "", "-8219331", "+8219331"]
        {
            assert!(wrong.parse::<DepositCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates_phone_numbers_and_account_numbers_are_no_codes() {
        for text in [
            "20261122",
            "2026-11-22",
            "010-4821-9331",
            "010 4821 9331",
            "148219331",
            "4821933112",
            "1588-1234",
        ] {
            assert!(DepositCode::in_text(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn several_codes_are_all_found_and_each_once() {
        let codes = ["48219331", "50000009"].map(|digits| digits.parse::<DepositCode>().unwrap());
        assert_eq!(DepositCode::in_text("48219331 50000009 48219331"), codes);
        assert_eq!(DepositCode::in_text("4821 9331/5000 0009"), codes);
    }

    #[test]
    fn new_codes_are_codes() {
        for _ in 0..1000 {
            let code = DepositCode::random();
            assert_eq!(code.to_string().parse().ok(), Some(code));
        }
    }
}
