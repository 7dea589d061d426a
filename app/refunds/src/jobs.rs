//! The jobs of this crate, and what of those of payments is about refunds and disputes. Money hangs on each.

use crate::{AskDispute, AskRefund, ask_dispute, begin, dispute_reported, refund_reported, settle, store};
use kernel::jobs::{Job, JobError, Taken};
use payments::{BeginRefund, Report, events::ReadEvent};
use pledges::Means;

/// Does a job of this crate; false if it is of another.
pub async fn run(means: &Means, job: &Taken) -> Result<bool, JobError> {
    match job.kind.as_str() {
        BeginRefund::KIND => begin(means, job.read()?).await?,
        AskRefund::KIND => settle::ask(means, job.read()?).await?,
        AskDispute::KIND => ask_dispute(means, job.read::<AskDispute>()?.dispute).await?,
        ReadEvent::KIND => {
            let event = job.read::<ReadEvent>()?.event;
            let about = store::reported(&mut *means.db.pool.acquire().await?, event).await?;
            match about {
                Some(about) if about.kind.starts_with(Report::OF_DISPUTE) => {
                    dispute_reported(means, event, &about).await?;
                }
                Some(store::Reported { refund_attempt: Some(attempt), .. }) => {
                    refund_reported(means, event, attempt).await?;
                }
                _ => return Ok(false),
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}
