//! Ending pledges that will not be charged: stock comes back, cards are removed, people are told.

use crate::{Means, PledgeError, PledgeState, mail, store};
use accounts::notifications::tell;
use chrono::{DateTime, Utc};
use kernel::{
    PaymentId, PledgeId, ProjectId,
    db::Act,
    jobs::{self, Job, JobError},
};
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
    let payment = payments::lock(&mut *db, id.uuid()).await?;
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

/// Closes the card page and removes the stored card of a payment that was voided.
pub async fn forget_card(means: &Means, payment: PaymentId) -> Result<(), JobError> {
    let db = &means.db;
    let mut connection = db.pool.acquire().await?;
    let page = payments::open_attempt(&mut connection, payment, "store_card").await?;
    let mut card = payments::card_to_forget(&mut connection, payment).await?;
    drop(connection);
    let away = |error: payments::GatewayError| JobError::Retry(error.to_string());
    if let Some(page) = page {
        // A card may have been stored in the moment in which the pledge ended.
        if let payments::CardOutcome::Stored(stored) =
            means.gateway.close_card_page(page.id).await.map_err(away)?
        {
            card = Some(stored.gateway_ref);
        }
        let mut tx = db.begin(Act::system("the card page was closed")).await?;
        payments::record_page_closed(&mut tx, page.id, db.now()).await?;
        tx.commit().await?;
    }
    match card {
        Some(card) => means.gateway.forget_card(&card).await.map_err(away),
        None => Ok(()),
    }
}
