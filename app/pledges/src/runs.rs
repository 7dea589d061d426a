//! Runs: due pledges are charged at the times of the site's schedule, exactly once or not at all.

use crate::{FinishCollection, Means, PledgeError, PledgeState, mail, settle, store};
use accounts::notifications::tell;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    PaymentAttemptId, PledgeId, ProjectId,
    db::Act,
    jobs::{self, Job, JobError},
};
use payments::{Attempt, AttemptKind, Begun, Charge, DeclineClass, GatewayError, Told};
use serde::{Deserialize, Serialize};
use settle::{Settled, book};
use sqlx::PgConnection;

/// A gateway that finds our request wrong is asked again after so long.
const OURS_AGAIN: TimeDelta = TimeDelta::hours(1);
/// A charge without an answer is asked about after so long.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(30);

/// Charge a pledge of a funded project.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ChargePledge {
    pub pledge: PledgeId,
    /// Which run of the schedule, from 1.
    #[serde(default = "first")]
    pub run: i16,
    /// The visit that stored another card, which is charged at once, beside the schedule.
    #[serde(default)]
    pub card: Option<PaymentAttemptId>,
}

const fn first() -> i16 {
    1
}

impl ChargePledge {
    /// A run of the schedule.
    #[must_use]
    pub const fn run(pledge: PledgeId, run: i16) -> Self {
        Self { pledge, run, card: None }
    }

    /// Whether no run of these comes after it.
    fn is_last_of(&self, runs: &[DateTime<Utc>]) -> bool {
        self.card.is_none() && index(self.run) >= runs.len()
    }

    pub(crate) fn with_new_card(pledge: PledgeId, visit: &Attempt) -> Self {
        Self { pledge, run: 0, card: Some(visit.id) }
    }
}

impl Job for ChargePledge {
    const KIND: &'static str = "pledge.charge";

    fn key(&self) -> Option<String> {
        Some(match self.card {
            Some(visit) => format!("{}:{visit}", self.pledge),
            None => format!("{}:{}", self.pledge, self.run),
        })
    }
}

/// What a run finds.
enum Step {
    /// The row is written: call the gateway.
    Call(Attempt, Charge),
    /// An earlier charge has no outcome yet.
    Ask(Attempt),
    /// The last run closes what a person began and did not end.
    Close(Attempt),
    /// Nothing to do for this run.
    Done,
}

/// Charges a due pledge, or finds out what became of an earlier try.
///
/// Invariant: the gateway is asked to charge at most once for each attempt, with the attempt's row
/// committed before; an attempt without an outcome is asked about, never repeated.
pub async fn charge(means: &Means, job: ChargePledge) -> Result<(), JobError> {
    loop {
        match begin(means, job).await? {
            Step::Done => return Ok(()),
            Step::Call(attempt, charge) => {
                let told = match call(means, &attempt, charge).await {
                    Ok(told) => told,
                    Err(GatewayError::Ours(code)) => Told::Declined { code, class: DeclineClass::Ours },
                    Err(error) => {
                        let mut tx = means.db.begin(Act::system("the gateway gave no answer")).await?;
                        payments::mark_unknown(&mut tx, attempt.id).await?;
                        tx.commit().await?;
                        metrics::counter!("dure_charges_unknown_total").increment(1);
                        return Err(JobError::Retry(error.to_string()));
                    }
                };
                if let Told::Declined { code, class: DeclineClass::Ours } = &told {
                    tracing::error!(attempt.id = %attempt.id, code, "The gateway refuses what we ask: {code}");
                    book(means, &attempt, &told, means.db.now()).await?;
                    return Err(JobError::Wait(OURS_AGAIN, "the gateway refuses what we ask"));
                }
                book(means, &attempt, &told, means.db.now()).await?;
            }
            Step::Ask(attempt) => {
                if settle::settle(means, attempt.id, means.db.now()).await? == Settled::NotYet {
                    return Err(JobError::Wait(ASK_AGAIN, "a charge has no outcome yet"));
                }
            }
            Step::Close(attempt) => {
                settle::abandon(means, &attempt).await?;
            }
        }
    }
}

