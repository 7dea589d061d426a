//! The second step of a log-in: a code, or a passkey (see `by_passkey.rs`).

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        LogInByPasskey, PasskeyButton, ceremony, recovery,
        store::{self, Pending},
        text,
        totp::matching_step,
    },
    crate::{
        log_in::{finish, over_page},
        mail::{about_security, letter},
        notifications::tell,
        rules::safe_next,
        session::Mark,
        store::{self as accounts, Proved},
    },
    chrono::TimeDelta,
    kernel::{MemberId, Refusal, db::Db, limits::Limit, site::Site, token},
    leptos::server_fn::ServerFn,
    ui::{Field, FormMessage, Page, PageRequest, SubmitButton, lead_to},
};

/// How long the second step may take.
#[cfg(feature = "ssr")]
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// Remembers a log-in whose first factor was right, and leads to the second.
#[cfg(feature = "ssr")]
pub async fn begin_step(
    db: &Db,
    site: &Site,
    member: MemberId,
    way: &str,
    keep: bool,
    next: &str,
) -> Result<(), Refusal> {
    let (secret, hash) = token::fresh();
    let pending = Pending {
        member,
        way: way.to_owned(),
        keep,
        next: if next.is_empty() { String::new() } else { safe_next(next).to_owned() },
    };
    store::add_pending(&db.pool, &hash, &pending, db.now() + LASTS).await?;
    Mark::Step.set(site, secret, LASTS)?;
    lead_to("/login/code");
    Ok(())
}

/// Whoever gave the first factor a few minutes ago. Five tries, then the password again.
#[server]
pub async fn second_factor(#[server(default)] code: String) -> Result<(), AccountError> {
    const BY_MEMBER: Limit = Limit { name: "second_factor", burst: 30, seconds: 3600 };

    let (db, site) = (Db::current()?, Site::current()?);
    let hash = Mark::Step.hash_of_request(&site).ok_or(AccountError::StepOver)?;
    let tried = store::try_pending(&db.pool, &hash, db.now()).await?.ok_or(AccountError::StepOver)?;
    let pending = tried.pending;
    let counted = pending.member.to_string();
    BY_MEMBER.take(&db, &counted).await?;
    if !is_right(&db, pending.member, &code).await? {
        if tried.last {
            tell_of_failure(&db, &site, pending.member).await?;
        }
        return Err(AccountError::WrongCode);
    }
    BY_MEMBER.give_back(&db, &counted).await?;
    if !store::end_pending(&db.pool, &hash).await? {
        return Err(AccountError::StepOver);
    }
    Mark::Step.drop(&site)?;
    finish(&db, &site, pending.member, &pending.way, pending.keep, &pending.next, Proved::Now).await
}

/// Whoever used up all tries had the first factor: its owner should know.
#[cfg(feature = "ssr")]
async fn tell_of_failure(db: &Db, site: &Site, member: MemberId) -> Result<(), Refusal> {
    let mut tx = db.pool.begin().await?;
    let to = accounts::recipient(&mut tx, member).await?;
    let l = to.locale;
    let paragraphs = [text::mail_failed(l), crate::security::text::mail_not_you(l)].map(ToOwned::to_owned);
    let action = (crate::security::text::mail_reset(l), site.address(l, "/reset-password"));
    let mail = letter("step_failed", &to, text::mail_failed_subject(l), paragraphs, Some(action));
    tell(&mut tx, site, about_security(mail, Some("/account/security")), db.now()).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

/// Whether a code of the app or a recovery code is right, and was not used before.
#[cfg(feature = "ssr")]
async fn is_right(db: &Db, member: MemberId, code: &str) -> Result<bool, Refusal> {
    if let Some(known) = store::totp(&db.pool, member).await?.filter(|known| known.confirmed)
        && let Some(step) = matching_step(db, member, &known.secret, code)?
    {
        return Ok(store::use_step(&db.pool, member, step).await?);
    }
    Ok(store::use_recovery(&db.pool, member, &recovery::hash(code), db.now()).await?)
}

/// `/login/code`
#[cfg(feature = "ssr")]
pub async fn second_factor_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let form = req.form_of::<AccountError>(&[SecondFactor::PATH, LogInByPasskey::PATH]);
    let whose = match Mark::Step.hash_in(&req.headers, &req.site) {
        Some(hash) => store::pending_member(&req.db.pool, &hash, req.db.now()).await?,
        None => None,
    };
    let Some(whose) = whose else {
        return Ok(over_page(l));
    };
    let factors = store::factors(&req.db.pool, whose).await?;
    let passkey = factors.passkeys > 0 && ceremony::are_possible(&req.site);
    let lead = match (passkey, factors.app) {
        (true, true) => text::step_lead_any(l),
        (true, false) => text::step_lead_passkey(l),
        (false, true) => text::step_lead(l),
        (false, false) => text::step_lead_recovery(l),
    };
    Ok(Page::new(text::step_title(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::step_title(l)}</h1>
                <p>{lead}</p>
                <form class="form" method="post" action=SecondFactor::PATH>
                    <FormMessage form=form.clone() />
                    <Field form=form name="code" label=text::code(l) required=true maxlength=40 autocomplete="one-time-code" />
                    <SubmitButton label=text::step_go(l) class="button--wide" />
                    {passkey.then(|| view! { <PasskeyButton action=LogInByPasskey::PATH /> })}
                </form>
                <p class="beside"><a href=l.path("/login")>{text::step_back(l)}</a></p>
            </section>
        }
    }))
}
