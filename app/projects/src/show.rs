//! The parts of a project's page that belong to the project itself. `app` joins them with rewards.

#![cfg(feature = "ssr")]

use crate::{FundingState, LiveProgress, LiveProject, Project, live::Raised, story, text};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::Locale;
use leptos::prelude::*;
use ui::{Notice, Tag, use_locale};

/// Cover, title, creator, live figures and the outcome. `action` is the way to pledge, `money` what became of
/// the pledges.
#[component]
pub fn ProjectHead(
    project: Project,
    live: LiveProject,
    now: DateTime<Utc>,
    action: AnyView,
    money: AnyView,
) -> impl IntoView {
    let l = use_locale();
    let refunded = live.figures.collected.minor() > 0;
    let state = project.state;
    let cover = project.cover.clone().map(|cover| {
        view! {
            <img class="project__cover" src=cover.src(960) srcset=cover.srcset() width=cover.width height=cover.height
                sizes="(min-width: 64rem) 54rem, 100vw" alt="" fetchpriority="high" />
        }
    });
    let creator = if project.creator_name.is_empty() {
        view! { {text::former_member(l)} }.into_any()
    } else {
        let href = l.path(&format!("/people/{}", project.creator_handle));
        view! { <a href=href>{project.creator_name.clone()}</a> }.into_any()
    };
    let discover = l.path(&format!("/discover?category={}", project.category.code()));
    view! {
        <header class="project__head">
            <div class="project__picture" data-category=project.category.code()>{cover}</div>
            <div class="project__facts">
                <p class="project__line">
                    <a href=discover>{project.category.label(l)}</a> " · " {creator}
                </p>
                <h1>{project.title.clone()}</h1>
                <p class="project__summary">{project.summary.clone()}</p>
                {(!state.is_public()).then(|| view! { <Notice tone="plain" text=text::draft_preview(l) /> })}
                <Outcome state=state refunded=refunded />
                {project.goal.map(|goal| match state.is_public() {
                    true => view! { <LiveProgress locale=l project=project.id goal=goal live=live.clone() spoken=true /> }.into_any(),
                    // Nobody sends events of a project that is not public.
                    false => view! { <Raised locale=l goal=goal live=Signal::stored(live.clone()) spoken=false /> }.into_any(),
                })}
                {when(l, &project, now)}
                {action}
                {money}
            </div>
        </header>
    }
}

fn when(l: Locale, project: &Project, now: DateTime<Utc>) -> Option<AnyView> {
    let deadline = project.deadline.filter(|_| project.state == FundingState::Live)?;
    let day = kernel::deadline(l, deadline);
    Some(
        view! {
            <p class="project__when">
                <strong>{crate::time_left(l, deadline, now)}</strong> " · "
                <time datetime=deadline.to_rfc3339()>{text::ends_at(l, day)}</time>
            </p>
            <p class="quiet">{text::goal_note(l, kernel::date(l, deadline - TimeDelta::seconds(1)))}</p>
        }
        .into_any(),
    )
}

#[component]
fn Outcome(state: FundingState, refunded: bool) -> impl IntoView {
    let l = use_locale();
    let (tone, sentence) = match state {
        FundingState::Judging => ("plain", text::outcome_judging(l)),
        FundingState::Collecting => ("good", text::outcome_collecting(l)),
        FundingState::Funded => ("good", text::outcome_funded(l)),
        FundingState::Unfunded if refunded => ("plain", text::outcome_too_little(l)),
        FundingState::Unfunded => ("plain", text::outcome_unfunded(l)),
        FundingState::Canceled => ("plain", text::outcome_canceled(l)),
        _ => return None,
    };
    Some(view! { <p class="project__outcome"><Tag text=state.label(l) tone=tone /> " " {sentence}</p> })
}

/// The story, rendered and cleaned.
#[component]
pub fn StoryText(markdown: String) -> impl IntoView {
    let l = use_locale();
    let html = story::render(&markdown);
    view! {
        <section class="story" aria-labelledby="story">
            <h2 id="story">{text::about(l)}</h2>
            {if html.trim().is_empty() {
                view! { <p class="quiet">{text::no_story(l)}</p> }.into_any()
            } else {
                view! { <div class="story__text" inner_html=html /> }.into_any()
            }}
        </section>
    }
}
