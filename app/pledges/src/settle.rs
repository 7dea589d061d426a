//! What became of an attempt: asked of the gateway, booked once. Return page, webhook, poller and the
//! call's own answer all end here.

use crate::{Means, PledgeError, PledgeState, goal, mail, release, runs, store};
use accounts::notifications::tell;
use chrono::{DateTime, TimeDelta, Utc};
use deposits::expected;
use kernel::{
    GatewayEventId, PaymentAttemptId, PledgeId, ProjectId,
    db::Act,
    jobs::{self, JobError},
};
use payments::{
    Attempt, AttemptKind, DeclineClass, Payment, StoredMethod, Told,
    events::{self, EventOutcome},
};
use projects::FundingState;
use sqlx::PgConnection;

/// After so long a gateway that has never heard of a key will not hear of it any more: our calls
/// end after ten seconds, and the rest is for clocks and queues between.
const IN_FLIGHT: TimeDelta = TimeDelta::minutes(5);
/// How long somebody may stay at the gateway's page.
const VISIT_LASTS: TimeDelta = TimeDelta::minutes(30);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Booked now.
    Booked,
    /// It had its outcome already.
    Before,
    NotYet,
}

/// Asks the gateway what became of an attempt, and books it. Nobody is believed but the gateway's own
/// answer to a question of ours: who calls this knows a name, no more.
pub async fn settle(means: &Means, id: PaymentAttemptId, now: DateTime<Utc>) -> Result<Settled, PledgeError> {
    let attempt = payments::get_attempt(&mut *means.db.pool.acquire().await?, id).await?;
    let attempt = attempt.ok_or(kernel::Refusal::NotFound)?;
    if !attempt.open {
        return Ok(Settled::Before);
    }
    let gateway = means.till.gateway(&attempt.gateway)?;
    let age = now - attempt.created_at;
    let told = match gateway.ask(&attempt.ask()).await? {
        Told::Unheard if age >= IN_FLIGHT => gateway.abandon(&attempt.ask()).await?,
        Told::Open if attempt.kind != AttemptKind::Charge && age >= VISIT_LASTS => {
            gateway.abandon(&attempt.ask()).await?
        }
        told => told,
    };
    book(means, &attempt, &told, now).await
}

/// Makes sure that an attempt ends, and books what it had become.
pub(crate) async fn abandon(means: &Means, attempt: &Attempt) -> Result<Settled, PledgeError> {
    let told = means.till.gateway(&attempt.gateway)?.abandon(&attempt.ask()).await?;
    book(means, attempt, &told, means.db.now()).await
}

/// The poller: asks about a visit until it is settled, ever more seldom.
pub async fn poll(means: &Means, id: PaymentAttemptId) -> Result<(), JobError> {
    let now = means.db.now();
    match settle(means, id, now).await? {
        Settled::Booked | Settled::Before => Ok(()),
        Settled::NotYet => {
            let attempt = payments::get_attempt(&mut *means.db.pool.acquire().await?, id).await?;
            let age = attempt.map_or(TimeDelta::zero(), |attempt| now - attempt.created_at);
            let gap = (age / 2).clamp(TimeDelta::seconds(10), TimeDelta::minutes(10));
            Err(JobError::Wait(gap, "the gateway has no outcome yet"))
        }
    }
}

