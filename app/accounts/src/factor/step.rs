//! The second step of a log-in.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        store,
        store::Pending,
        text,
        totp::{matching_step, recovery_hash},
    },
    crate::{rules::safe_next, session},
    chrono::TimeDelta,
    kernel::{Locale, MemberId, Refusal, db::Db, limits::Limit, site::Site, token},
    leptos::server_fn::ServerFn,
    ui::{Field, FormMessage, LinkButton, Page, PageRequest, SubmitButton},
};

/// How long the second step may take.
#[cfg(feature = "ssr")]
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// Remembers a log-in whose password was right, and leads to the second step.
#[cfg(feature = "ssr")]
pub async fn begin_step(
    db: &Db,
    site: &Site,
    member: MemberId,
    keep: bool,
    next: &str,
) -> Result<(), Refusal> {
    let (secret, hash) = token::fresh();
    let pending = Pending { member, keep, next: safe_next(next).to_owned() };
    store::add_pending(&db.pool, &hash, &pending, db.now() + LASTS).await?;
    session::set_step_cookie(site, secret, LASTS)?;
    let locale = use_context::<Locale>().unwrap_or_default();
    leptos_axum::redirect(&locale.path("/login/code"));
    Ok(())
}

/// Whoever gave the right password a few minutes ago. Five tries, then the password again.
#[server]
pub async fn second_factor(#[server(default)] code: String) -> Result<(), AccountError> {
    const BY_MEMBER: Limit = Limit { name: "second_factor", burst: 30, seconds: 3600 };

    let (db, site) = (Db::current()?, Site::current()?);
    let hash = session::step_of_request(&site).ok_or(AccountError::StepOver)?;
    let pending = store::try_pending(&db.pool, &hash, db.now()).await?.ok_or(AccountError::StepOver)?;
    BY_MEMBER.take(&db, &pending.member.to_string()).await?;
    if !is_right(&db, pending.member, &code).await? {
        return Err(AccountError::WrongCode);
    }
    if !store::end_pending(&db.pool, &hash).await? {
        return Err(AccountError::StepOver);
    }
    session::begin(&db, &site, pending.member, pending.keep).await?;
    session::drop_step_cookie(&site)?;
    leptos_axum::redirect(safe_next(&pending.next));
    Ok(())
}

/// Whether a code of the app or a recovery code is right, and was not used before.
#[cfg(feature = "ssr")]
async fn is_right(db: &Db, member: MemberId, code: &str) -> Result<bool, Refusal> {
    let Some(known) = store::totp(&db.pool, member).await? else {
        return Ok(false);
    };
    if let Some(step) = matching_step(db, member, &known.secret, code)? {
        return Ok(store::use_step(&db.pool, member, step).await?);
    }
    Ok(store::use_recovery(&db.pool, member, &recovery_hash(code), db.now()).await?)
}

/// `/login/code`
#[cfg(feature = "ssr")]
pub async fn second_factor_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let form = req.form::<AccountError>(SecondFactor::PATH);
    Ok(Page::new(text::step_title(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::step_title(l)}</h1>
                <p>{text::step_lead(l)}</p>
                <form class="form" method="post" action=SecondFactor::PATH>
                    <FormMessage form=form.clone() />
                    <Field form=form name="code" label=text::code(l) required=true maxlength=40 autocomplete="one-time-code" />
                    <SubmitButton label=text::step_go(l) class="button--wide" />
                </form>
                <LinkButton href=l.path("/login") label=crate::text::log_in(l) class="button--quiet" />
            </section>
        }
    }))
}
