//! All refunds, those that need eyes first, and the way to a pledge that is to be refunded.

use super::{ROLES, one::One, text};
use crate::pages::admin::framed;
use accounts::operators::require_role_of;
use kernel::{Locale, Refusal, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use refunds::{
    RefundError, SetRefundAccount, SteerRefund,
    store::{self, Found, Listed},
};
use ui::{Field, FieldKind, Nothing, Page, PageRequest, SubmitButton, Tag};

/// Rows on the page.
const MOST: i64 = 200;

/// `/admin/refunds`; with `?q=` paid pledges that were looked for, with `?id=` one refund closer.
pub async fn refunds_page(req: &PageRequest) -> Result<Page, Refusal> {
    let (l, zone) = (req.locale, req.zone());
    let operator = require_role_of(req, &ROLES).await?;
    let pool = &req.db.pool;
    let words = req.query("q").unwrap_or_default().trim().to_owned();
    let found = if words.is_empty() { None } else { Some(store::find_pledges(pool, &words, MOST).await?) };
    let one = match req.query("id").and_then(|id| id.parse().ok()) {
        Some(id) => store::get(&mut *pool.acquire().await?, id).await?,
        None => None,
    };
    let listed = store::refunds_listed(pool, MOST).await?;
    let form = req.form::<RefundError>(SteerRefund::PATH);
    let account = req.form::<RefundError>(SetRefundAccount::PATH);
    Ok(framed(req, &operator, text::refunds(l), move || {
        let search = kernel::FormState::default();
        view! {
            {one.map(|refund| view! { <One refund=refund form=form account=account zone=zone /> })}
            <section aria-labelledby="find">
                <h2 id="find">{text::find(l)}</h2>
                <form class="form" method="get" action=l.path("/admin/refunds") role="search">
                    <Field form=search name="q" label=text::find(l) hint=text::find_hint(l) value=words kind=FieldKind::Search
                        required=true maxlength=200 />
                    <SubmitButton label=text::search(l) class="button--quiet" />
                </form>
                {found.map(|found| found_pledges(l, found))}
            </section>
            <section aria-labelledby="all">
                <h2 id="all">{text::all_refunds(l)}</h2>
                {rows(l, zone, listed)}
            </section>
        }
    }))
}

fn found_pledges(l: Locale, found: Vec<Found>) -> AnyView {
    if found.is_empty() {
        return view! { <Nothing text=text::none_found(l) /> }.into_any();
    }
    let rows = found
        .into_iter()
        .map(|found| {
            let href = l.path(&format!("/admin/refunds/pledges/{}", found.pledge));
            let left = found.paid.checked_sub(found.refunding).unwrap_or(found.paid);
            view! {
                <li>
                    <a class="row-link pledge-row" href=href>
                        <span class="pledge-row__title">{found.project}</span>
                        <span class="pledge-row__sum">{found.paid.show(l)}</span>
                        <span class="pledge-row__line">{found.backer} " · " {text::still(l, left.show(l))}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="row-links">{rows}</ul> }.into_any()
}

fn rows(l: Locale, zone: Zone, listed: Vec<Listed>) -> AnyView {
    if listed.is_empty() {
        return view! { <Nothing text=text::no_refunds(l) /> }.into_any();
    }
    let rows = listed
        .into_iter()
        .map(|Listed { refund, pledge }| {
            let href = l.path(&format!("/admin/refunds?id={}", refund.id));
            let (title, backer) = match pledge {
                Some((name, title)) => (title, Some(name)),
                None => (text::of_line(l).to_owned(), None),
            };
            view! {
                <li>
                    <a class="row-link pledge-row" href=href>
                        <span class="pledge-row__title">{title}</span>
                        <span class="pledge-row__sum">{refund.amount.show(l)}</span>
                        <span class="pledge-row__line">
                            <Tag text=refund.state.label(l) tone=refund.state.tone() /> " "
                            {backer.map(|name| format!("{name} · "))}
                            {zone.date(l, refund.created_at)} " · " {refunds::reason_label(l, refund.reason)}
                        </span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="row-links">{rows}</ul> }.into_any()
}
