//! How the site runs: what waits to be done, what was given up, and what operators did last.

use super::{framed, log::Log, text};
use accounts::operators::{AuditLine, Role, require_role_of};
use chrono::TimeDelta;
use kernel::{
    Refusal,
    jobs::{self, Queue},
    outbox::{self, Undelivered},
};
use leptos::prelude::*;
use ui::{Page, PageRequest, Tag};

/// Lines of the log that are shown.
const LINES: i64 = 8;
/// Of so many days undelivered messages are counted.
const DAYS: i64 = 7;

/// `/admin`
pub async fn overview_page(req: &PageRequest) -> Result<Page, Refusal> {
    let (l, zone, now) = (req.locale, req.zone(), req.db.now());
    let pool = &req.db.pool;
    let operator = require_role_of(req, &Role::ALL).await?;
    let roles = operator.roles.clone();
    let queues = jobs::queues(pool, now).await?;
    let undelivered = outbox::undelivered(pool, now - TimeDelta::days(DAYS)).await?;
    let lines = AuditLine::last(pool, None, LINES).await?;
    Ok(framed(req, &operator, text::overview(l), move || {
        let roles = roles.into_iter().map(|role| view! { " " <Tag text=role.label(l) /> }).collect_view();
        view! {
            <p>{text::your_roles(l)} ":" {roles}</p>
            <section>
                <h2>{text::jobs(l)}</h2>
                <Queues queues=queues />
            </section>
            <section>
                <h2>{text::undelivered(l)}</h2>
                <Messages undelivered=undelivered />
            </section>
            <section>
                <h2>{text::log(l)}</h2>
                <Log lines=lines zone=zone />
                <p><a class="more" href=l.path("/admin/log")>{text::whole_log(l)}</a></p>
            </section>
        }
    }))
}

/// What needs eyes.
fn bad(count: i64) -> Option<&'static str> {
    (count > 0).then_some("admin__bad")
}

#[component]
fn Queues(queues: Vec<Queue>) -> impl IntoView {
    let l = ui::use_locale();
    if queues.is_empty() {
        return view! { <p>{text::no_jobs(l)}</p> }.into_any();
    }
    let given_up = queues.iter().any(|queue| queue.given_up > 0);
    let errors: Vec<_> = queues
        .iter()
        .filter(|queue| queue.retrying + queue.given_up > 0)
        .filter_map(|queue| Some((text::job(l, &queue.kind), queue.last_error.clone()?)))
        .map(|(job, error)| view! { <div><dt>{job}</dt><dd><code>{error}</code></dd></div> })
        .collect();
    let rows = queues
        .into_iter()
        .map(|queue| {
            view! {
                <tr>
                    <th scope="row">{text::job(l, &queue.kind)}</th>
                    <td>{queue.due}</td>
                    <td>{queue.later}</td>
                    <td class=bad(queue.retrying)>{queue.retrying}</td>
                    <td class=bad(queue.given_up)>{queue.given_up}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="admin__table">
            <thead>
                <tr>
                    <th scope="col">{text::job_kind(l)}</th>
                    <th scope="col">{text::due(l)}</th>
                    <th scope="col">{text::later(l)}</th>
                    <th scope="col">{text::retrying(l)}</th>
                    <th scope="col">{text::given_up(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {given_up.then(|| view! { <p class="notice notice--bad">{text::revive(l)}</p> })}
        {(!errors.is_empty()).then(|| view! {
            <h3>{text::last_errors(l)}</h3>
            <dl class="admin__errors">{errors}</dl>
        })}
    }
    .into_any()
}

#[component]
fn Messages(undelivered: Undelivered) -> impl IntoView {
    let l = ui::use_locale();
    let facts = [
        (text::mails_given_up(l, DAYS), undelivered.mails),
        (text::texts_given_up(l, DAYS), undelivered.texts),
        (text::bad_addresses(l).to_owned(), undelivered.addresses),
    ];
    let facts = facts.map(|(term, count)| view! { <div><dt>{term}</dt><dd>{count}</dd></div> });
    view! { <dl class="facts">{facts.into_iter().collect_view()}</dl> }
}
