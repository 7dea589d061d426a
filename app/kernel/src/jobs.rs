//! The job table: enqueued in the transaction that caused it, done at least once.
//!
//! A worker takes a job by a lease (`FOR UPDATE SKIP LOCKED`) with a token that fences off a worker
//! that was thought dead. A job that fails is tried again with growing gaps, for as long as its kind
//! has [`Patience`]. What is given up stays in the table as a dead letter, visible in the metrics and in
//! `dure check`, until [`revive`] makes it wait again.

use crate::db::Db;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// How long a worker may be silent before its job is given to another.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A job that failed so often is stuck: with the gaps of [`Patience::Forever`] about half an hour.
const STUCK_AFTER: i32 = 11;

/// How long a kind of job is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Until it is done, at least every ten minutes: where money or stock hangs on it.
    Forever,
    /// So many times, at least every four hours; then it is a dead letter.
    Tries(i32),
}

impl Patience {
    /// Two days, for what is of no use later.
    pub const TWO_DAYS: Self = Self::Tries(25);

    /// How long to wait after the n-th failed try: 2, 4, 8 … seconds, up to the longest gap.
    fn gap(self, tries: i32) -> TimeDelta {
        let longest = match self {
            Self::Forever => TimeDelta::minutes(10),
            Self::Tries(_) => TimeDelta::hours(4),
        };
        TimeDelta::seconds(2_i64.pow(tries.clamp(1, 20).unsigned_abs())).min(longest)
    }

    const fn is_over(self, tries: i32) -> bool {
        matches!(self, Self::Tries(most) if tries >= most)
    }
}

/// A kind of work. The payload is small and made of ids; doing it twice must be harmless.
pub trait Job: Serialize + DeserializeOwned + Send {
    /// Name in the table; never changes while rows of it may wait.
    const KIND: &'static str;
    /// Forever, unless a kind says that it is of no use later.
    const PATIENCE: Patience = Patience::Forever;

    /// Two waiting jobs of one kind with the same key are one job.
    fn key(&self) -> Option<String> {
        None
    }
}

/// Why a job did not get done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Worth trying again later.
    #[error("{0}")]
    Retry(String),
    /// Not to be done yet; asked again after this time, and no try is counted.
    #[error("waits: {1}")]
    Wait(TimeDelta, &'static str),
    /// Never going to work; becomes a dead letter at once.
    #[error("{0}")]
    Fail(String),
}

impl<E: Into<crate::Refusal>> From<E> for JobError {
    fn from(error: E) -> Self {
        Self::Retry(error.into().to_string())
    }
}

