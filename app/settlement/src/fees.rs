//! Fees and shares: rounded down, in the creator's favour, and never twice.

use kernel::{Money, MoneyError, Rate};

/// The rates of a plan. Its fees and their VAT are never more than what they are taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanRates {
    platform: Rate,
    payment: Rate,
    vat: Rate,
    early: Rate,
}

impl PlanRates {
    /// Nothing if the fees with their VAT would be more than the whole.
    #[must_use]
    pub fn new(platform: Rate, payment: Rate, vat: Rate, early: Rate) -> Option<Self> {
        let whole = i64::from(Rate::WHOLE.bp());
        let fees = i64::from(platform.bp()) + i64::from(payment.bp());
        (fees * (whole + i64::from(vat.bp())) <= whole * whole).then_some(Self {
            platform,
            payment,
            vat,
            early,
        })
    }
}

/// What is kept of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    pub platform: Money,
    pub payment: Money,
    /// On the two.
    pub vat: Money,
}

impl Fees {
    /// The fees of what was collected and not given back; of less than nothing, none.
    #[must_use]
    pub fn of(net: Money, rates: &PlanRates) -> Self {
        let net = Money::new(net.minor().max(0), net.currency());
        let (platform, _) = net.part(rates.platform);
        let (payment, _) = net.part(rates.payment);
        let both = Money::new(platform.minor() + payment.minor(), net.currency());
        let (vat, _) = both.part(rates.vat);
        Self { platform, payment, vat }
    }

    /// Together. Parts of one sum, they are no more than it.
    #[must_use]
    pub fn total(&self) -> Money {
        Money::new(self.platform.minor() + self.payment.minor() + self.vat.minor(), self.platform.currency())
    }

    /// What is still to be kept after these were.
    fn less(&self, kept: &Self) -> Result<Self, MoneyError> {
        let rest = |of: Money, kept: Money| of.checked_sub(kept).map(at_least_nothing);
        Ok(Self {
            platform: rest(self.platform, kept.platform)?,
            payment: rest(self.payment, kept.payment)?,
            vat: rest(self.vat, kept.vat)?,
        })
    }

    /// No more than there is.
    fn within(&self, gross: Money) -> Self {
        let mut left = gross.minor();
        let mut take = |fee: Money| {
            let taken = fee.minor().min(left);
            left -= taken;
            Money::new(taken, fee.currency())
        };
        Self { platform: take(self.platform), payment: take(self.payment), vat: take(self.vat) }
    }
}

/// What is paid out at once: `gross` is divided into the fees, what the creator owes, and what they get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Taken from escrow.
    pub gross: Money,
    pub fees: Fees,
    /// Kept of what the creator owes.
    pub netted: Money,
    pub net: Money,
}

impl Share {
    fn new(gross: Money, fees: Fees, receivable: Money) -> Result<Self, MoneyError> {
        let after_fees = gross.checked_sub(fees.total())?;
        let owed = at_least_nothing(receivable).minor().min(after_fees.minor());
        let netted = Money::new(owed, receivable.currency());
        Ok(Self { gross, fees, netted, net: after_fees.checked_sub(netted)? })
    }
}

/// The share before delivery, of what was collected and not given back so far.
///
/// Of a few units, rounding would leave less than the fees that are still to come: then as many units
/// fewer are paid early.
pub fn early(net: Money, receivable: Money, rates: &PlanRates) -> Result<Share, MoneyError> {
    let net = at_least_nothing(net);
    let whole = Fees::of(net, rates);
    let (mut gross, mut rest) = net.part(rates.early);
    loop {
        let fees = Fees::of(gross, rates);
        if gross.minor() == 0 || whole.less(&fees)?.total().minor() <= rest.minor() {
            return Share::new(gross, fees, receivable);
        }
        let unit = Money::new(1, net.currency());
        (gross, rest) = (gross.checked_sub(unit)?, rest.checked_add(unit)?);
    }
}

/// The rest: all that is left in escrow, with the fees of the whole that were not kept before. Also of what
/// comes after that, such as a dispute that was won.
///
/// When so much was given back meanwhile that the escrow holds less than these fees, only that is kept.
pub fn last(
    net: Money,
    escrow: Money,
    kept: &Fees,
    receivable: Money,
    rates: &PlanRates,
) -> Result<Share, MoneyError> {
    let gross = at_least_nothing(escrow);
    let fees = Fees::of(net, rates).less(kept)?.within(gross);
    Share::new(gross, fees, receivable)
}

