//! What operators did.

use super::{framed, text};
use accounts::operators::{AuditLine, Role, require_role_of};
use kernel::{Locale, Refusal, Zone};
use leptos::prelude::*;
use ui::{Nothing, Page, PageRequest};

/// Lines on a page.
const LINES: usize = 50;

/// `/admin/log`: all of it, the newest first.
pub async fn log_page(req: &PageRequest) -> Result<Page, Refusal> {
    let (l, zone) = (req.locale, req.zone());
    let operator = require_role_of(req, &Role::ALL).await?;
    let before = req.query("before").and_then(|id| id.parse().ok());
    let lines = AuditLine::last(&req.db.pool, before, LINES as i64).await?;
    let older = lines.last().filter(|_| lines.len() == LINES).map(|line| line.id);
    Ok(framed(req, &operator, text::log(l), move || {
        view! {
            <Log lines=lines zone=zone />
            {older.map(|id| view! {
                <p class="pager"><a class="button button--quiet" href=l.path(&format!("/admin/log?before={id}"))>{text::older(l)}</a></p>
            })}
        }
    }))
}

#[component]
pub fn Log(lines: Vec<AuditLine>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    if lines.is_empty() {
        return view! { <Nothing text=text::log_empty(l) /> }.into_any();
    }
    let lines = lines
        .into_iter()
        .map(|line| {
            view! {
                <li>
                    <p>
                        <strong>{text::action(l, &line.action)}</strong>
                        " · " {party(l, &line.subject, line.subject_name.as_deref())}
                    </p>
                    {detail(l, &line).map(|detail| view! { <p>{detail}</p> })}
                    <p class="quiet">
                        {zone.date_time(l, line.at)} " · " {party(l, &line.actor, line.actor_name.as_deref())}
                    </p>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="log">{lines}</ol> }.into_any()
}

/// Who did something, or to what.
fn party(l: Locale, code: &str, name: Option<&str>) -> String {
    match (code, name) {
        (_, Some(name)) => name.to_owned(),
        ("shell", None) => text::shell(l).to_owned(),
        (code, None) if code.starts_with("member:") => text::gone(l).to_owned(),
        (code, None) => code.to_owned(),
    }
}

/// Of a role that was given or taken, its name.
fn detail(l: Locale, line: &AuditLine) -> Option<String> {
    let role = matches!(line.action.as_str(), "grant" | "revoke").then(|| line.detail.parse::<Role>().ok());
    let detail = role.flatten().map_or_else(|| line.detail.clone(), |role| role.label(l).to_owned());
    Some(detail).filter(|detail| !detail.is_empty())
}
