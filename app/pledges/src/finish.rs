//! The end of a collection: the project is funded, or too little came in and everybody is refunded.

use crate::{Means, mail, store};
use accounts::notifications::tell;
use chrono::{NaiveTime, TimeDelta};
use kernel::{
    Calendar, FormKey, Money, ProjectId, Rate,
    db::Act,
    jobs::{self, Job, JobError},
};
use payments::{NewRefund, RefundReason, RefundSource, RefundWay};
use projects::{DraftStatement, FundingState};
use serde::{Deserialize, Serialize};

/// Close the collection of a project when no charge is left.
#[derive(Debug, Serialize, Deserialize)]
pub struct FinishCollection {
    pub project: ProjectId,
}

impl Job for FinishCollection {
    const KIND: &'static str = "project.finish_collection";

    fn key(&self) -> Option<String> {
        Some(self.project.to_string())
    }
}

/// Refund everybody who paid for a project of which too little was collected.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReturnCollected {
    pub project: ProjectId,
}

impl Job for ReturnCollected {
    const KIND: &'static str = "project.return_collected";

    fn key(&self) -> Option<String> {
        Some(self.project.to_string())
    }
}

/// How many refunds are opened in one transaction.
const BATCH: i64 = 100;
/// A payment that its payer's bank disputes is looked at again after so long.
const DISPUTED_AGAIN: TimeDelta = TimeDelta::hours(12);
/// Statements are written at this hour of a Korean morning.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(10, 0, 0).expect("ten o'clock is a time");

/// Ends the collection of a project whose last charge is settled.
///
/// Invariant: a project is funded if what the ledger has collected and kept for it is at least the part of
/// the goal that its creator chose, and unfunded if it is less; then a job refunds everybody.
pub async fn finish_collection(means: &Means, project: ProjectId) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::system("the last charge is settled"), now).await?;
    let known = projects::store::locked(&mut tx, project).await?;
    ledger::hold_chain(&mut tx, project.into()).await?;
    if known.state != FundingState::Collecting || store::any_due(&mut tx, project).await? {
        return Ok(());
    }
    let terms = projects::store::terms_of(&mut tx, project).await?;
    let money = ledger::project_money(&mut tx, project, known.currency).await?;
    let enough = match (terms.collected_share, known.goal) {
        (Some(share), Some(goal)) => is_enough(money.kept(), goal, share),
        _ => true,
    };
    let outcome = if enough { FundingState::Funded } else { FundingState::Unfunded };
    projects::store::move_state(&mut tx, project, FundingState::Collecting, outcome, now).await?;
    if enough {
        let wait = terms.plan.as_ref().map_or(0, |plan| plan.early_days);
        let calendar = payments::calendar(&mut tx).await?;
        let day = calendar.nth_after(Calendar::day_of(now), u32::try_from(wait).unwrap_or_default());
        let first = Calendar::at(day, MORNING).max(now);
        jobs::enqueue(&mut tx, &DraftStatement { project, round: 1 }, first).await?;
    } else {
        jobs::enqueue(&mut tx, &ReturnCollected { project }, now).await?;
        let told = mail::too_little_for_creator(&mut tx, &means.site, project).await?;
        tell(&mut tx, &means.site, told, now).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    tracing::info!(project.id = %project, enough, "The collection of project {project} ended");
    Ok(())
}

/// Whether what was kept is at least a part of the goal. Nothing is rounded.
fn is_enough(kept: Money, goal: Money, share: Rate) -> bool {
    i128::from(kept.minor()) * i128::from(Rate::WHOLE.bp())
        >= i128::from(goal.minor()) * i128::from(share.bp())
}

/// Opens a refund of all that is left of every payment, a batch at a time. It can be ended at any point and
/// run again, also twice at once.
///
/// Invariant: of each payment one such refund is opened, for its key is the payment's; its backer is told once.
pub async fn return_collected(means: &Means, project: ProjectId) -> Result<(), JobError> {
    let db = &means.db;
    loop {
        let now = db.now();
        let mut tx = db.begin_at(Act::system("too little was collected"), now).await?;
        let (state, _) = projects::store::lock(&mut tx, project).await?;
        if state != FundingState::Unfunded {
            return Err(JobError::Fail(format!("project {project} is {state:?}, not unfunded")));
        }
        let batch = store::to_return(&mut tx, project, BATCH).await?;
        if batch.is_empty() {
            let disputed = store::any_disputed(&mut tx, project).await?;
            return if disputed {
                Err(JobError::Wait(DISPUTED_AGAIN, "a payment is disputed"))
            } else {
                Ok(())
            };
        }
        for pledge in batch {
            store::lock(&mut tx, pledge).await?;
            let Some(left) = store::lock_left(&mut tx, pledge).await? else { continue };
            let refund = NewRefund {
                source: RefundSource::Payment(left.payment),
                key: FormKey::from_uuid(left.payment.uuid()),
                amount: left.amount,
                way: if left.by_gateway { RefundWay::Gateway } else { RefundWay::Transfer },
                account: None,
                reason: RefundReason::TooLittleCollected,
                note: "",
                by: None,
                at: now,
            };
            payments::open_refund(&mut tx, &refund).await?;
            let to = mail::addressee(&mut tx, pledge).await?;
            tell(&mut tx, &means.site, mail::too_little(&means.site, &to), now).await?;
        }
        tx.commit().await?;
        db.notify.jobs();
        db.notify.project(project);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_the_goal_is_compared_to_the_won() {
        let enough =
            |kept, goal, bp| is_enough(Money::won(kept), Money::won(goal), Rate::try_from(bp).unwrap());
        assert!(enough(800, 1000, 8000) && !enough(799, 1000, 8000));
        // A third of a won more than half is not reached by half.
        assert!(enough(501, 1001, 5000) && !enough(500, 1001, 5000));
        assert!(enough(0, 1000, 0) && !enough(-1, 1000, 1));
        assert!(enough(i64::MAX, i64::MAX, 10_000) && !enough(i64::MAX - 1, i64::MAX, 10_000));
    }
}
