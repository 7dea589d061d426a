//! ISO 4217 currencies and their minor units.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 4217 currency code with a known number of minor digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(&'static str);

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a currency of ISO 4217")]
pub struct UnknownCurrency(String);

/// Currencies whose minor unit is not the hundredth part (ISO 4217:2015, table A.1).
const NO_DIGITS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const THREE_DIGITS: &str = "BHD IQD JOD KWD LYD OMR TND";
const TWO_DIGITS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP \
    BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD \
    HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP \
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG \
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD \
    YER ZAR ZMW ZWG";

impl Currency {
    pub const KRW: Self = Self("KRW");
    pub const USD: Self = Self("USD");

    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// Minor digits: 0 for the won, 2 for the dollar.
    #[must_use]
    pub fn exponent(self) -> u32 {
        if has(NO_DIGITS, self.code()) {
            0
        } else if has(THREE_DIGITS, self.code()) {
            3
        } else {
            2
        }
    }

    /// What stands before an amount on the screen.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self.code() {
            "KRW" => "₩",
            "USD" => "US$",
            "EUR" => "€",
            "GBP" => "£",
            "JPY" => "¥",
            code => code,
        }
    }

    /// All known codes with their minor digits.
    pub fn all() -> impl Iterator<Item = Self> {
        known_codes().map(Self)
    }
}

fn known_codes() -> impl Iterator<Item = &'static str> {
    [NO_DIGITS, TWO_DIGITS, THREE_DIGITS].into_iter().flat_map(str::split_whitespace)
}

fn has(list: &str, code: &str) -> bool {
    list.split_whitespace().any(|known| known == code)
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        known_codes()
            .find(|known| *known == code)
            .map(Self)
            .ok_or_else(|| UnknownCurrency(code.chars().take(8).collect()))
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_won_has_no_minor_unit_and_the_dollar_has_cents() {
        assert_eq!(Currency::KRW.exponent(), 0);
        assert_eq!(Currency::USD.exponent(), 2);
        assert_eq!("KWD".parse::<Currency>().map(|c| c.exponent()).ok(), Some(3));
    }

    #[test]
    fn unknown_and_malformed_codes_are_refused() {
        for code in ["", "krw", "KR", "KRWW", "XXX", "ㄱㄴㄷ", "K W", "KRW USD"] {
            assert!(code.parse::<Currency>().is_err(), "{code}");
        }
    }

    #[test]
    fn no_code_stands_in_two_tables() {
        let all: Vec<_> = Currency::all().collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(all.len(), distinct.len());
    }
}
