//! Statements are written from the ledger: the early share some days after the last run, the rest later.

use crate::{Kind, Payout, PayoutState, books_of, mail, rates_of, reconcile, store};
use accounts::notifications::tell;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use kernel::{
    Calendar, PayoutId,
    db::Act,
    jobs::{self, JobError},
};
use pledges::Means;
use projects::{DraftStatement, FeePlan, FundingState};

/// Statements are written at this hour of a Korean morning.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(10, 0, 0).expect("ten o'clock is a time");
/// While an earlier statement waits for its approval, the next one is looked at again after so long.
const OPEN_AGAIN: TimeDelta = TimeDelta::hours(12);

/// When each statement of a project is due.
struct Dates {
    early: DateTime<Utc>,
    rest: DateTime<Utc>,
}

impl Dates {
    fn of(plan: &FeePlan, ended: DateTime<Utc>, calendar: &Calendar) -> Self {
        let day = Calendar::day_of(ended);
        let early = calendar.nth_after(day, u32::try_from(plan.early_days).unwrap_or_default());
        let rest = day + TimeDelta::days(plan.final_days.into());
        let morning = |day| Calendar::at(day, MORNING).max(ended);
        Self { early: morning(early), rest: morning(rest) }
    }

    /// The statement that comes after these, and when.
    fn next(&self, done: &[Payout], plan: &FeePlan, now: DateTime<Utc>) -> (Kind, DateTime<Utc>) {
        let has = |kind| done.iter().any(|payout| payout.kind == kind);
        if has(Kind::Final) {
            (Kind::Later, now)
        } else if has(Kind::Early) || plan.early.bp() == 0 || now >= self.rest {
            (Kind::Final, self.rest)
        } else {
            (Kind::Early, self.early)
        }
    }
}

/// Writes the statement that is due for a project, and issues it to its creator.
///
/// Invariants: its sums are the ledger's behind the chain of the project's book; of a project one statement at
/// most is open, one is early, one is final. Several workers may try at once.
pub async fn draft(means: &Means, job: DraftStatement) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::system("the statement was written from the ledger"), now).await?;
    let project = projects::store::locked(&mut tx, job.project).await?;
    if project.state != FundingState::Funded {
        return Ok(());
    }
    ledger::hold_chain(&mut tx, project.id.into()).await?;
    projects::store::settle_plan(&mut tx, project.id).await?;
    let Some(plan) = projects::store::terms_of(&mut tx, project.id).await?.plan else {
        return Err(JobError::Retry("no plan of fees is offered".to_owned()));
    };
    let done = store::of_project(&mut tx, project.id).await?;
    if done.iter().any(|payout| matches!(payout.state, PayoutState::Draft | PayoutState::Issued)) {
        return Err(JobError::Wait(OPEN_AGAIN, "an earlier statement is not approved"));
    }
    let ended = projects::store::closed_at(&mut tx, project.id).await?.unwrap_or(now);
    let dates = Dates::of(&plan, ended, &payments::calendar(&mut tx).await?);
    let (kind, due) = dates.next(&done, &plan, now);
    if now < due {
        return Err(JobError::Wait(due - now, "the statement is not due"));
    }
    let rates = rates_of(&plan).map_err(|error| JobError::Fail(error.to_string()))?;
    let books = books_of(&mut tx, project.id, project.currency).await?;
    let share = books.share(kind, &rates).map_err(|error| JobError::Fail(error.to_string()))?;
    if share.gross.minor() > 0 {
        let payout = Payout {
            id: PayoutId::new(),
            project: project.id,
            member: project.creator_id,
            kind,
            number: store::next_number(&mut tx, project.id).await?,
            share,
            drafted_at: now,
            state: PayoutState::Draft,
        };
        store::add(&mut tx, &payout).await?;
        issue(&mut tx, means, &payout, now).await?;
    }
    if kind == Kind::Early {
        let next = DraftStatement { project: project.id, round: job.round.saturating_add(1) };
        jobs::enqueue(&mut tx, &next, dates.rest.max(now)).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// Shows a statement to its creator, who is told once for each time that it was written.
pub(crate) async fn issue(
    db: &mut sqlx::PgConnection,
    means: &Means,
    payout: &Payout,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    store::move_state(&mut *db, payout.id, PayoutState::Draft, PayoutState::Issued).await?;
    let told = mail::issued(&mut *db, &means.site, payout, now).await?;
    tell(db, &means.site, told, now).await
}

/// Has statements written for what came in after a project's final one, and for whatever was left aside; has
/// yesterday's books compared with the gateways'.
pub async fn sweep(means: &Means) -> sqlx::Result<()> {
    let now = means.db.now();
    let mut connection = means.db.pool.acquire().await?;
    for (project, round) in store::unsettled(&mut connection, now).await? {
        jobs::enqueue(&mut connection, &DraftStatement { project, round }, now).await?;
    }
    drop(connection);
    reconcile::sweep(means).await
}
