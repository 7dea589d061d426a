//! The worker: takes jobs and runs them. Each crate knows its own kinds.

use crate::{deliver, post::PostOffice};
use chrono::{DateTime, Utc};
use kernel::jobs::{self, JobError, Patience, Taken};
use pledges::Means;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    task::{self, JoinError, JoinSet},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// Jobs that run at once: enough to wait for a slow gateway, few enough for two cores and the connections.
const AT_ONCE: usize = 24;
/// A worker with more to do than it can fetches so many at a time, or what it can after a moment.
const FETCHED: usize = 6;
const MOMENT: Duration = Duration::from_millis(10);
/// Asked at least so often, should a wake-up be lost.
const LONGEST_SLEEP: Duration = Duration::from_secs(2);
const RENEW_EVERY: Duration = Duration::from_secs(20);

/// What jobs are done with.
#[derive(Clone, Debug)]
pub struct Hands {
    pub means: Means,
    /// The way of mails; without it they go to the sandbox's mailbox.
    pub post: Option<PostOffice>,
}

impl From<Means> for Hands {
    fn from(means: Means) -> Self {
        Self { means, post: None }
    }
}

/// Does one job. Each kind may be done twice without harm.
pub async fn run(hands: &Hands, job: &Taken) -> Result<(), JobError> {
    let means = &hands.means;
    let known = deliver::run(hands, job).await?
        || accounts::jobs::run(&means.db, &means.site, job).await?
        // Before pledges: of what gateways report, it takes what is about refunds and disputes.
        || refunds::jobs::run(means, job).await?
        || pledges::jobs::run(means, job).await?
        || settlement::jobs::run(means, job).await?;
    if known { Ok(()) } else { Err(JobError::Fail(format!("no worker knows the job {}", job.kind))) }
}

/// How long a kind of job is tried again.
fn patience(kind: &str) -> Patience {
    let limited = deliver::patience(kind).or_else(|| accounts::jobs::patience(kind));
    // Money and stock hang on all others.
    limited.unwrap_or(Patience::Forever)
}

/// Does one job and writes down how it ended.
pub async fn run_and_finish(hands: Hands, job: Taken) {
    let started = Instant::now();
    let span = tracing::info_span!("job", job.kind, job.id);
    let result = run(&hands, &job).instrument(span).await;
    metrics::histogram!("dure_job_seconds", "kind" => job.kind.clone())
        .record(started.elapsed().as_secs_f64());
    finish(&hands.means, &job, result).await;
}

async fn finish(means: &Means, job: &Taken, result: Result<(), JobError>) {
    metrics::counter!("dure_jobs_total", "kind" => job.kind.clone(), "done" => result.is_ok().to_string())
        .increment(1);
    if let Err(error) = jobs::finish(&means.db, job, patience(&job.kind), result).await {
        tracing::warn!(job.id, %error, "The end of job {} could not be written; it will be done again", job.id);
    }
}

/// The jobs that run here, each in a task of its own.
struct Running {
    hands: Hands,
    tasks: JoinSet<()>,
    jobs: HashMap<task::Id, Taken>,
}

impl Running {
    fn start(&mut self, job: Taken) {
        let task = self.tasks.spawn(run_and_finish(self.hands.clone(), job.clone()));
        self.jobs.insert(task.id(), job);
    }

    fn free(&self) -> usize {
        AT_ONCE.saturating_sub(self.tasks.len())
    }

    /// Waits until there is a place for another job, and a moment for more.
    async fn make_room(&mut self, stop: &CancellationToken) {
        let first = tokio::select! {
            Some(done) = self.tasks.join_next_with_id() => done,
            // Leases are to be renewed, however long the jobs take.
            () = tokio::time::sleep(LONGEST_SLEEP) => return,
            () = stop.cancelled() => return,
        };
        self.note_done(first).await;
        let moment = tokio::time::sleep(MOMENT);
        tokio::pin!(moment);
        while self.free() < FETCHED {
            tokio::select! {
                Some(done) = self.tasks.join_next_with_id() => self.note_done(done).await,
                () = &mut moment => return,
            }
        }
    }

    /// Forgets a job that is over. One that panicked has not written its end, so that is done here.
    async fn note_done(&mut self, done: Result<(task::Id, ()), JoinError>) {
        let id = done.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let job = self.jobs.remove(&id);
        if let (Some(job), Err(error)) = (job, done) {
            finish(&self.hands.means, &job, Err(JobError::Retry(error.to_string()))).await;
        }
    }
}

/// Runs jobs until `stop`, then finishes what runs. `wake` is rung when jobs come or time moves.
pub async fn serve(hands: Hands, wake: Arc<Notify>, stop: CancellationToken) {
    let means = hands.means.clone();
    let mut running = Running { hands, tasks: JoinSet::new(), jobs: HashMap::new() };
    let mut renewed = Instant::now();
    while !stop.is_cancelled() {
        let free = running.free();
        let taken = match jobs::take(&means.db.pool, means.db.now(), i64::try_from(free).unwrap_or(1)).await {
            Ok(batch) => {
                let taken = batch.len();
                batch.into_iter().for_each(|job| running.start(job));
                taken
            }
            Err(error) => {
                tracing::warn!(%error, "The worker cannot take jobs");
                tokio::time::sleep(Duration::from_secs(1)).await;
                0
            }
        };
        if taken < free {
            let sleep = sleep_until_due(&means).await;
            tokio::select! {
                Some(done) = running.tasks.join_next_with_id() => running.note_done(done).await,
                () = wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
                () = stop.cancelled() => {}
            }
        } else {
            running.make_room(&stop).await;
        }
        while let Some(done) = running.tasks.try_join_next_with_id() {
            running.note_done(done).await;
        }
        if renewed.elapsed() > RENEW_EVERY {
            renewed = Instant::now();
            if let Err(error) = jobs::renew(&means.db.pool, running.jobs.values()).await {
                tracing::warn!(%error, "The worker cannot renew its leases");
            }
        }
    }
    while let Some(done) = running.tasks.join_next_with_id().await {
        running.note_done(done).await;
    }
}

async fn sleep_until_due(means: &Means) -> Duration {
    match jobs::next_due(&means.db.pool).await {
        Ok(Some(due)) => {
            (due - means.db.now()).to_std().unwrap_or(Duration::from_millis(20)).min(LONGEST_SLEEP)
        }
        _ => LONGEST_SLEEP,
    }
}

/// Runs everything that is due at `now`, and what that brings, until nothing is. Tells how many
/// jobs were done. For scripts on a clock of their own.
pub async fn drain(hands: &Hands, now: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let means = &hands.means;
    let mut done = 0;
    loop {
        let batch = jobs::take(&means.db.pool, now, i64::try_from(AT_ONCE).unwrap_or(1)).await?;
        if batch.is_empty() {
            return Ok(done);
        }
        let mut running = JoinSet::new();
        for job in batch {
            running.spawn(run_and_finish(hands.clone(), job));
            done += 1;
        }
        running.join_all().await;
    }
}
