//! The mail about a change of what opens an account.

use super::text;
use crate::{
    mail::{about_security, letter},
    notifications::Notification,
    security,
    store::Recipient,
};
use kernel::site::Site;

/// `sentence` says what was changed, in the reader's language.
pub fn changed(site: &Site, to: &Recipient, sentence: String) -> Notification {
    let l = to.locale;
    let paragraphs = [sentence, security::text::mail_not_you(l).to_owned()];
    let action = (text::mail_look(l), site.address(l, "/account/security"));
    let mail = letter("factor_changed", to, text::mail_changed_subject(l), paragraphs, Some(action));
    about_security(mail, Some("/account/security"))
}
