//! Find ID: the page says the same in every case; the mail names the ID.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{mail, store, text},
    crate::{
        mail::about_security, notifications::tell, rules::parse_email, session::client_key, store as accounts,
    },
    kernel::{
        Fault, Faults, Refusal,
        db::Db,
        jobs::{self, Job, Patience},
        limits::Limit,
        site::Site,
    },
    leptos::server_fn::ServerFn,
    serde::{Deserialize, Serialize},
    ui::{Field, FieldKind, FormMessage, LinkButton, Page, PageRequest, SubmitButton},
};

/// Public: anyone may ask; what comes of it only the owner of the address learns.
#[server]
pub async fn find_id(#[server(default)] email: String) -> Result<(), AccountError> {
    const IDS: Limit = Limit { name: "find_id", burst: 5, seconds: 3600 };

    let db = Db::current()?;
    let email = typed_address(&db, &email, IDS).await?;
    let mut connection = db.pool.acquire().await?;
    jobs::enqueue(&mut connection, &MailId { email }, db.now()).await?;
    db.notify.jobs();
    ui::lead_to("/find-id?sent=1");
    Ok(())
}

/// The address of a form that mails something to it, in its limits. Each form has its own `by_address`:
/// nobody keeps a mail away from its owner by asking for others.
#[cfg(feature = "ssr")]
pub(super) async fn typed_address(db: &Db, email: &str, by_address: Limit) -> Result<String, Refusal> {
    const BY_CLIENT: Limit = Limit { name: "recover_from", burst: 60, seconds: 3600 };

    let mut faults = Faults::default();
    let email = faults.keep("email", parse_email(email));
    faults.none_or_refuse()?;
    let email = email.ok_or_else(|| Refusal::field("email", Fault::Required))?;
    BY_CLIENT.take(db, &client_key()).await?;
    by_address.take(db, &kernel::email_key(&email)).await?;
    Ok(email)
}

/// Mail the ID to an address, if it has an account.
#[cfg(feature = "ssr")]
#[derive(Debug, Serialize, Deserialize)]
pub struct MailId {
    pub email: String,
}

#[cfg(feature = "ssr")]
impl Job for MailId {
    const KIND: &'static str = "account.mail_id";
    // Whoever waits for it asks again by then.
    const PATIENCE: Patience = Patience::Tries(10);
}

#[cfg(feature = "ssr")]
pub async fn mail_id(db: &Db, site: &Site, job: &MailId) -> Result<(), Refusal> {
    let mut tx = db.pool.begin().await?;
    if let Some(to) = accounts::recipient_by_email(&mut tx, &job.email).await? {
        let known = store::ways_in(&mut tx, to.id).await?;
        tell(&mut tx, site, about_security(mail::id(site, &to, &known), None), db.now()).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

#[cfg(feature = "ssr")]
pub async fn find_id_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    if req.query("sent").is_some() {
        return Ok(sent_page(req));
    }
    let form = req.form::<AccountError>(FindId::PATH);
    Ok(Page::new(text::find_id(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::find_id(l)}</h1>
                <p>{text::find_id_lead(l)}</p>
                <form class="form" method="post" action=FindId::PATH>
                    <FormMessage form=form.clone() />
                    <Field form=form name="email" label=crate::text::email(l) kind=FieldKind::Email required=true maxlength=254 />
                    <SubmitButton label=text::find_id_send(l) class="button--wide" />
                </form>
                <p class="beside">
                    <a href=l.path("/login")>{crate::text::log_in(l)}</a>
                    <a href=l.path("/reset-password")>{text::reset(l)}</a>
                </p>
            </section>
        }
    }))
}

/// Said in every case.
#[cfg(feature = "ssr")]
pub(super) fn sent_page(req: &PageRequest) -> Page {
    let l = req.locale;
    let sandbox = req.site.0.sandbox;
    Page::new(text::sent_title(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::sent_title(l)}</h1>
                <p>{text::sent(l)}</p>
                {sandbox.then(|| view! {
                    <LinkButton href=l.path("/sandbox/mailbox") label=text::open_mailbox(l) class="button--quiet" />
                })}
            </section>
        }
    })
}
