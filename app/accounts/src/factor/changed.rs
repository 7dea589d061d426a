//! What follows when something that opens an account is added or taken away.

use super::text;
use crate::{
    links::{self, Purpose},
    mail::{about_security, letter},
    notifications::tell,
    security, store,
};
use chrono::{DateTime, Utc};
use kernel::{Locale, MemberId, Refusal, db::Db, site::Site};
use sqlx::PgConnection;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Whatever was added from this instant on can be taken away again, if it was not the owner.
    Added(DateTime<Utc>),
    Other,
}

/// Ends the other sessions and whatever was half begun, and tells the owner by mail; `sentence` says what
/// was changed. `here` is the session that stays.
pub async fn changed(
    tx: &mut PgConnection,
    db: &Db,
    site: &Site,
    (member, here): (MemberId, &[u8]),
    change: Change,
    sentence: impl FnOnce(Locale) -> String,
) -> Result<(), Refusal> {
    security::end_others(tx, member, here).await?;
    store::end_ways_in(tx, member, db.now()).await?;
    let to = store::recipient(tx, member).await?;
    let l = to.locale;
    let (note, label, address) = match change {
        Change::Added(at) => {
            let secret = links::make(tx, member, Purpose::UndoFactor, "", at).await?;
            let address = site.address(l, &format!("/undo-factor?token={secret}"));
            (text::mail_undo_note(l), text::mail_undo(l), address)
        }
        Change::Other => {
            (security::text::mail_not_you(l), text::mail_look(l), site.address(l, "/account/security"))
        }
    };
    let paragraphs = [sentence(l), text::mail_changed_ended(l).to_owned(), note.to_owned()];
    let subject = text::mail_changed_subject(l);
    let mail = letter("factor_changed", &to, subject, paragraphs, Some((label, address)));
    Ok(tell(tx, site, about_security(mail, Some("/account/security")), db.now()).await?)
}
