//! A file of transfers for the bank: made once, the same each time, and sent.

use super::row::{TransferRow, TransferState};
use crate::{RefundError, mail, settle, store};
use accounts::{
    notifications::tell,
    operators::{Operator, Role, audit, require_role},
};
use chrono::{DateTime, Utc};
use deposits::{Transfer, transfers_file};
use kernel::{
    Bank, BatchId, ReceivingAccountId, Refusal,
    db::{Act, Db},
};
use ledger::{Event, Way};
use leptos::prelude::*;
use pledges::Means;
use sqlx::PgConnection;

/// What stands in the receiver's book.
const THEIRS: &str = "두레환불";

/// Operators for finance.
#[server]
pub async fn make_batch(#[server(default)] account: String) -> Result<(), RefundError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    let account: ReceivingAccountId = account.parse().map_err(|_| Refusal::NotFound)?;
    gather(&db, &operator, account, db.now()).await?;
    ui::lead_to("/admin/transfers");
    Ok(())
}

/// Gathers what is ready to leave by one of our accounts.
pub async fn gather(
    db: &Db,
    operator: &Operator,
    account: ReceivingAccountId,
    now: DateTime<Utc>,
) -> Result<BatchId, RefundError> {
    let mut tx = db.begin_at(Act::by(operator.member.id, "gathered into a file"), now).await?;
    if !store::is_our_account(&mut tx, account).await? {
        return Err(Refusal::NotFound.into());
    }
    let id = BatchId::new();
    store::add_batch(&mut tx, id, account, operator.member.id, now).await?;
    if store::gather(&mut tx, id, account).await? == 0 {
        return Err(RefundError::NothingReady);
    }
    audit(&mut tx, &operator.actor(), "make_batch", &format!("batch:{id}"), "", now).await?;
    tx.commit().await?;
    Ok(id)
}

/// The file of a batch, for operators of finance. Each download is written down.
///
/// Invariant: the same bytes each time; the hash of the first download is kept, and what differs is not given out.
pub async fn batch_file(db: &Db, operator: &Operator, id: BatchId) -> Result<Vec<u8>, RefundError> {
    let mut tx = db.pool.begin().await?;
    let known = store::lock_batch(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let rows = store::of_batch(db, &mut tx, id).await?;
    let transfers: Vec<Transfer> = rows.iter().filter_map(as_transfer).collect();
    if transfers.len() != rows.len() {
        return Err(Refusal::internal(&"a transfer goes to a bank that is none").into());
    }
    let file = transfers_file(&transfers).map_err(|error| Refusal::internal(&error))?;
    let hash = store::hash(&mut tx, &file).await?;
    match known.file_hash {
        Some(first) if first != hash => return Err(Refusal::internal(&"a file of transfers changed").into()),
        Some(_) => {}
        None => store::keep_hash(&mut tx, id, &hash).await?,
    }
    audit(&mut tx, &operator.actor(), "download_batch", &format!("batch:{id}"), "", db.now()).await?;
    tx.commit().await?;
    Ok(file)
}

fn as_transfer(row: &TransferRow) -> Option<Transfer> {
    Some(Transfer {
        bank: Bank::of(&row.account.bank)?,
        number: row.account.number.clone(),
        holder: row.account.holder.clone(),
        amount: row.amount,
        theirs: THEIRS.to_owned(),
        ours: row.memo.clone(),
    })
}

/// Operators for finance: the bank took the file.
#[server]
pub async fn send_batch(#[server(default)] batch: String) -> Result<(), RefundError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    let id: BatchId = batch.parse().map_err(|_| Refusal::NotFound)?;
    send(&means, &operator, id, means.db.now()).await?;
    ui::lead_to("/admin/transfers");
    Ok(())
}

/// Books that the transfers of a batch left, once.
///
/// Invariant: what was not downloaded was not sent; all of a batch is booked in one transaction, each transfer once.
pub async fn send(
    means: &Means,
    operator: &Operator,
    id: BatchId,
    now: DateTime<Utc>,
) -> Result<(), RefundError> {
    let db = &means.db;
    let mut tx = db.begin_at(Act::by(operator.member.id, "the bank took the file"), now).await?;
    let batch = store::lock_batch(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    if batch.sent_at.is_some() {
        return Ok(());
    }
    if batch.file_hash.is_none() {
        return Err(RefundError::StandsOtherwise);
    }
    // The platform's book before those of projects, each in its order, as everywhere.
    ledger::hold_chain(&mut tx, ledger::Book::Platform).await?;
    for project in store::projects_of_batch(&mut tx, id).await? {
        ledger::hold_chain(&mut tx, project.into()).await?;
    }
    let rows = store::of_batch(db, &mut tx, id).await?;
    for row in rows.iter().filter(|row| row.state == TransferState::Batched) {
        book_sent(means, &mut tx, row, now).await?;
    }
    store::batch_sent(&mut tx, id, operator.member.id, now).await?;
    audit(&mut tx, &operator.actor(), "send_batch", &format!("batch:{id}"), "", now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

async fn book_sent(
    means: &Means,
    tx: &mut PgConnection,
    row: &TransferRow,
    now: DateTime<Utc>,
) -> Result<(), RefundError> {
    let Some(refund) = row.refund else {
        return Ok(());
    };
    let pledge = store::get(tx, refund.into()).await?.and_then(|refund| refund.pledge);
    let state = match pledge {
        Some((pledge, _)) => Some(pledges::store::lock(tx, pledge).await?.0),
        None => None,
    };
    let refund = store::lock(tx, refund.into()).await?.ok_or(Refusal::NotFound)?;
    store::move_transfer(tx, row.id, TransferState::Sent).await?;
    match (pledge, state) {
        (Some((pledge, project)), Some(state)) => {
            settle::sent(tx, &refund, project, Way::Transfer(row.id), now).await?;
            let to = mail::addressee(tx, pledge).await?;
            let told = mail::refunded(&means.site, &to, &refund, &row.id.to_string());
            tell(tx, &means.site, told, now).await?;
            settle::finish_pledge(tx, pledge, state).await?;
        }
        _ => {
            ledger::post(tx, Event::LineReturned { transfer: row.id, amount: row.amount }, now).await?;
            store::succeeded(tx, refund.id, 0).await?;
            store::line_went(tx, refund.source).await?;
        }
    }
    Ok(())
}
