//! The last mail.

use super::text;
use crate::store::Recipient;
use kernel::{MessageId, outbox::Message};

pub fn closed(to: &Recipient) -> Message {
    let l = to.locale;
    Message {
        key: format!("closed:{}", MessageId::new()),
        // Nobody any more: erasing must not find it, and nothing may follow it.
        member: None,
        to: to.email.clone(),
        locale: l,
        subject: text::mail_subject(l).to_owned(),
        paragraphs: vec![text::mail_hello(l, &to.name), text::mail_body(l).to_owned()],
        action: None,
    }
}
