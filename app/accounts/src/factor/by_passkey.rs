//! Logging in, and proving who one is, with a passkey.

use super::passkeys::Ceremony;
use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        ceremony,
        store::{self, Pending},
        text,
    },
    crate::{
        log_in::finish,
        session::{self, Mark},
        store::Proved,
    },
    kernel::{Viewer, db::Db, limits::Limit, site::Site},
    leptos::server_fn::ServerFn,
};

/// Public: what the device of whoever wants in is to sign.
#[server]
pub async fn begin_passkey_log_in() -> Result<Ceremony, AccountError> {
    const BY_CLIENT: Limit = Limit { name: "passkey_from", burst: 300, seconds: 600 };

    let (db, site) = (Db::current()?, Site::current()?);
    BY_CLIENT.take(&db, &session::client_key()).await?;
    ceremony::ask_who(&db, &site).await
}

/// Public: anyone may try. A passkey is two factors at once: the device and what unlocks it.
#[server]
pub async fn log_in_by_passkey(
    #[server(default)] ceremony: String,
    #[server(default)] answer: String,
    #[server(default)] keep: String,
    #[server(default)] next: String,
) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let member = ceremony::who(&db, &site, &ceremony, &answer).await?;
    // A password before it asked for this and knows the rest.
    let pending = match Mark::Step.hash_of_request(&site) {
        Some(hash) => store::take_pending(&db.pool, &hash, member, db.now()).await?,
        None => None,
    };
    let way = "passkey".to_owned();
    let pending = pending.unwrap_or(Pending { member, way, keep: keep == "true", next });
    Mark::Step.drop(&site)?;
    finish(&db, &site, member, &pending.way, pending.keep, &pending.next, Proved::Now).await
}

/// Whoever is logged in, with a passkey of theirs. The session gets a new secret with the proof.
#[server]
pub async fn prove_by_passkey(
    #[server(default)] ceremony: String,
    #[server(default)] answer: String,
    #[server(default)] next: String,
) -> Result<(), AccountError> {
    let member = Viewer::require_member()?;
    let (db, site) = (Db::current()?, Site::current()?);
    if ceremony::who(&db, &site, &ceremony, &answer).await? != member.id {
        return Err(AccountError::PasskeyRefused);
    }
    session::renew(&db, &site).await?;
    session::lead_back(&next, "/account/security");
    Ok(())
}

/// A button that sends its form to `action` with what a passkey signed; `public/passkey.js` asks the
/// device. Without JavaScript the answer says what is missing.
#[cfg(feature = "ssr")]
#[component]
pub fn PasskeyButton(action: &'static str) -> impl IntoView {
    let l = ui::use_locale();
    view! {
        <input type="hidden" name="ceremony" />
        <input type="hidden" name="answer" />
        <button type="submit" class="button button--wide button--quiet" formaction=action formnovalidate
            data-passkey="get" data-begin=BeginPasskeyLogIn::PATH data-failed=text::passkey_failed(l)>
            {text::with_passkey(l)}
        </button>
    }
}
