//! The web side's contents: what answers what. Pages stand in `app/src/routes.rs`.

use crate::{
    files, forms, health,
    live::{Live, project_events},
    middleware::{log, safety, same_origin},
    pages,
    state::AppState,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use projects::pictures::LARGEST_FILE;
use sandbox::Sandbox;
use std::any::Any;
use tokio_util::sync::CancellationToken;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// All routes with everything around them.
pub fn router(state: &AppState, sandbox_secret: String, stop: CancellationToken) -> Router {
    let live = Live { db: state.db.clone(), hub: state.hub.clone(), stop };
    let sandbox = Sandbox {
        pool: state.db.pool.clone(),
        secret: sandbox_secret,
        css: format!("/pkg/{}", state.assets.css),
    };
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/api/{*function}", post(forms::server_fn).fallback(pages::page))
        .route(
            "/studio/{slug}/cover",
            post(files::upload_cover)
                .fallback(pages::page)
                .layer(DefaultBodyLimit::max(LARGEST_FILE + 64 * 1024)),
        )
        .route("/files/{picture}/{file}", get(files::picture))
        .route("/pkg/{*file}", get(files::built))
        .route("/fonts/{*file}", get(files::built))
        .route("/boot.js", get(files::built))
        .route("/favicon.svg", get(files::built))
        .route("/wordmark.svg", get(files::built))
        .route("/robots.txt", get(files::built))
        .route("/site.webmanifest", get(files::built))
        .fallback(pages::page)
        .with_state(state.clone())
        .merge(Router::new().route("/live/projects/{id}", get(project_events)).with_state(live))
        .merge(sandbox::router(sandbox))
        .layer(from_fn_with_state(state.clone(), same_origin))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), safety))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(log))
}

fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let cause = cause.downcast_ref::<String>().cloned().unwrap_or_else(|| "unknown".to_owned());
    tracing::error!(cause, "A request panicked: {cause}");
    (StatusCode::INTERNAL_SERVER_ERROR, "500").into_response()
}
