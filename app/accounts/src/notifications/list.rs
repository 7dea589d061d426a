//! What a member was told, newest first.

use super::{Kind, ReadNotifications, store::Told, text};
use kernel::{Locale, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use ui::{Nothing, SubmitButton, Tag};

pub fn list(l: Locale, zone: Zone, told: Vec<Told>) -> AnyView {
    let Some(newest) = told.first().map(|told| told.id.to_string()) else {
        return view! { <Nothing text=text::none_yet(l) /> }.into_any();
    };
    let unread = told.iter().any(|told| !told.read);
    let rows = told.into_iter().map(|told| row(l, zone, told)).collect_view();
    view! {
        {unread.then(|| view! {
            <form method="post" action=ReadNotifications::PATH>
                <input type="hidden" name="newest" value=newest />
                <SubmitButton label=text::read_all(l) class="button--quiet" />
            </form>
        })}
        <ul class="row-links">{rows}</ul>
    }
    .into_any()
}

fn row(l: Locale, zone: Zone, told: Told) -> impl IntoView {
    let kind = Kind::find(&told.kind).map(|kind| kind.name(l)).unwrap_or_default();
    view! {
        <li>
            <a class="row-link" href=l.path(&told.page)>
                <span>
                    {(!told.read).then(|| view! { <Tag text=text::new(l) tone="good" /> " " })}
                    {told.title}
                    <br />
                    <span class="quiet told__line">{kind} " · " {zone.date_time(l, told.at)}</span>
                </span>
            </a>
        </li>
    }
}
