//! The mails of getting back in.

use super::text;
use crate::store::Recipient;
use kernel::{MessageId, outbox::Message, site::Site};

pub fn id(site: &Site, to: &Recipient, handle: &str) -> Message {
    let l = to.locale;
    let paragraphs = vec![
        text::mail_hello(l, &to.name),
        text::mail_id_body(l, handle),
        text::mail_id_by_password(l).to_owned(),
        text::mail_not_you(l).to_owned(),
    ];
    let action = (text::mail_id_action(l).to_owned(), site.address(l, "/login"));
    message("find_id", to, text::mail_id_subject(l), paragraphs, action)
}

pub fn reset(site: &Site, to: &Recipient, secret: &str) -> Message {
    let l = to.locale;
    let paragraphs = vec![
        text::mail_hello(l, &to.name),
        text::mail_reset_body(l).to_owned(),
        text::mail_not_you(l).to_owned(),
    ];
    let address = site.address(l, &format!("/reset-password?token={secret}"));
    let action = (text::mail_reset_action(l).to_owned(), address);
    message("reset", to, text::mail_reset_subject(l), paragraphs, action)
}

/// Tells that the password is another one now.
pub fn changed(site: &Site, to: &Recipient) -> Message {
    let l = to.locale;
    let paragraphs = vec![
        text::mail_hello(l, &to.name),
        text::mail_changed_body(l).to_owned(),
        text::mail_changed_not_you(l).to_owned(),
    ];
    let action = (text::reset(l).to_owned(), site.address(l, "/reset-password"));
    message("password_changed", to, text::mail_changed_subject(l), paragraphs, action)
}

/// Each of these mails is one of its own.
fn message(
    event: &str,
    to: &Recipient,
    subject: &str,
    paragraphs: Vec<String>,
    action: (String, String),
) -> Message {
    Message {
        key: format!("{event}:{}", MessageId::new()),
        member: Some(to.id),
        to: to.email.clone(),
        locale: to.locale,
        subject: subject.to_owned(),
        paragraphs,
        action: Some(action),
    }
}
