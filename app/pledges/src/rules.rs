//! What a pledge's form must fulfil, and what a pledge costs.

use crate::PledgeForm;
use kernel::{Currency, Fault, Faults, FormKey, Money, MoneyError, Refusal, RewardId};

pub const MOST_PIECES: u32 = 100;
/// The highest pledge: a billion won, ten million of a currency with cents.
const HIGHEST: i64 = 1_000_000_000;

/// A reward and how many of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedLine {
    pub reward: RewardId,
    pub quantity: i32,
}

/// A pledge whose fields are right.
#[derive(Clone, Debug)]
pub struct CheckedPledge {
    /// By ascending id, each reward once: the order in which stock is taken.
    pub lines: Vec<CheckedLine>,
    pub extra: Money,
    pub key: FormKey,
}

impl PledgeForm {
    pub fn checked(self, currency: Currency) -> Result<CheckedPledge, Refusal> {
        let mut faults = Faults::default();
        let reward = match self.reward.trim() {
            "" => None,
            id => faults.keep("reward", id.parse::<RewardId>().map_err(|_| Fault::NotAllowed)),
        };
        let quantity = match reward {
            Some(_) => faults.keep("quantity", parse_quantity(&self.quantity)).unwrap_or(1),
            None => 1,
        };
        let extra = faults.keep("extra", parse_extra(&self.extra, currency)).unwrap_or(Money::zero(currency));
        if reward.is_none() && extra.minor() == 0 {
            faults.add("extra", Fault::TooSmall { min: Money::new(1, currency) });
        }
        let key = self.key.parse().map_err(|_| Refusal::Malformed)?;
        faults.none_or_refuse()?;
        let lines = reward.map(|reward| CheckedLine { reward, quantity }).into_iter().collect();
        Ok(CheckedPledge { lines, extra, key })
    }
}

fn parse_quantity(text: &str) -> Result<i32, Fault> {
    let fault = Fault::NotACount { min: 1, max: MOST_PIECES };
    match text.trim() {
        "" => Ok(1),
        text => match text.parse::<u32>() {
            Ok(n) if (1..=MOST_PIECES).contains(&n) => i32::try_from(n).map_err(|_| fault),
            _ => Err(fault),
        },
    }
}

/// Empty is nothing extra.
fn parse_extra(text: &str, currency: Currency) -> Result<Money, Fault> {
    let text = text.trim().trim_end_matches('원');
    if text.is_empty() {
        return Ok(Money::zero(currency));
    }
    let most = Money::new(HIGHEST, currency);
    let extra = Money::parse(text, currency).map_err(|error| match error {
        MoneyError::TooPrecise => Fault::NotWhole,
        MoneyError::OutOfRange => Fault::TooLarge { max: most },
        MoneyError::NotAnAmount | MoneyError::Mixed => Fault::NotAnAmount,
    })?;
    match extra.minor() {
        ..0 => Err(Fault::TooSmall { min: Money::zero(currency) }),
        minor if minor > HIGHEST => Err(Fault::TooLarge { max: most }),
        _ => Ok(extra),
    }
}

/// The sum of prices times pieces.
///
/// Invariant: equals the sum of its lines exactly, in one currency, or fails.
pub fn rewards_total(currency: Currency, lines: &[(Money, i32)]) -> Result<Money, MoneyError> {
    lines.iter().try_fold(Money::zero(currency), |sum, (price, quantity)| {
        let quantity = u32::try_from(*quantity).map_err(|_| MoneyError::OutOfRange)?;
        sum.checked_add(price.times(quantity)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form() -> PledgeForm {
        PledgeForm {
            reward: "01890000-0000-7000-8000-000000000000".to_owned(),
            quantity: "2".to_owned(),
            extra: "1,000".to_owned(),
            key: "01890000-0000-7000-8000-000000000001".to_owned(),
        }
    }

    fn fault_at(form: PledgeForm, field: &str) -> Option<Fault> {
        match form.checked(Currency::KRW) {
            Err(Refusal::Invalid(faults)) => faults.into_iter().find(|f| f.field == field).map(|f| f.fault),
            _ => None,
        }
    }

    #[test]
    fn a_pledge_without_a_reward_needs_an_amount() {
        let alone = PledgeForm { reward: String::new(), extra: String::new(), ..form() };
        assert_eq!(fault_at(alone, "extra"), Some(Fault::TooSmall { min: Money::won(1) }));
        let support = PledgeForm { reward: String::new(), ..form() }.checked(Currency::KRW).unwrap();
        assert!(support.lines.is_empty());
        assert_eq!(support.extra, Money::won(1000));
    }

    #[test]
    fn impossible_amounts_are_refused_at_their_fields() {
        let extra = |text: &str| fault_at(PledgeForm { extra: text.to_owned(), ..form() }, "extra");
        assert_eq!(extra("-1"), Some(Fault::TooSmall { min: Money::won(0) }));
        assert_eq!(extra("0.5"), Some(Fault::NotWhole));
        assert_eq!(extra("1000000001"), Some(Fault::TooLarge { max: Money::won(HIGHEST) }));
        assert_eq!(extra("NaN"), Some(Fault::NotAnAmount));
        for quantity in ["0", "-1", "101", "1.5", "하나", "99999999999"] {
            let form = PledgeForm { quantity: quantity.to_owned(), ..form() };
            assert_eq!(
                fault_at(form, "quantity"),
                Some(Fault::NotACount { min: 1, max: MOST_PIECES }),
                "{quantity}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_total_is_the_sum_of_its_lines(lines in proptest::collection::vec((1_i64..100_000_000, 1_i32..=100), 0..20)) {
            let exact: i64 = lines.iter().map(|(price, quantity)| price * i64::from(*quantity)).sum();
            let lines: Vec<_> = lines.into_iter().map(|(price, quantity)| (Money::won(price), quantity)).collect();
            prop_assert_eq!(rewards_total(Currency::KRW, &lines), Ok(Money::won(exact)));
        }
    }
}
