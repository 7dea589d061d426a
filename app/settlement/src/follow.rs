//! A payout and the books follow its transfer, whoever moves that: a trigger of `transfers` enqueues the job.

use crate::{PayoutState, mail, store};
use accounts::notifications::tell;
use kernel::{
    TransferId,
    db::Act,
    jobs::{Job, JobError},
};
use ledger::Event;
use pledges::Means;
use serde::{Deserialize, Serialize};

/// The transfer of a payout was sent, is done, or failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FollowTransfer {
    pub transfer: TransferId,
    pub state: String,
}

impl Job for FollowTransfer {
    const KIND: &'static str = "payout.follow";

    fn key(&self) -> Option<String> {
        Some(format!("{}:{}", self.transfer, self.state))
    }
}

/// Books what a transfer has become.
///
/// Invariants: what left is booked once, and once more if it came back; the jobs of one transfer may come in any
/// order, and twice.
pub async fn follow(means: &Means, job: FollowTransfer) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::system("its transfer told what became of it"), now).await?;
    let Some(transfer) = store::transfer(&mut tx, job.transfer).await? else {
        return Err(JobError::Fail(format!("transfer {} is of no payout", job.transfer)));
    };
    let known = store::by_id(&mut tx, transfer.payout).await?;
    let project = known.ok_or_else(|| JobError::Fail("the payout is gone".to_owned()))?.project;
    ledger::hold_chain(&mut tx, project.into()).await?;
    let Some(payout) = store::lock(&mut tx, transfer.payout).await? else { return Ok(()) };
    let (reference, amount) = (job.transfer.uuid(), transfer.amount);
    let left = store::was_sent(&mut tx, job.transfer).await?;
    if left && !store::is_booked(&mut tx, "payout_sent", reference).await? {
        ledger::post(&mut tx, Event::PayoutSent { project, transfer: job.transfer, amount }, now).await?;
    }
    // As it stands now: an old job says nothing of a transfer that came after.
    let now_is = if transfer.is_last { transfer.state.as_str() } else { "" };
    if now_is == "done" {
        if store::move_state(&mut tx, payout.id, PayoutState::Paying, PayoutState::Paid).await? {
            let told = mail::paid(&mut tx, &means.site, &payout).await?;
            tell(&mut tx, &means.site, told, now).await?;
        }
    } else if transfer.state == "failed" {
        if left && !store::is_booked(&mut tx, "payout_returned", reference).await? {
            let back =
                Event::PayoutReturned { project, transfer: job.transfer, left: transfer.on_a_line, amount };
            ledger::post(&mut tx, back, now).await?;
        }
        let moved = transfer.is_last
            && matches!(payout.state, PayoutState::Paying | PayoutState::Paid)
            && store::move_state(&mut tx, payout.id, payout.state, PayoutState::Failed).await?;
        if moved {
            let told = mail::failed(&mut tx, &means.site, &payout, job.transfer).await?;
            tell(&mut tx, &means.site, told, now).await?;
        }
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    Ok(())
}
