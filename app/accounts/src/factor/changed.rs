//! What follows when something that opens an account is added or taken away.

use super::text;
use crate::{
    mail::{about_security, letter},
    notifications::tell,
    security, store,
};
use kernel::{Locale, MemberId, Refusal, db::Db, site::Site};
use sqlx::PgConnection;

/// Ends the other sessions and whatever was half begun, and tells the owner by mail; `sentence` says what
/// was changed. `here` is the session that stays.
pub async fn changed(
    tx: &mut PgConnection,
    db: &Db,
    site: &Site,
    (member, here): (MemberId, &[u8]),
    sentence: impl FnOnce(Locale) -> String,
) -> Result<(), Refusal> {
    security::end_others(tx, member, here).await?;
    store::end_ways_in(tx, member, db.now()).await?;
    let to = store::recipient(tx, member).await?;
    let l = to.locale;
    let paragraphs =
        [sentence(l), text::mail_changed_ended(l).to_owned(), security::text::mail_not_you(l).to_owned()];
    let action = (text::mail_look(l), site.address(l, "/account/security"));
    let mail = letter("factor_changed", &to, text::mail_changed_subject(l), paragraphs, Some(action));
    Ok(tell(tx, site, about_security(mail, Some("/account/security")), db.now()).await?)
}
