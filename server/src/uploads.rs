//! Uploads: multipart forms with one picture. Who may send it is asked before a byte of it is read.

use crate::{
    forms::refuse_on_page,
    pages,
    state::{AppState, Asked},
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Path, Request, State, multipart::MultipartError},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Locale, Member, Refusal};
use pictures::PictureError;

/// `POST /studio/{slug}/cover`: the cover of one's own project.
pub async fn cover(State(state): State<AppState>, Path(slug): Path<String>, request: Request) -> Response {
    let (parts, request) = taken_apart(request);
    let done = async {
        let member = member(&state, &parts).await?;
        let project = projects::cover_target(&state.db, member.id, &slug).await?;
        let picture = picture_of(&state, request).await?;
        projects::set_cover(&state.db, &state.files, member.id, project, picture).await
    };
    let done = done.await;
    answer(&state, parts, &format!("/studio/{slug}"), done).await
}

/// `POST /account/profile/picture`: one's own picture.
pub async fn profile_picture(State(state): State<AppState>, request: Request) -> Response {
    let (parts, request) = taken_apart(request);
    let done = async {
        let member = member(&state, &parts).await?;
        accounts::upload_allowed(&state.db, member.id).await?;
        let picture = picture_of(&state, request).await?;
        accounts::set_picture(&state.db, &state.files, member.id, picture).await
    };
    let done = done.await;
    answer(&state, parts, "/account/profile", done).await
}

fn taken_apart(request: Request) -> (Parts, Request) {
    let (parts, body) = request.into_parts();
    (parts.clone(), Request::from_parts(parts, body))
}

async fn member(state: &AppState, parts: &Parts) -> Result<Member, Refusal> {
    Asked::read(state, parts).await?.viewer.0.ok_or(Refusal::SignIn)
}

async fn picture_of(state: &AppState, request: Request) -> Result<Bytes, PictureError> {
    let mut form = Multipart::from_request(request, state).await.map_err(|_| Refusal::Malformed)?;
    while let Some(field) = form.next_field().await.map_err(unread)? {
        if field.name() == Some("picture") {
            return field.bytes().await.map_err(unread);
        }
    }
    Err(PictureError::NotAPicture)
}

fn unread(error: MultipartError) -> PictureError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        PictureError::TooLarge
    } else {
        Refusal::Malformed.into()
    }
}

/// Back to the page, which says that it is saved or what is wrong.
async fn answer(state: &AppState, mut parts: Parts, page: &str, done: Result<(), PictureError>) -> Response {
    let locale = parts.extensions.get::<Locale>().copied().unwrap_or_default();
    let page = locale.path(page);
    // The page knows its forms by the address that they post to, with its language.
    if let Ok(address) = locale.path(parts.uri.path()).parse() {
        parts.uri = address;
    }
    match done {
        Ok(()) => Redirect::to(&format!("{page}?saved=1")).into_response(),
        Err(PictureError::Refused(refusal @ (Refusal::NotFound | Refusal::Forbidden))) => {
            pages::error(state, &parts, &refusal, None).await
        }
        Err(error) => refuse_on_page(state, &parts, &page, &error).await,
    }
}
