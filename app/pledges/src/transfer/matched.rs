//! A line of a statement is given to a deposit: line, deposit, payment, pledge, ledger and mail in one transaction.

use crate::{Means, goal, mail, store};
use accounts::{
    notifications::tell,
    operators::{Operator, Role, audit, require_role},
};
use chrono::{DateTime, Utc};
use deposits::{DepositError, matching::Queue, store as lines};
use kernel::{BankLineId, DepositId, Money, MoneyError, Refusal, db::Act};
use ledger::Event;
use leptos::prelude::*;
use projects::FundingState;

/// Who says that the money is this deposit's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// The line itself, by code, amount and time.
    Certain,
    /// A person, who looked at it.
    Person,
}

/// Operators for finance.
#[server]
pub async fn match_line(
    #[server(default)] line: String,
    #[server(default)] deposit: String,
) -> Result<(), DepositError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    let line: BankLineId = line.parse().map_err(|_| Refusal::NotFound)?;
    let deposit: DepositId = deposit.parse().map_err(|_| Refusal::NotFound)?;
    book(&means, &operator, line, deposit, Sureness::Person, means.db.now()).await?;
    let line =
        lines::get(&mut *acquired(&means).await?, &means.db.keys, line).await?.ok_or(Refusal::NotFound)?;
    deposits::refresh(&means.db, line.account).await?;
    ui::lead_to(&format!("/admin/deposits?account={}&done=1", line.account));
    Ok(())
}

pub(super) async fn acquired(
    means: &Means,
) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>, DepositError> {
    Ok(means.db.pool.acquire().await?)
}

/// Gives as much of a line to a deposit as it still wants.
///
/// Invariants: what was decided without locks is decided again under them, so a line, a form or an operator more
/// books nothing twice; nothing is booked for a pledge that is over, nor money that came after its project's
/// deadline; what is more than wanted stays with the line. After the deadline, while the judging waits, money that
/// came in time still counts.
pub async fn book(
    means: &Means,
    operator: &Operator,
    line: BankLineId,
    deposit: DepositId,
    sure: Sureness,
    now: DateTime<Utc>,
) -> Result<(), DepositError> {
    let db = &means.db;
    let member = operator.member.id;
    let mut tx = db.begin_at(Act::by(member, "the transfer has come in"), now).await?;
    let owed = lines::locate(&mut tx, deposit).await?.ok_or(Refusal::NotFound)?;
    // The project first, then its book, pledge and payment: the order in which everything locks. Line and deposit last.
    let (funding, deadline) = projects::store::lock(&mut tx, owed.project).await?;
    ledger::hold_chain(&mut tx, owed.project.into()).await?;
    let waits = store::awaits_deposit(&mut tx, owed.pledge).await?;
    let line = lines::lock_line(&mut tx, &db.keys, line).await?.ok_or(Refusal::NotFound)?;
    let wanting = lines::lock_deposit(&mut tx, deposit).await?;
    if line.state != "waiting" || line.left.minor() <= 0 {
        return Err(DepositError::StandsOtherwise);
    }
    let judged = !matches!(funding, FundingState::Live | FundingState::Suspended | FundingState::Judging);
    let late = deadline.is_none_or(|deadline| line.at > deadline);
    if judged || late || !waits || !wanting.state.is_open() {
        return Err(DepositError::TooLate);
    }
    if sure == Sureness::Certain && line.belongs(&mut tx, &db.keys).await? != Queue::Certain(deposit) {
        return Err(DepositError::StandsOtherwise);
    }
    let wanted = wanting.amount.checked_sub(wanting.matched).map_err(unbookable)?;
    let more = line.left.checked_sub(wanted).map_err(unbookable)?.minor() >= 0;
    let part = if more { wanted } else { line.left };
    let matched = wanting.matched.checked_add(part).map_err(unbookable)?;

    let id = lines::add_match(&mut tx, line.id, deposit, part, member, now).await?;
    lines::set_matched(&mut tx, &wanting, matched).await?;
    if part == line.left {
        lines::move_line(&mut tx, line.id, "matched").await?;
    }
    let to = mail::addressee(&mut tx, owed.pledge).await?;
    let site = &means.site;
    if more {
        store::receive(&mut tx, owed.pledge).await?;
        store::move_state(&mut tx, owed.pledge, "deposited").await?;
        tell(&mut tx, site, mail::deposited(site, &to, id), now).await?;
        let backer = mail::new_backer(&mut tx, site, owed.project, &to).await?;
        tell(&mut tx, site, backer, now).await?;
    } else {
        let left = Money::new(wanted.minor() - part.minor(), part.currency());
        tell(&mut tx, site, mail::deposit_short(site, &to, id, part, left), now).await?;
    }
    ledger::post(&mut tx, Event::DepositMatched { project: owed.project, matched: id, amount: part }, now)
        .await?;
    audit(
        &mut tx,
        &operator.actor(),
        "match_line",
        &format!("line:{}", line.id),
        &owed.pledge.to_string(),
        now,
    )
    .await?;
    tx.commit().await?;
    if more {
        // Of pledges at one instant only the last to commit sees the sum of all.
        goal::note_reached(db, owed.project, now).await?;
    }
    db.notify.jobs();
    db.notify.project(owed.project);
    Ok(())
}

/// Another currency, or more than money can be.
pub(super) fn unbookable(_: MoneyError) -> DepositError {
    DepositError::StandsOtherwise
}
