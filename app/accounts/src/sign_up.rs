//! Sign up with an address and a password; the address is confirmed by mail.

use crate::AccountError;
#[cfg(feature = "ssr")]
use crate::{
    CheckedSignUp, LegalLinks,
    links::{self, Purpose},
    mail::{self, about_security},
    notifications::tell,
    password,
    rules::{consents, safe_next, with_next},
    session::client_key,
    store, text,
    through::{self, ProviderLinks},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    kernel::{
        FormKey, Locale, MemberId, Refusal,
        db::Db,
        jobs::{self, Job, Patience},
        limits::Limit,
        site::Site,
    },
    leptos::server_fn::ServerFn,
    ui::{Field, FieldKind, FormMessage, LinkButton, Notice, Page, PageRequest, SubmitButton, TickField},
};

/// The sign-up form as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignUpForm {
    pub email: String,
    pub password: String,
    pub name: String,
    pub terms: String,
    pub privacy: String,
    pub news: String,
    /// Where to go after the first log-in.
    pub next: String,
}

/// How many sign up from one client, and how many times with one address.
#[cfg(feature = "ssr")]
pub const SIGN_UPS: Limit = Limit { name: "sign_up", burst: 300, seconds: 3600 };
#[cfg(feature = "ssr")]
pub const MAILS: Limit = Limit { name: "sign_up_mail", burst: 5, seconds: 3600 };

/// Public: anyone may sign up. The answer is the same whether the address has an account or not.
#[server]
pub async fn sign_up(#[server(flatten)] form: SignUpForm) -> Result<(), AccountError> {
    let db = Db::current()?;
    SIGN_UPS.take(&db, &client_key()).await?;
    let locale = use_context::<Locale>().unwrap_or_default();
    let next = if form.next.is_empty() { String::new() } else { safe_next(&form.next).to_owned() };
    let form = form.checked(password::guessable)?;
    MAILS.take(&db, &kernel::email_key(&form.email)).await?;
    create(&db, locale, form, next).await?;
    ui::lead_to("/signup?sent=1");
    Ok(())
}

/// Whoever is logged in and not confirmed, or whose mails come back.
#[server]
pub async fn resend_confirmation() -> Result<(), AccountError> {
    use kernel::{Viewer, undeliverable};
    const MAILS: Limit = Limit { name: "resend", burst: 3, seconds: 3600 };

    let member = Viewer::require_member()?;
    let (db, site) = (Db::current()?, Site::current()?);
    let email = store::email(&db.pool, member.id).await?;
    if !member.confirmed || undeliverable::trouble_of(&db.pool, &email).await?.is_some() {
        MAILS.take(&db, &member.id.to_string()).await?;
        let mut tx = db.pool.begin().await?;
        let to = store::recipient(&mut tx, member.id).await?;
        mail_confirmation(&mut tx, &site, &to, "", db.now()).await?;
        tx.commit().await?;
        db.notify.jobs();
    }
    ui::lead_to("/account?sent=1");
    Ok(())
}

