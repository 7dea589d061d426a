//! Held stock comes back when no card was entered in time.

use crate::{Means, PledgeState, release, settle, store};
use kernel::{
    PledgeId,
    db::Act,
    jobs::{Job, JobError},
};
use payments::AttemptKind;
use serde::{Deserialize, Serialize};

/// End a pledge whose hold ran out.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExpireHold {
    pub pledge: PledgeId,
}

impl Job for ExpireHold {
    const KIND: &'static str = "pledge.expire_hold";

    fn key(&self) -> Option<String> {
        Some(self.pledge.to_string())
    }
}

/// Closes the card page first: if a card was stored in the last moment, the pledge is secured
/// instead. Only a closed page lets the stock go.
pub async fn expire(means: &Means, id: PledgeId) -> Result<(), JobError> {
    let db = &means.db;
    let mut connection = db.pool.acquire().await?;
    let (state, _) = store::peek(&mut connection, id).await?;
    if state != PledgeState::Held {
        return Ok(());
    }
    let payment = payments::of_pledge(&mut connection, id).await?;
    let visit = payments::open_attempt(&mut connection, payment.id, &[AttemptKind::StoreCard]).await?;
    drop(connection);
    if let Some(visit) = visit {
        settle::abandon(means, &visit).await?;
    }
    let mut tx = db.begin(Act::system("no card was entered in time")).await?;
    let (state, project) = store::lock(&mut tx, id).await?;
    if state == PledgeState::Held {
        release::end(&mut tx, id, release::End::Expired, db.now()).await?;
        tx.commit().await?;
        db.notify.jobs();
        db.notify.project(project);
    }
    Ok(())
}
