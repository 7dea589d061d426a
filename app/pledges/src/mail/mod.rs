//! What backers and creators are told: one for each event and person.

mod backer;
mod creator;
mod deposits;

use crate::text;
use accounts::{
    notifications::{Kind, Notification},
    store::Recipient,
};
use kernel::{Locale, ProjectId, Zone, outbox::Message, site::Site};
use sqlx::PgConnection;

pub use backer::{
    Addressee, addressee, collected, dropped, goal_reached, payment_failed, reserved, too_little,
    transfer_missed, transfer_reminder, transfer_wanted, voided,
};
pub use creator::{milestone, new_backer, outcome, too_little_for_creator};
pub use deposits::{deposit_short, deposit_undone, deposited};

/// A project and its creator, who is told of it.
#[derive(Debug)]
struct Own {
    creator: Recipient,
    title: String,
    /// Its page, without language.
    page: String,
}

async fn own(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<Own> {
    let row = sqlx::query!(
        "select m.id, m.name, m.email, m.locale, m.time_zone, p.title, p.slug
           from projects p join members m on m.id = p.creator_id where p.id = $1",
        project.uuid()
    )
    .fetch_one(db)
    .await?;
    let creator = Recipient {
        id: row.id.into(),
        name: row.name,
        email: row.email,
        locale: Locale::from_tag(&row.locale),
        zone: Zone::stored(&row.time_zone),
    };
    Ok(Own { creator, title: row.title, page: format!("/projects/{}", row.slug) })
}

fn of_project(
    site: &Site,
    kind: &'static Kind,
    key: String,
    to: &Recipient,
    page: String,
    (subject, body): (String, String),
) -> Notification {
    let l = to.locale;
    let mail = Message {
        key,
        member: Some(to.id),
        to: to.email.clone(),
        locale: l,
        subject,
        paragraphs: vec![text::mail_hello(l, &to.name), body],
        action: Some((text::mail_see_project(l).to_owned(), site.address(l, &page))),
        ..Message::default()
    };
    Notification::new(kind, mail, Some(page))
}
