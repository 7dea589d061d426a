//! Adding passkeys and taking them away.

use crate::AccountError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
#[cfg(feature = "ssr")]
use {
    super::{Change, ceremony, changed, recovery, store, text},
    crate::{
        rules::parse_line,
        security::{require_proof, require_proof_of},
        session, store as accounts,
    },
    kernel::{Fault, Faults, Refusal, date, db::Db, site::Site},
    leptos::server_fn::ServerFn,
    ui::{BackLink, Field, FormMessage, Notice, Page, PageRequest, SubmitButton, lead_to},
    uuid::Uuid,
};

/// What a device is asked to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    /// Names it when the device has answered.
    pub secret: String,
    /// As `navigator.credentials` takes them, with bytes in base64url.
    pub options: Value,
}

/// Passkeys of one member.
#[cfg(feature = "ssr")]
const MOST: usize = 20;
#[cfg(feature = "ssr")]
const LONGEST_NAME: u32 = 60;
#[cfg(feature = "ssr")]
const PAGE: &str = "/account/security/passkeys";

/// Whoever is logged in and has proved who they are.
#[server]
pub async fn begin_passkey() -> Result<Ceremony, AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, _) = require_proof(&db, &site).await?;
    ceremony::ask_for_new(&db, &site, &member).await
}

/// Whoever is logged in and has proved who they are, with the key of their device.
#[server]
pub async fn add_passkey(
    #[server(default)] name: String,
    #[server(default)] ceremony: String,
    #[server(default)] answer: String,
) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let mut faults = Faults::default();
    let name = faults.keep("name", parse_line(&name, LONGEST_NAME)).unwrap_or_default();
    if name.is_empty() {
        faults.add("name", Fault::Required);
    }
    faults.none_or_refuse()?;
    let key = ceremony::new_key(&db, &site, member.id, &ceremony, &answer).await?;
    let mut tx = db.pool.begin().await?;
    accounts::lock(&mut tx, member.id).await?;
    if store::passkeys(&mut tx, member.id).await?.len() >= MOST {
        return Err(AccountError::TooManyPasskeys);
    }
    let stored = serde_json::to_value(&key).map_err(|error| Refusal::internal(&error))?;
    let now = db.now();
    store::add_passkey(&mut tx, member.id, key.cred_id(), &stored, &name, now).await?;
    let new_codes = recovery::provide(&mut tx, &db.keys, member.id, now).await?;
    let told = |l| text::mail_passkey_added(l, &name);
    changed(&mut tx, &db, &site, (member.id, &here), Change::Added(now), told).await?;
    tx.commit().await?;
    db.notify.jobs();
    lead_to(if new_codes { recovery::PAGE } else { PAGE });
    Ok(())
}

/// Whoever is logged in and has proved who they are, one of their own.
#[server]
pub async fn remove_passkey(#[server(default)] passkey: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let id: Uuid = passkey.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = db.pool.begin().await?;
    accounts::lock(&mut tx, member.id).await?;
    let name = store::remove_passkey(&mut tx, member.id, id).await?.ok_or(Refusal::NotFound)?;
    if !accounts::has_way_in(&mut tx, member.id).await? {
        return Err(AccountError::LastWayIn);
    }
    recovery::drop_unneeded(&mut tx, member.id).await?;
    changed(&mut tx, &db, &site, (member.id, &here), Change::Other, |l| text::mail_passkey_removed(l, &name))
        .await?;
    tx.commit().await?;
    db.notify.jobs();
    lead_to(PAGE);
    Ok(())
}

/// `/account/security/passkeys`
#[cfg(feature = "ssr")]
pub async fn passkeys_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = require_proof_of(req).await?.id;
    let known = store::passkeys(&mut *req.db.pool.acquire().await?, member).await?;
    let codes = store::factors(&req.db.pool, member).await?.recovery_left;
    let form = req.form::<AccountError>(AddPasskey::PATH);
    let removing = req.form::<AccountError>(RemovePasskey::PATH);
    let possible = ceremony::are_possible(&req.site);
    let device = session::device(&req.headers);
    Ok(Page::new(text::passkeys(l), move || {
        let none = known.is_empty();
        let rows = known
            .into_iter()
            .map(|key| {
                let used = key
                    .used_at
                    .map_or_else(|| text::never_used(l).to_owned(), |at| text::used(l, date(l, at)));
                view! {
                    <li class="session">
                        <div>
                            <p><strong>{key.name}</strong></p>
                            <p class="quiet">{text::added(l, date(l, key.added_at))} " · " {used}</p>
                        </div>
                        <form method="post" action=RemovePasskey::PATH>
                            <input type="hidden" name="passkey" value=key.id.to_string() />
                            <SubmitButton label=text::remove(l) class="button--quiet" />
                        </form>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account/security") label=crate::security::text::security(l) />
                <h1>{text::passkeys(l)}</h1>
                <p>{text::passkeys_lead(l)}</p>
                <FormMessage form=removing />
                {(!none).then(|| view! { <ul class="sessions">{rows}</ul> })}
                {(!none).then(|| view! {
                    <div class="row-links"><a class="row-link" href=l.path(recovery::PAGE)>{text::recovery_left(l, codes)}</a></div>
                })}
                {if possible {
                    view! {
                        <form class="form" method="post" action=AddPasskey::PATH>
                            <FormMessage form=form.clone() />
                            <Field form=form name="name" label=text::passkey_name(l) hint=text::passkey_name_hint(l) value=device
                                required=true maxlength=LONGEST_NAME autocomplete="off" />
                            <input type="hidden" name="ceremony" />
                            <input type="hidden" name="answer" />
                            <button type="submit" class="button button--wide" data-passkey="create" data-begin=BeginPasskey::PATH
                                data-failed=text::passkey_failed(l)>
                                {text::passkey_add(l)}
                            </button>
                        </form>
                    }
                    .into_any()
                } else {
                    view! { <Notice tone="plain" text=text::passkeys_impossible(l) /> }.into_any()
                }}
            </section>
        }
    }))
}
