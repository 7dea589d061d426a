//! The operator's review, on a site that has one: a submitted project is approved, goes back to its
//! creator with a reason, or is taken back by them.

use crate::ProjectError;
#[cfg(feature = "ssr")]
use crate::{FundingState, Project, launch, store, studio, text};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    accounts::{
        notifications::{Notification, PROJECTS, tell},
        store::Recipient,
    },
    kernel::{
        FormKey, ProjectId,
        db::{Act, Db},
        outbox::Message,
        site::Site,
    },
    leptos::server_fn::ServerFn,
    ui::{FormMessage, PageRequest, SubmitButton},
};

/// The project's creator, while it is reviewed.
#[server]
pub async fn withdraw_project(slug: String) -> Result<(), ProjectError> {
    use kernel::Viewer;

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let project = studio::owned(&db, member.id, &slug).await?.id;
    let mut tx = db.begin(Act::by(member.id, "taken back by the creator")).await?;
    if !store::move_state(&mut tx, project, FundingState::InReview, FundingState::Draft, db.now()).await? {
        return Err(ProjectError::WrongState);
    }
    tx.commit().await?;
    ui::lead_to(&format!("/studio/{slug}?withdrawn=1"));
    Ok(())
}

/// The operator approves: the project goes live and its creator is told.
#[cfg(feature = "ssr")]
pub async fn approve(db: &Db, site: &Site, project: ProjectId) -> Result<(), ProjectError> {
    let now = db.now();
    let mut tx = db.begin(Act::operator("approved by the operator")).await?;
    launch::go_live(&mut tx, project, now).await?;
    let project = store::by_id(&mut tx, project).await?;
    let to = accounts::store::recipient(&mut tx, project.creator_id).await?;
    tell(&mut tx, site, approved(site, &to, &project), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project.id);
    Ok(())
}

/// The operator returns a project to its creator, who is told why.
#[cfg(feature = "ssr")]
pub async fn send_back(db: &Db, site: &Site, project: ProjectId, why: &str) -> Result<(), ProjectError> {
    let now = db.now();
    let mut tx = db.begin(Act::operator("returned by the operator")).await?;
    if !store::move_state(&mut tx, project, FundingState::InReview, FundingState::Draft, now).await? {
        return Err(ProjectError::WrongState);
    }
    let project = store::by_id(&mut tx, project).await?;
    let to = accounts::store::recipient(&mut tx, project.creator_id).await?;
    tell(&mut tx, site, returned(site, &to, &project, why), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

#[cfg(feature = "ssr")]
fn approved(site: &Site, to: &Recipient, project: &Project) -> Notification {
    let l = to.locale;
    let day = project.deadline.map(|at| to.zone.deadline(l, at)).unwrap_or_default();
    let page = format!("/projects/{}", project.slug);
    let mail = Message {
        key: format!("project.approved:{}", project.id),
        member: Some(to.id),
        to: to.email.clone(),
        locale: l,
        subject: text::mail_approved_subject(l, &project.title),
        paragraphs: vec![text::mail_hello(l, &to.name), text::mail_approved(l, &project.title, day)],
        action: Some((text::mail_approved_see(l).to_owned(), site.address(l, &page))),
        ..Message::default()
    };
    Notification::new(&PROJECTS, mail, Some(page))
}

#[cfg(feature = "ssr")]
fn returned(site: &Site, to: &Recipient, project: &Project, why: &str) -> Notification {
    let l = to.locale;
    let page = format!("/studio/{}/edit", project.slug);
    let mail = Message {
        // A project may be returned more than once; the move, which happens once, guards the mail.
        key: format!("project.returned:{}:{}", project.id, FormKey::new()),
        member: Some(to.id),
        to: to.email.clone(),
        locale: l,
        subject: text::mail_returned_subject(l, &project.title),
        paragraphs: vec![
            text::mail_hello(l, &to.name),
            text::mail_returned(l, &project.title),
            why.to_owned(),
        ],
        action: Some((text::mail_returned_see(l).to_owned(), site.address(l, &page))),
        ..Message::default()
    };
    Notification::new(&PROJECTS, mail, Some(page))
}

/// What the creator sees during the review.
#[cfg(feature = "ssr")]
pub fn review_section(req: &PageRequest, project: &Project) -> impl FnOnce() -> AnyView + use<> {
    let l = req.locale;
    let form = req.form::<ProjectError>(WithdrawProject::PATH);
    let slug = project.slug.clone();
    move || {
        view! {
            <section class="sheet sheet--wide" aria-labelledby="review">
                <h2 id="review">{text::in_review_title(l)}</h2>
                <FormMessage form=form />
                <p class="quiet">{text::in_review_note(l)}</p>
                <form method="post" action=WithdrawProject::PATH>
                    <input type="hidden" name="slug" value=slug />
                    <SubmitButton label=text::withdraw(l) class="button--quiet" />
                </form>
            </section>
        }
        .into_any()
    }
}
