//! Charges that the payer's bank questions: opened, answered, won or lost, and the money following.

use crate::{
    RefundError, settle,
    store::{self, Charge, Reported},
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    DisputeId, GatewayEventId, Money,
    db::Act,
    jobs::{self, Job, JobError},
};
use ledger::{Event, Source};
use payments::{
    DisputeState, DisputeTold, GatewayError,
    events::{self, EventOutcome},
};
use pledges::{Means, PledgeState};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// How often a gateway is asked how a dispute stands, should its report be lost.
const ASKED_EVERY: TimeDelta = TimeDelta::days(1);
/// A charge whose own call is not booked yet is waited for so long.
const CHARGE_IS_BOOKED_WITHIN: TimeDelta = TimeDelta::hours(1);

/// Ask a gateway how a dispute stands, until it is over.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AskDispute {
    pub dispute: DisputeId,
}

impl Job for AskDispute {
    const KIND: &'static str = "dispute.ask";

    fn key(&self) -> Option<String> {
        Some(self.dispute.to_string())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noted {
    Booked,
    /// It stood so already.
    Before,
    /// No charge of ours has this name, or none has it yet.
    NotOurs,
}

/// A gateway has reported a dispute: whatever it says, the gateway is asked.
pub async fn dispute_reported(
    means: &Means,
    event: GatewayEventId,
    about: &Reported,
) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let gateway = means.till.gateway(&about.gateway).map_err(RefundError::from)?;
    let told = match gateway.dispute(&about.subject).await {
        Err(GatewayError::NotAble) => None,
        told => told.map_err(RefundError::from)?,
    };
    let noted = match told {
        Some(told) => note(means, gateway.name(), &told, now).await?,
        None => Noted::NotOurs,
    };
    let outcome = match noted {
        Noted::Booked => EventOutcome::Settled,
        Noted::Before => EventOutcome::Idle,
        Noted::NotOurs if now - about.received_at < CHARGE_IS_BOOKED_WITHIN => {
            return Err(JobError::Wait(TimeDelta::minutes(1), "the disputed charge is not booked yet"));
        }
        Noted::NotOurs => EventOutcome::Unknown,
    };
    events::note_outcome(&mut *db.pool.acquire().await?, event, None, outcome, now).await?;
    Ok(())
}

/// The asker of a dispute that is not over.
pub async fn ask_dispute(means: &Means, id: DisputeId) -> Result<(), JobError> {
    let db = &means.db;
    let Some((gateway, name)) = store::named(&mut *db.pool.acquire().await?, id).await? else {
        return Ok(());
    };
    let gateway = means.till.gateway(&gateway).map_err(RefundError::from)?;
    let told = gateway.dispute(&name).await.map_err(RefundError::from)?;
    if let Some(told) = told {
        note(means, gateway.name(), &told, db.now()).await?;
    }
    if store::named(&mut *db.pool.acquire().await?, id).await?.is_none() {
        return Ok(());
    }
    Err(JobError::Wait(ASKED_EVERY, "the dispute is not over"))
}

/// Books how a dispute stands, step by step: who comes second changes nothing.
async fn note(
    means: &Means,
    gateway: &str,
    told: &DisputeTold,
    now: DateTime<Utc>,
) -> Result<Noted, RefundError> {
    let db = &means.db;
    let mut tx = db.begin_at(Act::system("the gateway told of a dispute"), now).await?;
    let Some(charge) = store::charge_of(&mut tx, gateway, &told.charge_ref).await? else {
        return Ok(Noted::NotOurs);
    };
    ledger::hold_chain(&mut tx, charge.project.into()).await?;
    let (pledge, _) = pledges::store::lock(&mut tx, charge.pledge).await?;
    payments::lock(&mut tx, charge.pledge).await?;
    let known = store::lock_dispute(&mut tx, gateway, &told.gateway_ref).await?;
    let (id, state) = match known {
        Some(known) => known,
        None => (open(&mut tx, &charge, gateway, told, now).await?, DisputeState::Opened),
    };
    let of = Of { id, gateway, charge, pledge, amount: told.amount, now };
    let moved = of.moves(&mut tx, state, told.state).await?;
    if known.is_some() && !moved {
        store::put_off(&mut tx, id, told.answer_until).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(charge.project);
    Ok(if moved || known.is_none() { Noted::Booked } else { Noted::Before })
}

/// The gateway has taken the money back for as long as the dispute runs.
async fn open(
    tx: &mut PgConnection,
    charge: &Charge,
    gateway: &str,
    told: &DisputeTold,
    now: DateTime<Utc>,
) -> Result<DisputeId, RefundError> {
    let id = store::add_dispute(tx, charge, gateway, told, now).await?;
    let event = Event::DisputeOpened { project: charge.project, gateway, dispute: id, amount: told.amount };
    ledger::post(tx, event, now).await?;
    jobs::enqueue(tx, &AskDispute { dispute: id }, now + ASKED_EVERY).await?;
    metrics::counter!("dure_disputes_total", "state" => "opened").increment(1);
    Ok(id)
}

/// A dispute under way; everything that it touches is locked.
struct Of<'a> {
    id: DisputeId,
    gateway: &'a str,
    charge: Charge,
    pledge: PledgeState,
    amount: Money,
    now: DateTime<Utc>,
}

impl Of<'_> {
    /// Whether it moved.
    async fn moves(
        &self,
        tx: &mut PgConnection,
        from: DisputeState,
        to: DisputeState,
    ) -> Result<bool, RefundError> {
        use DisputeState::{Answered, Lost, Opened, Won};
        match (from, to) {
            (Opened, Answered) => {}
            (Opened | Answered, Won) => self.won(tx, None).await?,
            (Opened | Answered, Lost) => self.lost(tx).await?,
            (Lost, Won) => {
                let owed = Money::new(store::owed_when_lost(tx, self.id).await?, self.amount.currency());
                let owed = settle::still_owed(tx, self.charge.project, owed).await?;
                self.won(tx, Some(Source::Collected { owed })).await?;
            }
            (from, to) if from == to => return Ok(false),
            (from, to) => {
                tracing::error!(dispute.id = %self.id, ?from, ?to, "A dispute moves as none does; people must look");
                return Ok(false);
            }
        }
        store::move_dispute(tx, self.id, to, self.now).await?;
        if matches!(to, Won | Lost) {
            jobs::drop_waiting(tx, &AskDispute { dispute: self.id }).await?;
        }
        Ok(true)
    }

