//! Files of transfers, for operators of finance.

use crate::{
    pages,
    state::{AppState, Asked},
};
use accounts::operators::{Operator, Role, roles_of};
use axum::{
    extract::{Path, Request, State},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use kernel::Refusal;
use refunds::RefundError;

/// `GET /admin/transfers/{batch}/file`: for the bank, the same bytes each time.
pub async fn file(State(state): State<AppState>, Path(batch): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match file_of(&state, &parts, &batch).await {
        Ok(file) => {
            let heads = [
                (header::CONTENT_TYPE, "text/csv; charset=euc-kr".to_owned()),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"transfers-{batch}.csv\"")),
            ];
            (heads, file).into_response()
        }
        Err(refusal) => pages::error(&state, &parts, &refusal, None).await,
    }
}

async fn file_of(state: &AppState, parts: &Parts, batch: &str) -> Result<Vec<u8>, Refusal> {
    let member = Asked::read(state, parts).await?.viewer.0.ok_or(Refusal::SignIn)?;
    let operator = Operator { roles: roles_of(&state.db.pool, member.id).await?, member };
    if !operator.may(&[Role::Finance]) {
        return Err(Refusal::NotFound);
    }
    let batch = batch.parse().map_err(|_| Refusal::NotFound)?;
    refunds::batch_file(&state.db, &operator, batch).await.map_err(|error| match error {
        RefundError::Refused(refusal) => refusal,
        other => Refusal::internal(&other),
    })
}
