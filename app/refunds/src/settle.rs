//! What became of a refund at a gateway: asked, and booked once. Report, asker and the call's own answer all end here.

use crate::{AskRefund, Refund, RefundAttempt, RefundError, RefundState, mail, send, store};
use accounts::notifications::tell;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    GatewayEventId, Money, PaymentAttemptId, PledgeId, ProjectId,
    db::Act,
    jobs::{self, JobError},
};
use ledger::{Account, Event, Source, Way};
use payments::{
    DeclineClass, Told,
    events::{self, EventOutcome},
};
use pledges::{Means, PledgeState};
use sqlx::PgConnection;

/// When a gateway is asked once more about a refund that succeeded.
const LOOKED_AT_AGAIN: TimeDelta = TimeDelta::days(7);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Booked now.
    Booked,
    /// It had its outcome already.
    Before,
    NotYet,
}

/// Asks the gateway what became of an attempt, and books it. One of which the gateway never heard is told again,
/// under the same key: so it happens once, whenever the first call arrives.
pub async fn settle(means: &Means, id: PaymentAttemptId, now: DateTime<Utc>) -> Result<Settled, RefundError> {
    let attempt = store::attempt(&mut *means.db.pool.acquire().await?, id).await?;
    let attempt = attempt.ok_or(kernel::Refusal::NotFound)?;
    if !attempt.is_open() && attempt.state != "succeeded" {
        return Ok(Settled::Before);
    }
    let told = means.till.gateway(&attempt.gateway)?.ask(&attempt.ask()).await?;
    if told == Told::Unheard && attempt.is_open() {
        return send(means, &attempt).await;
    }
    book(means, &attempt, &told, now).await
}

/// Tells the gateway to give back, and books its answer. No answer leaves the attempt `unknown`: it is asked about.
pub(crate) async fn send(means: &Means, attempt: &RefundAttempt) -> Result<Settled, RefundError> {
    let answer = match means.till.gateway(&attempt.gateway) {
        Ok(gateway) => gateway.give_back(&attempt.give_back()).await,
        Err(error) => Err(error),
    };
    let told = match answer {
        Ok(told) => told,
        Err(error) if send::never_happened(&error) => {
            tracing::error!(attempt.id = %attempt.id, %error, "A gateway refuses what we ask: {error}");
            Told::Declined { code: "refused".to_owned(), class: DeclineClass::Ours }
        }
        Err(error) => {
            tracing::warn!(attempt.id = %attempt.id, %error, "A refund has no answer; it will be asked about");
            let mut tx = means.db.begin(Act::system("the gateway gave no answer")).await?;
            payments::mark_unknown(&mut tx, attempt.id).await?;
            tx.commit().await?;
            return Ok(Settled::NotYet);
        }
    };
    book(means, attempt, &told, means.db.now()).await
}

/// The asker: asks until the outcome is known, ever more seldom; once more days later.
pub async fn ask(means: &Means, job: AskRefund) -> Result<(), JobError> {
    let now = means.db.now();
    match settle(means, job.attempt, now).await? {
        Settled::Booked | Settled::Before => Ok(()),
        Settled::NotYet => {
            let attempt = store::attempt(&mut *means.db.pool.acquire().await?, job.attempt).await?;
            let age = attempt.map_or(TimeDelta::zero(), |attempt| now - attempt.created_at);
            let gap = (age / 2).clamp(TimeDelta::seconds(10), TimeDelta::minutes(10));
            Err(JobError::Wait(gap, "the gateway has no outcome yet"))
        }
    }
}

/// A gateway has reported something about a refund: whatever it says, the gateway is asked.
pub async fn refund_reported(
    means: &Means,
    event: GatewayEventId,
    attempt: PaymentAttemptId,
) -> Result<(), JobError> {
    let db = &means.db;
    let outcome = match settle(means, attempt, db.now()).await? {
        Settled::Booked => EventOutcome::Settled,
        Settled::Before | Settled::NotYet => EventOutcome::Idle,
    };
    events::note_outcome(&mut *db.pool.acquire().await?, event, Some(attempt), outcome, db.now()).await?;
    Ok(())
}

