//! The rights that come with a pledge, by what each reward is to the law (전자상거래법; not legal advice).

use crate::{bill::BillLine, store::Right};
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use rewards::LegalClass;

/// 청약철회: days after delivery.
const WITHDRAW_DAYS: i32 = 7;
/// Three months after delivery, for what is not as it was described.
const DESCRIBED_DAYS: i32 = 90;

/// The right to cancel a whole pledge.
pub fn cancel(now: DateTime<Utc>, deadline: Option<DateTime<Utc>>) -> Right {
    Right {
        kind: "cancel".to_owned(),
        opens_at: Some(now),
        closes_at: Some(deadline.unwrap_or(now)),
        ..Right::default()
    }
}

/// The rights of one line.
pub fn of_line(number: i16, line: &BillLine) -> Vec<Right> {
    let right = |kind: &str| Right { line: number, kind: kind.to_owned(), ..Right::default() };
    let class = line.legal_class;
    let after_delivery =
        |kind: &str, days: i32| Right { hangs_on: "delivery".to_owned(), days: Some(days), ..right(kind) };
    let none = |kind: &str| Right { excluded: class.code().to_owned(), ..right(kind) };
    let withdraw = match class {
        LegalClass::OnTheMarket | LegalClass::Service => after_delivery("withdraw", WITHDRAW_DAYS),
        LegalClass::MadeToOrder | LegalClass::ToBeMade | LegalClass::Thanks => none("withdraw"),
    };
    if class == LegalClass::Thanks {
        return vec![withdraw, none("not_as_described"), none("late_delivery")];
    }
    let late = Right { opens_at: after_month(line.estimated_delivery), ..right("late_delivery") };
    vec![withdraw, after_delivery("not_as_described", DESCRIBED_DAYS), late]
}

/// The instant at which the month of `day` is over in Korea (UTC+9).
fn after_month(day: NaiveDate) -> Option<DateTime<Utc>> {
    let next = day.checked_add_months(Months::new(1))?.and_hms_opt(0, 0, 0)?;
    Some(next.and_utc() - TimeDelta::hours(9))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Piece;
    use kernel::{Money, RewardId};

    fn rights_of(legal_class: LegalClass) -> Vec<(String, Option<i32>, bool)> {
        let reward = RewardId::new();
        let line = BillLine {
            piece: Piece::Of(reward),
            reward,
            variant: None,
            title: "찻잔".to_owned(),
            label: String::new(),
            quantity: 1,
            unit_price: Money::won(1000),
            ships: true,
            legal_class,
            estimated_delivery: "2027-03-01".parse().unwrap(),
        };
        of_line(1, &line)
            .into_iter()
            .map(|right| (right.kind, right.days, right.excluded.is_empty()))
            .collect()
    }

    #[test]
    fn what_is_sold_already_can_be_given_back_within_seven_days() {
        let told = rights_of(LegalClass::OnTheMarket);
        assert_eq!(told[0], ("withdraw".to_owned(), Some(7), true));
        assert_eq!(told[1], ("not_as_described".to_owned(), Some(90), true));
        assert_eq!(told[2], ("late_delivery".to_owned(), None, true));
    }

    #[test]
    fn what_is_made_to_order_or_yet_to_be_made_can_only_be_faulty_or_late() {
        for class in [LegalClass::MadeToOrder, LegalClass::ToBeMade] {
            let open: Vec<_> = rights_of(class).into_iter().map(|(_, _, open)| open).collect();
            assert_eq!(open, [false, true, true], "{class:?}");
        }
        assert!(rights_of(LegalClass::Thanks).iter().all(|(_, _, open)| !open));
    }

    #[test]
    fn a_reward_is_late_once_its_month_is_over_in_korea() {
        let over = after_month("2027-03-01".parse().unwrap()).unwrap();
        assert_eq!(over.to_rfc3339(), "2027-03-31T15:00:00+00:00");
    }
}
