//! To the gateway's page for a pledge that waits for a card, or for money after a refusal.

use crate::PledgeError;
use leptos::prelude::*;

/// The pledge's backer. Answers with the way to the gateway's page.
#[server]
pub async fn resume_pledge(pledge: String) -> Result<(), PledgeError> {
    use crate::{Means, store, visit};
    use kernel::{Locale, PledgeId, Refusal, Viewer};

    let member = Viewer::require_confirmed()?;
    let means = Means::current()?;
    let id: PledgeId = pledge.parse().map_err(|_| Refusal::NotFound)?;
    let known = store::get(&mut *means.db.pool.acquire().await.map_err(Refusal::from)?, id).await?;
    known.filter(|pledge| pledge.backer == member.id).ok_or(Refusal::NotFound)?;
    let locale = use_context::<Locale>().unwrap_or_default();
    let address = visit(&means, id, locale).await?;
    leptos_axum::redirect(&address);
    Ok(())
}
