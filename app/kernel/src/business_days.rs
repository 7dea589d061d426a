//! Days on which Korean banks work: charges, deposits and payouts are counted in them.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use std::collections::BTreeSet;

/// Korea has had neither another offset nor summer time since 1988.
const SEOUL_SECONDS: i32 = 9 * 3600;

/// The holidays beside Saturdays and Sundays, as the operator keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    holidays: BTreeSet<NaiveDate>,
}

impl FromIterator<NaiveDate> for Calendar {
    fn from_iter<I: IntoIterator<Item = NaiveDate>>(holidays: I) -> Self {
        Self { holidays: holidays.into_iter().collect() }
    }
}

impl Calendar {
    /// Whether banks work on that day.
    #[must_use]
    pub fn is_open(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(&day)
    }

    /// The `n`-th business day after `day`, which itself does not count; `day` for none.
    #[must_use]
    pub fn nth_after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let open = day.iter_days().skip(1).filter(|day| self.is_open(*day));
        // Without an end of days there is always an n-th one: holidays are finite.
        n.checked_sub(1).map_or(day, |n| open.into_iter().nth(n as usize).unwrap_or(NaiveDate::MAX))
    }

    /// The last holiday that is known: after it, every weekday is taken for a business day.
    #[must_use]
    pub fn known_until(&self) -> Option<NaiveDate> {
        self.holidays.last().copied()
    }

    /// The instant at which a clock in Korea shows this day and time.
    #[must_use]
    pub fn at(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let shown = day.and_time(time);
        shown.checked_sub_signed(TimeDelta::seconds(SEOUL_SECONDS.into())).unwrap_or(shown).and_utc()
    }

    /// The last second of a day in Korea: a deposit on its last day is in time.
    #[must_use]
    pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        Self::at(next, NaiveTime::MIN) - TimeDelta::seconds(1)
    }

    /// The day that a calendar in Korea shows at an instant.
    #[must_use]
    pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
        let offset = FixedOffset::east_opt(SEOUL_SECONDS);
        offset.map_or(at.date_naive(), |offset| at.with_timezone(&offset).date_naive())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Seollal of 2027 is a Sunday: the holidays run from Saturday to the substitute on Tuesday.
    fn seollal_2027() -> Calendar {
        ["2027-02-08", "2027-02-09"].map(day).into_iter().collect()
    }

    #[test]
    fn weekends_and_holidays_are_no_business_days() {
        let calendar = seollal_2027();
        let open: Vec<_> = day("2027-02-04").iter_days().take(8).map(|day| calendar.is_open(day)).collect();
        assert_eq!(open, [true, true, false, false, false, false, true, true]);
    }

    #[test]
    fn business_days_are_counted_past_a_long_weekend() {
        let calendar = seollal_2027();
        let friday = day("2027-02-05");
        assert_eq!(calendar.nth_after(friday, 0), friday);
        assert_eq!(calendar.nth_after(friday, 1), day("2027-02-10"));
        assert_eq!(calendar.nth_after(friday, 2), day("2027-02-11"));
        assert_eq!(calendar.nth_after(day("2027-02-08"), 1), day("2027-02-10"));
        assert_eq!(calendar.known_until(), Some(day("2027-02-09")));
    }

    #[test]
    fn leap_days_and_ends_of_years_are_days_like_others() {
        let calendar: Calendar = [day("2028-03-01"), day("2027-01-01")].into_iter().collect();
        assert_eq!(calendar.nth_after(day("2028-02-28"), 1), day("2028-02-29"));
        assert_eq!(calendar.nth_after(day("2028-02-29"), 1), day("2028-03-02"));
        assert_eq!(calendar.nth_after(day("2026-12-31"), 1), day("2027-01-04"));
    }

    #[test]
    fn korean_time_is_nine_hours_ahead_all_year() {
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        for (text, month, date) in [("2027-01-04", 1, 4), ("2027-07-05", 7, 5)] {
            let at = Calendar::at(day(text), nine);
            assert_eq!(at, Utc.with_ymd_and_hms(2027, month, date, 0, 0, 0).unwrap());
            assert_eq!(Calendar::day_of(at - TimeDelta::hours(9)), day(text));
            assert_eq!(
                Calendar::day_of(at - TimeDelta::hours(9) - TimeDelta::seconds(1)),
                day(text).pred_opt().unwrap()
            );
        }
        assert_eq!(
            Calendar::end_of(day("2027-12-31")),
            Utc.with_ymd_and_hms(2027, 12, 31, 14, 59, 59).unwrap()
        );
    }

    #[test]
    fn the_end_of_time_is_no_reason_to_panic() {
        let calendar = Calendar::default();
        assert_eq!(calendar.nth_after(NaiveDate::MAX, 3), NaiveDate::MAX);
        let _ = Calendar::end_of(NaiveDate::MAX);
        let _ = Calendar::at(NaiveDate::MIN, NaiveTime::MIN);
    }

    proptest! {
        #[test]
        fn the_nth_business_day_has_n_between(
            start in 0_u64..20_000, n in 0_u32..40, holidays in proptest::collection::vec(0_u64..20_100, 0..200)
        ) {
            let epoch = day("2000-01-01");
            let at = |days| epoch + Days::new(days);
            let calendar: Calendar = holidays.into_iter().map(at).collect();
            let first = at(start);

            let last = calendar.nth_after(first, n);

            prop_assert!(n == 0 || calendar.is_open(last));
            let between = first.iter_days().skip(1).take_while(|day| *day <= last);
            prop_assert_eq!(between.filter(|day| calendar.is_open(*day)).count(), n as usize);
        }
    }
}
