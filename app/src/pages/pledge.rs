//! One's own pledge, with the money that went back, and the way to the receipt of what was paid by transfer.

use kernel::{PledgeId, Refusal};
use leptos::prelude::*;
use pledges::Means;
use refunds::{MyRefunds, store};
use ui::{Page, PageRequest};

/// `/account/pledges/{id}`
pub async fn pledge_page(req: &PageRequest, means: &Means, id: &str) -> Result<Page, Refusal> {
    let mut page = pledges::pledge_page(req, means, id).await?;
    let id: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let member = req.member()?.id;
    let mut connection = req.db.pool.acquire().await?;
    let refunds = store::of_pledge(&mut connection, id).await?;
    let receipt = settlement::store::paid_by_transfer(&mut connection, member, id).await?.is_some();
    drop(connection);
    let (pledge, zone, l) = (page.view, req.zone(), req.locale);
    page.view = Box::new(move || {
        let back = (!refunds.is_empty()).then(|| view! { <MyRefunds pledge=id refunds=refunds zone=zone /> });
        let receipt = receipt.then(|| {
            let href = l.path(&format!("/account/pledges/{id}/receipt"));
            view! { <p class="wrap"><a class="more" href=href>{settlement::text::receipt(l)}</a></p> }
        });
        view! { {pledge()} {back} {receipt} }.into_any()
    });
    Ok(page)
}