/// Calls the gateway for an attempt whose row is written. Money can be named before it moves.
async fn call(means: &Means, attempt: &Attempt, mut charge: Charge) -> Result<Told, GatewayError> {
    let gateway = means.till.gateway(&attempt.gateway)?;
    let db = &means.db;
    let lost = |error: sqlx::Error| GatewayError::NoAnswer(error.to_string());
    charge.gateway_ref = gateway.prepare(&charge).await?;
    if let Some(name) = &charge.gateway_ref {
        let mut tx = db.begin(Act::system("the gateway named the charge")).await.map_err(lost)?;
        payments::prepared(&mut tx, attempt.id, name).await.map_err(lost)?;
        tx.commit().await.map_err(lost)?;
    }
    gateway.charge(&charge).await
}

/// Writes the attempt of a run, or tells what stands in its way.
async fn begin(means: &Means, job: ChargePledge) -> Result<Step, JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::system("the charge begins"), now).await?;
    let (seen, project) = store::peek(&mut tx, job.pledge).await?;
    let scheduled = job.card.is_none();
    // Most are charged without a look at the schedule.
    let waits = seen == PledgeState::ActionNeeded;
    let mut runs = if waits { times(means, &mut tx, project).await? } else { Vec::new() };
    let may_drop = waits && job.is_last_of(&runs);
    if may_drop {
        ledger::hold_chain(&mut tx, project.into()).await?;
    }
    let (state, _) = store::lock(&mut tx, job.pledge).await?;
    let payment = payments::lock(&mut tx, job.pledge).await?;
    let refused = matches!(state, PledgeState::RetryWait | PledgeState::ActionNeeded);
    let over = match job.card {
        // This run has had its outcome.
        None => payment.run > job.run || (refused && payment.run == job.run),
        Some(_) => refused && payments::card_was_refused(&mut tx, payment.id).await?,
    };
    if over {
        return Ok(Step::Done);
    }
    let open = payments::open_attempt(&mut tx, payment.id, &[AttemptKind::Charge, AttemptKind::Pay]).await?;
    match (state, open) {
        (PledgeState::Due | PledgeState::RetryWait | PledgeState::ActionNeeded, Some(open)) => {
            if open.kind == AttemptKind::Charge {
                return Ok(Step::Ask(open));
            }
            if !waits {
                runs = times(means, &mut tx, project).await?;
            }
            if !scheduled || job.is_last_of(&runs) {
                return Ok(Step::Close(open));
            }
            // Somebody is paying: the next run looks again.
            wait_for_next(&mut tx, job, &runs).await?;
            tx.commit().await?;
            return Ok(Step::Done);
        }
        (PledgeState::ActionNeeded, None) if scheduled => {
            if !waits {
                return Err(JobError::Retry("the pledge moved meanwhile".to_owned()));
            }
            if may_drop {
                drop_pledge(means, &mut tx, job.pledge, project, now).await?;
                store::return_stock(&mut tx, &[job.pledge]).await?;
            } else {
                payments::note_run(&mut tx, payment.id, job.run, runs.get(index(job.run)).copied()).await?;
                remind(means, &mut tx, job, &runs, now).await?;
                wait_for_next(&mut tx, job, &runs).await?;
            }
            tx.commit().await?;
            db.notify.jobs();
            db.notify.project(project);
            return Ok(Step::Done);
        }
        (PledgeState::Due | PledgeState::RetryWait | PledgeState::ActionNeeded, None) => {}
        _ => return Ok(Step::Done),
    }
    if state != PledgeState::Due {
        store::move_state(&mut tx, job.pledge, "due").await?;
    }
    let run = if scheduled { job.run } else { payment.run };
    if scheduled {
        payments::note_run(&mut tx, payment.id, run, None).await?;
    }
    let begun = payments::begin_charge(&mut tx, &payment, run, now).await?;
    if let Begun::Call(attempt, _) = &begun {
        // From here on the gateway may have heard of it.
        payments::mark_sent(&mut tx, attempt.id, None).await?;
    }
    tx.commit().await?;
    Ok(match begun {
        Begun::Call(attempt, charge) => Step::Call(attempt, charge),
        Begun::Ask(attempt) => Step::Ask(attempt),
        Begun::Done => Step::Done,
    })
}