/// Makes the account and has the link mailed; an address that has an account gets a mail that says so.
/// For both the same is done here: which mail it is the worker finds out.
#[cfg(feature = "ssr")]
pub async fn create(db: &Db, locale: Locale, form: CheckedSignUp, next: String) -> Result<(), AccountError> {
    let now = db.now();
    let id = MemberId::new();
    let handle = new_handle(&form.name);
    // Hashed before the address is looked up, so that a known one takes as long.
    let password_hash = password::hash(form.password).await?;
    let new = store::NewMember {
        id,
        handle: &handle,
        email: &form.email,
        name: &form.name,
        password_hash: Some(&password_hash),
        locale,
        consents: consents(form.news),
        at: now,
    };
    let mut tx = db.pool.begin().await?;
    let added = store::add(&mut tx, &new).await?;
    let mail = MailSignUp { email: form.email, member: added.then_some(id), next };
    jobs::enqueue(&mut tx, &mail, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// Mail to an address that signed up: the link to confirm it, or that it has an account already.
#[cfg(feature = "ssr")]
#[derive(Debug, Serialize, Deserialize)]
pub struct MailSignUp {
    pub email: String,
    /// The member that was made.
    pub member: Option<MemberId>,
    /// Where they came from.
    #[serde(default)]
    pub next: String,
}

#[cfg(feature = "ssr")]
impl Job for MailSignUp {
    const KIND: &'static str = "account.mail_sign_up";
    const PATIENCE: Patience = Patience::TWO_DAYS;
}

#[cfg(feature = "ssr")]
pub async fn mail_sign_up(db: &Db, site: &Site, job: &MailSignUp) -> Result<(), Refusal> {
    let mut tx = db.pool.begin().await?;
    let owner = store::recipient_by_email(&mut tx, &job.email).await?;
    match (owner, job.member) {
        (Some(owner), Some(new)) if owner.id == new => {
            mail_confirmation(&mut tx, site, &owner, &job.next, db.now()).await?;
        }
        (Some(owner), _) => {
            tell(&mut tx, site, about_security(mail::exists_already(site, &owner), None), db.now()).await?;
        }
        // They have left already, or have another address.
        (None, _) => {}
    }
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

#[cfg(feature = "ssr")]
pub async fn mail_confirmation(
    db: &mut sqlx::PgConnection,
    site: &Site,
    to: &store::Recipient,
    next: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<()> {
    let secret = links::make(db, to.id, Purpose::ConfirmEmail, "", now).await?;
    tell(db, site, about_security(mail::confirm(site, to, &secret, next), None), now).await
}

/// A first handle: the name's letters where they are Latin, and some that make it unique.
#[cfg(feature = "ssr")]
pub fn new_handle(name: &str) -> String {
    let letters: String =
        name.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).take(16).collect();
    let base = if letters.len() < 2 { "dure".to_owned() } else { letters };
    let random = FormKey::new().uuid().simple().to_string();
    format!("{base}_{}", &random[random.len() - 8..])
}

#[cfg(feature = "ssr")]
pub async fn sign_up_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    if req.query("sent").is_some() {
        let mailbox = req.site.0.sandbox.then(|| view_mailbox_link(l));
        return Ok(Page::new(text::mail_sent_title(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::mail_sent_title(l)}</h1>
                    <p>{text::mail_sent(l)}</p>
                    <p class="quiet">{text::mail_sent_spam(l)}</p>
                    {mailbox.map(|(href, label)| view! { <LinkButton href=href label=label class="button--quiet" /> })}
                </section>
            }
        }));
    }
    let form = req.form::<AccountError>(SignUp::PATH);
    let known = req.viewer.0.is_some();
    let providers = req.site.0.providers.clone();
    let next = form.value_or("next", req.query("next").unwrap_or_default());
    let log_in = with_next(l.path("/login"), &next);
    Ok(Page::new(text::sign_up(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::welcome(l)}</h1>
                {known.then(|| view! { <Notice tone="plain" text=text::my_account(l) /> })}
                <form class="form" method="post" action=SignUp::PATH>
                    <FormMessage form=form.clone() />
                    <input type="hidden" name="next" value=next.clone() />
                    <Field form=form.clone() name="email" label=text::email(l) kind=FieldKind::Email required=true maxlength=254 />
                    <Field form=form.clone() name="password" label=text::password(l) kind=FieldKind::NewPassword
                        hint=text::password_hint(l) required=true maxlength=200 />
                    <Field form=form.clone() name="name" label=text::name(l) hint=text::name_hint(l) required=true
                        maxlength=40 autocomplete="name" />
                    <TickField form=form.clone() name="terms" label=text::agree_terms(l) required=true />
                    <TickField form=form.clone() name="privacy" label=text::agree_privacy(l) required=true />
                    <LegalLinks />
                    <TickField form=form name="news" label=text::agree_news(l) />
                    <p class="quiet">{text::under_14(l)}</p>
                    <SubmitButton label=text::sign_up(l) class="button--wide" />
                </form>
                {(!providers.is_empty()).then(|| view! {
                    <p class="or">{text::or(l)}</p>
                    <ProviderLinks providers=providers purpose=through::Purpose::LogIn next=next />
                })}
                <p class="beside">{text::have_account(l)} " " <a href=log_in>{text::log_in(l)}</a></p>
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
fn view_mailbox_link(l: Locale) -> (String, &'static str) {
    (l.path("/sandbox/mailbox"), text::open_mailbox(l))
}
