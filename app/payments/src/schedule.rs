//! When what is due is charged: the runs after a deadline.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use kernel::Calendar;
use std::{fmt, str::FromStr};

/// More tries than this annoy everybody.
const MOST_RUNS: usize = 10;
const FURTHEST_DAY: u32 = 30;
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(12);
/// How far a run is moved that would not come after the one before it.
const GAP: TimeDelta = TimeDelta::minutes(1);

/// The runs of a site, such as `1@10:00,2@18:30,4@09:00,7@20:00`: in the morning and in the evening, because limits
/// and balances change with the hours and with paydays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule(Vec<Step>);

/// In the order in which steps may follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// `now`: at the deadline.
    Now,
    /// `+20m`: so long after the deadline.
    After(TimeDelta),
    /// `2@18:30`: on the second business day after the day of the deadline, in Korean time.
    On { day: u32, time: NaiveTime },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("no run is named; expected such as 1@10:00,2@18:30")]
    Empty,
    #[error("more than {MOST_RUNS} runs")]
    TooMany,
    #[error(
        "{0:?} is not a run; expected a business day from 1 to {FURTHEST_DAY} and a Korean time, such as 2@18:30, \
         or now, or a wait of up to 12 hours, such as +20m"
    )]
    NotARun(String),
    #[error("{0:?} does not come after the run before it")]
    NotLater(String),
}

impl Schedule {
    /// Reads runs, separated by commas, each later than the one before it.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        if text.trim().is_empty() {
            return Err(ScheduleError::Empty);
        }
        let mut steps = Vec::new();
        for part in text.split(',').map(str::trim) {
            let step: Step = part.parse()?;
            if steps.last().is_some_and(|last| *last >= step) {
                return Err(ScheduleError::NotLater(part.to_owned()));
            }
            steps.push(step);
        }
        if steps.len() > MOST_RUNS { Err(ScheduleError::TooMany) } else { Ok(Self(steps)) }
    }

    /// When each run begins: strictly later than the one before it, never before the deadline.
    #[must_use]
    pub fn runs(&self, deadline: DateTime<Utc>, calendar: &Calendar) -> Vec<DateTime<Utc>> {
        // What ends with a day ends at midnight of the next: its last second tells the day.
        let last_day = Calendar::day_of(deadline - TimeDelta::seconds(1));
        let mut runs: Vec<DateTime<Utc>> = Vec::with_capacity(self.0.len());
        for step in &self.0 {
            let wanted = match *step {
                Step::Now => deadline,
                Step::After(wait) => deadline + wait,
                Step::On { day, time } => Calendar::at(calendar.nth_after(last_day, day), time),
            };
            let soonest = runs.last().map_or(deadline, |last| *last + GAP);
            runs.push(wanted.max(soonest));
        }
        runs
    }
}

impl FromStr for Step {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let step = match text.strip_prefix('+') {
            Some(wait) => read_wait(wait).map(Self::After),
            None if text == "now" => Some(Self::Now),
            None => text.split_once('@').and_then(|(day, time)| {
                let day = day.parse().ok().filter(|day| (1..=FURTHEST_DAY).contains(day))?;
                Some(Self::On { day, time: NaiveTime::parse_from_str(time, "%H:%M").ok()? })
            }),
        };
        step.ok_or_else(|| ScheduleError::NotARun(text.to_owned()))
    }
}

