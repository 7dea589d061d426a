//! A project reaches its goal before its deadline: its creator and its backers are told, once.

use crate::{Means, mail, store};
use accounts::notifications::tell;
use chrono::{DateTime, Utc};
use kernel::{
    ProjectId,
    db::Db,
    jobs::{self, Job, JobError},
};
use projects::FundingState;
use serde::{Deserialize, Serialize};

/// Tell the creator and the backers of a project that its goal is reached.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellGoal {
    pub project: ProjectId,
}

impl Job for TellGoal {
    const KIND: &'static str = "pledge.tell_goal";

    fn key(&self) -> Option<String> {
        Some(self.project.to_string())
    }
}

/// How many backers are told in one transaction.
const BATCH: i64 = 100;

/// Looks whether a project has reached its goal, and has it told the first time.
pub(crate) async fn note_reached(db: &Db, project: ProjectId, now: DateTime<Utc>) -> sqlx::Result<()> {
    if !store::reaches_goal(&db.pool, project).await? {
        return Ok(());
    }
    let mut tx = db.pool.begin().await?;
    if store::keep_goal_reached(&mut tx, project, now).await? {
        jobs::enqueue(&mut tx, &TellGoal { project }, now).await?;
    }
    tx.commit().await
}

/// Tells who has an interest. Can be run again at any point: nobody is told twice.
pub async fn tell_goal(means: &Means, project: ProjectId) -> Result<(), JobError> {
    let (db, site) = (&means.db, &means.site);
    if projects::store::by_id(&mut *db.pool.acquire().await?, project).await?.state != FundingState::Live {
        // The outcome has been told, or is about to be.
        return Ok(());
    }
    let mut tx = db.pool.begin().await?;
    let told = mail::milestone(&mut tx, site, project).await?;
    tell(&mut tx, site, told, db.now()).await?;
    tx.commit().await?;
    let mut last = None;
    loop {
        let mut tx = db.pool.begin().await?;
        let backers = store::backers_after(&mut tx, project, last, BATCH).await?;
        let Some(end) = backers.last().copied() else {
            break;
        };
        for backer in backers {
            let told = mail::goal_reached(&mut tx, site, project, backer).await?;
            tell(&mut tx, site, told, db.now()).await?;
        }
        tx.commit().await?;
        db.notify.jobs();
        last = Some(end);
    }
    Ok(())
}
