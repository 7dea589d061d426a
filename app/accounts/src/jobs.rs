//! The jobs of this crate, for the worker.

use crate::{
    recover::{MailId, MailReset, mail_id, mail_reset},
    security::{MailChange, mail_change},
    sign_up::{MailSignUp, mail_sign_up},
};
use kernel::{
    db::Db,
    jobs::{Job, JobError, Patience, Taken},
    site::Site,
};

/// Does a job of this crate; false if it is of another.
pub async fn run(db: &Db, site: &Site, job: &Taken) -> Result<bool, JobError> {
    match job.kind.as_str() {
        MailId::KIND => mail_id(db, site, &job.read()?).await?,
        MailReset::KIND => mail_reset(db, site, &job.read()?).await?,
        MailSignUp::KIND => mail_sign_up(db, site, &job.read()?).await?,
        MailChange::KIND => mail_change(db, site, &job.read()?).await?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// How long a job of this crate is tried again.
#[must_use]
pub fn patience(kind: &str) -> Option<Patience> {
    match kind {
        MailId::KIND => Some(MailId::PATIENCE),
        MailReset::KIND => Some(MailReset::PATIENCE),
        MailSignUp::KIND => Some(MailSignUp::PATIENCE),
        MailChange::KIND => Some(MailChange::PATIENCE),
        _ => None,
    }
}
