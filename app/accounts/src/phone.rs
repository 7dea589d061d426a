//! A number for text messages: given and taken back on the account's page.

use crate::AccountError;
#[cfg(feature = "ssr")]
use crate::{phone_number::parse_phone, store};
#[cfg(feature = "ssr")]
use kernel::{MemberId, db::Db, seal::Place};
use leptos::prelude::*;

/// Whoever is logged in. An empty number removes the one that was kept.
#[server]
pub async fn set_phone(#[server(default)] phone: String) -> Result<(), AccountError> {
    use kernel::{Faults, Refusal, Viewer};

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let mut faults = Faults::default();
    let number = faults.keep("phone", parse_phone(&phone)).flatten();
    faults.none_or_refuse()?;
    let sealed = number.map(|number| db.keys.seal(place(member.id), &number)).transpose();
    let sealed = sealed.map_err(|error| Refusal::internal(&error))?;
    store::set_phone(&db, member.id, sealed.as_deref()).await?;
    ui::lead_to("/account?saved=1");
    Ok(())
}

#[cfg(feature = "ssr")]
const fn place(member: MemberId) -> Place {
    Place { column: "members.phone", row: member.uuid() }
}

/// The member's number in international form, if they gave one.
#[cfg(feature = "ssr")]
pub async fn phone_of(db: &Db, member: MemberId) -> Result<Option<String>, kernel::Refusal> {
    let stored = store::phone(db, member).await?;
    stored
        .map(|sealed| db.keys.open(place(member), &sealed))
        .transpose()
        .map_err(|error| kernel::Refusal::internal(&error))
}
