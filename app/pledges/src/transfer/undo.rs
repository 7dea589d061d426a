//! A match is taken back: it was a mistake, or the bank took the money back before it was collected.

use super::matched::{acquired, unbookable};
use crate::{Means, mail, store};
use accounts::{
    notifications::tell,
    operators::{Operator, Role, audit, require_role},
};
use chrono::{DateTime, Utc};
use deposits::{DepositError, store as lines};
use kernel::{Fault, MatchId, Refusal, db::Act};
use ledger::Event;
use leptos::prelude::*;

/// Operators for finance. `why` is `mistake` or `reversed`.
#[server]
pub async fn undo_match(
    #[server(default)] matched: String,
    #[server(default)] why: String,
) -> Result<(), DepositError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    let id: MatchId = matched.parse().map_err(|_| Refusal::NotFound)?;
    if !matches!(why.as_str(), "mistake" | "reversed") {
        return Err(Refusal::field("why", Fault::NotAllowed).into());
    }
    undo(&means, &operator, id, &why, means.db.now()).await?;
    let mut db = acquired(&means).await?;
    let (line, _) = lines::owner_of_match(&mut db, id).await?.ok_or(Refusal::NotFound)?;
    let line = lines::get(&mut db, &means.db.keys, line).await?.ok_or(Refusal::NotFound)?;
    drop(db);
    deposits::refresh(&means.db, line.account).await?;
    ui::lead_to(&format!("/admin/deposits?account={}&done=1", line.account));
    Ok(())
}

/// Takes a match back; the line waits again, and so does the deposit.
///
/// Invariant: nothing is taken back of a payment that was collected or is over, nor of a line whose rest goes back,
/// nor once the deposit's time is over: what would end its wait has come and gone by then.
pub async fn undo(
    means: &Means,
    operator: &Operator,
    id: MatchId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), DepositError> {
    let db = &means.db;
    let member = operator.member.id;
    let mut tx = db.begin_at(Act::by(member, "the match was taken back"), now).await?;
    let (line, deposit) = lines::owner_of_match(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let owed = lines::locate(&mut tx, deposit).await?.ok_or(Refusal::NotFound)?;
    projects::store::lock(&mut tx, owed.project).await?;
    ledger::hold_chain(&mut tx, owed.project.into()).await?;
    let waits = store::awaits_deposit(&mut tx, owed.pledge).await?;
    let has = !waits && store::has_deposit(&mut tx, owed.pledge).await?;
    let line = lines::lock_line(&mut tx, &db.keys, line).await?.ok_or(Refusal::NotFound)?;
    let wanting = lines::lock_deposit(&mut tx, deposit).await?;
    let amount = lines::lock_match(&mut tx, id, wanting.amount.currency()).await?;
    let amount = amount.ok_or(DepositError::StandsOtherwise)?;
    let whole = wanting.matched == wanting.amount;
    let stands = if whole { has } else { waits && wanting.state.is_open() };
    if !stands || wanting.due_at <= now || !matches!(line.state.as_str(), "waiting" | "matched") {
        return Err(DepositError::StandsOtherwise);
    }
    lines::undo(&mut tx, id, member, why, now).await?;
    let matched = wanting.matched.checked_sub(amount).map_err(unbookable)?;
    lines::set_matched(&mut tx, &wanting, matched).await?;
    if line.state == "matched" {
        lines::move_line(&mut tx, line.id, "waiting").await?;
    }
    if whole {
        store::await_again(&mut tx, owed.pledge).await?;
        store::move_state(&mut tx, owed.pledge, "awaiting_deposit").await?;
    }
    let to = mail::addressee(&mut tx, owed.pledge).await?;
    tell(&mut tx, &means.site, mail::deposit_undone(&means.site, &to, id, amount), now).await?;
    ledger::post(&mut tx, Event::DepositUnmatched { project: owed.project, matched: id, amount }, now)
        .await?;
    audit(&mut tx, &operator.actor(), "undo_match", &format!("line:{}", line.id), why, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(owed.project);
    Ok(())
}
