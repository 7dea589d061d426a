//! The providers through which somebody logs in.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        leave::{ProviderLinks, Purpose, note},
        store, text,
    },
    crate::{
        factor::{Change, changed},
        security::{require_proof, require_proof_of},
        store as accounts,
    },
    kernel::{Refusal, date, db::Db, site::Site},
    leptos::server_fn::ServerFn,
    ui::{BackLink, FormMessage, Page, PageRequest, SubmitButton, lead_to},
};

/// Whoever is logged in and has proved who they are. One way to log in must stay.
#[server]
pub async fn unlink_provider(#[server(default)] provider: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let mut tx = db.pool.begin().await?;
    accounts::lock(&mut tx, member.id).await?;
    if !store::unlink(&mut tx, member.id, &provider).await? {
        return Err(Refusal::NotFound.into());
    }
    if !accounts::has_way_in(&mut tx, member.id).await? {
        return Err(AccountError::LastWayIn);
    }
    // A provider that the site had once is still called by its key.
    let name = |l| site.provider(&provider).map_or(&*provider, |known| known.name(l));
    changed(&mut tx, &db, &site, (member.id, &here), Change::Other, |l| text::mail_unlinked(l, name(l)))
        .await?;
    tx.commit().await?;
    db.notify.jobs();
    lead_to("/account/security/providers");
    Ok(())
}

/// `/account/security/providers`
#[cfg(feature = "ssr")]
pub async fn providers_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = require_proof_of(req).await?.id;
    let linked = store::linked(&req.db.pool, member).await?;
    let form = req.form::<AccountError>(UnlinkProvider::PATH);
    let note = if req.typed.is_none() { note(req) } else { None };
    let site = req.site.clone();
    Ok(Page::new(text::providers(l), move || {
        let open = site.0.providers.iter().map(|provider| provider.key.clone());
        let open: Vec<_> = open.filter(|key| linked.iter().all(|(known, _)| known != key)).collect();
        let none = linked.is_empty();
        let rows = linked
            .into_iter()
            .map(|(key, since)| {
                let name = site.provider(&key).map_or(key.clone(), |provider| provider.name(l).to_owned());
                view! {
                    <li class="session">
                        <div>
                            <p><strong>{name}</strong></p>
                            <p class="quiet">{text::since(l, date(l, since))}</p>
                        </div>
                        <form method="post" action=UnlinkProvider::PATH>
                            <input type="hidden" name="provider" value=key />
                            <SubmitButton label=text::unlink(l) class="button--quiet" />
                        </form>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account/security") label=crate::security::text::security(l) />
                <h1>{text::providers(l)}</h1>
                <p>{text::providers_lead(l)}</p>
                {note}
                <FormMessage form=form />
                {(!none).then(|| view! { <ul class="sessions">{rows}</ul> })}
                <ProviderLinks providers=site.0.providers.clone() purpose=Purpose::Link next="" only=open />
            </section>
        }
    }))
}
