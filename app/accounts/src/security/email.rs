//! Changing the address: the new one is confirmed, both are told, and the old one can undo it for
//! three days.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{mail, prove::require_proof, store, text},
    crate::{
        factor::forget_since, mail::about_security, notifications::tell, rules::parse_email,
        store as accounts,
    },
    kernel::{
        Fault, Faults, MemberId, Refusal,
        db::Db,
        jobs::{self, Job, Patience},
        limits::Limit,
        site::Site,
        token,
    },
    leptos::server_fn::ServerFn,
    serde::{Deserialize, Serialize},
    ui::{FormMessage, LinkButton, Page, PageRequest, SubmitButton},
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
        let (secret, hash) = token::fresh();
        store::add_change(&mut tx, job.member, &hash, &job.email, now).await?;
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
    let new = store::open_link(&req.db.pool, &token::hash(&secret), "change_email", req.db.now()).await?;
    let form = req.form::<AccountError>(ConfirmChange::PATH);
    let title = match (done, &new) {
        (true, _) => text::email_changed_title(l),
        (false, Some(_)) => text::mail_email_confirm_action(l),
        (false, None) => text::link_stale_title(l),
    };
    Ok(Page::new(title, move || {
        let body = match new {
            Some(new) => view! {
                <p>{text::change_lead(l, new)}</p>
                <form method="post" action=ConfirmChange::PATH>
                    <FormMessage form=form />
                    <input type="hidden" name="token" value=secret />
                    <SubmitButton label=text::mail_email_confirm_action(l) class="button--wide" />
                </form>
            }
            .into_any(),
            None => {
                let sentence = if done { text::email_changed(l) } else { text::link_stale(l) };
                view! {
                    <p>{sentence}</p>
                    <LinkButton href=l.path("/account/security") label=crate::text::my_account(l) />
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
    let Some(store::UsedLink { member, email: new, .. }) =
        store::use_link(&mut tx, &token::hash(secret), "change_email", now).await?
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
    let (undo, hash) = token::fresh();
    store::add_undo(&mut tx, member, &hash, &to.email, now).await?;
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
    let hash = token::hash(&token);
    let used = store::use_link(&mut tx, &hash, "undo_email", now).await?;
    let store::UsedLink { member, email: old, made_at } = used.ok_or(AccountError::StaleLink)?;
    // Whoever changed the address may have added a way in besides.
    forget_since(&mut tx, member, made_at).await?;
    store::end_younger_undos(&mut tx, member, &hash, now).await?;
    store::set_email(&mut tx, member, &old, now, AccountError::StaleLink).await?;
    store::end_others(&mut tx, member, &[]).await?;
    tx.commit().await?;
    ui::lead_to("/undo-email?done=1");
    Ok(())
}

/// `/undo-email`: a button, because mail scanners follow links.
#[cfg(feature = "ssr")]
pub async fn undo_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    if req.query("done").is_some() {
        return Ok(Page::new(text::undone_title(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::undone_title(l)}</h1>
                    <p>{text::undone(l)}</p>
                    <LinkButton href=l.path("/reset-password") label=text::mail_reset(l) />
                </section>
            }
        }));
    }
    let secret = req.query("token").unwrap_or_default().to_owned();
    let old = store::open_link(&req.db.pool, &token::hash(&secret), "undo_email", req.db.now()).await?;
    let form = req.form::<AccountError>(UndoEmail::PATH);
    let title = if old.is_some() { text::undo_title(l) } else { text::link_stale_title(l) };
    Ok(Page::new(title, move || {
        let way = match old {
            Some(old) => view! {
                <p>{text::undo_lead(l, old)}</p>
                <form method="post" action=UndoEmail::PATH>
                    <FormMessage form=form />
                    <input type="hidden" name="token" value=secret />
                    <SubmitButton label=text::undo_go(l) class="button--wide" />
                </form>
            }
            .into_any(),
            None => view! { <p>{text::link_stale(l)}</p> }.into_any(),
        };
        view! { <section class="sheet"><h1>{title}</h1>{way}</section> }
    }))
}