/// Books what a gateway said: attempt, refund, pledge, ledger, mail and what comes next in one transaction. Whoever
/// comes second changes nothing.
async fn book(
    means: &Means,
    attempt: &RefundAttempt,
    told: &Told,
    now: DateTime<Utc>,
) -> Result<Settled, RefundError> {
    match told {
        Told::Unheard | Told::Open => {
            return Ok(if attempt.is_open() { Settled::NotYet } else { Settled::Before });
        }
        Told::Refunded { amount, .. } if *amount == attempt.amount => {}
        Told::Declined { .. } => {}
        other => {
            tracing::error!(attempt.id = %attempt.id, ?other, "The gateway tells of a refund what cannot be");
            return Err(RefundError::GatewayAway);
        }
    }
    let db = &means.db;
    let mut tx = db.begin_at(Act::system("the gateway told what became of the refund"), now).await?;
    let (pledge, project) = store::pledge_of(&mut tx, attempt.refund).await?;
    // One at a time for a project: what is left in escrow decides who owes.
    ledger::hold_chain(&mut tx, project.into()).await?;
    let (state, _) = pledges::store::lock(&mut tx, pledge).await?;
    let refund = store::lock(&mut tx, attempt.refund).await?.ok_or(kernel::Refusal::NotFound)?;
    let of = Of { means, attempt, refund: &refund, pledge, project, state, now };
    let booked = match told {
        Told::Refunded { gateway_ref, .. } => of.went(&mut tx, gateway_ref).await?,
        Told::Declined { code, class } if attempt.is_open() => of.refused(&mut tx, code, *class).await?,
        Told::Declined { .. } => of.came_back(&mut tx).await?,
        _ => false,
    };
    if !booked {
        return Ok(Settled::Before);
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    Ok(Settled::Booked)
}

/// A booking under way; everything that it touches is locked.
struct Of<'a> {
    means: &'a Means,
    attempt: &'a RefundAttempt,
    refund: &'a Refund,
    pledge: PledgeId,
    project: ProjectId,
    state: PledgeState,
    now: DateTime<Utc>,
}

impl Of<'_> {
    async fn went(&self, tx: &mut PgConnection, gateway_ref: &str) -> Result<bool, RefundError> {
        if !payments::record_succeeded(tx, self.attempt.id, gateway_ref, self.now).await? {
            return Ok(false);
        }
        let way = Way::Gateway(&self.attempt.gateway, self.attempt.id);
        sent(tx, self.refund, self.project, way, self.now).await?;
        let job = AskRefund { attempt: self.attempt.id, once_more: false };
        jobs::drop_waiting(tx, &job).await?;
        jobs::enqueue(tx, &AskRefund { once_more: true, ..job }, self.now + LOOKED_AT_AGAIN).await?;
        let to = mail::addressee(tx, self.pledge).await?;
        let told = mail::refunded(&self.means.site, &to, self.refund, &self.attempt.id.to_string());
        tell(tx, &self.means.site, told, self.now).await?;
        finish_pledge(tx, self.pledge, self.state).await?;
        metrics::counter!("dure_refunds_total", "outcome" => "sent").increment(1);
        Ok(true)
    }

    async fn refused(
        &self,
        tx: &mut PgConnection,
        code: &str,
        class: DeclineClass,
    ) -> Result<bool, RefundError> {
        if !payments::record_declined(tx, self.attempt.id, code, class, self.now).await? {
            return Ok(false);
        }
        store::move_state(tx, self.refund.id, RefundState::Failed).await?;
        jobs::drop_waiting(tx, &AskRefund { attempt: self.attempt.id, once_more: false }).await?;
        if class != DeclineClass::Final {
            send::again_tomorrow(tx, self.refund.id, self.refund.tries, self.now).await?;
        }
        metrics::counter!("dure_refunds_total", "outcome" => "refused").increment(1);
        Ok(true)
    }

    /// It succeeded, and the payer's bank sent it back.
    async fn came_back(&self, tx: &mut PgConnection) -> Result<bool, RefundError> {
        if !store::reverse_attempt(tx, self.attempt.id, self.now).await? {
            return Ok(false);
        }
        let way = Way::Gateway(&self.attempt.gateway, self.attempt.id);
        returned(tx, self.refund, self.project, way, self.now).await?;
        jobs::drop_waiting(tx, &AskRefund { attempt: self.attempt.id, once_more: true }).await?;
        let to = mail::addressee(tx, self.pledge).await?;
        let told = mail::came_back(&self.means.site, &to, self.refund, &self.attempt.id.to_string());
        tell(tx, &self.means.site, told, self.now).await?;
        metrics::counter!("dure_refunds_total", "outcome" => "came_back").increment(1);
        Ok(true)
    }
}

