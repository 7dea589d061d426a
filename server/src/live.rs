//! Figures pushed to open pages: NOTIFY from whichever replica, one reading a project, many readers.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt};
use kernel::{ProjectId, db::Db};
use projects::store;
use sqlx::PgPool;
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;
use tokio_util::sync::CancellationToken;

/// The projects that somebody is looking at.
#[derive(Clone, Debug, Default)]
pub struct Hub(Arc<Mutex<HashMap<ProjectId, Open>>>);

/// What open pages of one project show.
#[derive(Clone, Debug, Default)]
struct Open {
    /// Empty until they were read for the first time.
    figures: watch::Sender<String>,
    /// Held while they are read: of two readings the later is told last.
    reading: Arc<tokio::sync::Mutex<()>>,
}

impl Hub {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<ProjectId, Open>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads a project anew if somebody looks at it; only what changed is told.
    pub async fn refresh(&self, pool: &PgPool, project: ProjectId) {
        let Some(open) = self.with(|open| {
            open.retain(|_, open| open.figures.receiver_count() > 0);
            open.get(&project).cloned()
        }) else {
            return;
        };
        let _reading = open.reading.lock().await;
        if let Some(read) = read(pool, project).await {
            open.figures.send_if_modified(|told| {
                *told != read && {
                    *told = read;
                    true
                }
            });
        }
    }

    /// Reads all that are looked at: after a connection was lost, and now and then, nobody knows what
    /// was missed.
    pub async fn refresh_all(&self, pool: &PgPool) {
        let open: Vec<ProjectId> = self.with(|open| open.keys().copied().collect());
        for project in open {
            self.refresh(pool, project).await;
        }
    }

    /// What is told from now on. Who comes first waits for the first reading; nothing if there is none.
    async fn watch(&self, pool: &PgPool, project: ProjectId) -> Option<watch::Receiver<String>> {
        // Subscribed before it is read, so that no change in between is passed over.
        let figures = self.with(|open| open.entry(project).or_default().figures.subscribe());
        if figures.borrow().is_empty() {
            self.refresh(pool, project).await;
        }
        if figures.borrow().is_empty() {
            drop(figures);
            self.with(|open| open.retain(|id, open| *id != project || open.figures.receiver_count() > 0));
            return None;
        }
        Some(figures)
    }
}

async fn read(pool: &PgPool, project: ProjectId) -> Option<String> {
    let mut db = pool.acquire().await.ok()?;
    let live = store::live(&mut db, project).await.ok()?;
    live.state.is_public().then(|| serde_json::to_string(&live).ok())?
}

#[derive(Clone, Debug)]
pub struct Live {
    pub db: Db,
    pub hub: Hub,
    pub stop: CancellationToken,
}

/// `GET /live/projects/{id}`: the present figures, then each change.
pub async fn project_events(State(live): State<Live>, Path(id): Path<ProjectId>) -> Response {
    let Some(receiver) = live.hub.watch(&live.db.pool, id).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    Sse::new(events(receiver, live.stop))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

fn events(
    receiver: watch::Receiver<String>,
    stop: CancellationToken,
) -> impl Stream<Item = Result<Event, Infallible>> {
    WatchStream::new(receiver)
        .map(|figures| Ok(Event::default().data(figures)))
        .take_until(stop.cancelled_owned())
}
