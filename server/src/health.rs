//! Alive, ready, metrics.

use crate::{state::AppState, telemetry};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// `GET /healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers, so pages can be served.
pub async fn readyz(State(state): State<AppState>) -> (StatusCode, &'static str) {
    let asked = sqlx::query("select 1").execute(&state.db.pool);
    match tokio::time::timeout(Duration::from_secs(2), asked).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}

/// Serves `/metrics` on a port of its own until `stop`.
pub async fn serve_metrics(listener: TcpListener, stop: CancellationToken) -> std::io::Result<()> {
    let router = Router::new()
        .route("/metrics", get(|| async { telemetry::render() }))
        .route("/healthz", get(healthz));
    axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await
}
