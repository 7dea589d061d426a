//! Launching: a draft is submitted, reviewed by the site's policy, and goes live.

use crate::ProjectError;
#[cfg(feature = "ssr")]
use crate::{FundingState, JudgeDeadline, Project, rules, store, studio, text};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    kernel::{
        Locale, MemberId,
        db::{Act, Db},
        jobs,
    },
    leptos::server_fn::ServerFn,
    ui::{FormMessage, PageRequest, SubmitButton},
};

/// The project's creator, with a confirmed address.
#[server]
pub async fn launch_project(slug: String) -> Result<(), ProjectError> {
    use kernel::Viewer;

    let member = Viewer::require_confirmed()?;
    let db = Db::current()?;
    let project = studio::owned(&db, member.id, &slug).await?;
    launch(&db, member.id, &project).await?;
    let locale = use_context::<Locale>().unwrap_or_default();
    leptos_axum::redirect(&locale.path(&format!("/studio/{slug}?launched=1")));
    Ok(())
}

/// Takes a whole draft through review to live, and sets its deadline's job.
///
/// Invariant: a live project has a goal, a deadline ahead, and exactly one waiting judgement.
#[cfg(feature = "ssr")]
pub async fn launch(db: &Db, creator: MemberId, project: &Project) -> Result<(), ProjectError> {
    let now = db.now();
    if project.state != FundingState::Draft {
        return Err(ProjectError::WrongState);
    }
    let (Some(_), Some(deadline), true) = (project.goal, project.deadline, missing(project, now).is_empty())
    else {
        return Err(ProjectError::NotReady);
    };
    let mut tx = db.begin(Act::by(creator, "submitted by the creator")).await?;
    if !store::move_state(&mut tx, project.id, FundingState::Draft, FundingState::InReview, now).await? {
        return Err(ProjectError::WrongState);
    }
    tx.commit().await?;
    // The review policy of this site: whatever passed the rules above is approved.
    let mut tx = db.begin(Act::system("approved by the rules")).await?;
    if store::move_state(&mut tx, project.id, FundingState::InReview, FundingState::Live, now).await? {
        jobs::enqueue(&mut tx, &JudgeDeadline { project: project.id }, deadline).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project.id);
    Ok(())
}

/// What a draft lacks for its launch, by the name of its field.
#[cfg(feature = "ssr")]
fn missing(project: &Project, now: chrono::DateTime<chrono::Utc>) -> Vec<&'static str> {
    let goal = project.goal.is_some_and(|goal| rules::check_goal(goal).is_ok());
    let deadline = project.deadline.is_some_and(|at| rules::check_deadline(at, now).is_ok());
    let checks = [
        ("summary", !project.summary.is_empty()),
        ("story", !project.story.trim().is_empty()),
        ("goal", goal),
        ("deadline", deadline),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(field, _)| field).collect()
}

/// The check list and the launch button of a draft.
#[cfg(feature = "ssr")]
pub fn launch_section(req: &PageRequest, project: &Project) -> impl FnOnce() -> AnyView + use<> {
    let l: Locale = req.locale;
    let form = req.form::<ProjectError>(LaunchProject::PATH);
    let missing = missing(project, req.db.now());
    let slug = project.slug.clone();
    move || {
        let labels = [
            ("summary", text::summary(l)),
            ("story", text::story(l)),
            ("goal", text::goal(l)),
            ("deadline", text::deadline(l)),
        ];
        let items = labels
            .into_iter()
            .map(|(field, label)| {
                let there = !missing.contains(&field);
                let (class, word) =
                    if there { ("check check--done", text::done(l)) } else { ("check", text::missing(l)) };
                view! { <li class=class>{label} " — " {word}</li> }
            })
            .collect_view();
        view! {
            <section class="sheet sheet--wide" aria-labelledby="launch">
                <h2 id="launch">{text::launch_title(l)}</h2>
                <FormMessage form=form />
                <ul class="checks">{items}</ul>
                <p class="quiet">{text::launch_note(l)}</p>
                <form method="post" action=LaunchProject::PATH>
                    <input type="hidden" name="slug" value=slug />
                    <SubmitButton label=text::launch(l) class="button--wide" />
                </form>
            </section>
        }
        .into_any()
    }
}
