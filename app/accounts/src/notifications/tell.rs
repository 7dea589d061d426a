//! The one way by which members are told of things.

use super::{Kind, store, text};
use chrono::{DateTime, Utc};
use kernel::{
    outbox::{self, Message, Sms},
    site::Site,
    token,
};
use sqlx::PgConnection;

/// One event, told to one member.
#[derive(Debug)]
pub struct Notification {
    pub kind: &'static Kind,
    /// Its key names the event and the person for every way.
    pub mail: Message,
    /// The page of ours that it is about, without language; none if there is only the mail, such as for
    /// a link that nobody else may see.
    pub page: Option<String>,
    /// Beside the mail, for who gave a number.
    pub sms: Option<Sms>,
}

impl Notification {
    #[must_use]
    pub const fn new(kind: &'static Kind, mail: Message, page: Option<String>) -> Self {
        Self { kind, mail, page, sms: None }
    }

    #[must_use]
    pub fn with_sms(self, sms: Option<Sms>) -> Self {
        Self { sms, ..self }
    }
}

/// Tells a member of something by the ways that its kind and their settings say, in the caller's
/// transaction.
///
/// Invariant: an event is told to a person once, however often this is called with its key.
pub async fn tell(
    db: &mut PgConnection,
    site: &Site,
    told: Notification,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Notification { kind, mut mail, page, sms } = told;
    let l = mail.locale;
    mail.why = if kind.mail.is_free() {
        text::why_chosen(l, kind.name(l))
    } else {
        text::why_always(l, kind.name(l))
    };
    let Some(member) = mail.member else {
        return outbox::post(db, &mail, now).await;
    };
    let Some(wants) = store::wants(db, member, kind, &mail.key).await? else {
        return Ok(());
    };
    if let Some(page) = page.filter(|_| kind.product.decide(wants.product)) {
        let title = mail.subject.strip_prefix(text::before_subject(l)).unwrap_or(&mail.subject);
        store::add(db, member, kind, &store::Line { key: &mail.key, title, page: &page }, now).await?;
    }
    if kind.mail.decide(wants.mail) {
        if kind.mail.is_free() {
            let (secret, hash) = token::fresh();
            store::add_link(db, member, kind, &hash, now).await?;
            mail.unsubscribe = Some(site.address(l, &format!("/unsubscribe?token={secret}")));
        }
        outbox::post(db, &mail, now).await?;
    }
    if let Some(sms) = sms.filter(|_| kind.sms.decide(wants.sms)) {
        outbox::post_sms(db, &sms, now).await?;
    }
    Ok(())
}
