//! Rewards on the project's page, with their stock as it is.

#[cfg(feature = "ssr")]
use crate::Reward;
use crate::text;
use kernel::{Locale, ProjectId, RewardId};
use leptos::prelude::*;
use projects::{LiveProject, figures_of};

/// The rewards of a project. `live` is the project whose events move the stock: none before it is
/// public. `pledge` is the address of its checkout while it takes pledges.
#[cfg(feature = "ssr")]
#[component]
pub fn RewardList(live: Option<ProjectId>, rewards: Vec<Reward>, pledge: Option<String>) -> impl IntoView {
    let l = ui::use_locale();
    let items = rewards
        .into_iter()
        .map(|reward| {
            let href = pledge.clone().filter(|_| reward.left != Some(0)).map(|path| format!("{path}?reward={}", reward.id));
            view! {
                <li class="reward" class:reward--gone=reward.left == Some(0)>
                    <p class="reward__price">{reward.price.show(l)}</p>
                    <h3 class="reward__title">{reward.title.clone()}</h3>
                    <p class="reward__text">{reward.description.clone()}</p>
                    <p class="reward__line">
                        {reward.left.map(|left| match live {
                            Some(project) => view! { <LiveStock locale=l project=project reward=reward.id left=left /> }.into_any(),
                            None => view! { <Stock locale=l left=Signal::stored(left) /> }.into_any(),
                        })}
                        <span>{text::delivery_in(l, kernel::month(l, reward.estimated_delivery))}</span>
                    </p>
                    {href.map(|href| view! {
                        <a class="button button--quiet button--wide" href=href>
                            {text::choose(l)} <span class="visually-hidden">": " {reward.title.clone()}</span>
                        </a>
                    })}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="rewards" id="rewards" aria-labelledby="rewards-title">
            <h2 id="rewards-title">{text::rewards(l)}</h2>
            <ul class="rewards__list">{items}</ul>
            {pledge.map(|href| view! { <p class="rewards__without"><a href=href>{text::without(l)}</a></p> })}
        </section>
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
