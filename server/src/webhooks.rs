//! Reports of payment gateways: `POST /webhooks/{gateway}`. Kept as they came; a job asks about what they
//! name. Nothing is believed, so a forged or replayed one could at most cause a question.

use crate::state::AppState;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use payments::events;

/// More than any report of a gateway needs.
pub const LARGEST: usize = 1 << 20;

/// 200 once it is kept; 401 for what the gateway did not sign; 404 for a gateway that is not ours; 503 if it
/// should be sent again.
pub async fn receive(
    State(state): State<AppState>,
    Path(name): Path<String>,
    heads: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Ok(gateway) = state.till.gateway(&name) else {
        return StatusCode::NOT_FOUND;
    };
    let db = &state.db;
    let now = db.now();
    let answer = match gateway.read_report(&heads, &body, now).await {
        Ok(Some(report)) => {
            match events::keep(db, gateway.name(), &report, &String::from_utf8_lossy(&body), now).await {
                Ok(first) => {
                    if first {
                        db.notify.jobs();
                    }
                    StatusCode::OK
                }
                Err(error) => {
                    tracing::warn!(%error, gateway = name, "A report could not be kept; it will be sent again");
                    StatusCode::SERVICE_UNAVAILABLE
                }
            }
        }
        Ok(None) => StatusCode::UNAUTHORIZED,
        Err(error) => {
            tracing::warn!(%error, gateway = name, "A report could not be checked; it will be sent again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    metrics::counter!("dure_gateway_reports_total", "gateway" => gateway.name(), "answer" => answer.as_str().to_owned())
        .increment(1);
    answer
}
