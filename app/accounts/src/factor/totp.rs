//! Turning the second factor on and off.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{store, text},
    crate::{
        security::{end_others, factor_changed, require_proof, require_proof_of},
        store as accounts,
    },
    kernel::{
        Locale, MemberId, Refusal,
        db::Db,
        outbox,
        seal::{Keys, Place},
        site::Site,
        token,
    },
    leptos::server_fn::ServerFn,
    sqlx::PgConnection,
    totp_rs::{Builder, Secret, Totp},
    ui::{Field, FieldKind, FormMessage, Notice, Page, PageRequest, SubmitButton},
};

/// Recovery codes that are handed out.
#[cfg(feature = "ssr")]
const RECOVERY_CODES: usize = 10;

/// Whoever is logged in and has proved who they are.
#[server]
pub async fn begin_totp() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, _) = require_proof(&db, &site).await?;
    let codes = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Vec<_>>().join(" ");
    let secret = Secret::generate().to_base32();
    let sealed = |column, text: &str| db.keys.seal(Place { column, row: member.id.uuid() }, text);
    let secret = sealed(SECRET, &secret).map_err(|error| Refusal::internal(&error))?;
    let codes = sealed(CODES, &codes).map_err(|error| Refusal::internal(&error))?;
    store::begin(&db.pool, member.id, &secret, &codes).await?;
    to_page();
    Ok(())
}

/// Whoever is logged in, with a first code of the app.
#[server]
pub async fn confirm_totp(#[server(default)] code: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let known = store::totp(&db.pool, member.id).await?.ok_or(Refusal::NotFound)?;
    let step = matching_step(&db, member.id, &known.secret, &code)?.ok_or(AccountError::WrongCode)?;
    let codes = match &known.codes {
        Some(sealed) => opened(&db.keys, member.id, CODES, sealed)?,
        None => String::new(),
    };
    let hashes: Vec<_> = codes.split(' ').map(recovery_hash).collect();
    let mut tx = db.pool.begin().await?;
    if store::confirm(&mut tx, member.id, step, &hashes, db.now()).await? {
        tell(&mut tx, &db, &site, member.id, &here, Turned::On).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    to_page();
    Ok(())
}

/// Whoever is logged in and has proved who they are.
#[server]
pub async fn remove_totp() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let mut tx = db.pool.begin().await?;
    if store::remove(&mut tx, member.id).await? {
        tell(&mut tx, &db, &site, member.id, &here, Turned::Off).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    to_page();
    Ok(())
}

#[cfg(feature = "ssr")]
#[derive(Clone, Copy)]
enum Turned {
    On,
    Off,
}

/// Another way to log in ends the other sessions, and the owner is told.
#[cfg(feature = "ssr")]
async fn tell(
    tx: &mut PgConnection,
    db: &Db,
    site: &Site,
    member: MemberId,
    here: &[u8],
    turned: Turned,
) -> Result<(), Refusal> {
    end_others(tx, member, here).await?;
    accounts::end_ways_in(tx, member, db.now()).await?;
    let to = accounts::recipient(tx, member).await?;
    let l = to.locale;
    let what = match turned {
        Turned::On => (text::mail_on_subject(l), text::mail_on(l)),
        Turned::Off => (text::mail_off_subject(l), text::mail_off(l)),
    };
    outbox::post(tx, &factor_changed(site, &to, what), db.now()).await?;
    Ok(())
}

#[cfg(feature = "ssr")]
const SECRET: &str = "totp_secrets.secret";
#[cfg(feature = "ssr")]
const CODES: &str = "totp_secrets.codes";

#[cfg(feature = "ssr")]
fn to_page() {
    let locale = use_context::<Locale>().unwrap_or_default();
    leptos_axum::redirect(&locale.path("/account/security/totp"));
}

#[cfg(feature = "ssr")]
fn opened(keys: &Keys, member: MemberId, column: &'static str, sealed: &[u8]) -> Result<String, Refusal> {
    keys.open(Place { column, row: member.uuid() }, sealed).map_err(|error| Refusal::internal(&error))
}

/// 24 letters that are hard to confuse, in groups of four: 118 bits, so that a plain hash of them is safe.
#[cfg(feature = "ssr")]
fn recovery_code() -> String {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let (secret, _) = token::fresh();
    // The hash of a fresh secret is 32 random bytes.
    let letters: Vec<char> = token::hash(&secret)
        .into_iter()
        // Bytes from 248 on would make the first letters likelier.
        .filter(|byte| *byte < 248)
        .map(|byte| char::from(LETTERS[usize::from(byte) % 31]))
        .take(24)
        .collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(feature = "ssr")]
pub(super) fn recovery_hash(code: &str) -> Vec<u8> {
    let plain: String = code.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    token::hash(&plain)
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
    let totp = app(&opened(&db.keys, member, SECRET, sealed)?, "")?;
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
                <p>{text::recovery_left(l, known.recovery_left)}</p>
                <form method="post" action=RemoveTotp::PATH>
                    <SubmitButton label=text::totp_remove(l) class="button--danger" />
                </form>
            }
            .into_any()
        }),
        Some(known) => {
            let secret = opened(&req.db.keys, member.id, SECRET, &known.secret)?;
            let codes =
                known.codes.map(|sealed| opened(&req.db.keys, member.id, CODES, &sealed)).transpose()?;
            let address =
                app(&secret, &member.handle)?.to_url().map_err(|error| Refusal::internal(&error))?;
            let form = form.clone();
            Box::new(move || setup(l, &secret, &address, &codes.unwrap_or_default(), form))
        }
    };
    Ok(Page::new(text::totp(l), move || {
        view! {
            <section class="sheet">
                <p class="quiet"><a href=l.path("/account/security")>{crate::security::text::security(l)}</a></p>
                <h1>{text::totp(l)}</h1>
                <FormMessage form=form />
                {body()}
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
fn setup(l: Locale, secret: &str, address: &str, codes: &str, form: kernel::FormState) -> AnyView {
    let grouped = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let codes = codes.split(' ').map(|code| view! { <li><code>{code.to_owned()}</code></li> }).collect_view();
    let picture = picture(address);
    let address = address.to_owned();
    view! {
        <p>{text::totp_scan(l)}</p>
        <div class="qr" role="img" aria-label=text::totp_picture(l) inner_html=picture />
        <p>{text::totp_key(l)} ": " <code class="totp-key">{grouped}</code></p>
        <p><a href=address>{text::totp_open(l)}</a></p>
        <h2>{text::recovery(l)}</h2>
        <p>{text::recovery_lead(l)}</p>
        <ul class="recovery-codes">{codes}</ul>
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
