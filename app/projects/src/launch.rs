//! Launching: a draft is submitted, reviewed by the site's policy, and goes live.

use crate::ProjectError;
#[cfg(feature = "ssr")]
use crate::{FundingState, JudgeDeadline, Project, rules, store, studio, text};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    chrono::{DateTime, Utc},
    kernel::{
        Locale, MemberId, ProjectId,
        db::{Act, Db},
        jobs,
        site::{ReviewPolicy, Site},
    },
    leptos::server_fn::ServerFn,
    sqlx::PgConnection,
    ui::{FormMessage, PageRequest, SubmitButton},
};

/// The project's creator, with a confirmed address.
#[server]
pub async fn launch_project(slug: String) -> Result<(), ProjectError> {
    use kernel::Viewer;

    let member = Viewer::require_confirmed()?;
    let (db, site) = (Db::current()?, Site::current()?);
    let project = studio::owned(&db, member.id, &slug).await?;
    submit(&db, member.id, project.id, site.0.review).await?;
    let told = match site.0.review {
        ReviewPolicy::Rules => "launched",
        ReviewPolicy::Operator => "submitted",
    };
    ui::lead_to(&format!("/studio/{slug}?{told}=1"));
    Ok(())
}

/// Takes a whole draft to its review, and on to live where the rules decide.
///
/// Invariants: what is judged as whole is the row that moves, for nobody else changes it meanwhile; from here on
/// the project has a plan.
#[cfg(feature = "ssr")]
pub async fn submit(
    db: &Db,
    creator: MemberId,
    project: ProjectId,
    review: ReviewPolicy,
) -> Result<(), ProjectError> {
    let now = db.now();
    let mut tx = db.begin(Act::by(creator, "submitted by the creator")).await?;
    let draft = store::locked(&mut tx, project).await?;
    if draft.state != FundingState::Draft {
        return Err(ProjectError::WrongState);
    }
    if !missing(&draft, now).is_empty() {
        return Err(ProjectError::NotReady);
    }
    if !store::settle_plan(&mut tx, project).await? {
        return Err(ProjectError::NoPlan);
    }
    store::move_state(&mut tx, project, FundingState::Draft, FundingState::InReview, now).await?;
    if review == ReviewPolicy::Rules {
        db.go_on_as(&mut tx, Act::system("approved by the rules")).await?;
        go_live(&mut tx, project, now).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    Ok(())
}

/// Launches a draft as on a site whose rules approve: for the demo, replays and measurements.
#[cfg(feature = "ssr")]
pub async fn launch(db: &Db, creator: MemberId, project: &Project) -> Result<(), ProjectError> {
    submit(db, creator, project.id, ReviewPolicy::Rules).await
}

/// Takes a reviewed project to live and sets its deadline's job, in the caller's transaction.
///
/// Invariant: a live project has a goal, a deadline ahead, and exactly one waiting judgement.
#[cfg(feature = "ssr")]
pub(crate) async fn go_live(
    db: &mut PgConnection,
    project: ProjectId,
    now: DateTime<Utc>,
) -> Result<(), ProjectError> {
    let reviewed = store::locked(db, project).await?;
    // Its deadline may have passed while it waited.
    let (Some(deadline), true) = (reviewed.deadline, missing(&reviewed, now).is_empty()) else {
        return Err(ProjectError::NotReady);
    };
    if !store::move_state(db, project, FundingState::InReview, FundingState::Live, now).await? {
        return Err(ProjectError::WrongState);
    }
    jobs::enqueue(db, &JudgeDeadline { project }, deadline).await?;
    Ok(())
}

/// What a draft lacks for its launch, by the name of its field.
#[cfg(feature = "ssr")]
fn missing(project: &Project, now: DateTime<Utc>) -> Vec<&'static str> {
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
    let button = match req.site.0.review {
        ReviewPolicy::Rules => text::launch(l),
        ReviewPolicy::Operator => text::submit(l),
    };
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
                    <SubmitButton label=button class="button--wide" />
                </form>
            </section>
        }
        .into_any()
    }
}
