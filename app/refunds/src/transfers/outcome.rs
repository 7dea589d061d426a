//! What became of a transfer: seen on a statement, refused by the bank, or come back.

use super::row::{TransferRow, TransferState};
use crate::{RefundError, mail, settle, store};
use accounts::{
    notifications::tell,
    operators::{Operator, Role, audit, require_role},
};
use chrono::{DateTime, Utc};
use kernel::{
    BankLineId, Money, Refusal, TransferId,
    db::{Act, Db},
    jobs,
};
use ledger::{Book, Event, Way};
use leptos::prelude::*;
use payments::BeginRefund;
use pledges::Means;

/// The lines of statements that show transfers of ours leaving: the amount, and our memo in what the bank wrote.
/// A line that fits several, or a transfer that several lines fit, is left to people.
pub fn matches(sent: &[TransferRow], lines: &[(BankLineId, Money, String)]) -> Vec<(TransferId, BankLineId)> {
    let fits = |row: &TransferRow, (_, amount, text): &(BankLineId, Money, String)| {
        amount.minor() == -row.amount.minor()
            && amount.currency() == row.amount.currency()
            && text.contains(&row.memo)
    };
    let mut found = Vec::new();
    for line in lines {
        let mut rows = sent.iter().filter(|row| fits(row, line));
        if let (Some(row), None) = (rows.next(), rows.next())
            && lines.iter().filter(|other| fits(row, other)).count() == 1
        {
            found.push((row.id, line.0));
        }
    }
    found
}

/// Operators for finance: books everything that the statements show.
#[server]
pub async fn confirm_transfers() -> Result<(), RefundError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    confirm(&db, &operator, db.now()).await?;
    ui::lead_to("/admin/transfers");
    Ok(())
}

/// Confirms the transfers that statements show; tells how many.
///
/// Invariant: a line shows one transfer, and a transfer is confirmed once (`transfer_line_once`).
pub async fn confirm(db: &Db, operator: &Operator, now: DateTime<Utc>) -> Result<usize, RefundError> {
    let mut tx = db.begin_at(Act::by(operator.member.id, "the statement shows it"), now).await?;
    ledger::hold_chain(&mut tx, Book::Platform).await?;
    let sent = store::sent_transfers(db, &mut tx).await?;
    let lines = store::lines_out(db, &mut tx).await?;
    let found = matches(&sent, &lines);
    for (id, line) in &found {
        let Some(row) = sent.iter().find(|row| row.id == *id) else {
            continue;
        };
        store::confirm_transfer(&mut tx, *id, *line).await?;
        store::use_line(&mut tx, *line).await?;
        ledger::post(&mut tx, Event::TransferConfirmed { transfer: *id, amount: row.amount }, now).await?;
    }
    if !found.is_empty() {
        let detail = found.len().to_string();
        audit(&mut tx, &operator.actor(), "confirm_transfers", "transfers", &detail, now).await?;
    }
    tx.commit().await?;
    Ok(found.len())
}

/// Operators for finance: the bank did not carry a transfer out, or it came back on a line.
#[server]
pub async fn fail_transfer(
    #[server(default)] transfer: String,
    #[server(default)] line: String,
    #[server(default)] why: String,
) -> Result<(), RefundError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    let id: TransferId = transfer.parse().map_err(|_| Refusal::NotFound)?;
    let line = match line.trim() {
        "" => None,
        line => Some(line.parse::<BankLineId>().map_err(|_| Refusal::Malformed)?),
    };
    let why: String = why.trim().chars().take(200).collect();
    fail(&means, &operator, id, line, &why, means.db.now()).await?;
    ui::lead_to("/admin/transfers");
    Ok(())
}

/// Books that the money of a transfer is with us; its refund asks for an account again.
///
/// Invariant: what was seen leaving comes back on a line of its own; what never left has none.
pub async fn fail(
    means: &Means,
    operator: &Operator,
    id: TransferId,
    line: Option<BankLineId>,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), RefundError> {
    let db = &means.db;
    let mut tx = db.begin_at(Act::by(operator.member.id, "the transfer failed"), now).await?;
    let row = store::transfer(db, &mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let refund = row.refund.ok_or(Refusal::NotFound)?;
    let pledge = store::get(&mut tx, refund.into()).await?.ok_or(Refusal::NotFound)?.pledge;
    ledger::hold_chain(&mut tx, Book::Platform).await?;
    if let Some((pledge, project)) = pledge {
        ledger::hold_chain(&mut tx, project.into()).await?;
        pledges::store::lock(&mut tx, pledge).await?;
    }
    let refund = store::lock(&mut tx, refund.into()).await?.ok_or(Refusal::NotFound)?;
    let state = store::lock_transfer(&mut tx, id).await?;
    match (state, line) {
        (TransferState::Sent, None) => {
            let event = Event::TransferConfirmed { transfer: id, amount: row.amount };
            ledger::post(&mut tx, event, now).await?;
        }
        (TransferState::Done, Some(line)) => {
            if !store::fits_back(&mut tx, line, row.amount).await? {
                return Err(Refusal::NotFound.into());
            }
            store::use_line(&mut tx, line).await?;
        }
        _ => return Err(RefundError::StandsOtherwise),
    }
    store::transfer_failed(&mut tx, id, line, why).await?;
    match pledge {
        Some((pledge, project)) => {
            settle::returned(&mut tx, &refund, project, Way::Transfer(id), now).await?;
            let to = mail::addressee(&mut tx, pledge).await?;
            let told = mail::came_back(&means.site, &to, &refund, &id.to_string());
            tell(&mut tx, &means.site, told, now).await?;
        }
        None => {
            store::failed_after_all(&mut tx, refund.id).await?;
            store::line_is_back(&mut tx, refund.source).await?;
        }
    }
    store::ask_account_again(&mut tx, refund.id).await?;
    jobs::enqueue(&mut tx, &BeginRefund { refund: refund.id, again: refund.tries }, now).await?;
    audit(&mut tx, &operator.actor(), "fail_transfer", &format!("transfer:{id}"), why, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}
