//! Who runs the site: roles, what they did, and suspending a member.

#![cfg(feature = "ssr")]

mod mail;
mod require;
mod store;
mod text;

use crate::{mail::about_security, notifications::tell, store::recipient};
use kernel::{MemberId, Refusal, db::Db, site::Site, undeliverable};

pub use require::{Operator, require_role, require_role_for, require_role_of};
pub use store::{Actor, AuditLine, Role, audit, grant, member_by_log_in, operators, revoke, roles_of};

/// Suspends a member: their sessions end, they cannot log in, and they are told why.
pub async fn suspend(
    db: &Db,
    site: &Site,
    actor: &Actor,
    member: MemberId,
    why: &str,
) -> Result<bool, Refusal> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !store::set_suspended(&mut tx, member, Some((now, why))).await? {
        return Ok(false);
    }
    audit(&mut tx, actor, "suspend", &format!("member:{member}"), why, now).await?;
    let to = recipient(&mut tx, member).await?;
    tell(&mut tx, site, about_security(mail::suspended(&to, why), None), now).await?;
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
    tell(&mut tx, site, about_security(mail::readmitted(site, &to), None), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(true)
}

/// Mails a member again whose mails came back; false if nothing stopped them.
pub async fn mail_again(db: &Db, actor: &Actor, member: MemberId) -> Result<bool, Refusal> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let to = recipient(&mut tx, member).await?;
    let done = undeliverable::clear(&mut tx, &to.email, now).await?;
    if done {
        audit(&mut tx, actor, "mail_again", &format!("member:{member}"), "", now).await?;
    }
    tx.commit().await?;
    Ok(done)
}
