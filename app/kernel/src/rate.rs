//! Shares of amounts: every unit lands somewhere.

use crate::Money;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A share in hundredths of a per cent (basis points), from nothing to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Rate(u16);

const WHOLE: u16 = 10_000;

#[derive(Debug, thiserror::Error)]
#[error("{0} hundredths of a per cent are not between 0 and 10000")]
pub struct NotARate(i32);

impl Rate {
    pub const NONE: Self = Self(0);
    pub const WHOLE: Self = Self(WHOLE);

    /// In hundredths of a per cent.
    #[must_use]
    pub fn bp(self) -> i32 {
        self.0.into()
    }
}

impl TryFrom<i32> for Rate {
    type Error = NotARate;

    fn try_from(bp: i32) -> Result<Self, Self::Error> {
        u16::try_from(bp).ok().filter(|bp| *bp <= WHOLE).map(Self).ok_or(NotARate(bp))
    }
}

impl From<Rate> for i32 {
    fn from(rate: Rate) -> Self {
        rate.bp()
    }
}

/// `5%`, `3.3%`, `0.25%`
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, rest) if rest % 10 == 0 => write!(f, "{whole}.{}%", rest / 10),
            (whole, rest) => write!(f, "{whole}.{rest:02}%"),
        }
    }
}

impl Money {
    /// That share of the amount and what is left of it; together they are the amount.
    ///
    /// The share is rounded towards zero, so that what is given back mirrors what was taken.
    #[must_use]
    pub fn part(self, rate: Rate) -> (Self, Self) {
        let part = i128::from(self.minor()) * i128::from(rate.0) / i128::from(WHOLE);
        // A part of an amount is no larger than the amount.
        let part = i64::try_from(part).unwrap_or(self.minor());
        (Self::new(part, self.currency()), Self::new(self.minor() - part, self.currency()))
    }

    /// Divides the amount by weights: what rounding leaves goes to the largest remainders, among equal
    /// ones to the first. The parts sum exactly to the amount; a weight of nothing gets nothing.
    /// No parts if no weight is positive or one is negative.
    #[must_use]
    pub fn in_proportion(self, weights: &[i64]) -> Option<Vec<Self>> {
        let total: i128 = weights.iter().copied().map(i128::from).sum();
        if total <= 0 || weights.iter().any(|weight| *weight < 0) {
            return None;
        }
        let shares = weights.iter().map(|weight| i128::from(self.minor()) * i128::from(*weight));
        let (mut parts, remainders): (Vec<i128>, Vec<i128>) =
            shares.map(|share| (share / total, (share % total).abs())).unzip();
        let left = i128::from(self.minor()) - parts.iter().sum::<i128>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|n| std::cmp::Reverse(remainders.get(*n)));
        for n in order.into_iter().take(usize::try_from(left.abs()).unwrap_or(usize::MAX)) {
            if let Some(part) = parts.get_mut(n) {
                *part += left.signum();
            }
        }
        let money = |part| Some(Self::new(i64::try_from(part).ok()?, self.currency()));
        parts.into_iter().map(money).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;
    use proptest::prelude::*;

    fn any_money() -> impl Strategy<Value = Money> {
        let currencies = proptest::sample::select(Currency::all().collect::<Vec<_>>());
        (any::<i64>(), currencies).prop_map(|(minor, currency)| Money::new(minor, currency))
    }

    fn any_rate() -> impl Strategy<Value = Rate> {
        (0_i32..=10_000).prop_map(|bp| Rate::try_from(bp).unwrap())
    }

    proptest! {
        #[test]
        fn a_part_and_its_rest_are_the_whole(money in any_money(), rate in any_rate()) {
            let (part, rest) = money.part(rate);
            prop_assert_eq!(part.checked_add(rest), Ok(money));
            prop_assert!(part.minor().unsigned_abs() <= money.minor().unsigned_abs());
            prop_assert!(part.minor() == 0 || part.minor().signum() == money.minor().signum());
        }

        #[test]
        fn a_part_given_back_is_the_part_that_was_taken(minor in 0..i64::MAX, rate in any_rate()) {
            let (taken, _) = Money::won(minor).part(rate);
            let (back, _) = Money::won(-minor).part(rate);
            prop_assert_eq!(taken.minor(), -back.minor());
        }

        #[test]
        fn proportions_keep_every_unit(
            money in any_money(), weights in proptest::collection::vec(0_i64..=i64::MAX, 1..40)
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = money.in_proportion(&weights).unwrap();
            prop_assert_eq!(parts.len(), weights.len());
            let sum: i128 = parts.iter().map(|part| i128::from(part.minor())).sum();
            prop_assert_eq!(sum, i128::from(money.minor()));
            let total: i128 = weights.iter().copied().map(i128::from).sum();
            for (part, weight) in parts.iter().zip(weights) {
                let exact = i128::from(money.minor()) * i128::from(weight);
                prop_assert!((i128::from(part.minor()) * total - exact).abs() < total, "off by a unit or more");
                prop_assert!(weight > 0 || part.minor() == 0);
                prop_assert!(part.minor() == 0 || part.minor().signum() == money.minor().signum());
                prop_assert_eq!(part.currency(), money.currency());
            }
        }
    }

    #[test]
    fn parts_are_rounded_down() {
        let rate = Rate::try_from(330).unwrap();
        assert_eq!(Money::won(999).part(rate), (Money::won(32), Money::won(967)));
        assert_eq!(Money::won(i64::MAX).part(Rate::WHOLE), (Money::won(i64::MAX), Money::won(0)));
        assert_eq!(Money::won(i64::MIN).part(Rate::WHOLE), (Money::won(i64::MIN), Money::won(0)));
    }

    #[test]
    fn what_rounding_leaves_goes_to_the_largest_remainders() {
        let parts = |amount, weights: &[i64]| {
            Money::won(amount)
                .in_proportion(weights)
                .map(|parts| parts.iter().map(|part| part.minor()).collect())
        };
        assert_eq!(parts(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(parts(10, &[15, 60, 25]), Some(vec![2, 6, 2]));
        assert_eq!(parts(-100, &[1, 1, 1]), Some(vec![-34, -33, -33]));
        assert_eq!(parts(7, &[0, 5, 0]), Some(vec![0, 7, 0]));
    }

    #[test]
    fn an_amount_without_weights_is_not_lost_but_refused() {
        for weights in [&[] as &[i64], &[0, 0], &[3, -1]] {
            assert_eq!(Money::won(10).in_proportion(weights), None);
        }
    }

    #[test]
    fn rates_are_between_nothing_and_the_whole_and_read_as_people_write_them() {
        for bp in [-1, 10_001, i32::MAX] {
            assert!(Rate::try_from(bp).is_err(), "{bp}");
        }
        let shown = [500, 330, 25, 10_000, 1_005].map(|bp| Rate::try_from(bp).unwrap().to_string());
        assert_eq!(shown, ["5%", "3.3%", "0.25%", "100%", "10.05%"]);
        assert!(serde_json::from_str::<Rate>("10001").is_err());
        assert_eq!(serde_json::to_string(&Rate::WHOLE).unwrap(), "10000");
    }
}
