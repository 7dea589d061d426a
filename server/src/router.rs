//! The web side's contents: what answers what. Pages stand in `app/src/routes.rs`.

use crate::{
    files, forms, health,
    live::{Live, project_events},
    mails,
    middleware::{caught, log, safety, same_origin},
    pages,
    state::AppState,
    statements, through, transfers, uploads, webhooks,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, get, post},
};
use pictures::LARGEST_FILE;
use sandbox::{Desk, Sandbox};
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;

/// All routes with everything around them.
pub fn router(state: &AppState, sandbox_secret: String, stop: CancellationToken) -> Router {
    let live = Live { db: state.db.clone(), hub: state.hub.clone(), stop };
    let sandbox = Sandbox {
        pool: state.db.pool.clone(),
        secret: sandbox_secret,
        css: format!("/pkg/{}", state.assets.css),
        desk: Desk::default(),
        clock: state.db.clock.clone(),
    };
    let routes = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/api/{*function}", post(forms::server_fn).fallback(pages::page))
        .route("/login/with/{provider}", get(through::leave))
        .route("/login/back/{provider}", get(through::come_back))
        .route("/unsubscribe", post(mails::unsubscribe).fallback(pages::page))
        .route(
            "/webhooks/mail",
            post(mails::reported).layer(DefaultBodyLimit::max(mails::LARGEST_REPORT)).fallback(pages::page),
        )
        .route(
            "/webhooks/{gateway}",
            post(webhooks::receive).layer(DefaultBodyLimit::max(webhooks::LARGEST)).fallback(pages::page),
        )
        .route("/studio/{slug}/cover", with_file(post(uploads::cover)))
        .route("/account/profile/picture", with_file(post(uploads::profile_picture)))
        .route(
            "/admin/deposits/read",
            post(statements::read)
                .fallback(pages::page)
                .layer(DefaultBodyLimit::max(deposits::statement::MOST_BYTES + 64 * 1024)),
        )
        .route("/account/data.json", get(files::my_data))
        .route("/admin/receipts.csv", get(files::receipts))
        .route("/projects/{slug}/ledger.jsonl", get(files::books))
        .route("/admin/transfers/{batch}/file", get(transfers::file))
        .route("/files/{picture}/{file}", get(files::picture))
        .route("/pkg/{*file}", get(files::built))
        .route("/fonts/{*file}", get(files::built))
        .route("/boot.js", get(files::built))
        .route("/passkey.js", get(files::built))
        .route("/favicon.svg", get(files::built))
        .route("/wordmark.svg", get(files::built))
        .route("/robots.txt", get(files::built))
        .route("/site.webmanifest", get(files::built))
        .fallback(pages::page)
        .with_state(state.clone())
        .merge(Router::new().route("/live/projects/{id}", get(project_events)).with_state(live))
        .merge(sandbox::router(sandbox));
    around(routes, state)
}

/// A form with one picture and little else.
fn with_file(form: MethodRouter<AppState>) -> MethodRouter<AppState> {
    form.fallback(pages::page).layer(DefaultBodyLimit::max(LARGEST_FILE + 64 * 1024))
}

/// What stands around every answer; the last layer is the outermost.
pub fn around(routes: Router, state: &AppState) -> Router {
    routes
        .layer(from_fn_with_state(state.clone(), same_origin))
        .layer(from_fn_with_state(state.clone(), caught))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), safety))
        .layer(from_fn(log))
}
