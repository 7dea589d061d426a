//! The head of a person's public page; `app` puts their projects below it.

#![cfg(feature = "ssr")]

use crate::{
    store::{self, Person},
    text,
};
use kernel::{Locale, Refusal, date};
use leptos::prelude::*;
use pictures::Portrait;
use ui::PageRequest;

/// The person of `/people/{handle}` and the head of their page.
pub async fn person_page(
    req: &PageRequest,
    handle: &str,
) -> Result<(Person, impl FnOnce() -> AnyView + Send + use<>), Refusal> {
    let person = store::person(&req.db, handle).await?.ok_or(Refusal::NotFound)?;
    let (l, shown) = (req.locale, person.clone());
    Ok((person, move || head(l, shown)))
}

fn head(l: Locale, person: Person) -> AnyView {
    // People's own addresses: we vouch for none of them.
    let links: Vec<_> = person
        .links
        .iter()
        .map(|link| {
            let shown = link.trim_start_matches("https://").trim_start_matches("http://").to_owned();
            view! { <li><a href=link.clone() rel="nofollow ugc noopener noreferrer">{shown}</a></li> }
        })
        .collect();
    view! {
        <header class="person">
            <Portrait name=person.name.clone() picture=person.picture class="person__initial" size=56 />
            <div>
                <h1>{person.name.clone()}</h1>
                <p class="quiet">"@" {person.handle} " · " <span class="person__since">{text::member_since(l, date(l, person.since))}</span></p>
                <p class="person__introduction">{person.introduction}</p>
                {(!links.is_empty()).then(|| view! { <ul class="person__links">{links}</ul> })}
            </div>
        </header>
    }
    .into_any()
}
