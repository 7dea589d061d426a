//! Changing the address: the new one is confirmed, both are told, and the old one can undo it for
//! three days.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{mail, prove::require_proof, store, text},
    crate::{
        factor::forget_since,
        links::{self, Link, LinkForm, Purpose, WayBack, way_back},
        mail::about_security,
        notifications::tell,
        rules::parse_email,
        store as accounts,
    },
    kernel::{
        Fault, Faults, MemberId, Refusal,
        db::Db,
        jobs::{self, Job, Patience},
        limits::Limit,
        site::Site,
    },
    leptos::server_fn::ServerFn,
    serde::{Deserialize, Serialize},
    ui::{LinkButton, Page, PageRequest},
};

/// Whoever is logged in and has proved who they are. An address that somebody has already gets the same
/// answer as one that is free.
#[server]
pub async fn change_email(#[server(default)] email: String) -> Result<(), AccountError> {
    const CHANGES: Limit = Limit { name: "change_email", burst: 5, seconds: 3600 };

    let (db, site) = (Db::current()?, Site::current()?);
    let (member, _) = require_proof(&db, &site).await?;
    let mut faults = Faults::default();
    let new = faults.keep("email", parse_email(&email));
    faults.none_or_refuse()?;
    let new = new.ok_or_else(|| Refusal::field("email", Fault::Required))?;
    CHANGES.take(&db, &member.id.to_string()).await?;
    let mut connection = db.pool.acquire().await?;
    jobs::enqueue(&mut connection, &MailChange { member: member.id, email: new }, db.now()).await?;
    db.notify.jobs();
    ui::lead_to("/account/security?mailed=1");
    Ok(())
}

/// Mail a link to the address that a member wants to have, if nobody has it.
#[cfg(feature = "ssr")]
#[derive(Debug, Serialize, Deserialize)]
pub struct MailChange {
    pub member: MemberId,
    pub email: String,
}

#[cfg(feature = "ssr")]
impl Job for MailChange {
    const KIND: &'static str = "account.mail_change";
    // Whoever waits for it asks again by then.
    const PATIENCE: Patience = Patience::Tries(10);
}

#[cfg(feature = "ssr")]
pub async fn mail_change(db: &Db, site: &Site, job: &MailChange) -> Result<(), Refusal> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let to = accounts::recipient(&mut tx, job.member).await?;
    if store::can_have(&mut tx, job.member, &job.email).await? {
        store::end_changes(&mut tx, job.member, now).await?;
        let secret = links::make(&mut tx, job.member, Purpose::ChangeEmail, &job.email, now).await?;
        tell(&mut tx, site, about_security(mail::confirm_email(site, &to, &job.email, &secret), None), now)
            .await?;
    }
    // In both cases: who asked sees no difference.
    let asked = about_security(mail::email_asked(site, &to, &job.email), Some("/account/security"));
    tell(&mut tx, site, asked, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// Public: whoever holds the link that was mailed to the new address.
#[server]
pub async fn confirm_change(#[server(default)] token: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    if !change(&db, &site, &token).await? {
        return Err(AccountError::StaleLink);
    }
    ui::lead_to("/confirm-email?change=done");
    Ok(())
}

/// `/confirm-email?change=…`: a button, because mail scanners follow links.
#[cfg(feature = "ssr")]
pub async fn change_page(req: &PageRequest, secret: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let secret = secret.to_owned();
    let done = secret == "done";
    let link = links::open(&req.db.pool, &secret, Purpose::ChangeEmail, req.db.now()).await?;
    let form = req.form::<AccountError>(ConfirmChange::PATH);
    let title = match (done, &link) {
        (true, _) => text::email_changed_title(l),
        (false, Some(_)) => text::change_email(l),
        (false, None) => text::link_stale_title(l),
    };
    Ok(Page::new(title, move || {
        let body = match link {
            Some(link) => view! {
                <p>{text::change_lead(l, link.email)}</p>
                <LinkForm form=form action=ConfirmChange::PATH secret=secret label=text::mail_email_confirm_action(l) />
            }
            .into_any(),
            None => {
                let sentence = if done { text::email_changed(l) } else { text::link_stale(l) };
                view! {
                    <p>{sentence}</p>
                    <LinkButton href=l.path("/account") label=crate::text::my_account(l) />
                }
                .into_any()
            }
        };
        view! { <section class="sheet"><h1>{title}</h1>{body}</section> }
    }))
}

/// Invariant: of all calls with one link at most one changes the address.
#[cfg(feature = "ssr")]
async fn change(db: &Db, site: &Site, secret: &str) -> Result<bool, Refusal> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let Some(Link { member, email: new, .. }) =
        links::use_up(&mut tx, secret, Purpose::ChangeEmail, now).await?
    else {
        return Ok(false);
    };
    let to = accounts::recipient(&mut tx, member).await?;
    // Somebody may have signed up with it in between: then the link is simply stale.
    match store::set_email(&mut tx, member, &new, now, AccountError::StaleLink).await {
        Ok(()) => {}
        Err(AccountError::Refused(refusal)) => return Err(refusal),
        Err(_) => return Ok(false),
    }
    let undo = links::make(&mut tx, member, Purpose::UndoEmail, &to.email, now).await?;
    tell(&mut tx, site, about_security(mail::email_changed(site, &to, &new, &undo), None), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(true)
}

/// Public: whoever holds the link that was mailed to the old address.
#[server]
pub async fn undo_email(#[server(default)] token: String) -> Result<(), AccountError> {
    let db = Db::current()?;
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let link = links::use_up(&mut tx, &token, Purpose::UndoEmail, now).await?;
    let Link { member, email: old, made_at } = link.ok_or(AccountError::StaleLink)?;
    // Whoever changed the address may have added a way in besides.
    forget_since(&mut tx, member, made_at).await?;
    store::end_younger_undos(&mut tx, member, made_at, now).await?;
    store::set_email(&mut tx, member, &old, now, AccountError::StaleLink).await?;
    store::end_others(&mut tx, member, &[]).await?;
    tx.commit().await?;
    ui::lead_to("/undo-email?done=1");
    Ok(())
}

/// `/undo-email`
#[cfg(feature = "ssr")]
pub async fn undo_page(req: &PageRequest) -> Result<Page, Refusal> {
    let way = WayBack {
        purpose: Purpose::UndoEmail,
        action: UndoEmail::PATH,
        title: text::undo_title,
        go: text::undo_go,
        done_title: text::undone_title,
        done: text::undone,
    };
    let form = req.form::<AccountError>(UndoEmail::PATH);
    way_back(req, way, form, |l, link| text::undo_lead(l, link.email)).await
}
