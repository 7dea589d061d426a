//! The creator's workshop: own projects, and the frame of one project's pages.

#![cfg(feature = "ssr")]

use crate::{FundingState, Project, ProjectCards, store, text};
use kernel::{Locale, MemberId, Refusal, db::Db};
use leptos::prelude::*;
use ui::{LinkButton, Nothing, Page, PageRequest};

/// A project of `creator`. What belongs to somebody else is not found, so that drafts stay secret.
pub async fn owned(db: &Db, creator: MemberId, slug: &str) -> Result<Project, Refusal> {
    let project = store::by_slug(&mut *db.pool.acquire().await?, slug).await?.ok_or(Refusal::NotFound)?;
    match project.creator_id == creator {
        true => Ok(project),
        false if project.state.is_public() => Err(Refusal::Forbidden),
        false => Err(Refusal::NotFound),
    }
}

/// The project of a studio page, for its creator only.
pub async fn owned_project(req: &PageRequest, slug: &str) -> Result<Project, Refusal> {
    owned(&req.db, req.member()?.id, slug).await
}

pub async fn studio_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let cards = store::of_creator(&mut *req.db.pool.acquire().await?, member, true).await?;
    let now = req.db.now();
    Ok(Page::new(text::my_projects(l), move || {
        let start = l.path("/studio/new");
        let list = if cards.is_empty() {
            view! { <Nothing text=text::no_projects(l) href=start.clone() label=text::start_project(l) /> }
                .into_any()
        } else {
            view! { <ProjectCards cards=cards now=now studio=true /> }.into_any()
        };
        view! {
            <div class="wrap">
                <div class="page-head">
                    <h1>{text::my_projects(l)}</h1>
                    <LinkButton href=start label=text::start_project(l) />
                </div>
                {list}
            </div>
        }
    }))
}

/// The tabs above a project's studio pages.
pub fn studio_nav(l: Locale, project: &Project, here: &'static str) -> AnyView {
    let base = format!("/studio/{}", project.slug);
    let tabs = [
        ("", text::launch_title(l)),
        ("edit", text::basics(l)),
        ("rewards", text::rewards(l)),
        ("terms", text::fees(l)),
        ("payouts", text::payouts(l)),
        ("shipping", text::shipping(l)),
    ];
    let state = project.state;
    let tabs = tabs
        .into_iter()
        .map(|(path, label)| {
            let label = if path.is_empty() && state != FundingState::Draft { state.label(l) } else { label };
            let href = l.path(&if path.is_empty() { base.clone() } else { format!("{base}/{path}") });
            view! { <li><a href=href aria-current=(path == here).then_some("page")>{label}</a></li> }
        })
        .collect_view();
    let page = l.path(&format!("/projects/{}", project.slug));
    view! {
        <nav class="studio-nav wrap" aria-label=text::my_projects(l)>
            <p class="studio-nav__title">{project.title.clone()}</p>
            <ul>{tabs}<li><a href=page>{text::view_page(l)}</a></li></ul>
        </nav>
    }
    .into_any()
}
