//! Stopping a live project: pledges are released, nobody pays.

use crate::ProjectError;
#[cfg(feature = "ssr")]
use crate::{Project, ReleasePledges, store, studio};
#[cfg(feature = "ssr")]
use kernel::{
    MemberId,
    db::{Act, Db},
    jobs,
};
use leptos::prelude::*;

/// The project's creator.
#[server]
pub async fn cancel_project(slug: String, #[server(default)] sure: String) -> Result<(), ProjectError> {
    use kernel::{Fault, Refusal, Viewer};

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let project = studio::owned(&db, member.id, &slug).await?;
    if sure != "true" {
        return Err(Refusal::field("sure", Fault::MustAgree).into());
    }
    cancel(&db, member.id, &project).await?;
    ui::lead_to(&format!("/studio/{slug}"));
    Ok(())
}

/// Stops a live project before its deadline and has its pledges released.
///
/// Invariant: a deadline that has passed is judged, however late the worker is; once this has committed no pledge can be added or charged.
#[cfg(feature = "ssr")]
pub async fn cancel(db: &Db, creator: MemberId, project: &Project) -> Result<(), ProjectError> {
    let now = db.now();
    let mut tx = db.begin(Act::by(creator, "stopped by the creator")).await?;
    if !store::cancel(&mut tx, project.id, now).await? {
        let passed = project.deadline.is_some_and(|deadline| deadline <= now);
        return Err(if passed { ProjectError::DeadlinePassed } else { ProjectError::WrongState });
    }
    jobs::enqueue(&mut tx, &ReleasePledges { project: project.id }, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project.id);
    Ok(())
}
