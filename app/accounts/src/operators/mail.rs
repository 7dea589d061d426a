//! The mails to a member whom an operator dealt with.

use super::text;
use crate::{mail::letter, store::Recipient};
use kernel::{outbox::Message, site::Site};

pub fn suspended(to: &Recipient, why: &str) -> Message {
    let l = to.locale;
    let paragraphs = [
        text::mail_suspended(l).to_owned(),
        text::mail_suspended_why(l, why),
        text::mail_suspended_answer(l).to_owned(),
    ];
    letter("suspended", to, text::mail_suspended_subject(l), paragraphs, None)
}

pub fn readmitted(site: &Site, to: &Recipient) -> Message {
    let l = to.locale;
    let paragraphs = [text::mail_readmitted(l).to_owned()];
    let action = (text::log_in(l), site.address(l, "/login"));
    letter("readmitted", to, text::mail_readmitted_subject(l), paragraphs, Some(action))
}
