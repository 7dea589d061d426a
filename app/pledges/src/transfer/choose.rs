//! A backer is going to pay by transfer: at the checkout, or instead of a card, or into another account.

use crate::PledgeError;
#[cfg(feature = "ssr")]
use crate::{
    ExpireDeposit, Means, PledgeState, RemindDeposit, mail, release, settle, store,
    transfer::{CheckedTransfer, form},
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    accounts::notifications::tell,
    chrono::{DateTime, TimeDelta, Utc},
    deposits::expected::{self, NewDeposit},
    kernel::{MemberId, PledgeId, Refusal, db::Act, jobs},
    payments::{AttemptKind, PaymentState},
    projects::FundingState,
};

/// Whoever has not paid is reminded so long before the end, but not soon after choosing.
#[cfg(feature = "ssr")]
const REMINDED: TimeDelta = TimeDelta::hours(24);

/// The pledge's backer.
#[server]
pub async fn choose_transfer(
    pledge: String,
    #[server(default)] account: String,
    #[server(default)] depositor: String,
) -> Result<(), PledgeError> {
    use crate::TransferForm;
    use kernel::Viewer;

    let member = Viewer::require_confirmed()?;
    let means = Means::current()?;
    let id: PledgeId = pledge.parse().map_err(|_| Refusal::NotFound)?;
    let mut db = means.db.pool.acquire().await.map_err(Refusal::from)?;
    let known = store::get(&mut db, id).await?.filter(|pledge| pledge.backer == member.id);
    let known = known.ok_or(Refusal::NotFound)?;
    let offered = deposits::receiving::offered(&mut db, known.total.currency()).await?;
    drop(db);
    let chosen = TransferForm { account, depositor }.checked(&offered)?;
    choose(&means, member.id, id, &chosen, means.db.now()).await?;
    ui::lead_to(&format!("/account/pledges/{id}"));
    Ok(())
}

/// Asks for a transfer for a pledge that waits for its card, has one, or waits for another transfer. The same
/// again changes nothing.
///
/// Invariants: the pledge keeps its pieces until the transfer's time is over; of a pledge there is at most one
/// open deposit, and no open page of a gateway beside it; nothing changes once money for it has come in.
#[cfg(feature = "ssr")]
pub async fn choose(
    means: &Means,
    backer: MemberId,
    id: PledgeId,
    chosen: &CheckedTransfer,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    let db = &means.db;
    close_page(means, id).await?;
    let mut tx = db.begin_at(Act::by(backer, "a transfer was chosen"), now).await?;
    let (_, project) = store::peek(&mut tx, id).await?;
    let (live, deadline) = projects::store::lock(&mut tx, project).await?;
    let deadline = deadline.filter(|_| live == FundingState::Live).ok_or(PledgeError::TooLate)?;
    if !form::in_time(now, Some(deadline)) {
        return Err(PledgeError::TooLateForTransfer);
    }
    let (state, _) = store::lock(&mut tx, id).await?;
    let payment = payments::lock(&mut tx, id).await?;
    match (state, payment.state) {
        (PledgeState::Held, PaymentState::Pending) | (PledgeState::Reserved, PaymentState::Stored) => {
            store::move_state(&mut tx, id, "awaiting_deposit").await?;
            if let Some(card) = payments::await_transfer(&mut tx, payment.id).await? {
                release::forget(&mut tx, card, now).await?;
            }
        }
        (PledgeState::AwaitingDeposit, _) => {
            let open = expected::of_payment(&mut tx, payment.id).await?.filter(|old| old.state.is_open());
            if open.as_ref().is_some_and(|old| old.account == chosen.account) {
                return Ok(());
            }
            if open.is_some_and(|old| old.matched.minor() > 0) {
                return Err(PledgeError::MoneyCame);
            }
            expected::end(&mut tx, payment.id).await?;
        }
        _ => return Err(PledgeError::TooLate),
    }
    let due_at = form::due_at(now, deadline, means.till.deposit_days);
    let new = NewDeposit {
        payment: payment.id,
        account: chosen.account,
        amount: payment.amount,
        depositor: &chosen.depositor,
        due_at,
        at: now,
    };
    let deposit = expected::issue(&mut tx, &db.keys, &new).await?;
    jobs::enqueue(&mut tx, &ExpireDeposit { deposit }, due_at).await?;
    if due_at - REMINDED > now + REMINDED / 2 {
        jobs::enqueue(&mut tx, &RemindDeposit { deposit }, due_at - REMINDED).await?;
    }
    if let Some(asked) = expected::get(&mut tx, deposit).await? {
        let to = mail::addressee(&mut tx, id).await?;
        tell(&mut tx, &means.site, mail::transfer_wanted(&means.site, &to, &asked), now).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    Ok(())
}

/// A closed door before a new one: the gateway's page takes no card any more. A card that was stored in the
/// last moment stands, and is given up with the choice.
#[cfg(feature = "ssr")]
async fn close_page(means: &Means, id: PledgeId) -> Result<(), PledgeError> {
    let mut connection = means.db.pool.acquire().await?;
    let payment = payments::of_pledge(&mut connection, id).await?;
    let page = payments::open_attempt(&mut connection, payment.id, &[AttemptKind::StoreCard]).await?;
    drop(connection);
    if let Some(page) = page {
        settle::abandon(means, &page).await?;
    }
    Ok(())
}
