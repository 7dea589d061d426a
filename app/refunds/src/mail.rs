//! What backers are told of their money: one for each event and person.

use crate::{Refund, text};
use accounts::{
    notifications::{Notification, PLEDGES},
    store::{Recipient, recipient},
};
use kernel::{MemberId, PledgeId, outbox::Message, site::Site};
use sqlx::PgConnection;

/// A backer, and the pledge that a mail is about.
#[derive(Debug)]
pub struct Addressee {
    to: Recipient,
    pledge: PledgeId,
    project: String,
}

pub async fn addressee(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Addressee> {
    let row = sqlx::query!(
        "select p.backer_id, pr.title from pledges p join projects pr on pr.id = p.project_id where p.id = $1",
        pledge.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    let to = recipient(db, MemberId::from_uuid(row.backer_id)).await?;
    Ok(Addressee { to, pledge, project: row.title })
}

fn told(
    site: &Site,
    to: &Addressee,
    event: &str,
    (subject, body): (String, String),
    (label, page): (&str, String),
) -> Notification {
    let l = to.to.locale;
    let mail = Message {
        key: format!("refund.{event}"),
        member: Some(to.to.id),
        to: to.to.email.clone(),
        locale: l,
        subject,
        paragraphs: vec![text::mail_hello(l, &to.to.name), body],
        action: Some((label.to_owned(), site.address(l, &page))),
        ..Message::default()
    };
    Notification::new(&PLEDGES, mail, Some(page))
}

/// The money left. `about` is the try that did it, which is told once.
pub fn refunded(site: &Site, to: &Addressee, refund: &Refund, about: &str) -> Notification {
    let l = to.to.locale;
    let amount = refund.amount.show(l);
    let body = match refund.way {
        payments::RefundWay::Gateway => text::mail_refunded_to_card(l, &to.project, &amount),
        payments::RefundWay::Transfer => text::mail_refunded_to_account(l, &to.project, &amount),
    };
    let words = (text::mail_refunded_subject(l, &to.project), body);
    told(site, to, &format!("sent:{about}"), words, (text::mail_see(l), page(to)))
}

/// What had left came back.
pub fn came_back(site: &Site, to: &Addressee, refund: &Refund, about: &str) -> Notification {
    let l = to.to.locale;
    let words = (
        text::mail_came_back_subject(l, &to.project),
        text::mail_came_back(l, &to.project, refund.amount.show(l)),
    );
    told(site, to, &format!("came_back:{about}"), words, (text::mail_see(l), page(to)))
}

/// We do not know where to.
pub fn account_wanted(site: &Site, to: &Addressee, refund: &Refund) -> Notification {
    let l = to.to.locale;
    let words = (
        text::mail_account_subject(l, &to.project),
        text::mail_account(l, &to.project, refund.amount.show(l)),
    );
    let event = format!("account:{}:{}", refund.id, refund.tries);
    told(site, to, &event, words, (text::mail_account_go(l), format!("{}/refund-account", page(to))))
}

fn page(to: &Addressee) -> String {
    format!("/account/pledges/{}", to.pledge)
}