/// The run after run `n`, in a list that begins with the first.
fn index(n: i16) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// When this project's runs are.
async fn times(means: &Means, db: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<DateTime<Utc>>> {
    let deadline = projects::store::by_id(&mut *db, project).await?.deadline;
    let calendar = payments::calendar(db).await?;
    Ok(deadline.map(|deadline| means.till.schedule.runs(deadline, &calendar)).unwrap_or_default())
}

async fn wait_for_next(db: &mut PgConnection, job: ChargePledge, runs: &[DateTime<Utc>]) -> sqlx::Result<()> {
    if let Some(next) = runs.get(index(job.run)) {
        jobs::enqueue(db, &ChargePledge::run(job.pledge, job.run + 1), *next).await?;
    }
    Ok(())
}

/// Tells once more that only the backer can mend it.
async fn remind(
    means: &Means,
    db: &mut PgConnection,
    job: ChargePledge,
    runs: &[DateTime<Utc>],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(until) = runs.last() else {
        return Ok(());
    };
    let to = mail::addressee(&mut *db, job.pledge).await?;
    let told = mail::payment_failed(&means.site, &to, &job.run.to_string(), DeclineClass::Final, *until);
    tell(db, &means.site, told, now).await
}

/// A refused charge.
pub(crate) struct Refused<'a> {
    pub pledge: PledgeId,
    pub project: ProjectId,
    pub attempt: &'a Attempt,
    pub class: DeclineClass,
}

/// What comes after a refused charge: another run, or the end. Tells whether the pledge was dropped; then
/// the caller gives back its pieces.
///
/// Invariant: a pledge that is not dropped has its next run in the job table.
pub(crate) async fn refused(
    means: &Means,
    db: &mut PgConnection,
    refused: Refused<'_>,
    now: DateTime<Utc>,
) -> Result<bool, PledgeError> {
    let Refused { pledge, project, attempt, class } = refused;
    let run = attempt.run.unwrap_or(1);
    let runs = times(means, &mut *db, project).await?;
    let Some((next, until)) = runs.get(index(run)).copied().zip(runs.last().copied()) else {
        drop_pledge(means, db, pledge, project, now).await?;
        return Ok(true);
    };
    let to = if class == DeclineClass::Retryable { "retry_wait" } else { "action_needed" };
    store::move_state(&mut *db, pledge, to).await?;
    payments::note_run(&mut *db, attempt.payment, run, Some(next)).await?;
    jobs::enqueue(&mut *db, &ChargePledge::run(pledge, run + 1), next).await?;
    let to = mail::addressee(&mut *db, pledge).await?;
    let told = mail::payment_failed(&means.site, &to, &attempt.id.to_string(), class, until);
    tell(db, &means.site, told, now).await?;
    Ok(false)
}

async fn drop_pledge(
    means: &Means,
    db: &mut PgConnection,
    pledge: PledgeId,
    project: ProjectId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let payment = payments::lock(&mut *db, pledge).await?;
    payments::fail(&mut *db, payment.id).await?;
    store::move_state(&mut *db, pledge, "dropped").await?;
    jobs::enqueue(&mut *db, &crate::ForgetCard { payment: payment.id }, now).await?;
    let to = mail::addressee(&mut *db, pledge).await?;
    tell(&mut *db, &means.site, mail::dropped(&means.site, &to), now).await?;
    finish_if_last(db, project, now).await
}

/// Wakes who closes the collection, if no charge of the project is left. The caller holds the project's
/// chain, so that the last one sees that it is the last.
pub(crate) async fn finish_if_last(
    db: &mut PgConnection,
    project: ProjectId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if !store::any_due(&mut *db, project).await? {
        jobs::enqueue(db, &FinishCollection { project }, now).await?;
    }
    Ok(())
}
