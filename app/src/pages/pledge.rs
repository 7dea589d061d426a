//! One's own pledge, with the money that went back.

use kernel::{PledgeId, Refusal};
use leptos::prelude::*;
use pledges::Means;
use refunds::{MyRefunds, store};
use ui::{Page, PageRequest};

/// `/account/pledges/{id}`
pub async fn pledge_page(req: &PageRequest, means: &Means, id: &str) -> Result<Page, Refusal> {
    let mut page = pledges::pledge_page(req, means, id).await?;
    let id: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let refunds = store::of_pledge(&mut *req.db.pool.acquire().await?, id).await?;
    if refunds.is_empty() {
        return Ok(page);
    }
    let (pledge, zone) = (page.view, req.zone());
    page.view =
        Box::new(move || view! { {pledge()} <MyRefunds pledge=id refunds=refunds zone=zone /> }.into_any());
    Ok(page)
}
