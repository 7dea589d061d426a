//! The jobs of this crate and of projects, for the worker. Money hangs on each.

use crate::{FollowTransfer, Reconcile, draft, follow, reconcile};
use kernel::jobs::{Job, JobError, Taken};
use pledges::Means;
use projects::DraftStatement;

/// Does a job of this crate; false if it is of another.
pub async fn run(means: &Means, job: &Taken) -> Result<bool, JobError> {
    match job.kind.as_str() {
        DraftStatement::KIND => draft(means, job.read()?).await?,
        FollowTransfer::KIND => follow(means, job.read()?).await?,
        Reconcile::KIND => reconcile(means, &job.read()?).await?,
        _ => return Ok(false),
    }
    Ok(true)
}
