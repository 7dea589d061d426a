//! A backer takes a pledge back before the deadline; the stock comes back.

use crate::PledgeError;
#[cfg(feature = "ssr")]
use crate::{PledgeState, release, store};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    chrono::{DateTime, Utc},
    kernel::{
        MemberId, PledgeId, Refusal,
        db::{Act, Db},
    },
    projects::FundingState,
};

/// The pledge's backer.
#[server]
pub async fn cancel_pledge(pledge: String) -> Result<(), PledgeError> {
    use kernel::Viewer;

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let id: PledgeId = pledge.parse().map_err(|_| Refusal::NotFound)?;
    cancel(&db, member.id, id, db.now()).await?;
    ui::lead_to(&format!("/account/pledges/{id}"));
    Ok(())
}

/// Cancels a pledge of `backer`. Doing it again changes nothing.
///
/// Invariant: nothing is cancelled once the deadline has passed, whatever the judging is doing.
#[cfg(feature = "ssr")]
pub async fn cancel(db: &Db, backer: MemberId, id: PledgeId, now: DateTime<Utc>) -> Result<(), PledgeError> {
    let mut tx = db.begin_at(Act::by(backer, "cancelled by the backer"), now).await?;
    let pledge =
        store::get(&mut tx, id).await?.filter(|pledge| pledge.backer == backer).ok_or(Refusal::NotFound)?;
    if pledge.state == PledgeState::Canceled {
        return Ok(());
    }
    // The project first, then the pledge: the order in which everything locks.
    let (project_state, deadline) = projects::store::lock(&mut tx, pledge.project).await?;
    if project_state != FundingState::Live || deadline.is_none_or(|deadline| now >= deadline) {
        return Err(PledgeError::TooLate);
    }
    let (state, project) = store::lock(&mut tx, id).await?;
    match state {
        PledgeState::Canceled => return Ok(()),
        state if state.waits_for_deadline() => {}
        _ => return Err(PledgeError::TooLate),
    }
    release::end(&mut tx, id, release::End::Canceled, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    Ok(())
}
