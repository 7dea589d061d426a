//! What shipping costs, by where a parcel goes.

use kernel::{Money, MoneyError};
use serde::{Deserialize, Serialize};

pub const KOREA: &str = "KR";
pub const JEJU: &str = "KR-JEJU";
pub const ISLANDS: &str = "KR-ISLAND";
/// All countries without a rate of their own.
pub const WORLD: &str = "*";

/// What is asked for the first piece that is sent, and for each further one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    pub first: Money,
    pub more: Money,
}

impl Fee {
    /// For so many pieces that are sent; nothing is sent for nothing.
    pub fn of(self, pieces: u32) -> Result<Money, MoneyError> {
        match pieces {
            0 => Ok(Money::zero(self.first.currency())),
            n => self.first.checked_add(self.more.times(n - 1)?),
        }
    }
}

/// What a creator asks for one zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    pub zone: String,
    pub fee: Fee,
}

/// The rates of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    pub none: Money,
    pub rates: Vec<Rate>,
}

impl Rates {
    #[must_use]
    pub fn at(&self, zone: &str) -> Option<Fee> {
        self.rates.iter().find(|rate| rate.zone == zone).map(|rate| rate.fee)
    }

    /// What a parcel to a zone costs; nothing where none goes.
    ///
    /// Invariant: Korea without a rate is sent to for nothing, Jeju and the islands cost what Korea costs and
    /// what is added; abroad goes only what has a rate.
    pub fn to(&self, zone: &str) -> Option<Fee> {
        let free = Fee { first: self.none, more: self.none };
        let korea = || self.at(KOREA).unwrap_or(free);
        match zone {
            KOREA => Some(korea()),
            JEJU | ISLANDS => {
                let (korea, added) = (korea(), self.at(zone).unwrap_or(free));
                Some(Fee {
                    first: korea.first.checked_add(added.first).ok()?,
                    more: korea.more.checked_add(added.more).ok()?,
                })
            }
            country => self.at(country).or_else(|| self.at(WORLD)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(rates: &[(&str, i64, i64)]) -> Rates {
        let rate = |(zone, first, more): &(&str, i64, i64)| Rate {
            zone: (*zone).to_owned(),
            fee: Fee { first: Money::won(*first), more: Money::won(*more) },
        };
        Rates { none: Money::won(0), rates: rates.iter().map(rate).collect() }
    }

    fn cost(rates: &Rates, zone: &str, pieces: u32) -> Option<i64> {
        rates.to(zone).map(|fee| fee.of(pieces).unwrap().minor())
    }

    #[test]
    fn jeju_and_the_islands_cost_what_korea_costs_and_more() {
        let known = rates(&[(KOREA, 3000, 500), (JEJU, 3000, 0)]);

        assert_eq!(cost(&known, KOREA, 1), Some(3000));
        assert_eq!(cost(&known, KOREA, 3), Some(4000));
        assert_eq!(cost(&known, JEJU, 3), Some(7000));
        assert_eq!(cost(&known, ISLANDS, 1), Some(3000));
        assert_eq!(cost(&known, KOREA, 0), Some(0));
    }

    #[test]
    fn abroad_goes_only_what_has_a_rate() {
        let some = rates(&[("US", 20_000, 5000)]);
        assert_eq!(cost(&some, "US", 2), Some(25_000));
        assert_eq!(cost(&some, "JP", 1), None);
        assert_eq!(cost(&some, KOREA, 1), Some(0));

        let all = rates(&[("US", 20_000, 5000), (WORLD, 30_000, 0)]);
        assert_eq!(cost(&all, "US", 1), Some(20_000));
        assert_eq!(cost(&all, "JP", 1), Some(30_000));
    }
}
