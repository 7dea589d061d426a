//! What a project of the demo is and what becomes of it.

use chrono::{DateTime, TimeDelta, Utc};
use projects::Category;

/// A project of the demo.
#[derive(Debug)]
pub struct Plot {
    /// Its name in the scripts of the demo.
    pub key: &'static str,
    pub category: Category,
    /// Handle of its creator, or [`super::people::MAKER`].
    pub creator: &'static str,
    pub title: &'static str,
    pub summary: &'static str,
    pub story: &'static str,
    /// In won.
    pub goal: i64,
    pub fate: Fate,
    pub gifts: &'static [Gift],
}

/// A reward of a project of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Gift {
    pub title: &'static str,
    pub description: &'static str,
    /// In won.
    pub price: i64,
    /// Months until it is delivered.
    pub months: u32,
    pub stock: Option<i32>,
    /// Exactly so many are left in the end.
    pub left: Option<i32>,
}

/// A reward without a limit.
pub const fn gift(title: &'static str, description: &'static str, price: i64, months: u32) -> Gift {
    Gift { title, description, price, months, stock: None, left: None }
}

impl Gift {
    pub const fn of(self, pieces: i32) -> Self {
        Self { stock: Some(pieces), ..self }
    }

    pub const fn leaving(self, pieces: i32) -> Self {
        Self { left: Some(pieces), ..self }
    }
}

/// Days are counted back from now for what was, and ahead for what will be.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    Draft,
    InReview,
    Live {
        percent: u32,
        opened: i64,
        ends: Ends,
    },
    /// Over, with one charge that the gateway has not answered for.
    Collecting {
        percent: u32,
        opened: i64,
    },
    Funded {
        percent: u32,
        opened: i64,
        ended: i64,
    },
    Unfunded {
        percent: u32,
        opened: i64,
        ended: i64,
    },
    Canceled {
        percent: u32,
        opened: i64,
        stopped: i64,
    },
    Suspended {
        percent: u32,
        opened: i64,
        stopped: i64,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Ends {
    /// With the n-th day from today.
    Days(i64),
    Minutes(i64),
}

/// The life of a launched project.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    pub launch: DateTime<Utc>,
    /// Pledges come until here.
    pub last: DateTime<Utc>,
    pub deadline: DateTime<Utc>,
    pub percent: u32,
}

/// How long before now the deadline of the collecting project passed, in seconds. The gateway has
/// been silent since then, so that the ninth time that it is asked lies just behind and the tenth
/// a quarter of an hour ahead.
pub const SILENCE: i64 = 1_040;
/// How long before now the last pledges come.
const QUIET: TimeDelta = TimeDelta::minutes(21);
/// A project that was stopped would have run so many days longer.
const UNLIVED: i64 = 40;

impl Fate {
    /// Nothing for projects that were never launched.
    pub fn course(self, now: DateTime<Utc>) -> Option<Course> {
        let silent = now - TimeDelta::seconds(SILENCE);
        let quiet = now - QUIET;
        let (percent, opened, last, deadline) = match self {
            Self::Draft | Self::InReview => return None,
            Self::Live { percent, opened, ends } => {
                let deadline = match ends {
                    Ends::Days(days) => day_end(now, days),
                    Ends::Minutes(minutes) => now + TimeDelta::minutes(minutes),
                };
                (percent, opened, quiet, deadline)
            }
            Self::Collecting { percent, opened } => (percent, opened, silent, silent),
            Self::Funded { percent, opened, ended } | Self::Unfunded { percent, opened, ended } => {
                let deadline = day_end(now, -ended);
                (percent, opened, deadline, deadline)
            }
            Self::Canceled { percent, opened, stopped } | Self::Suspended { percent, opened, stopped } => {
                (percent, opened, now - TimeDelta::days(stopped), day_end(now, UNLIVED))
            }
        };
        // Nobody launches on the stroke of the hour.
        let launch = now - TimeDelta::days(opened) - TimeDelta::minutes(opened * 37 % 400);
        Some(Course { launch, last: last.min(quiet), deadline, percent })
    }
}

/// The end of a day in Korea (UTC+9), as deadlines are.
fn day_end(now: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    let korea = TimeDelta::hours(9);
    let day = (now + korea).date_naive() + TimeDelta::days(days + 1);
    day.and_time(chrono::NaiveTime::MIN).and_utc() - korea
}
