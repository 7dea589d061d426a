//! The mails about what guards an account.

use super::text;
use crate::{mail::letter, store::Recipient};
use chrono::{DateTime, Utc};
use kernel::{date_time, outbox::Message, site::Site};

/// A log-in from a browser that was not seen with this account before.
pub fn new_device(site: &Site, to: &Recipient, device: &str, at: DateTime<Utc>) -> Message {
    let l = to.locale;
    let device = if device.is_empty() { text::unknown_device(l) } else { device };
    let paragraphs = [text::mail_device(l, device, date_time(l, at)), text::mail_not_you(l).to_owned()];
    let action = (text::mail_device_sessions(l), site.address(l, "/account/security"));
    letter("new_device", to, text::mail_device_subject(l), paragraphs, Some(action))
}

pub fn password_changed(site: &Site, to: &Recipient) -> Message {
    let l = to.locale;
    let paragraphs = [text::mail_password(l), text::mail_not_you(l)].map(ToOwned::to_owned);
    let action = (text::mail_reset(l), site.address(l, "/reset-password"));
    letter("password_changed", to, text::mail_password_subject(l), paragraphs, Some(action))
}

/// The second factor was turned on or off.
pub fn factor_changed(site: &Site, to: &Recipient, what: (&str, &str)) -> Message {
    let l = to.locale;
    let paragraphs = [what.1, text::mail_not_you(l)].map(ToOwned::to_owned);
    let action = (text::mail_reset(l), site.address(l, "/reset-password"));
    letter("factor_changed", to, what.0, paragraphs, Some(action))
}

/// To the new address.
pub fn confirm_email(site: &Site, to: &Recipient, new: &str, secret: &str) -> Message {
    let l = to.locale;
    let paragraphs = [text::mail_email_confirm(l), text::mail_email_ignore(l)].map(ToOwned::to_owned);
    let address = site.address(l, &format!("/confirm-email?change={secret}"));
    let action = (text::mail_email_confirm_action(l), address);
    let mail = letter("change_email", to, text::mail_email_confirm_subject(l), paragraphs, Some(action));
    Message { to: new.to_owned(), ..mail }
}

/// To the present address, before anything has changed.
pub fn email_asked(site: &Site, to: &Recipient, new: &str) -> Message {
    let l = to.locale;
    let paragraphs = [text::mail_email_asked(l, new), text::mail_not_you(l).to_owned()];
    let action = (text::mail_reset(l), site.address(l, "/reset-password"));
    letter("email_asked", to, text::mail_email_asked_subject(l), paragraphs, Some(action))
}

/// To the address that was left, with the way back.
pub fn email_changed(site: &Site, to: &Recipient, new: &str, secret: &str) -> Message {
    let l = to.locale;
    let address = site.address(l, &format!("/undo-email?token={secret}"));
    let action = (text::mail_email_undo_action(l), address);
    let paragraphs = [text::mail_email_done(l, new)];
    letter("email_changed", to, text::mail_email_done_subject(l), paragraphs, Some(action))
}
