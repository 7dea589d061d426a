//! What of a pledge went back, or will, on its backer's page.

use crate::{Refund, RefundState, text};
use kernel::{PledgeId, Zone};
use leptos::prelude::*;
use ui::{LinkButton, Tag};

/// The refunds of a pledge; nothing without any.
#[component]
pub fn MyRefunds(pledge: PledgeId, refunds: Vec<Refund>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    let wanted = refunds.iter().any(|refund| refund.state == RefundState::NeedsAccount);
    let rows: Vec<_> = refunds
        .into_iter()
        .filter(|refund| refund.state != RefundState::CalledOff)
        .map(|refund| {
            view! {
                <li class="refund-row">
                    <strong>{refund.amount.show(l)}</strong> " "
                    <Tag text=refund.state.label(l) tone=refund.state.tone() />
                    <span class="quiet">{zone.date(l, refund.created_at)} " · " {text::reason(l, refund.reason)}</span>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="sheet sheet--wide" aria-labelledby="refunds">
                <h2 id="refunds">{text::refunds(l)}</h2>
                {wanted.then(|| view! {
                    <p>{text::account_wanted(l)}</p>
                    <LinkButton href=l.path(&format!("/account/pledges/{pledge}/refund-account")) label=text::give_account(l) class="button--wide" />
                })}
                <ul class="refund-rows">{rows}</ul>
            </section>
        }
    })
}
