//! Files: built ones with their compressed twins, pictures from the store, the download of one's data, and the
//! books of projects.

use crate::{
    pages,
    state::{AppState, Asked},
};
use accounts::operators::{Role, roles_of};
use axum::{
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use kernel::{PictureId, Refusal, limits::Limit};
use ledger::{Book, Head};
use std::path::{Component, PathBuf};

const FOREVER: &str = "public, max-age=31536000, immutable";
const A_WHILE: &str = "public, max-age=3600";

/// `GET /pkg/…`, `/fonts/…` and the files of `public/`.
pub async fn built(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let plain = PathBuf::from(path);
    if !plain.components().all(|part| matches!(part, Component::Normal(_))) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let accepts =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let file = state.config.site.join(&plain);
    let mut found = None;
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts.contains(encoding)
            && let Ok(bytes) = tokio::fs::read(format!("{}{ending}", file.display())).await
        {
            found = Some((bytes, Some(encoding)));
            break;
        }
    }
    let (bytes, encoding) = match found {
        Some(found) => found,
        None => match tokio::fs::read(&file).await {
            Ok(bytes) => (bytes, None),
            Err(_) => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    // Names in these folders carry a hash of their content; boot.js is asked for with one.
    let lasting = path.starts_with("pkg/") || path.starts_with("fonts/") || uri.query().is_some();
    let mut heads = HeaderMap::new();
    heads.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    heads.insert(header::CACHE_CONTROL, HeaderValue::from_static(if lasting { FOREVER } else { A_WHILE }));
    heads.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        heads.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (heads, Body::from(bytes)).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// `GET /files/{picture}/{width}.webp`. A picture never changes under its id; one that cannot be read now
/// may be there in a moment.
pub async fn picture(State(state): State<AppState>, Path((id, file)): Path<(String, String)>) -> Response {
    let (status, sentence) = match read_picture(&state, &id, &file).await {
        Ok((bytes, content_type)) => {
            let heads = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, FOREVER.to_owned())];
            return (heads, bytes).into_response();
        }
        Err(Refusal::NotFound) => (StatusCode::NOT_FOUND, "There is no such picture."),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "The picture cannot be read at the moment."),
    };
    (status, [(header::CACHE_CONTROL, "no-store")], sentence).into_response()
}

async fn read_picture(state: &AppState, id: &str, file: &str) -> Result<(Bytes, String), Refusal> {
    let id: PictureId = id.parse().map_err(|_| Refusal::NotFound)?;
    let width = file.strip_suffix(".webp").and_then(|width| width.parse().ok()).ok_or(Refusal::NotFound)?;
    pictures::read(&state.db, &state.files, id, width).await
}

/// `GET /account/data.json`: everything that Dure keeps about whoever is logged in.
pub async fn my_data(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match data_of(&state, &parts).await {
        Ok(data) => {
            let heads = [
                (header::CONTENT_TYPE, "application/json; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"dure.json\""),
            ];
            (heads, format!("{data:#}\n")).into_response()
        }
        Err(refusal) => pages::error(&state, &parts, &refusal, None).await,
    }
}

async fn data_of(state: &AppState, parts: &Parts) -> Result<serde_json::Value, Refusal> {
    let member = Asked::read(state, parts).await?.viewer.0.ok_or(Refusal::SignIn)?;
    app::export(&state.db, member.id).await
}

/// `GET /admin/receipts.csv`: the file of cash receipts for the tax office, for finance alone.
pub async fn receipts(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match receipts_of(&state, &parts).await {
        Ok(file) => {
            let heads = [
                (header::CONTENT_TYPE, "text/csv; charset=euc-kr"),
                (header::CACHE_CONTROL, "private, no-store"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"receipts.csv\""),
            ];
            (heads, file).into_response()
        }
        Err(refusal) => pages::error(&state, &parts, &refusal, None).await,
    }
}

async fn receipts_of(state: &AppState, parts: &Parts) -> Result<Vec<u8>, Refusal> {
    let member = Asked::read(state, parts).await?.viewer.0.ok_or(Refusal::SignIn)?;
    let roles = roles_of(&state.db.pool, member.id).await?;
    if !roles.iter().any(|role| matches!(role, Role::Operator | Role::Finance)) {
        return Err(Refusal::NotFound);
    }
    settlement::receipts_csv(&state.db).await
}

/// A book is read whole: so many an hour from one address.
const BOOKS: Limit = Limit { name: "books", burst: 30, seconds: 3600 };

/// `GET /projects/{slug}/ledger.jsonl`: the books of a project, for anybody to prove with `dure ledger verify`.
pub async fn books(State(state): State<AppState>, Path(slug): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match book_of(&state, &parts, &slug).await {
        Ok(file) => {
            let heads = [
                (header::CONTENT_TYPE, "application/jsonl; charset=utf-8".to_owned()),
                (header::CACHE_CONTROL, "no-cache".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{slug}.jsonl\"")),
            ];
            (heads, file).into_response()
        }
        Err(refusal) => pages::error(&state, &parts, &refusal, None).await,
    }
}

async fn book_of(state: &AppState, parts: &Parts, slug: &str) -> Result<String, Refusal> {
    BOOKS.take(&state.db, &Asked::nobody(state, parts).client.0).await?;
    let mut connection = state.db.pool.acquire().await?;
    let project = projects::store::public_by_slug(&mut connection, slug).await?;
    let book = Book::Project(project.id);
    let entries = ledger::entries_of(&mut connection, book).await?;
    let end = entries.last().map_or_else(|| ledger::genesis(book), |last| last.hash.clone());
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let head = Head::new(book, &project.slug, project.currency, count, &end, state.db.now());
    Ok(ledger::lines(&head, entries).collect())
}
