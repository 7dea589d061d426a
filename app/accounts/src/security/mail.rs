//! The mails about what guards an account.

use super::text;
use crate::store::Recipient;
use chrono::{DateTime, Utc};
use kernel::{MessageId, date_time, outbox::Message, site::Site};

/// A log-in from a browser that was not seen with this account before.
pub fn new_device(site: &Site, to: &Recipient, device: &str, at: DateTime<Utc>) -> Message {
    let l = to.locale;
    let device = if device.is_empty() { text::unknown_device(l) } else { device };
    let paragraphs = vec![text::mail_device(l, device, date_time(l, at)), text::mail_not_you(l).to_owned()];
    let action = (text::mail_device_sessions(l).to_owned(), site.address(l, "/account/security"));
    message("new_device", to, &to.email, text::mail_device_subject(l), paragraphs, Some(action))
}

pub fn password_changed(site: &Site, to: &Recipient) -> Message {
    let l = to.locale;
    let paragraphs = vec![text::mail_password(l).to_owned(), text::mail_not_you(l).to_owned()];
    let action = (text::mail_reset(l).to_owned(), site.address(l, "/reset-password"));
    message("password_changed", to, &to.email, text::mail_password_subject(l), paragraphs, Some(action))
}

/// To the new address.
pub fn confirm_email(site: &Site, to: &Recipient, new: &str, secret: &str) -> Message {
    let l = to.locale;
    let paragraphs = vec![text::mail_email_confirm(l).to_owned(), text::mail_email_ignore(l).to_owned()];
    let address = site.address(l, &format!("/confirm-email?change={secret}"));
    let action = (text::mail_email_confirm_action(l).to_owned(), address);
    message("change_email", to, new, text::mail_email_confirm_subject(l), paragraphs, Some(action))
}

/// To the present address, before anything has changed.
pub fn email_asked(site: &Site, to: &Recipient, new: &str) -> Message {
    let l = to.locale;
    let paragraphs = vec![text::mail_email_asked(l, new), text::mail_not_you(l).to_owned()];
    let action = (text::mail_reset(l).to_owned(), site.address(l, "/reset-password"));
    message("email_asked", to, &to.email, text::mail_email_asked_subject(l), paragraphs, Some(action))
}

/// To the address that was left, with the way back.
pub fn email_changed(site: &Site, to: &Recipient, old: &str, new: &str, secret: &str) -> Message {
    let l = to.locale;
    let address = site.address(l, &format!("/undo-email?token={secret}"));
    let action = (text::mail_email_undo_action(l).to_owned(), address);
    let paragraphs = vec![text::mail_email_done(l, new)];
    message("email_changed", to, old, text::mail_email_done_subject(l), paragraphs, Some(action))
}

/// Each of these mails is one of its own.
fn message(
    event: &str,
    to: &Recipient,
    address: &str,
    subject: &str,
    paragraphs: Vec<String>,
    action: Option<(String, String)>,
) -> Message {
    let l = to.locale;
    let mut all = vec![text::mail_hello(l, &to.name)];
    all.extend(paragraphs);
    Message {
        key: format!("{event}:{}", MessageId::new()),
        member: Some(to.id),
        to: address.to_owned(),
        locale: l,
        subject: subject.to_owned(),
        paragraphs: all,
        action,
    }
}
