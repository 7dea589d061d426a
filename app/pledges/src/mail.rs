//! The mails of pledges: one for each event and person.

use crate::text;
use chrono::{DateTime, Utc};
use kernel::{
    Locale, MemberId, Money, PledgeId, ProjectId,
    outbox::{Message, Sms},
    site::Site,
};
use sqlx::PgConnection;

/// A backer and the pledge that a mail is about.
#[derive(Clone, Debug)]
pub struct Addressee {
    pledge: PledgeId,
    member: MemberId,
    name: String,
    email: String,
    locale: Locale,
    project: String,
    deadline: Option<DateTime<Utc>>,
    total: Money,
    /// Whether they also want text messages.
    has_phone: bool,
}

pub async fn addressee(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Addressee> {
    let row = sqlx::query!(
        r#"select m.id, m.name, m.email, m.locale, pr.title, pr.deadline, p.total_minor, p.currency,
                m.phone is not null as "has_phone!"
           from pledges p join members m on m.id = p.backer_id join projects pr on pr.id = p.project_id
          where p.id = $1"#,
        pledge.uuid()
    )
    .fetch_one(db)
    .await?;
    let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Addressee {
        pledge,
        member: row.id.into(),
        name: row.name,
        email: row.email,
        locale: Locale::from_tag(&row.locale),
        project: row.title,
        deadline: row.deadline,
        total: Money::new(row.total_minor, currency),
        has_phone: row.has_phone,
    })
}

fn message(site: &Site, to: &Addressee, event: &str, subject: String, body: String) -> Message {
    let l = to.locale;
    Message {
        key: format!("pledge.{event}:{}", to.pledge),
        member: Some(to.member),
        to: to.email.clone(),
        locale: l,
        subject,
        paragraphs: vec![text::mail_hello(l, &to.name), body, text::mail_total(l, to.total.show(l))],
        action: Some((
            text::mail_see(l).to_owned(),
            site.address(l, &format!("/account/pledges/{}", to.pledge)),
        )),
    }
}

pub fn reserved(site: &Site, to: &Addressee) -> Message {
    let l = to.locale;
    let day = to.deadline.map(|at| kernel::deadline(l, at)).unwrap_or_default();
    let body = text::mail_reserved(l, &to.project, day);
    message(site, to, "reserved", text::mail_reserved_subject(l, &to.project), body)
}

pub fn collected(site: &Site, to: &Addressee) -> Message {
    let l = to.locale;
    message(
        site,
        to,
        "collected",
        text::mail_collected_subject(l, &to.project),
        text::mail_collected(l, &to.project),
    )
}

pub fn dropped(site: &Site, to: &Addressee) -> Message {
    let l = to.locale;
    message(
        site,
        to,
        "dropped",
        text::mail_dropped_subject(l, &to.project),
        text::mail_dropped(l, &to.project),
    )
}

/// The text message beside [`dropped`], for who gave a number.
pub fn dropped_sms(site: &Site, to: &Addressee) -> Option<Sms> {
    let l = to.locale;
    let address = site.address(l, &format!("/account/pledges/{}", to.pledge));
    to.has_phone.then(|| Sms {
        key: format!("pledge.dropped:{}", to.pledge),
        member: to.member,
        locale: l,
        text: text::sms_dropped(l, &to.project, address),
    })
}

/// The project missed its goal, or its creator stopped it.
pub fn voided(site: &Site, to: &Addressee, stopped: bool) -> Message {
    let l = to.locale;
    let body = if stopped { text::mail_stopped(l, &to.project) } else { text::mail_unfunded(l, &to.project) };
    message(site, to, "voided", text::mail_voided_subject(l, &to.project), body)
}

/// Tells the creator how the project ended.
pub async fn outcome(
    db: &mut PgConnection,
    site: &Site,
    project: ProjectId,
    funded: bool,
) -> sqlx::Result<Message> {
    let row = sqlx::query!(
        "select m.id, m.name, m.email, m.locale, p.title, p.slug
           from projects p join members m on m.id = p.creator_id where p.id = $1",
        project.uuid()
    )
    .fetch_one(db)
    .await?;
    let l = Locale::from_tag(&row.locale);
    let (subject, body) = if funded {
        (text::mail_creator_funded_subject(l, &row.title), text::mail_creator_funded(l, &row.title))
    } else {
        (text::mail_creator_unfunded_subject(l, &row.title), text::mail_creator_unfunded(l, &row.title))
    };
    Ok(Message {
        key: format!("project.judged:{project}"),
        member: Some(row.id.into()),
        to: row.email,
        locale: l,
        subject,
        paragraphs: vec![text::mail_hello(l, &row.name), body],
        action: Some((
            text::mail_see_project(l).to_owned(),
            site.address(l, &format!("/projects/{}", row.slug)),
        )),
    })
}
