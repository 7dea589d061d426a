//! The mails of accounts, and how all of them are made.

use crate::{
    notifications::{Notification, SECURITY},
    rules::with_next,
    store::Recipient,
    text,
};
use kernel::{MessageId, outbox::Message, site::Site};

/// A mail to a member at their address, with a greeting. Each such mail is one of its own: links in
/// them are new each time.
pub fn letter(
    event: &str,
    to: &Recipient,
    subject: &str,
    paragraphs: impl IntoIterator<Item = String>,
    action: Option<(&str, String)>,
) -> Message {
    let hello = text::mail_hello(to.locale, &to.name);
    Message {
        key: format!("{event}:{}", MessageId::new()),
        member: Some(to.id),
        to: to.email.clone(),
        locale: to.locale,
        subject: subject.to_owned(),
        paragraphs: std::iter::once(hello).chain(paragraphs).collect(),
        action: action.map(|(label, address)| (label.to_owned(), address)),
        ..Message::default()
    }
}

/// Asks the owner of a new address to confirm it, and leads them on to `next`.
pub fn confirm(site: &Site, to: &Recipient, secret: &str, next: &str) -> Message {
    let l = to.locale;
    let paragraphs = [text::mail_confirm_body(l), text::mail_not_you(l)].map(ToOwned::to_owned);
    let address = site.address(l, &with_next(format!("/confirm-email?token={secret}"), next));
    let action = (text::mail_confirm_action(l), address);
    let mail = letter("confirm", to, text::mail_confirm_subject(l), paragraphs, Some(action));
    Message { to_confirm: true, ..mail }
}

/// The notification around a mail about an account; `page` is where its reader can look it up.
pub fn about_security(mail: Message, page: Option<&str>) -> Notification {
    Notification::new(&SECURITY, mail, page.map(ToOwned::to_owned))
}

/// Tells the owner of an address that somebody signed up with it again.
pub fn exists_already(site: &Site, to: &Recipient) -> Message {
    let l = to.locale;
    let paragraphs = [text::mail_exists_body(l).to_owned()];
    let action = (text::log_in(l), site.address(l, "/login"));
    letter("exists", to, text::mail_exists_subject(l), paragraphs, Some(action))
}
