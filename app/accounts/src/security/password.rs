//! Changing the password: the other devices are logged out, and the owner is told by mail.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{mail, prove::require_proof, store},
    crate::{mail::about_security, notifications::tell, password, rules::parse_password, store as accounts},
    kernel::{Faults, Refusal, db::Db, site::Site},
};

/// Whoever is logged in and has proved who they are.
#[server]
pub async fn change_password(#[server(default)] next_password: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let mut faults = Faults::default();
    let email = accounts::email(&db.pool, member.id).await?;
    let new = parse_password(&next_password, password::guessable, &[&email, &member.name, &member.handle]);
    let new = faults.keep("next_password", new);
    faults.none_or_refuse()?;
    let hash = password::hash(new.ok_or(Refusal::Malformed)?).await?;
    let mut tx = db.pool.begin().await?;
    store::set_password(&mut tx, member.id, &hash).await?;
    store::end_others(&mut tx, member.id, &here).await?;
    accounts::end_ways_in(&mut tx, member.id, db.now()).await?;
    let to = accounts::recipient(&mut tx, member.id).await?;
    let told = about_security(mail::password_changed(&site, &to), Some("/account/security"));
    tell(&mut tx, &site, told, db.now()).await?;
    tx.commit().await?;
    db.notify.jobs();
    ui::lead_to("/account/security?changed=1");
    Ok(())
}
