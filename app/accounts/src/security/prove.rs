//! Proving who one is before something important is changed.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{store, text},
    crate::{
        factor::{PasskeyButton, ProveByPasskey, factors, passkeys_are_possible},
        password, session,
        through::{ProviderLinks, Purpose, linked, note},
    },
    chrono::TimeDelta,
    kernel::{Member, Refusal, Viewer, db::Db, limits::Limit, site::Site},
    leptos::server_fn::ServerFn,
    ui::{Field, FieldKind, FormMessage, Page, PageRequest, SubmitButton},
};

/// For so long a proof counts.
#[cfg(feature = "ssr")]
const COUNTS: TimeDelta = TimeDelta::minutes(10);

/// Whoever is logged in. The session gets a new secret with the proof.
#[server]
pub async fn prove(
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), AccountError> {
    const TRIES: Limit = Limit { name: "prove", burst: 10, seconds: 600 };

    let member = Viewer::require_member()?;
    let (db, site) = (Db::current()?, Site::current()?);
    TRIES.take(&db, &member.id.to_string()).await?;
    let hash = store::password_hash(&db.pool, member.id).await?;
    if !password::matches(password, hash).await? {
        return Err(AccountError::WrongPassword);
    }
    session::renew(&db, &site).await?;
    session::lead_back(&next, "/account/security");
    Ok(())
}

/// The member of this request, who proved who they are some minutes ago at most.
#[cfg(feature = "ssr")]
pub async fn require_proof(db: &Db, site: &Site) -> Result<(Member, Vec<u8>), Refusal> {
    let member = Viewer::require_member()?;
    let here = session::hash_of_request(site).ok_or(Refusal::SignIn)?;
    require_fresh(db, &here).await?;
    Ok((member, here))
}

#[cfg(feature = "ssr")]
async fn require_fresh(db: &Db, session: &[u8]) -> Result<(), Refusal> {
    let proved = store::proved_at(&db.pool, session).await?;
    if proved.is_some_and(|at| db.now() - at < COUNTS) { Ok(()) } else { Err(Refusal::Prove) }
}

/// For pages: the viewer must have proved who they are, so that nothing typed on them is lost to it.
#[cfg(feature = "ssr")]
pub async fn require_proof_of(req: &PageRequest) -> Result<&Member, Refusal> {
    let member = req.member()?;
    let here = session::hash_in(&req.headers, &req.site).ok_or(Refusal::SignIn)?;
    require_fresh(&req.db, &here).await?;
    Ok(member)
}

#[cfg(feature = "ssr")]
pub async fn prove_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let password = store::password_hash(&req.db.pool, member).await?.is_some();
    let passkey = factors(&req.db.pool, member).await?.passkeys > 0 && passkeys_are_possible(&req.site);
    let linked: Vec<_> = linked(&req.db.pool, member).await?.into_iter().map(|(key, _)| key).collect();
    let providers = req.site.0.providers.clone();
    let note = if req.typed.is_none() { note(req) } else { None };
    let form = req.form_of::<AccountError>(&[Prove::PATH, ProveByPasskey::PATH]);
    let next = form.value_or("next", req.query("next").unwrap_or_default());
    Ok(Page::new(text::prove(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::prove(l)}</h1>
                <p>{text::prove_lead(l)}</p>
                {note}
                <form class="form" method="post" action=Prove::PATH>
                    <FormMessage form=form.clone() />
                    <input type="hidden" name="next" value=next.clone() />
                    {password.then(|| view! {
                        <Field form=form name="password" label=crate::text::password(l) kind=FieldKind::Password required=true maxlength=200 />
                        <SubmitButton label=text::prove_go(l) class="button--wide" />
                    })}
                    {passkey.then(|| view! { <PasskeyButton action=ProveByPasskey::PATH /> })}
                </form>
                <ProviderLinks providers=providers purpose=Purpose::Prove next=next only=linked />
                <p class="beside"><a href=l.path("/reset-password")>{text::mail_reset(l)}</a></p>
            </section>
        }
    }))
}
