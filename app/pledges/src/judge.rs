//! The deadline: claimed once, judged on what stands, followed by charges or by release.

use crate::{Means, TellTaken, mail, runs, store};
use accounts::notifications::tell;
use chrono::TimeDelta;
use deposits::expected;
use kernel::{
    ProjectId,
    db::Act,
    jobs::{self, JobError},
};
use projects::{FundingState, ReleasePledges};

/// How often a suspended project is looked at, and one that waits for transfers.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// Judges a project whose deadline has passed. Several workers may try at once, and a worker may
/// die at any point: the judgement happens once, on the pledges that stood at the deadline.
///
/// Invariant: the goal is compared with the sum of secured pledges, in one transaction that also
/// makes every one of them due or the project unfunded; from the claim on no pledge can be added.
pub async fn judge(means: &Means, project: ProjectId) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin(Act::system("the deadline passed")).await?;
    let claimed = projects::store::claim_deadline(&mut tx, project, now).await?;
    tx.commit().await?;
    let known = projects::store::by_id(&mut *db.pool.acquire().await?, project).await?;
    if !claimed && known.state != FundingState::Judging {
        return match known.state {
            FundingState::Live => {
                Err(JobError::Retry("the deadline has not passed on this clock".to_owned()))
            }
            // However long that lasts: resuming or stopping it decides.
            FundingState::Suspended => Err(JobError::Wait(LOOK_AGAIN, "the project is suspended")),
            _ => Ok(()),
        };
    }
    let goal = known.goal.ok_or_else(|| JobError::Fail(format!("project {project} has no goal")))?;
    let mut tx = db.begin(Act::system("judged at the deadline")).await?;
    // From the claim on nobody can begin a transfer, and each that was asked for ends by itself: it is matched,
    // or given up once the statements tell of its time.
    if expected::open_of_project(&mut tx, project).await? > 0 {
        return Err(JobError::Wait(LOOK_AGAIN, "transfers that were sent in time may still be found"));
    }
    let raised = store::secured_total(&mut tx, project).await?;
    let funded = raised >= goal.minor();
    let outcome = if funded { FundingState::Collecting } else { FundingState::Unfunded };
    if !projects::store::move_state(&mut tx, project, FundingState::Judging, outcome, now).await? {
        return Ok(());
    }
    if funded {
        let deadline = known.deadline.unwrap_or(now);
        let times = means.till.schedule.runs(deadline, &payments::calendar(&mut tx).await?);
        let (first, last) = times.first().copied().zip(times.last().copied()).unwrap_or((now, now));
        let due = store::make_due(&mut tx, project, first).await?;
        payments::make_due(&mut tx, project, first, last).await?;
        let taken = payments::take_deposits(&mut tx, project, known.currency, now).await?;
        if taken.minor() > 0 {
            store::collect_deposited(&mut tx, project).await?;
            jobs::enqueue(&mut tx, &TellTaken { project }, now).await?;
        }
        if due == 0 {
            runs::finish_if_last(&mut tx, project, now).await?;
        }
    } else {
        jobs::enqueue(&mut tx, &ReleasePledges { project }, now).await?;
    }
    let told = mail::outcome(&mut tx, &means.site, project, funded).await?;
    tell(&mut tx, &means.site, told, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    tracing::info!(project.id = %project, funded, raised, "Project {project} was judged");
    metrics::counter!("dure_projects_judged_total", "funded" => funded.to_string()).increment(1);
    Ok(())
}