fn read_wait(text: &str) -> Option<TimeDelta> {
    let (at, unit) = text.char_indices().last()?;
    let number: i64 = text.get(..at)?.parse().ok()?;
    let seconds = match unit {
        'h' => 3600,
        'm' => 60,
        's' => 1,
        _ => return None,
    };
    let wait = TimeDelta::try_seconds(number.checked_mul(seconds)?)?;
    (TimeDelta::zero() < wait && wait <= LONGEST_WAIT).then_some(wait)
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            let comma = if n > 0 { "," } else { "" };
            match step {
                Step::Now => write!(f, "{comma}now")?,
                Step::After(wait) => write!(f, "{comma}+{}s", wait.num_seconds())?,
                Step::On { day, time } => write!(f, "{comma}{day}@{}", time.format("%H:%M"))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;

    const USUAL: &str = "1@10:00,2@18:30,4@09:00,7@20:00";

    fn calendar(holidays: &[&str]) -> Calendar {
        holidays.iter().map(|day| day.parse::<NaiveDate>().unwrap()).collect()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn runs(schedule: &str, deadline: &str, calendar: &Calendar) -> Vec<String> {
        let runs = Schedule::parse(schedule).unwrap().runs(utc(deadline), calendar);
        runs.iter().map(|at| (*at + TimeDelta::hours(9)).format("%Y-%m-%d %a %H:%M").to_string()).collect()
    }

    #[test]
    fn a_deadline_on_the_friday_before_seollal_is_charged_after_it() {
        let seollal = calendar(&["2027-02-08", "2027-02-09"]);
        assert_eq!(
            runs(USUAL, "2027-02-05T09:00:00Z", &seollal),
            ["2027-02-10 Wed 10:00", "2027-02-11 Thu 18:30", "2027-02-15 Mon 09:00", "2027-02-18 Thu 20:00"]
        );
    }

    #[test]
    fn a_deadline_on_a_leap_day_is_charged_after_the_holiday_that_follows() {
        let holidays = calendar(&["2028-03-01"]);
        assert_eq!(
            runs(USUAL, "2028-02-29T03:00:00Z", &holidays),
            ["2028-03-02 Thu 10:00", "2028-03-03 Fri 18:30", "2028-03-07 Tue 09:00", "2028-03-10 Fri 20:00"]
        );
        assert_eq!(runs("1@10:00", "2028-02-28T03:00:00Z", &holidays), ["2028-02-29 Tue 10:00"]);
    }

    #[test]
    fn the_runs_of_the_year_s_last_day_are_in_the_next_year() {
        let new_year = calendar(&["2027-01-01"]);
        // The end of 31 December in Korea is 15:00 UTC, and is still that day.
        for deadline in ["2026-12-31T15:00:00Z", "2026-12-31T00:30:00Z"] {
            assert_eq!(
                runs("1@10:00,2@18:30", deadline, &new_year),
                ["2027-01-04 Mon 10:00", "2027-01-05 Tue 18:30"]
            );
        }
        // A second later it is New Year's Day.
        assert_eq!(runs("1@10:00", "2026-12-31T15:00:01Z", &new_year), ["2027-01-04 Mon 10:00"]);
        assert_eq!(runs("1@00:00", "2027-01-03T15:00:00Z", &new_year), ["2027-01-04 Mon 00:00"]);
    }

    #[test]
    fn practice_sites_charge_at_once_and_again_minutes_later() {
        let none = Calendar::default();
        assert_eq!(
            runs("now, +20m, +2h, 1@10:00", "2026-11-22T14:30:00Z", &none),
            ["2026-11-22 Sun 23:30", "2026-11-22 Sun 23:50", "2026-11-23 Mon 01:30", "2026-11-23 Mon 10:00"]
        );
    }

    #[test]
    fn a_run_that_would_come_too_soon_waits_for_the_one_before_it() {
        let none = Calendar::default();
        assert_eq!(
            runs("now,1@00:00", "2026-11-22T15:00:00Z", &none),
            ["2026-11-23 Mon 00:00", "2026-11-23 Mon 00:01"]
        );
        assert_eq!(
            runs("+12h,1@09:00", "2026-11-22T14:00:00Z", &none),
            ["2026-11-23 Mon 11:00", "2026-11-23 Mon 11:01"]
        );
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_the_part_that_is_wrong() {
        use ScheduleError::{Empty, NotARun, NotLater, TooMany};
        assert_eq!(Schedule::parse(" "), Err(Empty));
        for wrong in
            ["soon", "0@10:00", "31@10:00", "1@24:00", "1@10", "-1@10:00", "+0m", "+13h", "+m", "+20", "+1시"]
        {
            assert_eq!(Schedule::parse(wrong), Err(NotARun(wrong.to_owned())), "{wrong}");
        }
        assert_eq!(Schedule::parse("1@10:00,,2@10:00"), Err(NotARun(String::new())));
        for (list, later) in [
            ("2@10:00,1@11:00", "1@11:00"),
            ("1@10:00,1@10:00", "1@10:00"),
            ("1@10:00,now", "now"),
            ("+2h,+20m", "+20m"),
        ] {
            assert_eq!(Schedule::parse(list), Err(NotLater(later.to_owned())), "{list}");
        }
        let many: Vec<String> = (1..=11).map(|day| format!("{day}@10:00")).collect();
        assert_eq!(Schedule::parse(&many.join(",")), Err(TooMany));
    }

    /// Holidays by days since 1970.
    fn calendar_of(days: Vec<u64>) -> Calendar {
        days.into_iter().map(|days| NaiveDate::default() + Days::new(days)).collect()
    }

    fn any_schedule() -> impl Strategy<Value = String> {
        let now = proptest::option::of(Just("now".to_owned()));
        let waits = proptest::collection::btree_set(1_u32..=720, 0..4);
        let days = proptest::collection::btree_set((1_u32..=30, 0_u32..24, 0_u32..60), 1..6);
        (now, waits, days).prop_map(|(now, waits, days)| {
            let waits = waits.into_iter().map(|minutes| format!("+{minutes}m"));
            let days = days.into_iter().map(|(day, hour, minute)| format!("{day}@{hour:02}:{minute:02}"));
            now.into_iter().chain(waits).chain(days).collect::<Vec<_>>().join(",")
        })
    }

    proptest! {
        #[test]
        fn runs_grow_and_never_come_before_the_deadline(
            schedule in any_schedule(),
            second in 0_i64..=4_000_000_000,
            holidays in proptest::collection::vec(0_u64..50_000, 0..60),
        ) {
            let schedule = Schedule::parse(&schedule).unwrap();
            let deadline = DateTime::from_timestamp(second, 0).unwrap();

            let runs = schedule.runs(deadline, &calendar_of(holidays));

            prop_assert_eq!(runs.len(), schedule.0.len());
            prop_assert!(runs.first().is_some_and(|first| *first >= deadline));
            prop_assert!(runs.is_sorted_by(|one, next| one < next));
        }

        #[test]
        fn runs_of_business_days_are_on_business_days_at_their_time(
            days in proptest::collection::btree_set((1_u32..=30, 0_u32..24, 0_u32..60), 1..6),
            second in 0_i64..=4_000_000_000,
            holidays in proptest::collection::vec(0_u64..50_000, 0..60),
        ) {
            let list: Vec<_> = days.iter().map(|(day, hour, minute)| format!("{day}@{hour}:{minute}")).collect();
            let deadline = DateTime::from_timestamp(second, 0).unwrap();
            let holidays = calendar_of(holidays);

            let runs = Schedule::parse(&list.join(",")).unwrap().runs(deadline, &holidays);

            for (run, (_, hour, minute)) in runs.iter().zip(&days) {
                let day = Calendar::day_of(*run);
                prop_assert!(holidays.is_open(day));
                prop_assert_eq!(*run, Calendar::at(day, NaiveTime::from_hms_opt(*hour, *minute, 0).unwrap()));
            }
        }

        #[test]
        fn a_schedule_that_is_written_is_read_again(schedule in any_schedule()) {
            let schedule = Schedule::parse(&schedule).unwrap();
            prop_assert_eq!(Schedule::parse(&schedule.to_string()), Ok(schedule));
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".*") {
            let _ = Schedule::parse(&text);
        }
    }
}