/// Enqueues a job for `run_at` in the caller's transaction. The caller wakes the workers after
/// its commit with `db.notify.jobs()`.
pub async fn enqueue<J: Job>(db: &mut PgConnection, job: &J, run_at: DateTime<Utc>) -> sqlx::Result<()> {
    let payload = serde_json::to_value(job).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        "insert into jobs (kind, payload, dedup_key, run_at) values ($1, $2, $3, $4)
         on conflict (kind, dedup_key) where dedup_key is not null and dead_at is null do nothing",
        J::KIND,
        payload,
        job.key(),
        run_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back a job that nobody has begun.
pub async fn drop_waiting<J: Job>(db: &mut PgConnection, job: &J) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from jobs where kind = $1 and dedup_key = $2 and dead_at is null and lease_token is null",
        J::KIND,
        job.key()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A job that this worker holds.
#[derive(Clone, Debug)]
pub struct Taken {
    pub id: i64,
    pub kind: String,
    pub payload: serde_json::Value,
    pub tries: i32,
    token: Uuid,
}

impl Taken {
    pub fn read<J: Job>(&self) -> Result<J, JobError> {
        serde_json::from_value(self.payload.clone())
            .map_err(|error| JobError::Fail(format!("unreadable payload: {error}")))
    }
}

/// Takes up to `most` jobs that are due at `now`, oldest first.
pub async fn take(pool: &PgPool, now: DateTime<Utc>, most: i64) -> sqlx::Result<Vec<Taken>> {
    let token = Uuid::now_v7();
    // Leases are counted in real time: a moved clock must not take jobs from living workers. Nobody waits until
    // the disk has them: a lease that is lost with the machine only lets the job be done twice.
    let rows = sqlx::query!(
        r#"with soon as materialized (select set_config('synchronous_commit', 'off', true)),
           due as (
               select jobs.id from jobs, soon
                where run_at <= $1 and dead_at is null
                  and (lease_until is null or lease_until < clock_timestamp())
                order by run_at, jobs.id
                limit $2
                for update of jobs skip locked)
           update jobs set lease_until = clock_timestamp() + make_interval(secs => $4), lease_token = $3,
                  tries = tries + 1
             from due where jobs.id = due.id
           returning jobs.id, kind, payload, tries"#,
        now,
        most,
        token,
        LEASE.num_seconds() as f64
    )
    .fetch_all(pool)
    .await?;
    let mut taken: Vec<_> = rows
        .into_iter()
        .map(|row| Taken { id: row.id, kind: row.kind, payload: row.payload, tries: row.tries, token })
        .collect();
    taken.sort_by_key(|job| job.id);
    Ok(taken)
}

/// Writes down how a job ended. A worker whose lease was given away changes nothing.
pub async fn finish(
    db: &Db,
    job: &Taken,
    patience: Patience,
    result: Result<(), JobError>,
) -> sqlx::Result<()> {
    let error = match result {
        Ok(()) => {
            // As with a lease: whoever comes to do it again after a crash finds it done.
            sqlx::query!(
                "with soon as materialized (select set_config('synchronous_commit', 'off', true))
                 delete from jobs using soon where id = $1 and lease_token = $2",
                job.id,
                job.token
            )
            .execute(&db.pool)
            .await?;
            return Ok(());
        }
        Err(error) => error,
    };
    let now = db.now();
    if let JobError::Wait(span, why) = error {
        return wait(&db.pool, job, now + span, why).await;
    }
    let dead = matches!(error, JobError::Fail(_)) || patience.is_over(job.tries);
    let text: String = error.to_string().chars().take(500).collect();
    tell(job, dead, &text);
    sqlx::query!(
        "update jobs set lease_until = null, lease_token = null, last_error = $3, run_at = $4,
                dead_at = case when $5 then $6::timestamptz end
          where id = $1 and lease_token = $2",
        job.id,
        job.token,
        text,
        now + patience.gap(job.tries),
        dead,
        now
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Logs a failed try: loudly when somebody should look.
fn tell(job: &Taken, dead: bool, error: &str) {
    let Taken { id, kind, tries, .. } = job;
    if dead {
        tracing::error!(job.id = id, job.kind = kind, error, "Job {kind} {id} is given up: {error}");
    } else if *tries > STUCK_AFTER {
        metrics::counter!("dure_jobs_stuck", "kind" => kind.clone()).increment(1);
        tracing::error!(
            job.id = id,
            job.kind = kind,
            job.tries = tries,
            error,
            "Job {kind} {id} is stuck after {tries} tries: {error}"
        );
    } else {
        tracing::warn!(
            job.id = id,
            job.kind = kind,
            job.tries = tries,
            error,
            "Job {kind} {id} will be tried again"
        );
    }
}

async fn wait(pool: &PgPool, job: &Taken, until: DateTime<Utc>, why: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update jobs set lease_until = null, lease_token = null, tries = tries - 1, last_error = $3, run_at = $4
          where id = $1 and lease_token = $2",
        job.id,
        job.token,
        why,
        until
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Keeps the leases of running jobs alive. A lease that was given away is not taken back.
pub async fn renew(pool: &PgPool, running: impl Iterator<Item = &Taken>) -> sqlx::Result<()> {
    let (ids, tokens): (Vec<i64>, Vec<Uuid>) = running.map(|job| (job.id, job.token)).unzip();
    sqlx::query!(
        "update jobs set lease_until = clock_timestamp() + make_interval(secs => $3)
           from unnest($1::bigint[], $2::uuid[]) as running (id, token)
          where jobs.id = running.id and jobs.lease_token = running.token",
        &ids,
        &tokens,
        LEASE.num_seconds() as f64
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Makes all dead letters wait again, from their first try; tells how many.
///
/// One whose work waits again under the same key stays dead: it would be done twice.
pub async fn revive(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let revived = sqlx::query!(
        "update jobs set dead_at = null, tries = 0, run_at = $1, lease_until = null, lease_token = null
          where id in (select distinct on (kind, coalesce(dedup_key, id::text)) id from jobs dead
                        where dead_at is not null
                          and not exists (select from jobs waits
                                           where waits.kind = dead.kind and waits.dedup_key = dead.dedup_key
                                             and waits.dead_at is null)
                        order by kind, coalesce(dedup_key, id::text), id desc)",
        now
    )
    .execute(pool)
    .await?;
    Ok(revived.rows_affected())
}

/// How the jobs of a kind stand.
#[derive(Clone, Debug)]
pub struct Queue {
    pub kind: String,
    /// To be done now, or being done.
    pub due: i64,
    pub later: i64,
    /// To be done again after a failure.
    pub retrying: i64,
    pub given_up: i64,
    /// Why one of them failed last.
    pub last_error: Option<String>,
}

/// All kinds of which something is left to be done; those that failed come first.
pub async fn queues(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<Vec<Queue>> {
    sqlx::query_as!(
        Queue,
        r#"with standing as (
               select kind, last_error, coalesce(dead_at, run_at) as at, dead_at is not null as dead,
                      dead_at is null and tries > 0 and last_error is not null as again, run_at <= $1 as due
                 from jobs)
           select kind,
                  count(*) filter (where not dead and not again and due) as "due!",
                  count(*) filter (where not dead and not again and not due) as "later!",
                  count(*) filter (where again) as "retrying!",
                  count(*) filter (where dead) as "given_up!",
                  (array_agg(last_error order by at desc) filter (where dead or again))[1] as last_error
             from standing group by kind order by 5 desc, 4 desc, kind"#,
        now
    )
    .fetch_all(pool)
    .await
}

/// When the next job is due, if one waits.
pub async fn next_due(pool: &PgPool) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select min(run_at) from jobs where dead_at is null and lease_token is null")
        .fetch_one(pool)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited(patience: Patience, tries: i32) -> TimeDelta {
        (1..=tries).map(|n| patience.gap(n)).sum()
    }

    #[test]
    fn gaps_grow_up_to_the_longest_and_span_what_is_said() {
        assert_eq!(Patience::Forever.gap(1), TimeDelta::seconds(2));
        assert_eq!(Patience::Forever.gap(i32::MAX), TimeDelta::minutes(10));
        assert!(!Patience::Forever.is_over(i32::MAX));

        let half_an_hour = waited(Patience::Forever, STUCK_AFTER);
        assert!((25..40).contains(&half_an_hour.num_minutes()), "{half_an_hour}");
        let Patience::Tries(most) = Patience::TWO_DAYS else { panic!("two days end") };
        let two_days = waited(Patience::TWO_DAYS, most - 1);
        assert!((48..52).contains(&two_days.num_hours()), "{two_days}");
        assert!(Patience::TWO_DAYS.is_over(most) && !Patience::TWO_DAYS.is_over(most - 1));
    }
}