fn at_least_nothing(amount: Money) -> Money {
    Money::new(amount.minor().max(0), amount.currency())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Currency;
    use proptest::prelude::*;

    fn rates(platform: i32, payment: i32, vat: i32, early: i32) -> Option<PlanRates> {
        let [platform, payment, vat, early] =
            [platform, payment, vat, early].map(|bp| Rate::try_from(bp).unwrap());
        PlanRates::new(platform, payment, vat, early)
    }

    fn basic() -> PlanRates {
        rates(500, 300, 1000, 8000).unwrap()
    }

    fn parts(share: &Share) -> [i64; 6] {
        [share.gross, share.fees.platform, share.fees.payment, share.fees.vat, share.netted, share.net]
            .map(Money::minor)
    }

    fn none_of(like: Money) -> Fees {
        let none = Money::zero(like.currency());
        Fees { platform: none, payment: none, vat: none }
    }

    const NOTHING: Money = Money::won(0);

    #[test]
    fn a_million_won_is_paid_in_two_shares() {
        let net = Money::won(1_000_000);
        let first = early(net, NOTHING, &basic()).unwrap();
        assert_eq!(parts(&first), [800_000, 40_000, 24_000, 6_400, 0, 729_600]);
        let second = last(net, Money::won(200_000), &first.fees, NOTHING, &basic()).unwrap();
        assert_eq!(parts(&second), [200_000, 10_000, 6_000, 1_600, 0, 182_400]);
    }

    #[test]
    fn fees_of_what_is_given_back_before_the_last_share_fall_away() {
        let first = early(Money::won(1_000_000), NOTHING, &basic()).unwrap();
        let second = last(Money::won(900_000), Money::won(100_000), &first.fees, NOTHING, &basic()).unwrap();
        assert_eq!(parts(&second), [100_000, 5_000, 3_000, 800, 0, 91_200]);
        let nothing = last(Money::won(700_000), NOTHING, &first.fees, Money::won(100_000), &basic()).unwrap();
        assert_eq!(parts(&nothing), [0; 6]);
    }

    #[test]
    fn what_a_creator_owes_is_kept_of_what_they_get() {
        let kept = Fees::of(Money::won(1_000), &basic());
        let share = last(Money::won(1_000), Money::won(1_000), &kept, Money::won(300), &basic()).unwrap();
        assert_eq!(parts(&share), [1_000, 0, 0, 0, 300, 700]);
        let share =
            last(Money::won(1_000), Money::won(1_000), &none_of(NOTHING), Money::won(5_000), &basic())
                .unwrap();
        assert_eq!(parts(&share), [1_000, 50, 30, 8, 912, 0]);
    }

    #[test]
    fn plans_that_would_take_more_than_all_are_refused() {
        assert!(rates(5000, 2000, 5000, 0).is_none());
        assert!(rates(10_000, 0, 0, 0).is_some());
        assert!(rates(10_000, 0, 1, 0).is_none());
        assert!(rates(5000, 3000, 2500, 10_000).is_some());
    }

    #[test]
    fn currencies_never_mix() {
        let dollars = Money::new(100, Currency::USD);
        let kept = Fees::of(dollars, &basic());
        assert_eq!(last(Money::won(100), Money::won(100), &kept, NOTHING, &basic()), Err(MoneyError::Mixed));
    }

    fn any_rates() -> impl Strategy<Value = PlanRates> {
        (0_i32..=10_000, 0_i32..=10_000, 0_i32..=10_000, 0_i32..=10_000).prop_filter_map(
            "more than all",
            |(platform, payment, vat, early)| {
                // Small fees as plans have them, as well as any.
                rates(platform, payment, vat, early)
                    .or_else(|| rates(platform / 10, payment / 10, vat, early))
            },
        )
    }

    /// Few units, where rounding shows, and many.
    fn any_net() -> impl Strategy<Value = Money> {
        let currencies = proptest::sample::select(Currency::all().collect::<Vec<_>>());
        (prop_oneof![0_i64..200, 0..=i64::MAX], currencies)
            .prop_map(|(minor, currency)| Money::new(minor, currency))
    }

    fn add(one: &Fees, other: &Fees) -> [i64; 3] {
        [(one.platform, other.platform), (one.payment, other.payment), (one.vat, other.vat)]
            .map(|(one, other)| one.checked_add(other).unwrap().minor())
    }

    fn check(share: &Share, currency: Currency) -> Result<(), TestCaseError> {
        let [gross, platform, payment, vat, netted, net] = parts(share);
        prop_assert!(parts(share).iter().all(|part| *part >= 0), "{share:?}");
        prop_assert_eq!(
            i128::from(gross),
            [platform, payment, vat, netted, net].into_iter().map(i128::from).sum::<i128>()
        );
        prop_assert_eq!(share.net.currency(), currency);
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn two_shares_have_the_fees_of_the_whole(net in any_net(), rates in any_rates(), owed in any::<i64>()) {
            let owed = Money::new(owed, net.currency());
            let whole = Fees::of(net, &rates);
            let first = early(net, owed, &rates).unwrap();
            let escrow = net.checked_sub(first.gross).unwrap();
            let second = last(net, escrow, &first.fees, owed, &rates).unwrap();

            prop_assert_eq!(add(&first.fees, &second.fees), add(&whole, &none_of(net)));
            prop_assert_eq!(first.gross.checked_add(second.gross), Ok(net));
            prop_assert!(whole.total().minor() <= net.minor());
            prop_assert!(first.gross.minor() <= net.part(rates.early).0.minor());
            check(&first, net.currency())?;
            check(&second, net.currency())?;
        }

        #[test]
        fn whatever_is_given_back_between_no_share_is_less_than_nothing(
            net in any_net(), back in 0.0_f64..=1.0, rates in any_rates(), owed in any::<i64>()
        ) {
            let owed = Money::new(owed, net.currency());
            let first = early(net, owed, &rates).unwrap();
            let back = Money::new(((net.minor() as f64 * back) as i64).min(net.minor()), net.currency());
            let left = net.checked_sub(back).unwrap();
            let escrow = left.checked_sub(first.gross).unwrap();

            let second = last(left, escrow, &first.fees, owed, &rates).unwrap();

            check(&second, net.currency())?;
            prop_assert_eq!(second.gross.minor(), escrow.minor().max(0));
            // Fees are those of what is left, or those that were kept before: never more.
            let of_rest = Fees::of(left, &rates);
            for (fees, (most, kept)) in add(&first.fees, &second.fees).into_iter().zip(
                [(of_rest.platform, first.fees.platform), (of_rest.payment, first.fees.payment), (of_rest.vat, first.fees.vat)]
            ) {
                prop_assert!(fees <= most.minor().max(kept.minor()));
            }
        }

        /// Money comes in and is held back in parts; every part is paid out when it is free.
        #[test]
        fn in_however_many_shares_the_fees_are_those_of_the_whole_and_no_unit_is_lost(
            net in any_net(), cuts in proptest::collection::vec(0.0_f64..=1.0, 0..5), rates in any_rates(), owed in 0_i64..1_000_000,
        ) {
            let money = |minor| Money::new(minor, net.currency());
            let (mut owed, mut paid, mut netted) = (money(owed), 0_i128, 0_i128);
            let (mut kept, mut taken) = (none_of(net), 0_i64);
            let first = early(net, owed, &rates).unwrap();
            let mut shares = vec![first];
            // What is held back at each statement; at the last one nothing is.
            for held in cuts.into_iter().map(|cut| (net.minor() as f64 * cut) as i64).chain([0]) {
                let before = shares.last().unwrap();
                let [platform, payment, vat] = add(&kept, &before.fees).map(money);
                kept = Fees { platform, payment, vat };
                taken += before.gross.minor();
                owed = owed.checked_sub(before.netted).unwrap();
                let held = held.clamp(0, net.minor() - taken);
                let free = money(net.minor() - held);
                let share = last(free, money(net.minor() - taken - held), &kept, owed, &rates).unwrap();
                check(&share, net.currency())?;
                shares.push(share);
            }
            for share in &shares {
                paid += i128::from(share.net.minor());
                netted += i128::from(share.netted.minor());
            }
            let fees = shares.iter().fold(none_of(net), |sum, share| {
                let [platform, payment, vat] = add(&sum, &share.fees).map(money);
                Fees { platform, payment, vat }
            });
            let whole = Fees::of(net, &rates);
            prop_assert_eq!(shares.iter().map(|share| i128::from(share.gross.minor())).sum::<i128>(), i128::from(net.minor()));
            prop_assert_eq!(paid + netted + i128::from(fees.total().minor()), i128::from(net.minor()));
            // Never more than the fees of the whole, of each.
            prop_assert!(fees.platform.minor() <= whole.platform.minor());
            prop_assert!(fees.payment.minor() <= whole.payment.minor() && fees.vat.minor() <= whole.vat.minor());
        }
    }
}
