//! A refund on its way: through the gateway that took the money, or by a transfer of ours.

use crate::{AskRefund, RefundAttempt, RefundState, mail, settle, store, transfers};
use accounts::notifications::tell;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    RefundId,
    db::Act,
    jobs::{self, JobError},
};
use payments::{BeginRefund, GatewayError, RefundWay};
use pledges::Means;
use sqlx::PgConnection;

/// When a gateway is first asked about a refund by itself: after its call is over.
const FIRST_ASKED: TimeDelta = TimeDelta::seconds(30);
/// A refund that a gateway refuses is tried so often by itself; then an operator sees to it.
pub const MOST_TRIES: i32 = 3;
/// How long a refund waits while the payer's bank disputes its payment.
const WHILE_DISPUTED: TimeDelta = TimeDelta::hours(1);

enum Step {
    /// The row is written: call the gateway.
    Call(RefundAttempt),
    /// An earlier try has no outcome: ask about it.
    Ask(RefundAttempt),
    Wait,
    Done,
}

/// Brings a refund on its way. May be run at any point and again.
///
/// Invariant: when the gateway hears of a refund, the row of its attempt is committed; while one attempt has no
/// outcome there is no other.
pub async fn begin(means: &Means, job: BeginRefund) -> Result<(), JobError> {
    match next(means, job).await? {
        Step::Call(attempt) => {
            settle::send(means, &attempt).await?;
        }
        Step::Ask(attempt) => {
            // Without an outcome, the job that was written with the attempt asks again.
            settle::settle(means, attempt.id, means.db.now()).await?;
        }
        Step::Wait => return Err(JobError::Wait(WHILE_DISPUTED, "the payment is disputed")),
        Step::Done => {}
    }
    Ok(())
}

async fn next(means: &Means, job: BeginRefund) -> Result<Step, JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::system("the refund is sent"), now).await?;
    // What it is taken from before the refund itself, as everywhere.
    let Some(refund) = store::lock(&mut tx, job.refund).await? else {
        return Ok(Step::Done);
    };
    let step = match (refund.way, refund.state) {
        (RefundWay::Gateway, RefundState::Sending) => {
            store::open_attempt(&mut tx, refund.id).await?.map_or(Step::Done, Step::Ask)
        }
        (RefundWay::Gateway, RefundState::Ready | RefundState::Failed) if refund.tries == job.again => {
            if store::is_disputed(&mut tx, refund.source).await? {
                return Ok(Step::Wait);
            }
            if refund.state == RefundState::Failed {
                store::move_state(&mut tx, refund.id, RefundState::Ready).await?;
            }
            store::begin_try(&mut tx, refund.id).await?;
            let attempt = store::add_attempt(&mut tx, &refund, now).await?;
            jobs::enqueue(&mut tx, &AskRefund { attempt: attempt.id, once_more: false }, now + FIRST_ASKED)
                .await?;
            Step::Call(attempt)
        }
        (RefundWay::Transfer, RefundState::NeedsAccount) => {
            if let Some((pledge, _)) = refund.pledge {
                let to = mail::addressee(&mut tx, pledge).await?;
                tell(&mut tx, &means.site, mail::account_wanted(&means.site, &to, &refund), now).await?;
            }
            Step::Done
        }
        (RefundWay::Transfer, RefundState::Ready) if refund.tries == job.again => {
            transfers::begin(db, &mut tx, &refund, now).await?;
            Step::Done
        }
        _ => Step::Done,
    };
    tx.commit().await?;
    db.notify.jobs();
    Ok(step)
}

/// A refused refund is tried again by itself after a day, some times.
pub(crate) async fn again_tomorrow(
    db: &mut PgConnection,
    refund: RefundId,
    tries: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if tries < MOST_TRIES {
        jobs::enqueue(db, &BeginRefund { refund, again: tries }, now + TimeDelta::days(1)).await?;
    }
    Ok(())
}

/// What a gateway error means for a refund: nothing happened, or nobody knows.
pub(crate) fn never_happened(error: &GatewayError) -> bool {
    matches!(error, GatewayError::Ours(_) | GatewayError::NotAble)
}
