//! A line that has nothing to do with the platform is set aside, and brought back if that was wrong.

use crate::{
    DepositError, read_in,
    store::{self, Waiting},
};
use accounts::operators::{Operator, Role, audit, require_role};
use kernel::{
    BankLineId, Money, Refusal,
    db::{Act, Db},
};
use ledger::{Book, Event};
use leptos::prelude::*;
use uuid::Uuid;

/// Operators for finance. `turn` is `set_aside` or `bring_back`.
#[server]
pub async fn steer_line(
    #[server(default)] line: String,
    #[server(default)] turn: String,
) -> Result<(), DepositError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    let id: BankLineId = line.parse().map_err(|_| Refusal::NotFound)?;
    let line = match turn.as_str() {
        "set_aside" => set_aside(&db, &operator, id).await?,
        "bring_back" => bring_back(&db, &operator, id).await?,
        _ => return Err(Refusal::Malformed.into()),
    };
    read_in::refresh(&db, line.account).await?;
    ui::lead_to(&format!("/admin/deposits?account={}&done=1", line.account));
    Ok(())
}

/// Invariant: only a line of which nothing belongs to a deposit or goes back is set aside.
pub async fn set_aside(db: &Db, operator: &Operator, id: BankLineId) -> Result<Waiting, DepositError> {
    let now = db.now();
    let mut tx = db.begin_at(Act::by(operator.member.id, "an operator set the line aside"), now).await?;
    ledger::hold_chain(&mut tx, Book::Platform).await?;
    let line = store::lock_line(&mut tx, &db.keys, id).await?.ok_or(Refusal::NotFound)?;
    if line.state != "waiting" || line.left != line.amount {
        return Err(DepositError::StandsOtherwise);
    }
    store::move_line(&mut tx, id, "set_aside").await?;
    ledger::post(&mut tx, aside(&line, line.amount.minor() > 0), now).await?;
    audit(&mut tx, &operator.actor(), "set_line_aside", &format!("line:{id}"), "", now).await?;
    tx.commit().await?;
    Ok(line)
}

/// Lets a line wait again: one that was set aside, or one whose return was called off.
pub async fn bring_back(db: &Db, operator: &Operator, id: BankLineId) -> Result<Waiting, DepositError> {
    let now = db.now();
    let mut tx = db.begin_at(Act::by(operator.member.id, "an operator brought the line back"), now).await?;
    ledger::hold_chain(&mut tx, Book::Platform).await?;
    let line = store::lock_line(&mut tx, &db.keys, id).await?.ok_or(Refusal::NotFound)?;
    match line.state.as_str() {
        "set_aside" => {
            ledger::post(&mut tx, aside(&line, line.amount.minor() < 0), now).await?;
        }
        "returning" if line.left.minor() != 0 => {}
        _ => return Err(DepositError::StandsOtherwise),
    }
    store::move_line(&mut tx, id, "waiting").await?;
    audit(&mut tx, &operator.actor(), "bring_line_back", &format!("line:{id}"), "", now).await?;
    tx.commit().await?;
    Ok(line)
}

fn aside(line: &Waiting, came_in: bool) -> Event<'static> {
    let amount = Money::new(line.amount.minor().abs(), line.amount.currency());
    Event::LineSetAside { act: Uuid::now_v7(), came_in, amount }
}
