//! The jobs of this crate, of payments and of projects, for the worker. Money or stock hangs on each.

use crate::{
    ChargePledge, ExpireDeposit, ExpireHold, FinishCollection, ForgetCard, ForgetMethod, Means,
    RemindDeposit, ReturnCollected, TellGoal, TellTaken, charge, expire, expire_deposit, finish_collection,
    forget_card, forget_method, judge, poll, release, remind_deposit, return_collected, settle_reported,
    tell_goal, tell_taken,
};
use kernel::jobs::{Job, JobError, Taken};
use payments::{SettleAttempt, events::ReadEvent};
use projects::{JudgeDeadline, ReleasePledges};

/// Does a job of this crate; false if it is of another.
pub async fn run(means: &Means, job: &Taken) -> Result<bool, JobError> {
    match job.kind.as_str() {
        JudgeDeadline::KIND => judge(means, job.read::<JudgeDeadline>()?.project).await?,
        ReleasePledges::KIND => release(means, job.read::<ReleasePledges>()?.project).await?,
        ChargePledge::KIND => charge(means, job.read()?).await?,
        ExpireHold::KIND => expire(means, job.read::<ExpireHold>()?.pledge).await?,
        ForgetCard::KIND => forget_card(means, job.read::<ForgetCard>()?.payment).await?,
        ForgetMethod::KIND => forget_method(means, job.read::<ForgetMethod>()?.method).await?,
        FinishCollection::KIND => finish_collection(means, job.read::<FinishCollection>()?.project).await?,
        ReturnCollected::KIND => return_collected(means, job.read::<ReturnCollected>()?.project).await?,
        SettleAttempt::KIND => poll(means, job.read::<SettleAttempt>()?.attempt).await?,
        ReadEvent::KIND => settle_reported(means, job.read::<ReadEvent>()?.event).await?,
        ExpireDeposit::KIND => expire_deposit(means, job.read::<ExpireDeposit>()?.deposit).await?,
        RemindDeposit::KIND => remind_deposit(means, job.read::<RemindDeposit>()?.deposit).await?,
        TellTaken::KIND => tell_taken(means, job.read::<TellTaken>()?.project).await?,
        TellGoal::KIND => tell_goal(means, job.read::<TellGoal>()?.project).await?,
        _ => return Ok(false),
    }
    Ok(true)
}
