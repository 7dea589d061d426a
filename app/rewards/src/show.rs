//! Rewards on the project's page, with their stock as it is.

use crate::text;
#[cfg(feature = "ssr")]
use crate::{Reward, RewardKind};
use kernel::{Locale, ProjectId, RewardId};
use leptos::prelude::*;
use projects::{LiveProject, figures_of};

/// The rewards of a project. `live` is the project whose events move the stock: none before it is
/// public. `pledge` is the address of its checkout while it takes pledges.
#[cfg(feature = "ssr")]
#[component]
pub fn RewardList(live: Option<ProjectId>, rewards: Vec<Reward>, pledge: Option<String>) -> impl IntoView {
    let l = ui::use_locale();
    let (add_ons, rewards): (Vec<_>, Vec<_>) =
        rewards.into_iter().partition(|reward| reward.kind == RewardKind::AddOn);
    let cards = |rewards: Vec<Reward>| {
        let card = |reward: Reward| {
            let alone = reward.kind == RewardKind::Reward && !reward.is_gone();
            let href = pledge.clone().filter(|_| alone).map(|path| format!("{path}?reward={}", reward.id));
            view! { <RewardCard live=live reward=reward href=href /> }
        };
        rewards.into_iter().map(card).collect_view()
    };
    let has_add_ons = !add_ons.is_empty();
    let (rewards, add_ons) = (cards(rewards), cards(add_ons));
    view! {
        <section class="rewards" id="rewards" aria-labelledby="rewards-title">
            <h2 id="rewards-title">{text::rewards(l)}</h2>
            <ul class="rewards__list">{rewards}</ul>
            {has_add_ons.then(|| view! { <h3>{text::add_ons(l)}</h3> <ul class="rewards__list">{add_ons}</ul> })}
            {pledge.map(|href| view! { <p class="rewards__without"><a href=href>{text::without(l)}</a></p> })}
        </section>
    }
}

/// One reward; `href` is the address of the checkout with it.
#[cfg(feature = "ssr")]
#[component]
fn RewardCard(live: Option<ProjectId>, reward: Reward, href: Option<String>) -> impl IntoView {
    let l = ui::use_locale();
    let mut facts = vec![text::delivery_in(l, kernel::month(l, reward.estimated_delivery))];
    facts.extend(reward.per_person.map(|n| text::per_person_line(l, n)));
    facts.extend(reward.ships.then(|| text::ships_line(l).to_owned()));
    let options = reward
        .options
        .iter()
        .map(|option| view! { <p class="reward__option"><strong>{option.name.clone()}</strong> " " {option.choices.join(", ")}</p> })
        .collect_view();
    view! {
        <li class="reward" class:reward--gone=reward.is_gone()>
            <p class="reward__price">{reward.price.show(l)}</p>
            <h3 class="reward__title">{reward.title.clone()}</h3>
            <p class="reward__text">{reward.description.clone()}</p>
            {options}
            <p class="reward__line">
                {reward.left.map(|left| match live {
                    Some(project) => view! { <LiveStock locale=l project=project reward=reward.id left=left /> }.into_any(),
                    None => view! { <Stock locale=l left=Signal::stored(left) /> }.into_any(),
                })}
                <span>{facts.join(" · ")}</span>
            </p>
            {href.map(|href| view! {
                <a class="button button--quiet button--wide" href=href>
                    {text::choose(l)} <span class="visually-hidden">": " {reward.title.clone()}</span>
                </a>
            })}
        </li>
    }
}

/// Pieces left, as they are now.
#[island]
pub fn LiveStock(locale: Locale, project: ProjectId, reward: RewardId, left: i32) -> impl IntoView {
    let figures = figures_of(project);
    let now = Signal::derive(move || {
        let of =
            |live: LiveProject| live.left.into_iter().find(|(id, _)| *id == reward).map(|(_, left)| left);
        figures.get().and_then(of).unwrap_or(left)
    });
    view! { <Stock locale=locale left=now /> }
}

#[component]
fn Stock(locale: Locale, left: Signal<i32>) -> impl IntoView {
    view! {
        <span class=move || if left.get() == 0 { "stock stock--gone" } else { "stock" }>
            {move || match left.get() {
                0 => text::sold_out(locale).to_owned(),
                left => text::left(locale, left),
            }}
        </span>
    }
}
