//! Finance approves statements and has them paid.

use crate::{Payout, PayoutState, SettlementError, books_of, draft, mail, rates_of, store};
use accounts::{
    notifications::tell,
    operators::{Operator, audit},
};
use kernel::{PayoutId, Refusal, TransferId, db::Act, seal::Place};
use ledger::{Event, Settlement};
use pledges::Means;
use sqlx::PgConnection;

/// What stands in the creator's book and in ours: the bank takes few letters.
const MEMO: &str = "두레 정산";

/// Approves a statement: its fees are booked as the platform's, the rest as the creator's.
///
/// Invariant: the sums that were read are the sums that the ledger gives now, behind the chain of the
/// project's book; if they are not, nothing moves. Who comes second finds another state.
pub async fn approve(means: &Means, operator: &Operator, id: PayoutId) -> Result<(), SettlementError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::by(operator.member.id, "approved by finance"), now).await?;
    let payout = locked(&mut tx, id).await?;
    if payout.state != PayoutState::Issued {
        return Err(SettlementError::WrongState);
    }
    if from_books(&mut tx, &payout).await? != payout.share {
        return Err(SettlementError::SumsChanged);
    }
    let share = &payout.share;
    let settlement = Settlement {
        gross: share.gross,
        platform_fee: share.fees.platform,
        gateway_fee: share.fees.payment,
        vat: share.fees.vat,
        netted: share.netted,
    };
    let event = Event::StatementApproved { project: payout.project, payout: id, settlement };
    ledger::post(&mut tx, event, now).await?;
    if !store::approve(&mut tx, id, operator.member.id).await? {
        return Err(SettlementError::WrongState);
    }
    if share.net.minor() == 0 {
        store::move_state(&mut tx, id, PayoutState::Approved, PayoutState::Paid).await?;
    }
    audit(&mut tx, &operator.actor(), "approve_payout", &format!("payout:{id}"), &share.net.plain(), now)
        .await?;
    let told = mail::approved(&mut tx, &means.site, &payout).await?;
    tell(&mut tx, &means.site, told, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(payout.project);
    Ok(())
}

/// Writes an issued statement anew from the ledger, and issues it again.
pub async fn rewrite(means: &Means, operator: &Operator, id: PayoutId) -> Result<(), SettlementError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::by(operator.member.id, "written anew by finance"), now).await?;
    let payout = locked(&mut tx, id).await?;
    if payout.state != PayoutState::Issued {
        return Err(SettlementError::WrongState);
    }
    let share = from_books(&mut tx, &payout).await?;
    store::move_state(&mut tx, id, PayoutState::Issued, PayoutState::Draft).await?;
    store::rewrite(&mut tx, id, &share, now).await?;
    audit(&mut tx, &operator.actor(), "rewrite_payout", &format!("payout:{id}"), &share.net.plain(), now)
        .await?;
    if share.gross.minor() == 0 {
        store::move_state(&mut tx, id, PayoutState::Draft, PayoutState::Withdrawn).await?;
    } else {
        draft::issue(&mut tx, means, &Payout { share, ..payout }, now).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// Makes the transfer of an approved statement, or another one after one that failed.
///
/// Invariant: it goes to the account that the creator has now, and only if finance has checked it; of a payout
/// one transfer at most is open.
pub async fn pay(means: &Means, operator: &Operator, id: PayoutId) -> Result<(), SettlementError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin_at(Act::by(operator.member.id, "paid by finance"), now).await?;
    let payout = locked(&mut tx, id).await?;
    if !matches!(payout.state, PayoutState::Approved | PayoutState::Failed) {
        return Err(SettlementError::WrongState);
    }
    let account = store::account_of(&mut tx, &db.keys, payout.member).await?;
    let account =
        account.filter(|kept| kept.checked_at.is_some()).ok_or(SettlementError::NoCheckedAccount)?;
    let transfer = TransferId::new();
    let to = serde_json::json!({
        "bank": account.account.bank, "number": account.account.number, "holder": account.account.holder,
    });
    let place = Place { column: "transfers.sealed", row: transfer.uuid() };
    let sealed = db.keys.seal(place, &to.to_string()).map_err(|error| Refusal::internal(&error))?;
    store::add_transfer(&mut tx, transfer, &payout, account.id, &sealed, MEMO, now).await?;
    audit(&mut tx, &operator.actor(), "pay_payout", &format!("payout:{id}"), &payout.share.net.plain(), now)
        .await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// The project, its chain, the statement: the order in which everything locks.
async fn locked(db: &mut PgConnection, id: PayoutId) -> Result<Payout, SettlementError> {
    let known = store::by_id(&mut *db, id).await?.ok_or(Refusal::NotFound)?;
    projects::store::locked(&mut *db, known.project).await?;
    ledger::hold_chain(&mut *db, known.project.into()).await?;
    Ok(store::lock(db, id).await?.ok_or(Refusal::NotFound)?)
}

/// What the ledger gives for this statement now.
async fn from_books(db: &mut PgConnection, payout: &Payout) -> Result<crate::Share, SettlementError> {
    let plan = projects::store::terms_of(&mut *db, payout.project).await?.plan;
    let plan = plan.ok_or(SettlementError::PlanIsClosed)?;
    let books = books_of(db, payout.project, payout.share.gross.currency()).await?;
    Ok(books.share(payout.kind, &rates_of(&plan)?)?)
}
