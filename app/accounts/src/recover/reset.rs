//! Reset password: a mailed link, single use, thirty minutes; setting the new one ends all sessions.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        find_id::{sent_page, typed_address},
        mail, store, text,
    },
    crate::{
        links::{self, Purpose},
        mail::about_security,
        notifications::tell,
        password,
        rules::parse_password,
        security::password_changed,
        session::{self, client_key},
        store as accounts,
    },
    kernel::{
        Faults, Refusal,
        db::Db,
        jobs::{self, Job, Patience},
        limits::Limit,
        site::Site,
    },
    leptos::server_fn::ServerFn,
    serde::{Deserialize, Serialize},
    ui::{Field, FieldKind, FormMessage, LinkButton, Page, PageRequest, SubmitButton},
};

/// Public: anyone may ask; only the owner of the address gets the link.
#[server]
pub async fn request_reset(#[server(default)] email: String) -> Result<(), AccountError> {
    const RESETS: Limit = Limit { name: "reset", burst: 5, seconds: 3600 };

    let db = Db::current()?;
    let email = typed_address(&db, &email, RESETS).await?;
    let mut connection = db.pool.acquire().await?;
    jobs::enqueue(&mut connection, &MailReset { email }, db.now()).await?;
    db.notify.jobs();
    ui::lead_to("/reset-password?sent=1");
    Ok(())
}

/// Public: whoever holds the mailed link.
///
/// Invariant: of all calls with one link at most one sets a password.
#[server]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), AccountError> {
    const BY_CLIENT: Limit = Limit { name: "reset_from", burst: 60, seconds: 3600 };

    let (db, site) = (Db::current()?, Site::current()?);
    BY_CLIENT.take(&db, &client_key()).await?;
    let now = db.now();
    let link = links::open(&db.pool, &token, Purpose::ResetPassword, now).await?;
    let link = link.ok_or(AccountError::StaleLink)?;
    let [email, name, handle] = store::words(&mut *db.pool.acquire().await?, link.member).await?;
    let mut faults = Faults::default();
    let password = parse_password(&password, password::guessable, &[&email, &name, &handle]);
    let password = faults.keep("password", password);
    faults.none_or_refuse()?;
    let password_hash = password::hash(password.ok_or(Refusal::Malformed)?).await?;
    let mut tx = db.pool.begin().await?;
    let link = links::use_up(&mut tx, &token, Purpose::ResetPassword, now).await?;
    let member = link.ok_or(AccountError::StaleLink)?.member;
    store::set_password(&mut tx, member, &password_hash, now).await?;
    // Whoever has come this way gets in with the new password, however many others guess meanwhile.
    session::meet_device(&mut tx, &db, &site, member).await?;
    let to = accounts::recipient(&mut tx, member).await?;
    let told = about_security(password_changed(&site, &to), Some("/account/security"));
    tell(&mut tx, &site, told, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    ui::lead_to("/login?reset=1");
    Ok(())
}

/// Mail a link to an address, if it has an account.
#[cfg(feature = "ssr")]
#[derive(Debug, Serialize, Deserialize)]
pub struct MailReset {
    pub email: String,
}

#[cfg(feature = "ssr")]
impl Job for MailReset {
    const KIND: &'static str = "account.mail_reset";
    // Whoever waits for it asks again by then.
    const PATIENCE: Patience = Patience::Tries(10);
}

#[cfg(feature = "ssr")]
pub async fn mail_reset(db: &Db, site: &Site, job: &MailReset) -> Result<(), Refusal> {
    let mut tx = db.pool.begin().await?;
    if let Some(to) = accounts::recipient_by_email(&mut tx, &job.email).await? {
        let secret = links::make(&mut tx, to.id, Purpose::ResetPassword, "", db.now()).await?;
        tell(&mut tx, site, about_security(mail::reset(site, &to, &secret), None), db.now()).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// `/reset-password`: asks for the address; with the token of a mailed link, for the new password.
#[cfg(feature = "ssr")]
pub async fn reset_page(req: &PageRequest) -> Result<Page, Refusal> {
    if req.query("sent").is_some() {
        return Ok(sent_page(req));
    }
    match req.query("token").map(ToOwned::to_owned) {
        Some(secret) => set_page(req, secret).await,
        None => Ok(ask_page(req)),
    }
}

#[cfg(feature = "ssr")]
fn ask_page(req: &PageRequest) -> Page {
    let l = req.locale;
    let form = req.form::<AccountError>(RequestReset::PATH);
    Page::new(text::reset(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::reset(l)}</h1>
                <p>{text::reset_lead(l)}</p>
                <form class="form" method="post" action=RequestReset::PATH>
                    <FormMessage form=form.clone() />
                    <Field form=form name="email" label=crate::text::email(l) kind=FieldKind::Email required=true maxlength=254 />
                    <SubmitButton label=text::reset_send(l) class="button--wide" />
                </form>
                <p class="beside">
                    <a href=l.path("/login")>{crate::text::log_in(l)}</a>
                    <a href=l.path("/find-id")>{text::find_id(l)}</a>
                </p>
            </section>
        }
    })
}

#[cfg(feature = "ssr")]
async fn set_page(req: &PageRequest, secret: String) -> Result<Page, Refusal> {
    let l = req.locale;
    let open = links::open(&req.db.pool, &secret, Purpose::ResetPassword, req.db.now()).await?.is_some();
    let form = req.form::<AccountError>(ResetPassword::PATH);
    Ok(if open {
        Page::new(text::reset(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::reset(l)}</h1>
                    <form class="form" method="post" action=ResetPassword::PATH>
                        <FormMessage form=form.clone() />
                        <input type="hidden" name="token" value=secret />
                        <Field form=form name="password" label=text::new_password(l) kind=FieldKind::NewPassword
                            hint=crate::text::password_hint(l) required=true maxlength=200 />
                        <p class="quiet">{text::reset_note(l)}</p>
                        <SubmitButton label=text::reset_set(l) class="button--wide" />
                    </form>
                </section>
            }
        })
    } else {
        Page::new(text::reset_stale_title(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::reset_stale_title(l)}</h1>
                    <p>{text::reset_stale(l)}</p>
                    <LinkButton href=l.path("/reset-password") label=text::reset_send(l) />
                </section>
            }
        })
    })
}
