//! Recovery codes: shown until their owner has kept them, each used once.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{Change, changed, store, text},
    crate::{
        security::{require_proof, require_proof_of},
        store as accounts,
    },
    chrono::{DateTime, Utc},
    kernel::{
        MemberId, Refusal,
        db::Db,
        seal::{Keys, Place},
        site::Site,
        token,
    },
    leptos::server_fn::ServerFn,
    sqlx::PgConnection,
    ui::{BackLink, FormMessage, Notice, Page, PageRequest, SubmitButton, lead_to},
};

#[cfg(feature = "ssr")]
pub const PAGE: &str = "/account/security/recovery-codes";
/// Codes on a sheet.
#[cfg(feature = "ssr")]
const CODES: usize = 10;

#[cfg(feature = "ssr")]
const fn place(member: MemberId) -> Place {
    Place { column: "recovery_sheets.codes", row: member.uuid() }
}

/// Gives a member who has no codes a first sheet; tells whether it did.
#[cfg(feature = "ssr")]
pub async fn provide(
    db: &mut PgConnection,
    keys: &Keys,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    if store::has_codes(db, member).await? {
        return Ok(false);
    }
    new_sheet(db, keys, member, now).await?;
    Ok(true)
}

/// Another sheet; the codes of the one before work no more.
#[cfg(feature = "ssr")]
async fn new_sheet(
    db: &mut PgConnection,
    keys: &Keys,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let codes: Vec<_> = (0..CODES).map(|_| fresh()).collect();
    let hashes: Vec<_> = codes.iter().map(|code| hash(code)).collect();
    let sealed = keys.seal(place(member), &codes.join(" ")).map_err(|error| Refusal::internal(&error))?;
    Ok(store::set_codes(db, member, &hashes, &sealed, now).await?)
}

/// Forgets the codes of a member whose last second factor is gone.
#[cfg(feature = "ssr")]
pub async fn drop_unneeded(db: &mut PgConnection, member: MemberId) -> sqlx::Result<()> {
    if store::factors(&mut *db, member).await?.is_on() { Ok(()) } else { store::drop_codes(db, member).await }
}

/// Whoever is logged in and has proved who they are: the codes are kept and need not be shown again.
#[server]
pub async fn keep_recovery_codes() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, _) = require_proof(&db, &site).await?;
    store::drop_sheet(&db.pool, member.id).await?;
    lead_to(PAGE);
    Ok(())
}

/// Whoever is logged in and has proved who they are.
#[server]
pub async fn renew_recovery_codes() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    let mut tx = db.pool.begin().await?;
    accounts::lock(&mut tx, member.id).await?;
    if !store::factors(&mut *tx, member.id).await?.is_on() {
        return Err(Refusal::NotFound.into());
    }
    let now = db.now();
    new_sheet(&mut tx, &db.keys, member.id, now).await?;
    let told = |l| text::mail_codes_renewed(l).to_owned();
    changed(&mut tx, &db, &site, (member.id, &here), Change::Added(now), told).await?;
    tx.commit().await?;
    db.notify.jobs();
    lead_to(PAGE);
    Ok(())
}

/// 24 letters that are hard to confuse, in groups of four: 118 bits, so that a plain hash of them is safe.
#[cfg(feature = "ssr")]
fn fresh() -> String {
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

/// What is kept of a code; spaces, dashes and capitals do not matter.
#[cfg(feature = "ssr")]
pub fn hash(code: &str) -> Vec<u8> {
    let plain: String = code.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    token::hash(&plain)
}

/// `/account/security/recovery-codes`
#[cfg(feature = "ssr")]
pub async fn recovery_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = require_proof_of(req).await?.id;
    let factors = store::factors(&req.db.pool, member).await?;
    let sheet = match store::sheet(&req.db.pool, member).await? {
        Some(sealed) => {
            let codes = req.db.keys.open(place(member), &sealed);
            Some(codes.map_err(|error| Refusal::internal(&error))?)
        }
        None => None,
    };
    let form = req.form_of::<AccountError>(&[KeepRecoveryCodes::PATH, RenewRecoveryCodes::PATH]);
    Ok(Page::new(text::recovery(l), move || {
        let body = match sheet {
            Some(codes) => {
                let codes = codes
                    .split(' ')
                    .map(|code| view! { <li><code>{code.to_owned()}</code></li> })
                    .collect_view();
                view! {
                    <p>{text::recovery_lead(l)}</p>
                    <p>{text::recovery_once(l)}</p>
                    <ul class="recovery-codes">{codes}</ul>
                    <form method="post" action=KeepRecoveryCodes::PATH>
                        <SubmitButton label=text::recovery_kept(l) class="button--wide" />
                    </form>
                }
                .into_any()
            }
            None if factors.is_on() => view! {
                <p>{text::recovery_left(l, factors.recovery_left)}</p>
                <p class="quiet">{text::recovery_renew_note(l)}</p>
                <form method="post" action=RenewRecoveryCodes::PATH>
                    <SubmitButton label=text::recovery_renew(l) class="button--quiet" />
                </form>
            }
            .into_any(),
            None => view! { <Notice tone="plain" text=text::recovery_needless(l) /> }.into_any(),
        };
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account/security") label=crate::security::text::security(l) />
                <h1>{text::recovery(l)}</h1>
                <FormMessage form=form />
                {body}
            </section>
        }
    }))
}
