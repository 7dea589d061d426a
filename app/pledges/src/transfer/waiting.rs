//! A transfer that is waited for: its backer is reminded, and at the end its pieces come back.

use crate::{Means, PledgeState, mail, release, release::End, store};
use accounts::notifications::tell;
use chrono::{DateTime, TimeDelta, Utc};
use deposits::expected::{self, Deposit};
use kernel::{
    Calendar, DepositId,
    db::Act,
    jobs::{Job, JobError},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// How many business days after its end a deposit waits for statements and for lines that nobody has looked at.
const PATIENCE: u32 = 3;
/// How often it looks.
const LOOK_AGAIN: TimeDelta = TimeDelta::hours(1);

/// Give up a transfer that did not come.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ExpireDeposit {
    pub deposit: DepositId,
}

impl Job for ExpireDeposit {
    const KIND: &'static str = "pledge.expire_deposit";

    fn key(&self) -> Option<String> {
        Some(self.deposit.to_string())
    }
}

/// Remind a backer of a transfer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RemindDeposit {
    pub deposit: DepositId,
}

impl Job for RemindDeposit {
    const KIND: &'static str = "pledge.remind_deposit";

    fn key(&self) -> Option<String> {
        Some(self.deposit.to_string())
    }
}

pub async fn remind_deposit(means: &Means, id: DepositId) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let deposit = expected::get(&mut tx, id).await?.filter(|deposit| deposit.state.is_open());
    if let Some(deposit) = deposit.filter(|deposit| now < deposit.due_at) {
        let to = mail::addressee(&mut tx, deposit.pledge).await?;
        tell(&mut tx, &means.site, mail::transfer_reminder(&means.site, &to, &deposit), now).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// Ends a pledge whose transfer did not come in time: once the bank's statements tell of all that time, and no
/// line waits that could be its money. Statements that nobody brings are waited for some days, and no longer.
///
/// Invariant: money that came in for a part of it goes back.
pub async fn expire_deposit(means: &Means, id: DepositId) -> Result<(), JobError> {
    let db = &means.db;
    let now = db.now();
    let mut connection = db.pool.acquire().await?;
    let Some(deposit) = expected::get(&mut connection, id).await?.filter(|deposit| deposit.state.is_open())
    else {
        return Ok(());
    };
    if now < deposit.due_at {
        return Err(JobError::Wait(deposit.due_at - now, "the deposit is in time"));
    }
    if let Some(why) = expected::could_still_come(&mut connection, id).await?
        && now < given_up_at(&mut connection, &deposit).await?
    {
        return Err(JobError::Wait(LOOK_AGAIN, why));
    }
    drop(connection);
    let mut tx = db.begin(Act::system("no transfer came in time")).await?;
    let (_, project) = store::peek(&mut tx, deposit.pledge).await?;
    projects::store::lock(&mut tx, project).await?;
    let (state, _) = store::lock(&mut tx, deposit.pledge).await?;
    let payment = payments::lock(&mut tx, deposit.pledge).await?;
    // Whoever was first: another account was chosen, or the money came.
    let newest = expected::of_payment(&mut tx, payment.id).await?;
    let open = newest.is_some_and(|newest| newest.id == id && newest.state.is_open());
    if state != PledgeState::AwaitingDeposit || !open {
        return Ok(());
    }
    release::end(&mut tx, deposit.pledge, End::Expired, now).await?;
    let to = mail::addressee(&mut tx, deposit.pledge).await?;
    tell(&mut tx, &means.site, mail::transfer_missed(&means.site, &to), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    Ok(())
}

async fn given_up_at(db: &mut PgConnection, deposit: &Deposit) -> sqlx::Result<DateTime<Utc>> {
    let calendar = payments::calendar(db).await?;
    Ok(Calendar::end_of(calendar.nth_after(Calendar::day_of(deposit.due_at), PATIENCE)))
}
