//! The mails of getting back in.

use super::{store::WaysIn, text};
use crate::{mail::letter, store::Recipient};
use kernel::{outbox::Message, site::Site};

pub fn id(site: &Site, to: &Recipient, known: &WaysIn) -> Message {
    let l = to.locale;
    let name_of = |key: &str| site.provider(key).map_or(key.to_owned(), |known| known.name(l).to_owned());
    let mut paragraphs = vec![text::mail_id_body(l, &known.handle)];
    paragraphs.extend(known.password.then(|| text::mail_id_by_password(l).to_owned()));
    paragraphs.extend(known.passkey.then(|| text::mail_id_by_passkey(l).to_owned()));
    for key in &known.providers {
        paragraphs.push(text::mail_id_by_provider(l, name_of(key)));
    }
    if let Some(at) = known.last_at {
        let day = to.zone.date(l, at);
        paragraphs.push(match &*known.last {
            "password" => text::mail_id_last_password(l, day),
            "passkey" => text::mail_id_last_passkey(l, day),
            key => text::mail_id_last_provider(l, day, name_of(key)),
        });
    }
    paragraphs.push(text::mail_not_you(l).to_owned());
    let action = (text::mail_id_action(l), site.address(l, "/login"));
    letter("find_id", to, text::mail_id_subject(l), paragraphs, Some(action))
}

pub fn reset(site: &Site, to: &Recipient, secret: &str) -> Message {
    let l = to.locale;
    let paragraphs = [text::mail_reset_body(l), text::mail_not_you(l)].map(ToOwned::to_owned);
    let address = site.address(l, &format!("/reset-password?token={secret}"));
    let action = (text::mail_reset_action(l), address);
    letter("reset", to, text::mail_reset_subject(l), paragraphs, Some(action))
}
