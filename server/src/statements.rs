//! `POST /admin/deposits/read`: an operator sends a statement, as a file or as text. Who may send it is asked before
//! a byte of it is read.

use crate::{
    forms::refuse_on_page,
    pages,
    state::{AppState, Asked},
};
use accounts::operators::{Role, require_role_for};
use axum::{
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use deposits::{DepositError, ReadIn, Upload, read_in};
use kernel::{Locale, Refusal};

pub async fn read(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    let locale = parts.extensions.get::<Locale>().copied().unwrap_or_default();
    let mut account = String::new();
    let done = async {
        let viewer = Asked::read(&state, &parts).await?.viewer;
        let member = viewer.0.ok_or(Refusal::SignIn)?;
        let operator = require_role_for(&state.db, member, &[Role::Finance]).await?;
        let upload = upload_of(&state, request).await?;
        account.clone_from(&upload.account);
        read_in(&state.db, &operator, upload).await
    };
    let done = done.await;
    // The page knows its forms by the address that they post to, with its language.
    if let Ok(address) = locale.path(parts.uri.path()).parse() {
        parts.uri = address;
    }
    let page = locale.path("/admin/deposits");
    match done {
        Ok(ReadIn { account, lines, fresh }) => {
            Redirect::to(&format!("{page}?account={account}&lines={lines}&fresh={fresh}")).into_response()
        }
        Err(DepositError::Refused(refusal @ (Refusal::NotFound | Refusal::Forbidden))) => {
            pages::error(&state, &parts, &refusal, None).await
        }
        Err(error) => {
            // Only what is an id goes into the address.
            let page = match account.parse::<kernel::ReceivingAccountId>() {
                Ok(account) => format!("{page}?account={account}"),
                Err(_) => page,
            };
            refuse_on_page(&state, &parts, &page, &error).await
        }
    }
}

async fn upload_of(state: &AppState, request: Request) -> Result<Upload, DepositError> {
    let mut form = Multipart::from_request(request, state).await.map_err(|_| Refusal::Malformed)?;
    let (mut upload, mut text) = (Upload::default(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(unread)? {
        match field.name().unwrap_or_default() {
            "file" => {
                upload.file_name = field.file_name().unwrap_or_default().to_owned();
                upload.bytes = field.bytes().await.map_err(unread)?.to_vec();
            }
            "text" => text = field.bytes().await.map_err(unread)?.to_vec(),
            "account" => upload.account = field.text().await.map_err(unread)?,
            "until" => upload.until = field.text().await.map_err(unread)?,
            _ => {}
        }
    }
    if upload.bytes.is_empty() {
        upload.bytes = text;
    }
    Ok(upload)
}

fn unread(error: MultipartError) -> DepositError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        DepositError::unread(&deposits::statement::StatementError::TooLarge, None)
    } else {
        Refusal::Malformed.into()
    }
}
