//! The project's page: the project, its rewards, and the way to pledge.

use crate::{
    frame::MINE,
    pages::money::{MoneyTruth, Truth},
    routes::{Found, Shared},
    text,
};
use kernel::Refusal;
use leptos::prelude::*;
use projects::{FundingState, LiveProgress, ProjectHead, StoryText, TermsNote};
use rewards::RewardList;
use ui::{LinkButton, Page, PageRequest};

pub async fn project_page(req: &PageRequest, slug: &str) -> Result<Found, Refusal> {
    let l = req.locale;
    let mut db = req.db.pool.acquire().await?;
    let project = projects::store::by_slug(&mut db, slug).await?.ok_or(Refusal::NotFound)?;
    let public = project.state.is_public();
    let creator = req.viewer.0.as_ref().is_some_and(|member| member.id == project.creator_id);
    if !public && !creator {
        return Err(Refusal::NotFound);
    }
    let live = projects::store::live(&mut db, project.id).await?;
    let rewards = rewards::store::of_project(&mut db, project.id, project.currency).await?;
    let truth = Truth::of(&mut db, &project, &live).await?;
    let terms = projects::store::terms_of(&mut db, project.id).await?;
    let (id, now) = (project.id, req.db.now());
    let (title, summary) = (project.title.clone(), project.summary.clone());
    let image = project.cover.as_ref().map(|cover| cover.src(960));
    let page = Page::new(title, move || {
        let open = project.state == FundingState::Live;
        let pledge = open.then(|| l.path(&format!("/projects/{}/pledge", project.slug)));
        let button = |class: &'static str| {
            pledge
                .clone()
                .map(|href| view! { <LinkButton href=href label=text::back_project(l) class=class /> })
        };
        let (bar_button, head_button) = (button(""), button("button--wide"));
        let action = view! { {head_button} <div inner_html=MINE /> }.into_any();
        let terms = (open || !public).then(|| view! { <TermsNote terms=terms /> });
        let money = view! { {truth.map(|truth| view! { <MoneyTruth truth=truth /> })} {terms} }.into_any();
        let bar = bar_button.zip(project.goal).map(|(button, goal)| {
            view! {
                <div class="pledge-bar">
                    <LiveProgress locale=l project=project.id goal=goal live=live.clone() spoken=false />
                    {button}
                </div>
            }
        });
        view! {
            <article class="project wrap">
                <ProjectHead project=project.clone() live=live.clone() now=now action=action money=money />
                <div class="project__body">
                    <StoryText markdown=project.story.clone() />
                    <RewardList live=public.then_some(project.id) rewards=rewards pledge=pledge />
                </div>
            </article>
            {bar}
        }
    });
    let shared = if public { Shared::Yes } else { Shared::No };
    Ok(Found { page: page.public(summary).with_image(image).about(id), shared })
}
