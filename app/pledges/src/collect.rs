//! Charging a due pledge, exactly once or not at all.

use crate::{Means, PledgeState, mail, store};
use accounts::notifications::tell;
use chrono::TimeDelta;
use kernel::{
    PaymentAttemptId, PledgeId, ProjectId,
    db::Act,
    jobs::{Job, JobError},
};
use payments::{Begun, ChargeOutcome, Payment};
use projects::FundingState;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// Charge a pledge of a funded project.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChargePledge {
    pub pledge: PledgeId,
}

impl Job for ChargePledge {
    const KIND: &'static str = "pledge.charge";

    fn key(&self) -> Option<String> {
        Some(self.pledge.to_string())
    }
}

/// After so long a gateway that has never heard of a key will not hear of it any more: our calls
/// end after ten seconds, and the rest is for clocks and queues between.
const IN_FLIGHT: TimeDelta = TimeDelta::minutes(5);

/// Charges a due pledge, or finds out what became of an earlier try.
///
/// Invariant: the gateway is asked to charge at most once for each attempt, with the attempt's row
/// committed before; an attempt without an outcome is asked about, never repeated.
pub async fn charge(means: &Means, id: PledgeId) -> Result<(), JobError> {
    let db = &means.db;
    let mut tx = db.begin(Act::system("the charge begins")).await?;
    let payment = payments::lock(&mut tx, id.uuid()).await?;
    let begun = payments::begin_charge(&mut tx, &payment, db.now()).await?;
    tx.commit().await?;
    match begun {
        Begun::Done => Ok(()),
        Begun::Call(charge) => {
            let key = charge.key;
            match means.gateway.charge(charge).await {
                Ok(outcome) => settle(means, id, &payment, key, &outcome).await,
                Err(error) => {
                    let mut tx = db.begin(Act::system("the gateway gave no answer")).await?;
                    payments::mark_unknown(&mut tx, key).await?;
                    tx.commit().await?;
                    metrics::counter!("dure_charges_unknown_total").increment(1);
                    Err(JobError::Retry(error.to_string()))
                }
            }
        }
        Begun::Ask(open) => {
            let asked = means.gateway.ask_charge(open.id).await;
            match asked.map_err(|error| JobError::Retry(error.to_string()))? {
                Some(outcome) => settle(means, id, &payment, open.id, &outcome).await,
                None if db.now() - open.created_at < IN_FLIGHT => {
                    Err(JobError::Retry("the gateway has not heard of the charge yet".to_owned()))
                }
                None => {
                    let mut tx = db.begin(Act::system("the gateway never heard of the charge")).await?;
                    payments::record_never_arrived(&mut tx, open.id, db.now()).await?;
                    tx.commit().await?;
                    Err(JobError::Retry("the charge never arrived and begins anew".to_owned()))
                }
            }
        }
    }
}

/// Books the outcome of a charge with its pledge in one transaction. Return page, webhook and poller
/// may all bring the same outcome: it is booked once.
async fn settle(
    means: &Means,
    id: PledgeId,
    payment: &Payment,
    attempt: PaymentAttemptId,
    outcome: &ChargeOutcome,
) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin(Act::system("the gateway told of the charge")).await?;
    // One at a time for a project, so that the last charge sees that it is the last.
    ledger::hold_chain(&mut tx, payment.project).await?;
    let (state, project) = store::lock(&mut tx, id).await?;
    if state != PledgeState::Due || !payments::record_charge(&mut tx, payment, attempt, outcome, now).await? {
        return Ok(());
    }
    let to = mail::addressee(&mut tx, id).await?;
    let told = match outcome {
        ChargeOutcome::Succeeded { .. } => {
            store::move_state(&mut tx, id, "collected").await?;
            mail::collected(&means.site, &to)
        }
        ChargeOutcome::Declined { .. } => {
            store::move_state(&mut tx, id, "dropped").await?;
            mail::dropped(&means.site, &to)
        }
    };
    tell(&mut tx, &means.site, told, now).await?;
    finish(&mut tx, project, now).await?;
    let paid = matches!(outcome, ChargeOutcome::Succeeded { .. });
    if !paid {
        // Rewards are locked last, as everywhere.
        store::return_stock(&mut tx, &[id]).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    metrics::counter!("dure_charges_total", "paid" => paid.to_string()).increment(1);
    Ok(())
}

/// A project whose last charge is settled is funded.
async fn finish(
    db: &mut PgConnection,
    project: ProjectId,
    now: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<()> {
    if !store::any_due(&mut *db, project).await? {
        projects::store::move_state(db, project, FundingState::Collecting, FundingState::Funded, now).await?;
    }
    Ok(())
}
