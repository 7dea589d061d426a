//! What creators owe, because money was given back after it was paid out. It is kept of their next statement;
//! what will never come is given up by finance.

use crate::SettlementError;
use accounts::operators::{Operator, audit};
use kernel::{
    Currency, Fault, FormKey, Money, ProjectId, Refusal,
    db::{Act, OnConstraint},
};
use ledger::{Account, Event};
use pledges::Means;

const LONGEST_REASON: usize = 300;

/// Gives up what a creator owes for a project, all of it. The same form again changes nothing.
pub async fn write_off(
    means: &Means,
    operator: &Operator,
    project: ProjectId,
    key: FormKey,
    why: &str,
) -> Result<Money, SettlementError> {
    let why = why.trim();
    if why.is_empty() {
        return Err(Refusal::field("why", Fault::Required).into());
    }
    if why.chars().count() > LONGEST_REASON {
        return Err(Refusal::field("why", Fault::TooLong { max: LONGEST_REASON as u32 }).into());
    }
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::by(operator.member.id, "written off by finance"), now).await?;
    let known = projects::store::locked(&mut tx, project).await?;
    ledger::hold_chain(&mut tx, project.into()).await?;
    let owed = ledger::balance(&mut tx, project.into(), Account::Receivable).await?;
    let currency: Currency = known.currency;
    let amount = Money::new(owed, currency);
    if owed <= 0 {
        return Err(SettlementError::WrongState);
    }
    let event = Event::ReceivableWrittenOff { project, act: key.uuid(), amount };
    ledger::post(&mut tx, event, now).await.on_constraint("booked_once", SettlementError::WrongState)?;
    let detail = format!("{}: {why}", amount.plain());
    audit(&mut tx, &operator.actor(), "write_off", &format!("project:{project}"), &detail, now).await?;
    tx.commit().await?;
    Ok(amount)
}
