//! Ending pledges that will not be charged: stock comes back, cards are removed, people are told.

use crate::{Means, PledgeError, PledgeState, mail, settle, store};
use accounts::notifications::tell;
use chrono::{DateTime, Utc};
use kernel::{
    PaymentId, PaymentMethodId, PledgeId, ProjectId,
    db::Act,
    jobs::{self, Job, JobError},
};
use payments::AttemptKind;
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

/// Ends a pledge that the caller has locked, in `to` (canceled, expired or voided).
///
/// Invariant: stock and payment are released in the same transaction as the pledge.
pub(crate) async fn end(
    db: &mut PgConnection,
    id: PledgeId,
    to: &str,
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
    to: &str,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    store::move_state(&mut *db, id, to).await?;
    let payment = payments::lock(&mut *db, id).await?;
    payments::void(&mut *db, payment.id).await?;
    jobs::enqueue(db, &ForgetCard { payment: payment.id }, now).await?;
    Ok(())
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
        let mut pledges = store::in_state(&mut tx, project, "reserved", BATCH).await?;
        pledges.extend(store::in_state(&mut tx, project, "held", BATCH).await?);
        if pledges.is_empty() {
            return Ok(());
        }
        let mut ended = Vec::with_capacity(pledges.len());
        for id in pledges {
            let (state, _) = store::lock(&mut tx, id).await?;
            if !matches!(state, PledgeState::Reserved | PledgeState::Held) {
                continue;
            }
            end_keeping_stock(&mut tx, id, "voided", now).await?;
            ended.push(id);
            if state == PledgeState::Reserved {
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
