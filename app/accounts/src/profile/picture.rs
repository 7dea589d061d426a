//! The profile picture. The upload itself is a multipart POST to `/account/profile/picture`, which works
//! without JavaScript; `server` reads it and calls [`set_picture`].

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{store, text},
    kernel::{MemberId, Refusal, Viewer, db::Db, limits::Limit},
    leptos::server_fn::ServerFn,
    pictures::{Files, PictureError, Portrait, Shape, UploadForm},
    ui::{FormMessage, PageRequest, SubmitButton},
};

/// Whoever is logged in, their own picture.
#[server]
pub async fn remove_picture() -> Result<(), AccountError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    store::set_picture(&db, member.id, None, db.now()).await?;
    ui::lead_to("/account/profile?saved=1");
    Ok(())
}

/// Whether `member` may upload a picture now: asked before a byte of the upload is read.
#[cfg(feature = "ssr")]
pub async fn upload_allowed(db: &Db, member: MemberId) -> Result<(), Refusal> {
    const UPLOADS: Limit = Limit { name: "upload_profile_picture", burst: 20, seconds: 3600 };
    UPLOADS.take(db, &member.to_string()).await
}

/// Makes an upload the member's picture, its files first.
#[cfg(feature = "ssr")]
pub async fn set_picture(
    db: &Db,
    files: &Files,
    member: MemberId,
    upload: bytes::Bytes,
) -> Result<(), PictureError> {
    let picture = pictures::put(files, pictures::prepare(upload, Shape::Square).await?).await?;
    match store::set_picture(db, member, Some(&picture), db.now()).await? {
        true => Ok(()),
        false => Err(Refusal::SignIn.into()),
    }
}

/// The picture's part of the profile.
#[cfg(feature = "ssr")]
pub fn picture_section(req: &PageRequest, profile: &store::Profile) -> impl FnOnce() -> AnyView + use<> {
    let l = req.locale;
    let action = l.path("/account/profile/picture");
    let upload = req.form::<PictureError>(&action);
    let remove = req.form::<AccountError>(RemovePicture::PATH);
    let (name, picture) = (profile.name.clone(), profile.picture);
    move || {
        view! {
            <section class="profile-picture" aria-labelledby="picture">
                <h2 id="picture">{text::picture(l)}</h2>
                <FormMessage form=remove />
                <div class="profile-picture__now">
                    <Portrait name=name picture=picture class="profile-picture__shown" size=96 />
                    {picture.map(|_| view! {
                        <form method="post" action=RemovePicture::PATH>
                            <SubmitButton label=text::remove_picture(l) class="button--quiet" />
                        </form>
                    })}
                </div>
                <UploadForm form=upload action=action label=text::picture_file(l) hint=text::picture_hint(l) />
            </section>
        }
        .into_any()
    }
}
