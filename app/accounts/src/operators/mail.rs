//! The mails to a member whom an operator dealt with.

use super::text;
use crate::store::Recipient;
use kernel::{MessageId, outbox::Message, site::Site};

pub fn suspended(to: &Recipient, why: &str) -> Message {
    let l = to.locale;
    message(
        "suspended",
        to,
        text::mail_suspended_subject(l),
        vec![
            text::mail_suspended(l).to_owned(),
            text::mail_suspended_why(l, why),
            text::mail_suspended_answer(l).to_owned(),
        ],
        None,
    )
}

pub fn readmitted(site: &Site, to: &Recipient) -> Message {
    let l = to.locale;
    let action = (text::log_in(l).to_owned(), site.address(l, "/login"));
    message(
        "readmitted",
        to,
        text::mail_readmitted_subject(l),
        vec![text::mail_readmitted(l).to_owned()],
        Some(action),
    )
}

/// Each of these mails is one of its own.
fn message(
    event: &str,
    to: &Recipient,
    subject: &str,
    paragraphs: Vec<String>,
    action: Option<(String, String)>,
) -> Message {
    let mut all = vec![text::mail_hello(to.locale, &to.name)];
    all.extend(paragraphs);
    Message {
        key: format!("{event}:{}", MessageId::new()),
        member: Some(to.id),
        to: to.email.clone(),
        locale: to.locale,
        subject: subject.to_owned(),
        paragraphs: all,
        action,
    }
}