/// Books that the money of a refund left, and moves it. The caller holds the project's chain and the refund.
///
/// Invariant: the escrow of a project is never overdrawn: what is no longer there, its creator owes.
pub(crate) async fn sent(
    db: &mut PgConnection,
    refund: &Refund,
    project: ProjectId,
    way: Way<'_>,
    now: DateTime<Utc>,
) -> Result<(), RefundError> {
    let from = if store::is_collected(db, refund.source).await? {
        Source::Collected { owed: owed(db, project, refund.amount).await? }
    } else {
        Source::Deposits
    };
    ledger::post(db, Event::RefundSent { project, way, from, amount: refund.amount }, now).await?;
    let receivable = match from {
        Source::Collected { owed } => owed.minor(),
        Source::Deposits => 0,
    };
    store::succeeded(db, refund.id, receivable).await?;
    Ok(())
}

/// What of an amount is no longer in the project's escrow. The caller holds the chain.
pub(crate) async fn owed(db: &mut PgConnection, project: ProjectId, amount: Money) -> sqlx::Result<Money> {
    let there = -ledger::balance(db, project.into(), Account::ProjectEscrow).await?;
    Ok(Money::new((amount.minor() - there.max(0)).max(0), amount.currency()))
}

/// Of what the creator owed for something, as much as they still owe. The caller holds the chain.
pub(crate) async fn still_owed(
    db: &mut PgConnection,
    project: ProjectId,
    owed: Money,
) -> sqlx::Result<Money> {
    let owes = ledger::balance(db, project.into(), Account::Receivable).await?;
    Ok(Money::new(owed.minor().min(owes.max(0)), owed.currency()))
}

/// Books that the money of a refund is back with us, and moves it. The caller holds the project's chain.
pub(crate) async fn returned(
    db: &mut PgConnection,
    refund: &Refund,
    project: ProjectId,
    way: Way<'_>,
    now: DateTime<Utc>,
) -> Result<(), RefundError> {
    let from = if store::is_collected(db, refund.source).await? {
        Source::Collected { owed: still_owed(db, project, refund.receivable).await? }
    } else {
        Source::Deposits
    };
    ledger::post(db, Event::RefundReturned { project, way, from, amount: refund.amount }, now).await?;
    store::failed_after_all(db, refund.id).await?;
    Ok(())
}

/// A pledge of which everything went back is refunded, and gives back its pieces. The caller holds it.
pub(crate) async fn finish_pledge(
    db: &mut PgConnection,
    pledge: PledgeId,
    state: PledgeState,
) -> sqlx::Result<()> {
    if state == PledgeState::Collected && store::is_all_back(db, pledge).await? {
        pledges::store::move_state(db, pledge, "refunded").await?;
        // Rewards are locked last, as everywhere.
        pledges::store::return_stock(db, &[pledge]).await?;
    }
    Ok(())
}
