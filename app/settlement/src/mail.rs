//! What creators are told about their money: one for each event.

use crate::{Payout, text};
use accounts::{
    notifications::{Notification, PROJECTS},
    store::{Recipient, recipient},
};
use chrono::{DateTime, Utc};
use kernel::{MemberId, TransferId, outbox::Message, site::Site};
use sqlx::PgConnection;

/// A mail about a payout; `words` are made in the creator's language, with the project's title.
async fn about(
    db: &mut PgConnection,
    site: &Site,
    payout: &Payout,
    event: String,
    words: impl FnOnce(&Recipient, &str) -> (String, String),
) -> sqlx::Result<Notification> {
    let project = projects::store::by_id(&mut *db, payout.project).await?;
    let to = recipient(db, payout.member).await?;
    let (subject, body) = words(&to, &project.title);
    let page = format!("/studio/{}/payouts", project.slug);
    Ok(told(site, &to, format!("payout.{event}:{}", payout.id), page, subject, body))
}

fn told(
    site: &Site,
    to: &Recipient,
    key: String,
    page: String,
    subject: String,
    body: String,
) -> Notification {
    let l = to.locale;
    let mail = Message {
        key,
        member: Some(to.id),
        to: to.email.clone(),
        locale: l,
        subject,
        paragraphs: vec![text::mail_hello(l, &to.name), body],
        action: Some((text::mail_see(l).to_owned(), site.address(l, &page))),
        ..Message::default()
    };
    Notification::new(&PROJECTS, mail, Some(page))
}

pub async fn issued(
    db: &mut PgConnection,
    site: &Site,
    payout: &Payout,
    at: DateTime<Utc>,
) -> sqlx::Result<Notification> {
    let share = payout.share;
    about(db, site, payout, format!("issued:{}", at.timestamp()), |to, title| {
        let l = to.locale;
        let words = text::mail_issued(l, title, share.net.show(l), share.gross.show(l));
        (text::mail_issued_subject(l, title), words)
    })
    .await
}

pub async fn approved(db: &mut PgConnection, site: &Site, payout: &Payout) -> sqlx::Result<Notification> {
    let net = payout.share.net;
    about(db, site, payout, "approved".to_owned(), |to, title| {
        let l = to.locale;
        let words = if net.minor() == 0 {
            text::mail_nothing_left(l, title)
        } else {
            text::mail_approved(l, title, net.show(l))
        };
        (text::mail_approved_subject(l, title), words)
    })
    .await
}

pub async fn paid(db: &mut PgConnection, site: &Site, payout: &Payout) -> sqlx::Result<Notification> {
    let net = payout.share.net;
    about(db, site, payout, "paid".to_owned(), |to, title| {
        let l = to.locale;
        (text::mail_paid_subject(l, title), text::mail_paid(l, title, net.show(l)))
    })
    .await
}

pub async fn failed(
    db: &mut PgConnection,
    site: &Site,
    payout: &Payout,
    transfer: TransferId,
) -> sqlx::Result<Notification> {
    let net = payout.share.net;
    about(db, site, payout, format!("failed:{transfer}"), |to, title| {
        let l = to.locale;
        (text::mail_failed_subject(l, title), text::mail_failed(l, title, net.show(l)))
    })
    .await
}

/// The account to which somebody is paid was changed, checked or refused.
pub async fn account(
    db: &mut PgConnection,
    site: &Site,
    member: MemberId,
    event: &str,
    words: impl FnOnce(kernel::Locale) -> (&'static str, String),
) -> sqlx::Result<Notification> {
    let to = recipient(db, member).await?;
    let (subject, body) = words(to.locale);
    let key = format!("payout_account.{event}");
    Ok(told(site, &to, key, "/account/payout".to_owned(), subject.to_owned(), body))
}
