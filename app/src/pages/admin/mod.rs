//! The operators' pages, and the frame around them. What is only for some roles is not even there for others.

mod deposits;
mod log;
mod money;
mod money_text;
mod overview;
mod payouts;
mod plans;
mod receipts;
mod receiving;
mod reconciliation;
mod refunds;
mod text;
mod transfers;

pub use deposits::deposits_page;
pub use log::log_page;
pub use money::money_page;
pub use overview::overview_page;
pub use payouts::payouts_page;
pub use plans::plans_page;
pub use receipts::receipts_page;
pub use receiving::receiving_page;
pub use reconciliation::reconciliation_page;
pub use refunds::{disputes_page, refund_pledge_page, refunds_page};
pub use transfers::transfers_page;

use accounts::operators::{Operator, Role};
use kernel::Locale;
use leptos::prelude::*;
use ui::{Page, PageRequest};

/// A page in the operators' navigation.
struct Tile {
    path: &'static str,
    label: fn(Locale) -> &'static str,
    /// Whom it is for.
    roles: &'static [Role],
}

/// In their order on the page.
const TILES: &[Tile] = &[
    Tile { path: "/admin", label: text::overview, roles: &Role::ALL },
    Tile { path: "/admin/deposits", label: deposits::deposits_name, roles: &deposits::ROLES },
    Tile { path: "/admin/refunds", label: refunds::refunds_name, roles: &refunds::ROLES },
    Tile { path: "/admin/transfers", label: transfers::transfers, roles: &transfers::ROLES },
    Tile { path: "/admin/disputes", label: refunds::disputes_name, roles: &refunds::ROLES },
    Tile { path: "/admin/money", label: money_text::money, roles: &[Role::Finance] },
    Tile { path: "/admin/payouts", label: money_text::payouts, roles: &[Role::Finance] },
    Tile { path: "/admin/reconciliation", label: money_text::reconciliation, roles: &[Role::Finance] },
    Tile { path: "/admin/receipts", label: money_text::receipts, roles: &[Role::Finance] },
    Tile { path: "/admin/plans", label: money_text::plans, roles: &[Role::Finance] },
    Tile { path: "/admin/accounts", label: text::receiving, roles: &receiving::ROLES },
    Tile { path: "/admin/log", label: text::log, roles: &Role::ALL },
];

/// A page below the navigation of what its reader may enter.
fn framed<V: IntoView + 'static>(
    req: &PageRequest,
    operator: &Operator,
    title: &'static str,
    view: impl FnOnce() -> V + Send + 'static,
) -> Page {
    let (l, here) = (req.locale, req.path.clone());
    let tiles: Vec<_> = TILES.iter().filter(|tile| operator.may(tile.roles)).collect();
    Page::new(title, move || {
        let tiles = tiles
            .into_iter()
            .map(|tile| {
                let current = (tile.path == here).then_some("page");
                view! { <li><a href=l.path(tile.path) aria-current=current>{(tile.label)(l)}</a></li> }
            })
            .collect_view();
        view! {
            <div class="wrap admin">
                <nav class="admin__tiles" aria-label=text::admin(l)><ul>{tiles}</ul></nav>
                <h1>{title}</h1>
                {view()}
            </div>
        }
    })
}
