//! Log in with the address or the ID.

use crate::AccountError;
#[cfg(feature = "ssr")]
use crate::{
    factor::{begin_step, has_totp},
    password,
    rules::safe_next,
    session, store, text,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    kernel::Refusal,
    leptos::server_fn::ServerFn,
    ui::{Field, FieldKind, FormMessage, Notice, Page, PageRequest, SubmitButton, TickField},
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

/// Public: anyone may try to log in. Failures are counted: few from one client to one account, so that
/// nobody locks a member out from elsewhere, and many from one client or to one account.
#[server]
pub async fn log_in(#[server(flatten)] form: LogInForm) -> Result<(), AccountError> {
    use kernel::{Fault, Faults, db::Db, limits::Limit, site::Site};
    const BY_BOTH: Limit = Limit { name: "log_in", burst: 10, seconds: 600 };
    const BY_ACCOUNT: Limit = Limit { name: "log_in_to", burst: 300, seconds: 600 };
    const BY_CLIENT: Limit = Limit { name: "log_in_from", burst: 300, seconds: 600 };

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
    let known = store::credentials(&db, &form.email).await?;
    let (id, hash) = known.as_ref().map(|known| (known.id, known.password_hash.clone())).unzip();
    let client = session::client_key();
    // Address and ID lead to one member, and to one count.
    let account = id.map_or_else(|| store::email_key(form.email.trim()), |id| id.to_string());
    let counts =
        [(BY_CLIENT, client.clone()), (BY_BOTH, format!("{account} {client}")), (BY_ACCOUNT, account)];
    for (limit, key) in &counts {
        limit.take(&db, key).await?;
    }
    let right = password::matches(form.password, hash).await?;
    let Some(member) = id.filter(|_| right) else {
        return Err(AccountError::WrongLogIn);
    };
    for (limit, key) in &counts {
        limit.give_back(&db, key).await?;
    }
    if let Some(why) = known.as_ref().and_then(|known| known.suspended.clone()) {
        return Err(AccountError::Suspended(why));
    }
    // Who came from a page goes back to it as it was; who did not, home in their language.
    let locale = known.map(|known| known.locale).unwrap_or_default();
    let next = if form.next.is_empty() { locale.path("/") } else { safe_next(&form.next).to_owned() };
    let keep = form.keep == "true";
    if has_totp(&db.pool, member).await? {
        begin_step(&db, &site, member, keep, &next).await?;
        return Ok(());
    }
    session::begin(&db, &site, member, keep).await?;
    leptos_axum::redirect(&next);
    Ok(())
}

#[cfg(feature = "ssr")]
pub async fn log_in_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let form = req.form::<AccountError>(LogIn::PATH);
    let next = form.value_or("next", req.query("next").unwrap_or_default());
    let asked = !next.is_empty() && !form.was_sent();
    let sign_up = l.path("/signup");
    let reset = req.query("reset").is_some() && !form.was_sent();
    Ok(Page::new(text::log_in(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::welcome_back(l)}</h1>
                {reset.then(|| view! { <Notice tone="good" text=text::password_reset(l) /> })}
                {asked.then(|| view! { <Notice tone="plain" text=kernel::DomainError::explain(&Refusal::SignIn, l) /> })}
                <form class="form" method="post" action=LogIn::PATH>
                    <FormMessage form=form.clone() />
                    <input type="hidden" name="next" value=next />
                    <Field form=form.clone() name="email" label=text::email_or_handle(l) required=true maxlength=254 autocomplete="username" />
                    <Field form=form.clone() name="password" label=text::password(l) kind=FieldKind::Password required=true maxlength=200 />
                    <TickField form=form name="keep" label=text::stay_logged_in(l) />
                    <SubmitButton label=text::log_in(l) class="button--wide" />
                </form>
                <p class="quiet">
                    <a href=l.path("/find-id")>{text::find_id(l)}</a> " · "
                    <a href=l.path("/reset-password")>{text::reset_password(l)}</a>
                </p>
                <p class="quiet">{text::no_account_yet(l)} " " <a href=sign_up>{text::sign_up(l)}</a></p>
            </section>
        }
    }))
}
