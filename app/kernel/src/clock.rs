//! Time is a dependency: code asks the clock, never the machine.
//!
//! In production the clock is the system's. In sandbox mode it is the row of table `clock`, which
//! `dure clock` moves and every replica follows, so that a whole campaign can be lived in a minute.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sqlx::PgPool;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// No instant: the clock runs.
const RUNNING: i64 = i64::MIN;

#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Microseconds that the clock is ahead of the system's.
    ahead: AtomicI64,
    /// Microseconds since 1970 at which the clock stands still, or [`RUNNING`].
    frozen: AtomicI64,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Inner { ahead: AtomicI64::new(0), frozen: AtomicI64::new(RUNNING) }))
    }

    /// A clock that stands still until it is moved: for tests and for living through a script.
    #[must_use]
    pub fn frozen_at(at: DateTime<Utc>) -> Self {
        let clock = Self::system();
        clock.freeze(at);
        clock
    }

    /// The present instant, in whole microseconds as PostgreSQL keeps it.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let frozen = self.0.frozen.load(Ordering::Acquire);
        if frozen != RUNNING {
            return DateTime::from_timestamp_micros(frozen).unwrap_or_default();
        }
        let ahead = TimeDelta::microseconds(self.0.ahead.load(Ordering::Acquire));
        system_now().checked_add_signed(ahead).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The instant by which other people's systems live, wherever our clock stands.
    #[must_use]
    pub fn outside() -> DateTime<Utc> {
        system_now()
    }

    pub fn freeze(&self, at: DateTime<Utc>) {
        self.0.frozen.store(at.timestamp_micros(), Ordering::Release);
    }

    /// Lets a clock that stood still run on from there.
    pub fn run(&self) {
        let ahead = (self.now() - system_now()).num_microseconds().unwrap_or_default();
        self.0.ahead.store(ahead, Ordering::Release);
        self.0.frozen.store(RUNNING, Ordering::Release);
    }

    /// Moves a clock that stands still.
    pub fn advance(&self, by: TimeDelta) {
        self.freeze(self.now() + by);
    }

    /// Takes over what the row says. The caller listens to `dure_clock` and also asks now and then.
    pub async fn follow(&self, pool: &PgPool) -> sqlx::Result<()> {
        let ahead = sqlx::query_scalar!("select ahead_micros from clock").fetch_one(pool).await?;
        self.0.ahead.store(ahead, Ordering::Release);
        Ok(())
    }
}

/// Moves the sandbox clock of every replica, and returns how far it is ahead of the system's now.
pub async fn advance_row(pool: &PgPool, by: TimeDelta) -> sqlx::Result<TimeDelta> {
    let micros = by.num_microseconds().unwrap_or(i64::MAX);
    let ahead = sqlx::query_scalar!(
        "update clock set ahead_micros = ahead_micros + $1 returning ahead_micros",
        micros
    )
    .fetch_one(pool)
    .await?;
    sqlx::query!("select pg_notify('dure_clock', '')").execute(pool).await?;
    Ok(TimeDelta::microseconds(ahead))
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn system_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let clock = Clock::frozen_at(start);
        let same = clock.clone();
        assert_eq!(clock.now(), start);
        clock.advance(TimeDelta::days(31));
        assert_eq!(same.now(), start + TimeDelta::days(31));
    }
}
