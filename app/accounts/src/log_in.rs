//! Log in with the address or the ID.

use crate::AccountError;
#[cfg(feature = "ssr")]
use crate::{
    factor::{LogInByPasskey, PasskeyButton, begin_step, factors, passkeys_are_possible},
    password,
    rules::with_next,
    session,
    store::{self, Proved},
    text,
    through::{ComeBack, LeaveFor, ProviderLinks, Purpose, note},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    kernel::{Locale, MemberId, Refusal, db::Db, site::Site},
    leptos::server_fn::ServerFn,
    ui::{Field, FieldKind, FormMessage, LinkButton, Notice, Page, PageRequest, SubmitButton, TickField},
};

/// The log-in form as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogInForm {
    pub email: String,
    pub password: String,
    pub keep: String,
    /// Where to go afterwards.
    pub next: String,
}

/// Public: anyone may try to log in. Failures are counted: few from one client to one account, and many
/// from one client or to one account. A browser that its owner has used before is counted apart, so that
/// nobody locks a member out from elsewhere.
#[server]
pub async fn log_in(#[server(flatten)] form: LogInForm) -> Result<(), AccountError> {
    use kernel::{Fault, Faults, limits::Limit};
    const BY_BOTH: Limit = Limit { name: "log_in", burst: 10, seconds: 600 };
    const BY_ACCOUNT: Limit = Limit { name: "log_in_to", burst: 300, seconds: 600 };
    const BY_CLIENT: Limit = Limit { name: "log_in_from", burst: 100, seconds: 600 };
    const BY_BROWSER: Limit = Limit { name: "log_in_with", burst: 10, seconds: 600 };

    let (db, site) = (Db::current()?, Site::current()?);
    let mut faults = Faults::default();
    for (field, value) in [("email", &form.email), ("password", &form.password)] {
        if value.trim().is_empty() {
            faults.add(field, Fault::Required);
        } else if value.len() > 1000 {
            faults.add(field, Fault::TooLong { max: 200 });
        }
    }
    faults.none_or_refuse()?;
    let device = session::device_of_request(&site);
    let known = store::credentials(&db, &form.email, device.as_deref()).await?;
    let (id, hash) = known.as_ref().map(|known| (known.id, known.password_hash.clone())).unzip();
    let client = session::client_key();
    // By what was typed: one count for an address and its ID would tell that they belong together.
    let account = kernel::email_key(form.email.trim());
    let counts = match (&known, device) {
        (Some(known), Some(device)) if known.knows_browser => {
            let device: String = device.iter().map(|byte| format!("{byte:02x}")).collect();
            vec![(BY_BROWSER, format!("{} {device}", known.id))]
        }
        _ => {
            vec![(BY_CLIENT, client.clone()), (BY_BOTH, format!("{account} {client}")), (BY_ACCOUNT, account)]
        }
    };
    for (limit, key) in &counts {
        limit.take(&db, key).await?;
    }
    let right = password::matches(form.password, hash.flatten()).await?;
    let Some(member) = id.filter(|_| right) else {
        return Err(AccountError::WrongLogIn);
    };
    for (limit, key) in &counts {
        limit.give_back(&db, key).await?;
    }
    enter(&db, &site, member, "password", form.keep == "true", &form.next, Proved::Now).await
}

/// Lets somebody in whose first factor was right: to the second if they have one, else to `next`. `way`
/// is `password`, `passkey` or the key of a provider.
#[cfg(feature = "ssr")]
pub async fn enter(
    db: &Db,
    site: &Site,
    member: MemberId,
    way: &str,
    keep: bool,
    next: &str,
    proved: Proved,
) -> Result<(), AccountError> {
    if factors(&db.pool, member).await?.is_on() {
        admit(db, member).await?;
        begin_step(db, site, member, way, keep, next).await?;
        return Ok(());
    }
    finish(db, site, member, way, keep, next, proved).await
}

/// Begins the session of somebody who has shown all that it takes. Who came from a page goes back to it as it
/// was; who did not, home in their language.
#[cfg(feature = "ssr")]
pub async fn finish(
    db: &Db,
    site: &Site,
    member: MemberId,
    way: &str,
    keep: bool,
    next: &str,
    proved: Proved,
) -> Result<(), AccountError> {
    let locale = admit(db, member).await?;
    session::begin(db, site, member, keep, proved).await?;
    store::set_last_way(db, member, way).await?;
    provide_context(locale);
    session::lead_back(next, "/");
    Ok(())
}

/// Refuses whom an operator has suspended, and tells why; else tells their language.
#[cfg(feature = "ssr")]
async fn admit(db: &Db, member: MemberId) -> Result<Locale, AccountError> {
    let standing = store::standing(&db.pool, member).await?;
    match standing.suspended {
        Some(why) => Err(AccountError::Suspended(why)),
        None => Ok(standing.locale),
    }
}

#[cfg(feature = "ssr")]
pub async fn log_in_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let form =
        req.form_of::<AccountError>(&[LogIn::PATH, LogInByPasskey::PATH, LeaveFor::PATH, ComeBack::PATH]);
    let providers = req.site.0.providers.clone();
    let note = if req.typed.is_none() { note(req) } else { None };
    let passkeys = passkeys_are_possible(&req.site);
    let next = form.value_or("next", req.query("next").unwrap_or_default());
    let asked = !next.is_empty() && !form.was_sent();
    let sign_up = with_next(l.path("/signup"), &next);
    let reset = req.query("reset").is_some() && !form.was_sent();
    Ok(Page::new(text::log_in(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::welcome_back(l)}</h1>
                {note}
                {reset.then(|| view! { <Notice tone="good" text=text::password_reset(l) /> })}
                {asked.then(|| view! { <Notice tone="plain" text=kernel::DomainError::explain(&Refusal::SignIn, l) /> })}
                <form class="form" method="post" action=LogIn::PATH>
                    <FormMessage form=form.clone() />
                    <input type="hidden" name="next" value=next.clone() />
                    <Field form=form.clone() name="email" label=text::email_or_handle(l) required=true maxlength=254 autocomplete="username" />
                    <Field form=form.clone() name="password" label=text::password(l) kind=FieldKind::Password required=true maxlength=200 />
                    <TickField form=form name="keep" label=text::stay_logged_in(l) />
                    <SubmitButton label=text::log_in(l) class="button--wide" />
                    {passkeys.then(|| view! { <PasskeyButton action=LogInByPasskey::PATH /> })}
                </form>
                {(!providers.is_empty()).then(|| view! {
                    <p class="or">{text::or(l)}</p>
                    <ProviderLinks providers=providers purpose=Purpose::LogIn next=next />
                })}
                <p class="beside">
                    <a href=l.path("/find-id")>{text::find_id(l)}</a>
                    <a href=l.path("/reset-password")>{text::reset_password(l)}</a>
                </p>
                <p class="beside">{text::no_account_yet(l)} " " <a href=sign_up>{text::sign_up(l)}</a></p>
            </section>
        }
    }))
}

/// What was begun a while ago in this browser is over: the way to its start.
#[cfg(feature = "ssr")]
pub fn over_page(l: Locale) -> Page {
    Page::new(text::over(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::over(l)}</h1>
                <p>{text::step_over(l)}</p>
                <LinkButton href=l.path("/login") label=text::log_in(l) />
            </section>
        }
    })
}
