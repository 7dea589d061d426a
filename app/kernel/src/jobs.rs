//! The job table: enqueued in the transaction that caused it, done at least once.
//!
//! A worker takes a job by a lease (`FOR UPDATE SKIP LOCKED`) with a token that fences off a worker
//! that was thought dead. A job that fails is tried again with growing gaps; after its last try it
//! stays in the table as a dead letter, visible in the metrics and in `dure check`.

use crate::db::Db;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// How long a worker may be silent before its job is given to another.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Tries before a job is a dead letter: with the gaps below about eleven hours.
const MOST_TRIES: i32 = 12;

/// A kind of work. The payload is small and made of ids; doing it twice must be harmless.
pub trait Job: Serialize + DeserializeOwned + Send {
    /// Name in the table; never changes while rows of it may wait.
    const KIND: &'static str;

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

/// A job that this worker holds.
#[derive(Debug)]
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
    // Leases are counted in real time: a moved clock must not take jobs from living workers.
    let rows = sqlx::query!(
        r#"with due as (
               select id from jobs
                where run_at <= $1 and dead_at is null
                  and (lease_until is null or lease_until < clock_timestamp())
                order by run_at, id
                limit $2
                for update skip locked)
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
pub async fn finish(db: &Db, job: &Taken, result: Result<(), JobError>) -> sqlx::Result<()> {
    let error = match result {
        Ok(()) => {
            sqlx::query!("delete from jobs where id = $1 and lease_token = $2", job.id, job.token)
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
    let dead = matches!(error, JobError::Fail(_)) || job.tries >= MOST_TRIES;
    let text: String = error.to_string().chars().take(500).collect();
    if dead {
        tracing::error!(job.id, job.kind, error = text, "Job {} {} is given up: {text}", job.kind, job.id);
    } else {
        tracing::warn!(
            job.id,
            job.kind,
            job.tries,
            error = text,
            "Job {} {} will be tried again",
            job.kind,
            job.id
        );
    }
    sqlx::query!(
        "update jobs set lease_until = null, lease_token = null, last_error = $3, run_at = $4,
                dead_at = case when $5 then $6::timestamptz end
          where id = $1 and lease_token = $2",
        job.id,
        job.token,
        text,
        now + gap(job.tries),
        dead,
        now
    )
    .execute(&db.pool)
    .await?;
    Ok(())
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

/// Keeps the leases of running jobs alive.
pub async fn renew(pool: &PgPool, jobs: &[i64]) -> sqlx::Result<()> {
    sqlx::query!(
        "update jobs set lease_until = clock_timestamp() + make_interval(secs => $2)
          where id = any($1) and lease_token is not null",
        jobs,
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

/// When the next job is due, if one waits.
pub async fn next_due(pool: &PgPool) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select min(run_at) from jobs where dead_at is null and lease_token is null")
        .fetch_one(pool)
        .await
}

/// Seconds to wait after the n-th failed try: 2, 4, 8 … at most four hours.
fn gap(tries: i32) -> TimeDelta {
    TimeDelta::seconds(2_i64.pow(tries.clamp(1, 14).unsigned_abs()).min(4 * 3600))
}
