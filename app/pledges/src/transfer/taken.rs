//! The goal was reached: who paid by transfer is told that the payment is done.

use crate::{Means, mail, store};
use accounts::notifications::tell;
use kernel::{
    ProjectId,
    jobs::{Job, JobError},
};
use serde::{Deserialize, Serialize};

/// How many backers are told in one transaction.
const BATCH: i64 = 100;

/// Tell those whose transfers were taken for a project.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TellTaken {
    pub project: ProjectId,
}

impl Job for TellTaken {
    const KIND: &'static str = "pledge.tell_taken";

    fn key(&self) -> Option<String> {
        Some(self.project.to_string())
    }
}

/// Can be run again at any point: nobody is told twice.
pub async fn tell_taken(means: &Means, project: ProjectId) -> Result<(), JobError> {
    let db = &means.db;
    let mut last = None;
    loop {
        let mut tx = db.pool.begin().await?;
        let pledges = store::paid_by_transfer_after(&mut tx, project, last, BATCH).await?;
        let Some(end) = pledges.last().copied() else {
            return Ok(());
        };
        for pledge in pledges {
            let to = mail::addressee(&mut tx, pledge).await?;
            tell(&mut tx, &means.site, mail::collected(&means.site, &to), db.now()).await?;
        }
        tx.commit().await?;
        db.notify.jobs();
        last = Some(end);
    }
}
