//! Money at a glance: what is due, what failed and why, what has no outcome, and whether the books balance.

use super::{framed, money_text as text};
use accounts::operators::{Role, require_role_of};
use kernel::{Locale, Refusal, Zone};
use ledger::{BookCheck, last_checks};
use leptos::prelude::*;
use settlement::store::money::{Collecting, Counts, Failed, collecting, counts, failures};
use ui::{Nothing, Page, PageRequest};

/// Proofs of the books that are shown.
const CHECKS: i64 = 6;

/// `/admin/money`
pub async fn money_page(req: &PageRequest) -> Result<Page, Refusal> {
    let (l, zone, pool) = (req.locale, req.zone(), &req.db.pool);
    let operator = require_role_of(req, &[Role::Finance]).await?;
    let counted = counts(pool).await?;
    let projects = collecting(pool).await?;
    let failed = failures(pool).await?;
    let checks = last_checks(pool, CHECKS).await?;
    Ok(framed(req, &operator, text::money(l), move || {
        view! {
            <section>
                <h2>{text::open(l)}</h2>
                <Open counted=counted />
            </section>
            <section>
                <h2>{text::collecting(l)}</h2>
                <Projects projects=projects zone=zone />
            </section>
            <section>
                <h2>{text::failures(l)}</h2>
                <Failures failed=failed />
            </section>
            <section>
                <h2>{text::books(l)}</h2>
                <Books checks=checks zone=zone />
            </section>
        }
    }))
}

#[component]
fn Open(counted: Counts) -> impl IntoView {
    let l = ui::use_locale();
    let links = [
        (text::unknown_attempts(l), counted.unknown, None),
        (text::deposits_waiting(l), counted.deposits, None),
        (text::lines_waiting(l), counted.lines, None),
        (text::refunds_open(l), counted.refunds, None),
        (text::refunds_failed(l), counted.refunds_failed, None),
        (text::disputes_open(l), counted.disputes, None),
        (text::accounts(l), counted.accounts, Some("/admin/payouts")),
        (text::to_approve(l), counted.issued, Some("/admin/payouts")),
        (text::to_pay(l), counted.to_pay, Some("/admin/payouts")),
        (text::differences_open(l), counted.differences, Some("/admin/reconciliation")),
    ];
    let rows = links.into_iter().map(|(label, count, href)| {
        let label = match href {
            Some(href) => view! { <a href=l.path(href)>{label}</a> }.into_any(),
            None => view! { {label} }.into_any(),
        };
        view! { <div><dt>{label}</dt><dd>{count}</dd></div> }
    });
    view! { <dl class="facts">{rows.collect_view()}</dl> }
}

fn moment(l: Locale, zone: Zone, at: Option<chrono::DateTime<chrono::Utc>>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| zone.date_time(l, at))
}

#[component]
fn Projects(projects: Vec<Collecting>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    if projects.is_empty() {
        return view! { <Nothing text=text::none_collecting(l) /> }.into_any();
    }
    let rows = projects.into_iter().map(|project| {
        let facts = [
            (text::due(l), format!("{} · {}", project.due, project.due_sum.show(l))),
            (text::collected(l), project.collected.show(l)),
            (text::next_run(l), moment(l, zone, project.next_run)),
            (text::last_run(l), moment(l, zone, project.last_run)),
        ];
        let facts = facts.map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
        view! {
            <li class="admin__card">
                <h3><a href=l.path(&format!("/projects/{}", project.slug))>{project.title}</a></h3>
                <dl class="facts">{facts.into_iter().collect_view()}</dl>
            </li>
        }
    });
    view! { <ul class="admin__cards">{rows.collect_view()}</ul> }.into_any()
}

#[component]
fn Failures(failed: Vec<Failed>) -> impl IntoView {
    let l = ui::use_locale();
    if failed.is_empty() {
        return view! { <Nothing text=text::none_failed(l) /> }.into_any();
    }
    let rows = failed.into_iter().map(|failed| {
        view! {
            <tr>
                <th scope="row"><code>{failed.code}</code></th>
                <td>{text::class(l, &failed.class)}</td>
                <td>{failed.gateway}</td>
                <td>{failed.count}</td>
            </tr>
        }
    });
    view! {
        <p class="quiet">{text::failures_note(l)}</p>
        <table class="admin__table">
            <thead>
                <tr>
                    <th scope="col">{text::reason(l)}</th>
                    <th scope="col">{text::what_follows(l)}</th>
                    <th scope="col">{text::gateway(l)}</th>
                    <th scope="col">{text::count(l)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Books(checks: Vec<BookCheck>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    if checks.is_empty() {
        return view! { <Nothing text=text::never_checked(l) /> }.into_any();
    }
    let rows = checks.into_iter().map(|check| {
        let bad = (check.faults > 0).then_some("admin__bad");
        view! {
            <tr>
                <th scope="row">{zone.date_time(l, check.at)}</th>
                <td>{check.laws}</td>
                <td>{check.entries}</td>
                <td class=bad>{check.faults}</td>
            </tr>
        }
    });
    view! {
        <p class="quiet">{text::books_note(l)}</p>
        <table class="admin__table">
            <thead>
                <tr>
                    <th scope="col">{text::checked_at(l)}</th>
                    <th scope="col">{text::laws(l)}</th>
                    <th scope="col">{text::entries(l)}</th>
                    <th scope="col">{text::faults(l)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}
