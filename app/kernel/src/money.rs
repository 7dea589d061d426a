//! Amounts in whole minor units. There is no float anywhere near money.

use crate::{Currency, Locale};
use serde::{Deserialize, Serialize};

/// An amount of one currency in its minor unit: won for KRW, cents for USD.
///
/// Invariant: arithmetic never wraps, never rounds and never mixes currencies; every operation
/// that could is checked and returns an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("the amounts are in different currencies")]
    Mixed,
    #[error("the amount is out of range")]
    OutOfRange,
    #[error("the text is not an amount")]
    NotAnAmount,
    #[error("the currency has fewer decimal places")]
    TooPrecise,
}

impl Money {
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    #[must_use]
    pub const fn won(amount: i64) -> Self {
        Self::new(amount, Currency::KRW)
    }

    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    /// The price of `count` pieces.
    pub fn times(self, count: u32) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(count)).ok_or(MoneyError::OutOfRange)?;
        Ok(Self::new(minor, self.currency))
    }

    /// Splits into `parts` amounts that differ by at most one minor unit and sum exactly to `self`.
    #[must_use]
    pub fn split(self, parts: u32) -> Vec<Self> {
        if parts == 0 {
            return Vec::new();
        }
        let parts = i64::from(parts);
        let (share, rest) = (self.minor.div_euclid(parts), self.minor.rem_euclid(parts));
        (0..parts).map(|n| Self::new(share + i64::from(n < rest), self.currency)).collect()
    }

    /// Reads a decimal amount in major units, as people and statements write it: `1,234,567`, `12.50`.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let text = text.trim().replace([',', '_'], "");
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
            return Err(MoneyError::NotAnAmount);
        }
        let places = currency.exponent() as usize;
        let kept = fraction.get(..places.min(fraction.len())).unwrap_or_default();
        if fraction.get(kept.len()..).is_some_and(|rest| rest.bytes().any(|b| b != b'0')) {
            return Err(MoneyError::TooPrecise);
        }
        let minor: i64 = format!("{whole}{kept:0<places$}").parse().map_err(|_| MoneyError::OutOfRange)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    /// The bare number in major units, as a form field holds it: `1234567`, `12.50`.
    #[must_use]
    pub fn plain(self) -> String {
        self.written("")
    }

    /// For the screen: `1,234,567원` and `₩1,234,567`, `US$12.50` in both languages.
    #[must_use]
    pub fn show(self, locale: Locale) -> String {
        let amount = self.written(",");
        match (locale, self.currency) {
            (Locale::Ko, Currency::KRW) => format!("{amount}원"),
            (_, currency) => {
                let symbol = currency.symbol();
                let gap = if symbol.is_ascii() && symbol == currency.code() { " " } else { "" };
                match amount.strip_prefix('-') {
                    Some(positive) => format!("-{symbol}{gap}{positive}"),
                    None => format!("{symbol}{gap}{amount}"),
                }
            }
        }
    }

    fn written(self, separator: &str) -> String {
        let places = self.currency.exponent();
        let unit = 10_u64.pow(places);
        let size = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        let whole = crate::format::grouped(size / unit, separator);
        if places == 0 {
            return format!("{sign}{whole}");
        }
        format!("{sign}{whole}.{:0width$}", size % unit, width = places as usize)
    }

    fn combine(self, other: Self, op: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed);
        }
        let minor = op(self.minor, other.minor).ok_or(MoneyError::OutOfRange)?;
        Ok(Self::new(minor, self.currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_currency() -> impl Strategy<Value = Currency> {
        proptest::sample::select(Currency::all().collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn a_split_keeps_every_unit_and_is_even(minor: i64, parts in 1_u32..500, currency in any_currency()) {
            let shares = Money::new(minor, currency).split(parts);
            let sum: i128 = shares.iter().map(|share| i128::from(share.minor())).sum();
            prop_assert_eq!(sum, i128::from(minor));
            let least = shares.iter().map(|share| share.minor()).min().unwrap();
            let most = shares.iter().map(|share| share.minor()).max().unwrap();
            prop_assert!(most - least <= 1);
        }

        #[test]
        fn what_is_written_is_read_again(minor in -i64::MAX..i64::MAX, currency in any_currency()) {
            let money = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&money.plain(), currency), Ok(money));
        }

        #[test]
        fn no_text_makes_parsing_panic(text in ".*", currency in any_currency()) {
            let _ = Money::parse(&text, currency);
        }
    }

    #[test]
    fn amounts_are_written_as_people_of_each_language_write_them() {
        assert_eq!(Money::won(1_234_567).show(Locale::Ko), "1,234,567원");
        assert_eq!(Money::won(1_234_567).show(Locale::En), "₩1,234,567");
        assert_eq!(Money::new(1250, Currency::USD).show(Locale::Ko), "US$12.50");
        assert_eq!(Money::won(-500).show(Locale::En), "-₩500");
    }

    #[test]
    fn a_won_amount_with_a_fraction_is_refused() {
        assert_eq!(Money::parse("1000.5", Currency::KRW), Err(MoneyError::TooPrecise));
        assert_eq!(Money::parse("1000.00", Currency::KRW), Ok(Money::won(1000)));
        assert_eq!(Money::parse("", Currency::KRW), Err(MoneyError::NotAnAmount));
        assert_eq!(Money::parse("1e9", Currency::KRW), Err(MoneyError::NotAnAmount));
        assert_eq!(Money::parse("99999999999999999999", Currency::KRW), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn currencies_never_mix() {
        let mixed = Money::won(1).checked_add(Money::new(1, Currency::USD));
        assert_eq!(mixed, Err(MoneyError::Mixed));
        assert_eq!(Money::won(i64::MAX).checked_add(Money::won(1)), Err(MoneyError::OutOfRange));
        assert_eq!(Money::won(i64::MAX).times(2), Err(MoneyError::OutOfRange));
    }
}
