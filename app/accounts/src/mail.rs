//! The mails of accounts.

use crate::{store::Recipient, text};
use kernel::{MessageId, outbox::Message, site::Site};

/// Asks the owner of a new address to confirm it.
pub fn confirm(site: &Site, to: &Recipient, secret: &str) -> Message {
    let l = to.locale;
    Message {
        // The link is new each time, so each mail is one of its own.
        key: format!("confirm:{}", MessageId::new()),
        member: Some(to.id),
        to: to.email.clone(),
        locale: l,
        subject: text::mail_confirm_subject(l).to_owned(),
        paragraphs: vec![
            text::mail_confirm_hello(l, &to.name),
            text::mail_confirm_body(l).to_owned(),
            text::mail_not_you(l).to_owned(),
        ],
        action: Some((
            text::mail_confirm_action(l).to_owned(),
            site.address(l, &format!("/confirm-email?token={secret}")),
        )),
    }
}

/// Tells the owner of an address that somebody signed up with it again.
pub fn exists_already(site: &Site, to: &Recipient) -> Message {
    let l = to.locale;
    Message {
        key: format!("exists:{}", MessageId::new()),
        member: Some(to.id),
        to: to.email.clone(),
        locale: l,
        subject: text::mail_exists_subject(l).to_owned(),
        paragraphs: vec![text::mail_confirm_hello(l, &to.name), text::mail_exists_body(l).to_owned()],
        action: Some((text::log_in(l).to_owned(), site.address(l, "/login"))),
    }
}
