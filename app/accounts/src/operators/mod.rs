//! Who runs the site: roles, what they did, and suspending a member.

#![cfg(feature = "ssr")]

mod mail;
mod store;
mod text;

use crate::store::recipient;
use kernel::{MemberId, Refusal, db::Db, outbox, site::Site};

pub use store::{Actor, AuditLine, Role, audit, grant, member_by_log_in, operators, revoke, roles_of};

/// Suspends a member: their sessions end, they cannot log in, and they are told why.
pub async fn suspend(db: &Db, actor: &Actor, member: MemberId, why: &str) -> Result<bool, Refusal> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !store::set_suspended(&mut tx, member, Some((now, why))).await? {
        return Ok(false);
    }
    audit(&mut tx, actor, "suspend", &format!("member:{member}"), why, now).await?;
    let to = recipient(&mut tx, member).await?;
    outbox::post(&mut tx, &mail::suspended(&to, why), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(true)
}

/// Lets a suspended member in again, and tells them.
pub async fn readmit(db: &Db, site: &Site, actor: &Actor, member: MemberId) -> Result<bool, Refusal> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !store::set_suspended(&mut tx, member, None).await? {
        return Ok(false);
    }
    audit(&mut tx, actor, "readmit", &format!("member:{member}"), "", now).await?;
    let to = recipient(&mut tx, member).await?;
    outbox::post(&mut tx, &mail::readmitted(site, &to), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(true)
}