/// Books what a gateway said of an attempt: attempt, payment, pledge, ledger, mail and what comes next in
/// one transaction. Whoever comes second changes nothing.
///
/// Invariants: a pledge is reserved only with a stored card, while its project is live and before the
/// deadline; it is collected only with an entry in the ledger, of exactly its amount.
pub(crate) async fn book(
    means: &Means,
    attempt: &Attempt,
    told: &Told,
    now: DateTime<Utc>,
) -> Result<Settled, PledgeError> {
    match (told, attempt.kind) {
        (Told::Unheard | Told::Open, _) => return Ok(Settled::NotYet),
        (_, AttemptKind::Refund | AttemptKind::IssueAccount)
        | (Told::Refunded { .. }, _)
        | (Told::Stored(_), AttemptKind::Charge | AttemptKind::Pay)
        | (Told::Charged { .. }, AttemptKind::StoreCard) => {
            tracing::error!(attempt.id = %attempt.id, "The gateway tells of a {:?} what cannot be", attempt.kind);
            return Err(PledgeError::GatewayAway);
        }
        _ => {}
    }
    let db = &means.db;
    let id = attempt.pledge;
    let mut tx = db.begin_at(Act::system("the gateway told what became of it"), now).await?;
    let (_, project) = store::peek(&mut tx, id).await?;
    // The project first, then its book, then the pledge: the order in which everything locks.
    let open = match attempt.kind {
        AttemptKind::StoreCard => {
            let (state, deadline) = projects::store::lock(&mut tx, project).await?;
            state == FundingState::Live && deadline.is_some_and(|deadline| now < deadline)
        }
        AttemptKind::Charge | AttemptKind::Pay => {
            // One at a time for a project, so that the last charge sees that it is the last.
            ledger::hold_chain(&mut tx, project.into()).await?;
            false
        }
        AttemptKind::Refund | AttemptKind::IssueAccount => false,
    };
    let (state, _) = store::lock(&mut tx, id).await?;
    let payment = payments::lock(&mut tx, id).await?;
    let mut booking = Booking { means, tx: &mut tx, attempt, id, project, state, payment: &payment, now };
    let booked = match told {
        Told::Unheard | Told::Open | Told::Refunded { .. } => Booked::Not,
        Told::Closed => booking.closed().await?,
        Told::Stored(method) => booking.stored(method, open).await?,
        Told::Charged { gateway_ref, amount } => booking.charged(gateway_ref, *amount).await?,
        Told::Declined { code, class } => booking.declined(code, *class).await?,
    };
    if booked == Booked::Not {
        return Ok(Settled::Before);
    }
    if attempt.kind != AttemptKind::Charge {
        payments::asked_enough(&mut tx, attempt.id).await?;
    }
    if booked == Booked::Dropped {
        // Rewards are locked last, as everywhere.
        store::return_stock(&mut tx, &[id]).await?;
    }
    tx.commit().await?;
    if booked == Booked::Secured {
        // Of pledges at one instant only the last to commit sees the sum of all.
        goal::note_reached(db, project, now).await?;
    }
    db.notify.jobs();
    db.notify.project(project);
    Ok(Settled::Booked)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Booked {
    /// Another writer was first.
    Not,
    Yes,
    /// The pledge stands in the raised sum now.
    Secured,
    /// The pledge is over and gives back its pieces.
    Dropped,
}

/// A booking under way; everything that it touches is locked.
struct Booking<'a> {
    means: &'a Means,
    tx: &'a mut PgConnection,
    attempt: &'a Attempt,
    id: PledgeId,
    project: ProjectId,
    state: PledgeState,
    payment: &'a Payment,
    now: DateTime<Utc>,
}

