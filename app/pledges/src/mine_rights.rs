//! On a pledge's page: which right is open until when, and what was agreed to.

#![cfg(feature = "ssr")]

use crate::{
    PledgeLine, consents,
    store::{Consent, Right},
    text,
};
use kernel::{Locale, Zone};
use leptos::prelude::*;

#[component]
pub fn Rights(rights: Vec<Right>, lines: Vec<PledgeLine>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    if rights.is_empty() {
        return ().into_any();
    }
    let several = lines.len() > 1;
    let rows = rights
        .into_iter()
        .map(|right| {
            let of = lines.iter().find(|line| several && line.line == right.line).map(PledgeLine::name);
            let of = of.map(|name| view! { <span class="quiet">" · " {name}</span> });
            view! { <div><dt>{name(l, &right.kind)} {of}</dt><dd>{told(l, zone, &right)}</dd></div> }
        })
        .collect_view();
    view! {
        <section class="rights" aria-labelledby="rights">
            <h2 id="rights">{text::rights_title(l)}</h2>
            <dl class="facts">{rows}</dl>
        </section>
    }
    .into_any()
}

fn name(l: Locale, kind: &str) -> &'static str {
    match kind {
        "withdraw" => text::right_withdraw(l),
        "not_as_described" => text::right_not_as_described(l),
        "late_delivery" => text::right_late_delivery(l),
        _ => text::right_cancel(l),
    }
}

fn told(l: Locale, zone: Zone, right: &Right) -> String {
    match (right.excluded.as_str(), right.closes_at, right.opens_at) {
        ("made_to_order", ..) => text::not_made_to_order(l).to_owned(),
        ("thanks", ..) => text::not_thanks(l).to_owned(),
        ("", Some(closes), _) => text::until(l, zone.deadline(l, closes)),
        ("", None, _) if right.hangs_on == "delivery" => {
            text::after_delivery(l, right.days.unwrap_or_default())
        }
        ("", None, Some(opens)) => text::from_day(l, zone.date(l, opens)),
        _ => text::not_to_be_made(l).to_owned(),
    }
}

#[component]
pub fn Agreed(consents: Vec<Consent>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    let mut told: Vec<String> = Vec::new();
    let rows = consents
        .into_iter()
        // The same words for several lines are shown once.
        .filter(|consent| {
            let key = format!("{} {}", consent.kind, consent.version);
            let new = !told.contains(&key);
            told.push(key);
            new
        })
        .map(|consent| {
            let on = text::agreed_on(l, zone.date(l, consent.given_at), consent.version);
            view! {
                <dt>{consents::title(l, &consent.kind)}</dt>
                <dd>{consent.body} " " <span class="quiet">{on}</span></dd>
            }
        })
        .collect_view();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <details class="agreed">
            <summary>{text::agreed_title(l)}</summary>
            <dl class="consents__texts">{rows}</dl>
        </details>
    }
    .into_any()
}
