//! The last mail.

use super::text;
use crate::{mail::letter, store::Recipient};
use kernel::outbox::Message;

pub fn closed(to: &Recipient) -> Message {
    let l = to.locale;
    let mail = letter("closed", to, text::mail_subject(l), [text::mail_body(l).to_owned()], None);
    // Nobody any more: erasing must not find it, and nothing may follow it.
    Message { member: None, ..mail }
}