impl Booking<'_> {
    /// It did not happen and never will: whoever wanted it may begin anew.
    async fn closed(&mut self) -> Result<Booked, PledgeError> {
        let code = if self.attempt.kind == AttemptKind::Charge { "never_arrived" } else { "page_closed" };
        let class = DeclineClass::Abandoned;
        let first = payments::record_declined(self.tx, self.attempt.id, code, class, self.now).await?;
        Ok(if first { Booked::Yes } else { Booked::Not })
    }

    async fn stored(&mut self, method: &StoredMethod, open: bool) -> Result<Booked, PledgeError> {
        let transfer_stands =
            self.state == PledgeState::AwaitingDeposit && (!open || self.has_money().await?);
        let (tx, now) = (&mut *self.tx, self.now);
        if !payments::record_succeeded(tx, self.attempt.id, &method.gateway_ref, now).await? {
            return Ok(Booked::Not);
        }
        match self.state {
            PledgeState::Held => {
                payments::store_method(tx, self.payment, &self.attempt.gateway, method, now).await?;
                if !open {
                    release::end(tx, self.id, release::End::Missed, now).await?;
                    return Ok(Booked::Yes);
                }
                store::move_state(tx, self.id, "reserved").await?;
                let site = &self.means.site;
                let to = mail::addressee(tx, self.id).await?;
                tell(tx, site, mail::reserved(site, &to), now).await?;
                let backer = mail::new_backer(tx, site, self.project, &to).await?;
                tell(tx, site, backer, now).await?;
                Ok(Booked::Secured)
            }
            // A card takes the place of a transfer, unless money for it has come in.
            PledgeState::AwaitingDeposit if !transfer_stands => {
                let tx = &mut *self.tx;
                expected::end(tx, self.payment.id).await?;
                payments::store_method(tx, self.payment, &self.attempt.gateway, method, now).await?;
                store::move_state(tx, self.id, "reserved").await?;
                let to = mail::addressee(tx, self.id).await?;
                tell(tx, &self.means.site, mail::reserved(&self.means.site, &to), now).await?;
                Ok(Booked::Secured)
            }
            PledgeState::Due | PledgeState::RetryWait | PledgeState::ActionNeeded => {
                let tx = &mut *self.tx;
                let old =
                    payments::replace_method(tx, self.payment, &self.attempt.gateway, method, now).await?;
                if let Some(old) = old {
                    release::forget(tx, old, now).await?;
                }
                jobs::enqueue(tx, &runs::ChargePledge::with_new_card(self.id, self.attempt), now).await?;
                Ok(Booked::Yes)
            }
            // It came too late: the pledge is over, and so is the card.
            _ => {
                let tx = &mut *self.tx;
                let unused =
                    payments::add_method(tx, self.payment, &self.attempt.gateway, method, now).await?;
                release::forget(tx, unused, now).await?;
                Ok(Booked::Yes)
            }
        }
    }

    /// Whether a part of the transfer came in.
    async fn has_money(&mut self) -> sqlx::Result<bool> {
        let deposit = expected::of_payment(self.tx, self.payment.id).await?;
        Ok(deposit.is_some_and(|deposit| deposit.matched.minor() > 0))
    }

    async fn charged(&mut self, gateway_ref: &str, amount: kernel::Money) -> Result<Booked, PledgeError> {
        let (tx, now) = (&mut *self.tx, self.now);
        if amount != self.payment.amount {
            // Whatever a gateway did, we book only what we asked for: people must look.
            let (ours, theirs) = (self.payment.amount, amount);
            tracing::error!(attempt.id = %self.attempt.id, ?ours, ?theirs, "A charge has another amount than was asked for");
            // In a transaction of its own: this one is given up.
            let found = payments::reconcile::Difference::of_charge(gateway_ref, ours, theirs);
            payments::note_difference(&self.means.db.pool, &self.attempt.gateway, &found, now).await?;
            return Err(PledgeError::GatewayAway);
        }
        if !payments::record_succeeded(tx, self.attempt.id, gateway_ref, now).await? {
            return Ok(Booked::Not);
        }
        payments::collect(tx, self.payment, self.attempt, now).await?;
        store::move_state(tx, self.id, "collected").await?;
        let to = mail::addressee(tx, self.id).await?;
        tell(tx, &self.means.site, mail::collected(&self.means.site, &to), now).await?;
        runs::finish_if_last(tx, self.project, now).await?;
        metrics::counter!("dure_charges_total", "outcome" => "paid").increment(1);
        Ok(Booked::Yes)
    }

    async fn declined(&mut self, code: &str, class: DeclineClass) -> Result<Booked, PledgeError> {
        if !payments::record_declined(self.tx, self.attempt.id, code, class, self.now).await? {
            return Ok(Booked::Not);
        }
        metrics::counter!("dure_charges_total", "outcome" => class.code()).increment(1);
        match class {
            // No fault of the backer's: nothing moves, and the run tries again.
            DeclineClass::Ours | DeclineClass::Abandoned => Ok(Booked::Yes),
            // Whoever stands at the gateway's page sees it there.
            _ if self.attempt.kind == AttemptKind::Pay => Ok(Booked::Yes),
            _ => {
                let refused =
                    runs::Refused { pledge: self.id, project: self.project, attempt: self.attempt, class };
                let dropped = runs::refused(self.means, self.tx, refused, self.now).await?;
                Ok(if dropped { Booked::Dropped } else { Booked::Yes })
            }
        }
    }
}

/// Their person is back from the gateway's page: asks what became of the visit. No answer is no disaster:
/// the pledge stands as it stood, and the poller asks again.
pub async fn returned(means: &Means, id: PledgeId, now: DateTime<Utc>) -> Result<Settled, PledgeError> {
    let mut connection = means.db.pool.acquire().await?;
    let payment = payments::of_pledge(&mut connection, id).await?;
    let visits = [AttemptKind::StoreCard, AttemptKind::Pay];
    let visit = payments::open_attempt(&mut connection, payment.id, &visits).await?;
    drop(connection);
    match visit {
        Some(visit) => settle(means, visit.id, now).await,
        None => Ok(Settled::Before),
    }
}

/// A gateway has reported something: whatever it says, the gateway is asked.
pub async fn settle_reported(means: &Means, event: GatewayEventId) -> Result<(), JobError> {
    let db = &means.db;
    let attempt = events::named_by(&mut *db.pool.acquire().await?, event).await?;
    let outcome = match attempt {
        None => EventOutcome::Unknown,
        Some(attempt) => match settle(means, attempt, db.now()).await? {
            Settled::Booked => EventOutcome::Settled,
            Settled::Before | Settled::NotYet => EventOutcome::Idle,
        },
    };
    events::note_outcome(&mut *db.pool.acquire().await?, event, attempt, outcome, db.now()).await?;
    Ok(())
}
