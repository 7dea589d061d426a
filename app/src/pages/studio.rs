//! The overview of one's own project: launch, cover, stop.

use kernel::Refusal;
use leptos::{prelude::*, server_fn::ServerFn};
use projects::{
    CancelProject, FundingState, Project, ProjectError, cover_section, launch_section, owned_project,
    review_section, studio_nav, text,
};
use ui::{FormMessage, Notice, Page, PageRequest, SubmitButton, TickField};

pub async fn overview_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let project = owned_project(req, slug).await?;
    let launch = (project.state == FundingState::Draft).then(|| launch_section(req, &project));
    let review = (project.state == FundingState::InReview).then(|| review_section(req, &project));
    let cover = cover_section(req, &project);
    let stop = (project.state == FundingState::Live).then(|| stop_section(req, &project));
    let saved = req.query("saved").is_some() && req.typed.is_none();
    let told = [
        ("launched", text::launched(l)),
        ("submitted", text::submitted(l)),
        ("withdrawn", text::withdrawn(l)),
    ]
    .into_iter()
    .find_map(|(name, sentence)| req.query(name).is_some().then_some(sentence));
    Ok(Page::new(project.title.clone(), move || {
        view! {
            {studio_nav(l, &project, "")}
            <div class="stack">
                <h1 class="visually-hidden">{project.title.clone()}</h1>
                {told.map(|sentence| view! { <Notice tone="good" text=sentence /> })}
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                {launch.map(|section| section())}
                {review.map(|section| section())}
                {cover()}
                {stop.map(|section| section())}
            </div>
        }
    }))
}

fn stop_section(req: &PageRequest, project: &Project) -> impl FnOnce() -> AnyView + use<> {
    let l = req.locale;
    let form = req.form::<ProjectError>(CancelProject::PATH);
    let slug = project.slug.clone();
    move || {
        view! {
            <section class="sheet sheet--wide" aria-labelledby="stop">
                <h2 id="stop">{text::cancel_project(l)}</h2>
                <FormMessage form=form.clone() />
                <p class="quiet">{text::cancel_note(l)}</p>
                <form class="form" method="post" action=CancelProject::PATH>
                    <input type="hidden" name="slug" value=slug />
                    <TickField form=form name="sure" label=text::cancel_sure(l) required=true />
                    <SubmitButton label=text::cancel_project(l) class="button--danger" />
                </form>
            </section>
        }
        .into_any()
    }
}
