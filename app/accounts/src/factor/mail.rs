//! The mail about a change of what opens an account.

use super::text;
use crate::{mail::letter, security, store::Recipient};
use kernel::{outbox::Message, site::Site};

/// `sentence` says what was changed, in the reader's language.
pub fn changed(site: &Site, to: &Recipient, sentence: String) -> Message {
    let l = to.locale;
    let paragraphs = [sentence, security::text::mail_not_you(l).to_owned()];
    let action = (text::mail_look(l), site.address(l, "/account/security"));
    letter("factor_changed", to, text::mail_changed_subject(l), paragraphs, Some(action))
}
