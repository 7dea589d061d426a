//! What a backer is told.

use super::{Own, of_project, own};
use crate::text;
use accounts::{
    notifications::{BACKED, Notification, PLEDGES},
    store::recipient,
};
use chrono::{DateTime, Utc};
use deposits::expected::Deposit;
use kernel::{
    Locale, MemberId, Money, PledgeId, ProjectId, Zone,
    outbox::{Message, Sms},
    site::Site,
};
use payments::DeclineClass;
use sqlx::PgConnection;

/// A backer and the pledge that a mail is about.
#[derive(Clone, Debug)]
pub struct Addressee {
    pub pledge: PledgeId,
    member: MemberId,
    pub name: String,
    email: String,
    pub(super) locale: Locale,
    zone: Zone,
    pub(super) project: String,
    deadline: Option<DateTime<Utc>>,
    pub total: Money,
    /// Whether they also want text messages.
    has_phone: bool,
}

pub async fn addressee(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Addressee> {
    let row = sqlx::query!(
        r#"select m.id, m.name, m.email, m.locale, m.time_zone, pr.title, pr.deadline, p.total_minor, p.currency,
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
        zone: Zone::stored(&row.time_zone),
        project: row.title,
        deadline: row.deadline,
        total: Money::new(row.total_minor, currency),
        has_phone: row.has_phone,
    })
}

pub(super) fn told(site: &Site, to: &Addressee, event: &str, subject: String, body: String) -> Notification {
    let l = to.locale;
    let page = format!("/account/pledges/{}", to.pledge);
    let mail = Message {
        key: format!("pledge.{event}:{}", to.pledge),
        member: Some(to.member),
        to: to.email.clone(),
        locale: l,
        subject,
        paragraphs: vec![text::mail_hello(l, &to.name), body, text::mail_total(l, to.total.show(l))],
        action: Some((text::mail_see(l).to_owned(), site.address(l, &page))),
        ..Message::default()
    };
    Notification::new(&PLEDGES, mail, Some(page))
}

pub fn reserved(site: &Site, to: &Addressee) -> Notification {
    let l = to.locale;
    let day = to.deadline.map(|at| to.zone.deadline(l, at)).unwrap_or_default();
    let body = text::mail_reserved(l, &to.project, day);
    told(site, to, "reserved", text::mail_reserved_subject(l, &to.project), body)
}

/// Where to pay, how much, and until when.
pub fn transfer_wanted(site: &Site, to: &Addressee, deposit: &Deposit) -> Notification {
    let (l, time) = (to.locale, to.zone.date_time(to.locale, deposit.due_at));
    let (subject, body) =
        (text::mail_transfer_subject(l, &to.project), text::mail_transfer(l, &to.project, time));
    of_transfer(site, to, deposit, "transfer", subject, body)
}

/// The same once more, before its end.
pub fn transfer_reminder(site: &Site, to: &Addressee, deposit: &Deposit) -> Notification {
    let (l, time) = (to.locale, to.zone.date_time(to.locale, deposit.due_at));
    let subject = text::mail_transfer_soon_subject(l, &to.project);
    of_transfer(site, to, deposit, "transfer_soon", subject, text::mail_transfer_soon(l, &to.project, time))
}

fn of_transfer(
    site: &Site,
    to: &Addressee,
    deposit: &Deposit,
    event: &str,
    subject: String,
    body: String,
) -> Notification {
    let l = to.locale;
    let left = deposit.amount.checked_sub(deposit.matched).unwrap_or(deposit.amount);
    let mut told = told(site, to, &format!("{event}:{}", deposit.id), subject, body);
    told.mail.paragraphs.extend([
        text::mail_transfer_where(l, deposit.bank.name(l), &deposit.number, &deposit.holder),
        text::mail_transfer_what(l, left.show(l), deposit.code.shown()),
    ]);
    told
}

pub fn transfer_missed(site: &Site, to: &Addressee) -> Notification {
    let l = to.locale;
    let subject = text::mail_transfer_missed_subject(l, &to.project);
    told(site, to, "transfer_missed", subject, text::mail_transfer_missed(l, &to.project))
}

pub fn collected(site: &Site, to: &Addressee) -> Notification {
    let l = to.locale;
    told(
        site,
        to,
        "collected",
        text::mail_collected_subject(l, &to.project),
        text::mail_collected(l, &to.project),
    )
}

/// A charge was refused, and what can be done until the last run. `about` is the refusal, which is told once.
pub fn payment_failed(
    site: &Site,
    to: &Addressee,
    about: &str,
    class: DeclineClass,
    until: DateTime<Utc>,
) -> Notification {
    let l = to.locale;
    let day = to.zone.date_time(l, until);
    let body = match class {
        DeclineClass::Retryable => text::mail_failed_retried(l, &to.project, day),
        _ => text::mail_failed(l, &to.project, day),
    };
    let event = format!("payment_failed:{about}");
    let mut told = told(site, to, &event, text::mail_failed_subject(l, &to.project), body);
    if let Some((label, _)) = &mut told.mail.action {
        text::mail_pay(l).clone_into(label);
    }
    let address = site.address(l, &format!("/account/pledges/{}", to.pledge));
    told.with_sms(sms(to, &event, text::sms_failed(l, &to.project, address)))
}

/// With a text message for who gave a number.
pub fn dropped(site: &Site, to: &Addressee) -> Notification {
    let l = to.locale;
    let (subject, body) = (text::mail_dropped_subject(l, &to.project), text::mail_dropped(l, &to.project));
    let address = site.address(l, &format!("/account/pledges/{}", to.pledge));
    let sms = sms(to, "dropped", text::sms_dropped(l, &to.project, address));
    told(site, to, "dropped", subject, body).with_sms(sms)
}

/// A text message, for who gave a number.
fn sms(to: &Addressee, event: &str, text: String) -> Option<Sms> {
    let key = format!("pledge.{event}:{}", to.pledge);
    to.has_phone.then_some(Sms { key, member: to.member, locale: to.locale, text })
}

/// The project missed its goal, or its creator stopped it.
pub fn voided(site: &Site, to: &Addressee, stopped: bool) -> Notification {
    let l = to.locale;
    let body = if stopped { text::mail_stopped(l, &to.project) } else { text::mail_unfunded(l, &to.project) };
    told(site, to, "voided", text::mail_voided_subject(l, &to.project), body)
}

/// Less was collected than the creator had promised: what was paid goes back.
pub fn too_little(site: &Site, to: &Addressee) -> Notification {
    let l = to.locale;
    let subject = text::mail_too_little_subject(l, &to.project);
    told(site, to, "too_little", subject, text::mail_too_little(l, &to.project))
}

/// Tells a backer that the goal is reached before the deadline.
pub async fn goal_reached(
    db: &mut PgConnection,
    site: &Site,
    project: ProjectId,
    backer: MemberId,
) -> sqlx::Result<Notification> {
    let Own { title, page, .. } = own(&mut *db, project).await?;
    let to = recipient(db, backer).await?;
    let l = to.locale;
    let words = (text::mail_milestone_subject(l, &title), text::mail_goal(l, &title));
    Ok(of_project(site, &BACKED, format!("project.goal:{project}:{backer}"), &to, page, words))
}
