//! The cover picture. The upload itself is a multipart POST to `/studio/{slug}/cover`, which
//! works without JavaScript; `server` reads it and calls [`set_cover`].

use crate::ProjectError;
#[cfg(feature = "ssr")]
use crate::{Project, store, studio, text};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    kernel::{Locale, MemberId, ProjectId, Refusal, db::Db, limits::Limit},
    leptos::server_fn::ServerFn,
    pictures::{Files, Picture, PictureError, Prepared, Shape, UploadForm},
    ui::{FormMessage, PageRequest, SubmitButton},
};

/// The project's creator.
#[server]
pub async fn remove_cover(slug: String) -> Result<(), ProjectError> {
    use kernel::Viewer;

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let project = studio::owned(&db, member.id, &slug).await?;
    store::set_cover(&mut *db.pool.acquire().await?, project.id, None, db.now()).await?;
    db.notify.project(project.id);
    ui::lead_to(&format!("/studio/{slug}?saved=1"));
    Ok(())
}

/// The project whose cover `creator` may upload now: asked before a byte of the upload is read.
#[cfg(feature = "ssr")]
pub async fn cover_target(db: &Db, creator: MemberId, slug: &str) -> Result<ProjectId, Refusal> {
    const COVERS: Limit = Limit { name: "upload_cover", burst: 20, seconds: 3600 };
    let project = studio::owned(db, creator, slug).await?;
    COVERS.take(db, &creator.to_string()).await?;
    Ok(project.id)
}

/// Makes an upload the cover of the creator's project.
#[cfg(feature = "ssr")]
pub async fn set_cover(
    db: &Db,
    files: &Files,
    creator: MemberId,
    project: ProjectId,
    upload: bytes::Bytes,
) -> Result<(), PictureError> {
    let prepared = pictures::prepare(upload, Shape::Whole).await?;
    keep_cover(db, files, creator, project, prepared).await
}

/// Stores a cover, its files first. The picture that it replaces is swept away later.
#[cfg(feature = "ssr")]
pub async fn keep_cover(
    db: &Db,
    files: &Files,
    creator: MemberId,
    project: ProjectId,
    prepared: Prepared,
) -> Result<(), PictureError> {
    let picture = pictures::put(files, prepared).await?;
    let mut tx = db.pool.begin().await?;
    pictures::add(&mut tx, creator, &picture, db.now()).await?;
    store::set_cover(&mut tx, project, Some(picture.id.uuid()), db.now()).await?;
    tx.commit().await?;
    db.notify.project(project);
    Ok(())
}

/// The cover's part of the studio.
#[cfg(feature = "ssr")]
pub fn cover_section(req: &PageRequest, project: &Project) -> impl FnOnce() -> AnyView + use<> {
    let l = req.locale;
    let action = l.path(&format!("/studio/{}/cover", project.slug));
    let upload = req.form::<PictureError>(&action);
    let remove = req.form::<ProjectError>(RemoveCover::PATH);
    let project = project.clone();
    move || {
        let shown = project.cover.clone().map(|cover| shown(l, &project, &cover));
        view! {
            <section class="sheet sheet--wide" aria-labelledby="cover">
                <h2 id="cover">{text::cover(l)}</h2>
                <FormMessage form=remove />
                {shown}
                <UploadForm form=upload action=action label=text::cover(l) hint=text::cover_hint(l) />
            </section>
        }
        .into_any()
    }
}

#[cfg(feature = "ssr")]
fn shown(l: Locale, project: &Project, cover: &Picture) -> AnyView {
    view! {
        <img class="cover" src=cover.src(480) srcset=cover.srcset() sizes="(min-width: 48rem) 40rem, 100vw"
            width=cover.width height=cover.height alt="" />
        <form method="post" action=RemoveCover::PATH>
            <input type="hidden" name="slug" value=project.slug.clone() />
            <SubmitButton label=text::remove_cover(l) class="button--quiet" />
        </form>
    }
    .into_any()
}
