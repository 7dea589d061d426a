//! Codes from an app: turning them on and off.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{Change, changed, recovery, store, text},
    crate::security::{require_proof, require_proof_of},
    kernel::{
        Locale, MemberId, Refusal,
        db::Db,
        seal::{Keys, Place},
        site::Site,
    },
    leptos::server_fn::ServerFn,
    totp_rs::{Builder, Secret, Totp},
    ui::{
        BackLink, Field, FieldKind, FormMessage, LinkButton, Notice, Page, PageRequest, SubmitButton, lead_to,
    },
};

#[cfg(feature = "ssr")]
const PAGE: &str = "/account/security/totp";

/// Whoever is logged in and has proved who they are.
#[server]
pub async fn begin_totp() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, _) = require_proof(&db, &site).await?;
    let secret = Secret::generate().to_base32();
    let sealed = db.keys.seal(place(member.id), &secret).map_err(|error| Refusal::internal(&error))?;
    store::begin(&db.pool, member.id, &sealed).await?;
    lead_to(PAGE);
    Ok(())
}

/// Whoever is logged in, with a first code of the app.
#[server]
pub async fn confirm_totp(#[server(default)] code: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let known = store::totp(&db.pool, member.id).await?.ok_or(Refusal::NotFound)?;
    let step = matching_step(&db, member.id, &known.secret, &code)?.ok_or(AccountError::WrongCode)?;
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let mut new_codes = false;
    if store::confirm(&mut tx, member.id, step, now).await? {
        new_codes = recovery::provide(&mut tx, &db.keys, member.id, now).await?;
        let told = |l| text::mail_app_on(l).to_owned();
        changed(&mut tx, &db, &site, (member.id, &here), Change::Added(now), told).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    lead_to(if new_codes { recovery::PAGE } else { PAGE });
    Ok(())
}

/// Whoever is logged in and has proved who they are.
#[server]
pub async fn remove_totp() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let mut tx = db.pool.begin().await?;
    if store::remove(&mut tx, member.id).await? {
        recovery::drop_unneeded(&mut tx, member.id).await?;
        changed(&mut tx, &db, &site, (member.id, &here), Change::Other, |l| text::mail_app_off(l).to_owned())
            .await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    lead_to(PAGE);
    Ok(())
}

#[cfg(feature = "ssr")]
const fn place(member: MemberId) -> Place {
    Place { column: "totp_secrets.secret", row: member.uuid() }
}

#[cfg(feature = "ssr")]
fn opened(keys: &Keys, member: MemberId, sealed: &[u8]) -> Result<String, Refusal> {
    keys.open(place(member), sealed).map_err(|error| Refusal::internal(&error))
}

/// The time step whose code this is, by the clock, one step more or less.
#[cfg(feature = "ssr")]
pub(super) fn matching_step(
    db: &Db,
    member: MemberId,
    sealed: &[u8],
    code: &str,
) -> Result<Option<i64>, Refusal> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let totp = app(&opened(&db.keys, member, sealed)?, "")?;
    let now = u64::try_from(db.now().timestamp()).unwrap_or_default();
    Ok(totp.check(&digits, now).and_then(|step| i64::try_from(step).ok()))
}

#[cfg(feature = "ssr")]
fn app(secret: &str, account: &str) -> Result<Totp, Refusal> {
    let secret = Secret::try_from_base32(secret).map_err(|error| Refusal::internal(&error))?;
    Builder::new()
        .with_secret(secret)
        .with_account_name(account)
        .with_issuer(Some("Dure"))
        .build()
        .map_err(|error| Refusal::internal(&error))
}

/// `/account/security/totp`
#[cfg(feature = "ssr")]
pub async fn totp_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = require_proof_of(req).await?.clone();
    let known = store::totp(&req.db.pool, member.id).await?;
    let left = store::factors(&req.db.pool, member.id).await?.recovery_left;
    let form = req.form_of::<AccountError>(&[BeginTotp::PATH, ConfirmTotp::PATH, RemoveTotp::PATH]);
    let body: Box<dyn FnOnce() -> AnyView + Send> = match known {
        None => Box::new(move || {
            view! {
                <p>{text::totp_lead(l)}</p>
                <form method="post" action=BeginTotp::PATH>
                    <SubmitButton label=text::totp_begin(l) class="button--wide" />
                </form>
            }
            .into_any()
        }),
        Some(known) if known.confirmed => Box::new(move || {
            view! {
                <Notice tone="good" text=text::totp_on(l) />
                <div class="row-links"><a class="row-link" href=l.path(recovery::PAGE)>{text::recovery_left(l, left)}</a></div>
                <form method="post" action=RemoveTotp::PATH>
                    <SubmitButton label=text::totp_remove(l) class="button--danger" />
                </form>
            }
            .into_any()
        }),
        Some(known) => {
            let secret = opened(&req.db.keys, member.id, &known.secret)?;
            let address =
                app(&secret, &member.handle)?.to_url().map_err(|error| Refusal::internal(&error))?;
            let form = form.clone();
            Box::new(move || setup(l, &secret, &address, form))
        }
    };
    Ok(Page::new(text::totp(l), move || {
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account/security") label=crate::security::text::security(l) />
                <h1>{text::totp(l)}</h1>
                <FormMessage form=form />
                {body()}
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
fn setup(l: Locale, secret: &str, address: &str, form: kernel::FormState) -> AnyView {
    let grouped = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let picture = picture(address);
    let address = address.to_owned();
    view! {
        <p>{text::totp_scan(l)}</p>
        <div class="qr" role="img" aria-label=text::totp_picture(l) inner_html=picture />
        <p>{text::totp_key(l)} <code class="totp-key">{grouped}</code></p>
        <LinkButton href=address label=text::totp_open(l) class="button--quiet" />
        <form class="form" method="post" action=ConfirmTotp::PATH>
            <Field form=form name="code" label=text::code(l) hint=text::code_hint(l) kind=FieldKind::Number required=true
                maxlength=10 autocomplete="one-time-code" />
            <SubmitButton label=text::totp_confirm(l) class="button--wide" />
        </form>
    }
    .into_any()
}

/// A QR code as SVG: our own text, without anything that a person wrote but their ID, which is plain.
#[cfg(feature = "ssr")]
fn picture(address: &str) -> String {
    use qrcode::{QrCode, render::svg::Color};
    QrCode::new(address.as_bytes())
        .map(|code| {
            let svg = code
                .render::<Color<'_>>()
                .min_dimensions(200, 200)
                .dark_color(Color("#000"))
                .light_color(Color("#fff"))
                .build();
            // Inside a page there is no XML head.
            svg.split_once("?>").map_or(svg.clone(), |(_, rest)| rest.to_owned())
        })
        .unwrap_or_default()
}
