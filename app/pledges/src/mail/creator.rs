//! What a creator is told.

use super::{Addressee, Own, of_project, own};
use crate::text;
use accounts::notifications::{BACKERS, MILESTONES, Notification, PROJECTS};
use kernel::{ProjectId, site::Site};
use sqlx::PgConnection;

/// Tells the creator how the project ended.
pub async fn outcome(
    db: &mut PgConnection,
    site: &Site,
    project: ProjectId,
    funded: bool,
) -> sqlx::Result<Notification> {
    let Own { creator, title, page } = own(db, project).await?;
    let l = creator.locale;
    let words = if funded {
        (text::mail_creator_funded_subject(l, &title), text::mail_creator_funded(l, &title))
    } else {
        (text::mail_creator_unfunded_subject(l, &title), text::mail_creator_unfunded(l, &title))
    };
    Ok(of_project(site, &PROJECTS, format!("project.judged:{project}"), &creator, page, words))
}

/// Tells the creator of somebody's pledge.
pub async fn new_backer(
    db: &mut PgConnection,
    site: &Site,
    project: ProjectId,
    backer: &Addressee,
) -> sqlx::Result<Notification> {
    let Own { creator, title, page } = own(db, project).await?;
    let l = creator.locale;
    let words = (
        text::mail_backer_subject(l, &title, &backer.name),
        text::mail_backer(l, &title, &backer.name, backer.total.show(l)),
    );
    Ok(of_project(site, &BACKERS, format!("project.backer:{}", backer.pledge), &creator, page, words))
}

/// Tells the creator that the goal is reached before the deadline.
pub async fn milestone(db: &mut PgConnection, site: &Site, project: ProjectId) -> sqlx::Result<Notification> {
    let Own { creator, title, page } = own(db, project).await?;
    let l = creator.locale;
    let words = (text::mail_milestone_subject(l, &title), text::mail_milestone(l, &title));
    Ok(of_project(site, &MILESTONES, format!("project.milestone:{project}"), &creator, page, words))
}

/// Tells the creator that less was collected than they had promised.
pub async fn too_little_for_creator(
    db: &mut PgConnection,
    site: &Site,
    project: ProjectId,
) -> sqlx::Result<Notification> {
    let Own { creator, title, page } = own(db, project).await?;
    let l = creator.locale;
    let words = (text::mail_creator_too_little_subject(l, &title), text::mail_creator_too_little(l, &title));
    Ok(of_project(site, &PROJECTS, format!("project.too_little:{project}"), &creator, page, words))
}
