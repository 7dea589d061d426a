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
pub struct Hub(Arc<Mutex<HashMap<ProjectId, watch::Sender<String>>>>);

impl Hub {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<ProjectId, watch::Sender<String>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads a project anew if somebody looks at it.
    pub async fn refresh(&self, pool: &PgPool, project: ProjectId) {
        let watched = self.with(|open| {
            open.retain(|_, sender| sender.receiver_count() > 0);
            open.contains_key(&project)
        });
        if !watched {
            return;
        }
        if let Some(figures) = read(pool, project).await {
            self.with(|open| open.get(&project).map(|sender| sender.send_replace(figures)));
        }
    }

    /// Reads all that are looked at: after a connection was lost, nobody knows what was missed.
    pub async fn refresh_all(&self, pool: &PgPool) {
        let open: Vec<ProjectId> = self.with(|open| open.keys().copied().collect());
        for project in open {
            self.refresh(pool, project).await;
        }
    }

    fn watch(&self, project: ProjectId, first: String) -> watch::Receiver<String> {
        self.with(|open| {
            open.entry(project)
                .and_modify(|sender| {
                    sender.send_replace(first.clone());
                })
                .or_insert_with(|| watch::channel(first.clone()).0)
                .subscribe()
        })
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
    let Some(first) = read(&live.db.pool, id).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let receiver = live.hub.watch(id, first);
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
