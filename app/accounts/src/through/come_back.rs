//! Coming back from a provider.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        identity::Identity,
        leave::Purpose,
        protocol,
        store::{self, Arrival, Journey},
        text,
    },
    crate::{
        factor::{Change, changed},
        log_in::enter,
        session::{self, Mark},
        store::{self as accounts, Proved},
    },
    chrono::TimeDelta,
    kernel::{
        MemberId, Refusal, Viewer,
        db::Db,
        site::{Provider, Site},
        token,
    },
    ui::lead_to,
};

/// How long whoever arrives may take to sign up.
#[cfg(feature = "ssr")]
const STAYS: TimeDelta = TimeDelta::minutes(30);

/// Public: whoever went to a provider with this browser some minutes ago.
///
/// Invariant: one journey ends once; nobody is logged in by a journey that another browser began.
#[server]
pub async fn come_back(
    #[server(default)] provider: String,
    #[server(default)] state: String,
    #[server(default)] code: String,
    #[server(default)] error: String,
) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let provider = site.provider(&provider).ok_or(Refusal::NotFound)?;
    let journey = match Mark::Visit.hash_of_request(&site) {
        Some(browser) => {
            store::end_journey(&db.pool, &token::hash(&state), &browser, &provider.key, db.now()).await?
        }
        None => None,
    };
    let Some(journey) = journey else {
        lead_to("/login?through=failed");
        return Ok(());
    };
    Mark::Visit.drop(&site)?;
    provide_context(journey.locale);
    if !error.is_empty() || code.is_empty() {
        // People change their minds; everything else is the operator's to mend.
        let canceled = error == "access_denied";
        if !canceled {
            tracing::warn!(provider = provider.key, error, "a provider refused");
        }
        return failed(&journey, if canceled { "canceled" } else { "failed" });
    }
    let who = match protocol::who(&site, provider, &journey.visit, &code).await {
        Ok(who) => who,
        Err(error) => {
            tracing::warn!(provider = provider.key, %error, "a provider did not tell who somebody is");
            return failed(&journey, "failed");
        }
    };
    let known = store::member_of(&db.pool, &provider.key, &who.subject, db.now()).await?;
    match journey.purpose {
        Purpose::LogIn => match known {
            // People expect to stay logged in this way.
            Some(member) => enter(&db, &site, member, &provider.key, true, &journey.next, Proved::Not).await,
            None => arrive(&db, &site, journey, who).await,
        },
        Purpose::Prove => prove(&db, &site, &journey, known).await,
        Purpose::Link => link(&db, &site, provider, &journey, &who, known).await,
    }
}

#[cfg(feature = "ssr")]
fn failed(journey: &Journey, how: &str) -> Result<(), AccountError> {
    lead_to(&format!("{}?through={how}", journey.purpose.page()));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn arrive(db: &Db, site: &Site, journey: Journey, who: Identity) -> Result<(), AccountError> {
    let (secret, hash) = token::fresh();
    let arrival = Arrival { provider: journey.provider, who, next: journey.next };
    store::add_arrival(&db.pool, &db.keys, &hash, &arrival, db.now() + STAYS).await?;
    Mark::Arrival.set(site, secret, STAYS)?;
    lead_to("/signup/with");
    Ok(())
}

/// Whoever set out to prove must be logged in still, and be the one whom the provider names.
#[cfg(feature = "ssr")]
async fn prove(db: &Db, site: &Site, journey: &Journey, known: Option<MemberId>) -> Result<(), AccountError> {
    let member = Viewer::require_member()?.id;
    if journey.member != Some(member) || known != Some(member) {
        return failed(journey, "other");
    }
    session::renew(db, site).await?;
    session::lead_back(&journey.next, "/account/security");
    Ok(())
}

#[cfg(feature = "ssr")]
async fn link(
    db: &Db,
    site: &Site,
    provider: &Provider,
    journey: &Journey,
    who: &Identity,
    known: Option<MemberId>,
) -> Result<(), AccountError> {
    let member = Viewer::require_member()?.id;
    if journey.member != Some(member) {
        return failed(journey, "other");
    }
    let linked = known == Some(member) || link_to(db, site, provider, member, &who.subject).await?;
    failed(journey, if linked { "linked" } else { "elsewhere" })
}

/// Links and tells by mail; false if either is linked to another already.
#[cfg(feature = "ssr")]
pub(super) async fn link_to(
    db: &Db,
    site: &Site,
    provider: &Provider,
    member: MemberId,
    subject: &str,
) -> Result<bool, AccountError> {
    let here = session::hash_of_request(site).ok_or(Refusal::SignIn)?;
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !accounts::lock(&mut tx, member).await?
        || !store::link(&mut tx, member, &provider.key, subject, now).await?
    {
        return Ok(false);
    }
    let sentence = |l| text::mail_linked(l, provider.name(l));
    changed(&mut tx, db, site, (member, &here), Change::Added(now), sentence).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(true)
}