    /// The money is at the gateway again. After it was lost, the pledge stays over: its pieces may be somebody else's.
    async fn won(&self, tx: &mut PgConnection, lost: Option<Source>) -> Result<(), RefundError> {
        let Self { gateway, id, amount, .. } = *self;
        let event = Event::DisputeWon { project: self.charge.project, gateway, dispute: id, lost, amount };
        ledger::post(tx, event, self.now).await?;
        Ok(())
    }

    /// The payer has their money: what waits to be sent to them is called off.
    async fn lost(&self, tx: &mut PgConnection) -> Result<(), RefundError> {
        let Self { gateway, id, amount, .. } = *self;
        let owed = settle::owed(tx, self.charge.project, amount).await?;
        let from = Source::Collected { owed };
        let event = Event::DisputeLost { project: self.charge.project, gateway, dispute: id, from, amount };
        ledger::post(tx, event, self.now).await?;
        store::call_off_waiting(tx, self.charge.payment).await?;
        if self.pledge == PledgeState::Collected {
            store::charge_back(tx, self.charge.payment).await?;
            pledges::store::move_state(tx, self.charge.pledge, "charged_back").await?;
            // Rewards are locked last, as everywhere.
            pledges::store::return_stock(tx, &[self.charge.pledge]).await?;
        }
        Ok(())
    }
}
