//! Charges that the payer's bank disputes.

use super::{ROLES, text};
use crate::pages::admin::framed;
use accounts::operators::require_role_of;
use kernel::{Locale, Refusal, Zone};
use leptos::prelude::*;
use payments::DisputeState;
use refunds::store::{self, DisputeRow};
use ui::{Nothing, Page, PageRequest, Tag};

/// Rows on the page.
const MOST: i64 = 200;

/// `/admin/disputes`: open ones first, by the day on which they must be answered.
pub async fn disputes_page(req: &PageRequest) -> Result<Page, Refusal> {
    let (l, zone) = (req.locale, req.zone());
    let operator = require_role_of(req, &ROLES).await?;
    let disputes = store::all_disputes(&req.db.pool, MOST).await?;
    Ok(framed(req, &operator, text::disputes(l), move || {
        if disputes.is_empty() {
            return view! { <Nothing text=text::no_disputes(l) /> }.into_any();
        }
        let rows = disputes.into_iter().map(|dispute| row(l, zone, dispute)).collect_view();
        view! { <ul class="disputes">{rows}</ul> }.into_any()
    }))
}

fn row(l: Locale, zone: Zone, dispute: DisputeRow) -> impl IntoView {
    let (label, tone) = match dispute.state {
        DisputeState::Opened => (text::opened(l), "bad"),
        DisputeState::Answered => (text::answered(l), "open"),
        DisputeState::Won => (text::won(l), "good"),
        DisputeState::Lost => (text::lost(l), "plain"),
    };
    let open = dispute.closed_at.is_none();
    let until = dispute.answer_until.filter(|_| dispute.state == DisputeState::Opened);
    view! {
        <li class="sheet sheet--wide">
            <h2>
                <a href=l.path(&format!("/admin/refunds/pledges/{}", dispute.pledge))>{dispute.project}</a> " "
                <Tag text=label tone=tone />
            </h2>
            <p><strong>{dispute.amount.show(l)}</strong> " · " {dispute.backer}</p>
            {until.map(|at| view! { <p><strong>{text::answer_by(l, zone.date_time(l, at))}</strong></p> })}
            {(!dispute.reason.is_empty()).then(|| view! { <p>{text::why(l, &dispute.reason)}</p> })}
            {open.then(|| view! { <p class="quiet">{text::answer_there(l, &dispute.gateway)}</p> })}
            <p class="quiet">
                {text::opened_on(l, zone.date(l, dispute.opened_at))}
                {dispute.closed_at.map(|at| format!(" · {}", text::closed_on(l, zone.date(l, at))))}
                " · " <code>{dispute.gateway_ref}</code>
            </p>
        </li>
    }
}
