//! Ending pledges that will not be charged: stock comes back, cards are removed, people are told.

use crate::{Means, PledgeError, PledgeState, mail, settle, store};
use accounts::notifications::tell;
use chrono::{DateTime, Utc};
use deposits::expected;
use kernel::{
    FormKey, Money, PaymentId, PaymentMethodId, PledgeId, ProjectId,
    db::Act,
    jobs::{self, Job, JobError},
};
use payments::{AttemptKind, NewRefund, PaymentState, RefundReason, RefundSource, RefundWay};
use projects::FundingState;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// Remove a card at the gateway that will not be charged.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetCard {
    pub payment: PaymentId,
}

impl Job for ForgetCard {
    const KIND: &'static str = "pledge.forget_card";

    fn key(&self) -> Option<String> {
        Some(self.payment.to_string())
    }
}

/// Remove a method at its gateway that has no use any more.
#[derive(Debug, Serialize, Deserialize)]
pub struct ForgetMethod {
    pub method: PaymentMethodId,
}

impl Job for ForgetMethod {
    const KIND: &'static str = "pledge.forget_method";

    fn key(&self) -> Option<String> {
        Some(self.method.to_string())
    }
}

/// Has a method removed at its gateway.
pub(crate) async fn forget(
    db: &mut PgConnection,
    method: PaymentMethodId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    jobs::enqueue(db, &ForgetMethod { method }, now).await
}

/// How many pledges are released in one transaction.
const BATCH: i64 = 100;

/// How a pledge ends without being collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// By its backer.
    Canceled,
    /// No card, or no transfer, came in time.
    Expired,
    /// The project missed its goal, or the card came too late for it.
    Missed,
    /// The project was stopped.
    Stopped,
}

impl End {
    const fn state(self) -> &'static str {
        match self {
            Self::Canceled => "canceled",
            Self::Expired => "expired",
            Self::Missed | Self::Stopped => "voided",
        }
    }

    const fn reason(self) -> RefundReason {
        match self {
            Self::Canceled => RefundReason::BackerCanceled,
            // A part came in time, the rest did not.
            Self::Expired => RefundReason::LateDeposit,
            Self::Missed => RefundReason::Unfunded,
            Self::Stopped => RefundReason::Stopped,
        }
    }
}

/// Ends a pledge that the caller has locked.
///
/// Invariant: stock and payment are released in the same transaction as the pledge, and what came in by
/// transfer is set apart to go back.
pub(crate) async fn end(
    db: &mut PgConnection,
    id: PledgeId,
    to: End,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    end_keeping_stock(&mut *db, id, to, now).await?;
    store::return_stock(db, &[id]).await?;
    Ok(())
}

/// As [`end`], for callers that move the stock after everything else: rewards are locked last.
pub(crate) async fn end_keeping_stock(
    db: &mut PgConnection,
    id: PledgeId,
    to: End,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    store::move_state(&mut *db, id, to.state()).await?;
    let payment = payments::lock(&mut *db, id).await?;
    let arrived = match payment.state {
        PaymentState::Awaiting | PaymentState::Received => call_off(&mut *db, &payment, to).await?,
        _ => Money::zero(payment.amount.currency()),
    };
    payments::void(&mut *db, payment.id, arrived.minor()).await?;
    if arrived.minor() > 0 {
        let back = NewRefund {
            source: RefundSource::Payment(payment.id),
            key: FormKey::new(),
            amount: arrived,
            way: RefundWay::Transfer,
            account: None,
            reason: to.reason(),
            note: "",
            by: None,
            at: now,
        };
        payments::open_refund(&mut *db, &back).await?;
    }
    jobs::enqueue(db, &ForgetCard { payment: payment.id }, now).await?;
    Ok(())
}

/// Waits for no transfer any more; tells what came in.
async fn call_off(db: &mut PgConnection, payment: &payments::Payment, to: End) -> sqlx::Result<Money> {
    let deposit = expected::of_payment(&mut *db, payment.id).await?;
    match (to, &deposit) {
        (End::Expired, Some(deposit)) => {
            expected::mark_expired(db, deposit.id).await?;
        }
        _ => expected::end(db, payment.id).await?,
    }
    Ok(deposit.map_or(Money::zero(payment.amount.currency()), |deposit| deposit.matched))
}

/// Releases the pledges of a project that was stopped or missed its goal. Can be run again at
/// any point: what is released stays so.
pub async fn release(means: &Means, project: ProjectId) -> Result<(), JobError> {
    let db = &means.db;
    loop {
        let now = db.now();
        let mut tx = db.begin(Act::system("the project did not happen")).await?;
        let (state, _) = projects::store::lock(&mut tx, project).await?;
        let stopped = state == FundingState::Canceled;
        if !stopped && state != FundingState::Unfunded {
            return Err(JobError::Fail(format!("project {project} is {state:?}, not over")));
        }
        let mut pledges = Vec::new();
        for state in ["reserved", "held", "awaiting_deposit", "deposited"] {
            pledges.extend(store::in_state(&mut tx, project, state, BATCH).await?);
        }
        if pledges.is_empty() {
            return Ok(());
        }
        let mut ended = Vec::with_capacity(pledges.len());
        for id in pledges {
            let (state, _) = store::lock(&mut tx, id).await?;
            if !state.waits_for_deadline() {
                continue;
            }
            let end = if stopped { End::Stopped } else { End::Missed };
            end_keeping_stock(&mut tx, id, end, now).await?;
            ended.push(id);
            if state != PledgeState::Held {
                let to = mail::addressee(&mut tx, id).await?;
                tell(&mut tx, &means.site, mail::voided(&means.site, &to, stopped), now).await?;
            }
        }
        store::return_stock(&mut tx, &ended).await?;
        tx.commit().await?;
        db.notify.jobs();
        db.notify.project(project);
    }
}

/// Closes what a payment that is over has open at a gateway, and removes its stored card.
pub async fn forget_card(means: &Means, payment: PaymentId) -> Result<(), JobError> {
    let db = &means.db;
    let mut connection = db.pool.acquire().await?;
    let page = payments::open_attempt(&mut connection, payment, &[AttemptKind::StoreCard]).await?;
    let card = payments::method_to_forget(&mut connection, payment).await?;
    drop(connection);
    if let Some(page) = page {
        // A card that was stored in the moment in which the pledge ended is removed by who books it.
        settle::abandon(means, &page).await?;
    }
    match card {
        Some(card) => forget_method(means, card).await,
        None => Ok(()),
    }
}

/// Removes a method at its gateway. Doing it again changes nothing.
pub async fn forget_method(means: &Means, method: PaymentMethodId) -> Result<(), JobError> {
    let db = &means.db;
    let Some((gateway, name)) = payments::kept_at(&mut *db.pool.acquire().await?, method).await? else {
        return Ok(());
    };
    let away = |error: payments::GatewayError| JobError::Retry(error.to_string());
    means.till.gateway(&gateway).map_err(away)?.forget(&name).await.map_err(away)?;
    payments::note_forgotten(&mut *db.pool.acquire().await?, method, db.now()).await?;
    Ok(())
}
