//! One connection that listens, for everything that a process must be woken for.

use crate::{cache::PageCache, live::Hub};
use kernel::{ProjectId, db::Db, notify::Channel};
use sqlx::postgres::PgListener;
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

#[derive(Clone, Debug)]
pub struct Ears {
    pub db: Db,
    pub hub: Hub,
    pub cache: PageCache,
    pub wake: Arc<Notify>,
    /// Whether the clock is the sandbox's row.
    pub sandbox_clock: bool,
}

const CLOCK: &str = "dure_clock";
/// The clock's row is also read without being told.
const CLOCK_EVERY: Duration = Duration::from_secs(1);

/// Listens until `stop`; a lost connection is made anew, and what was missed is read.
pub async fn listen(ears: Ears, stop: CancellationToken) {
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => return,
            result = listen_once(&ears) => {
                if let Err(error) = result {
                    tracing::warn!(%error, "The listening connection was lost");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

async fn listen_once(ears: &Ears) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(&ears.db.pool).await?;
    listener.listen_all([Channel::Project.name(), Channel::Jobs.name(), CLOCK]).await?;
    follow_clock(ears).await?;
    ears.cache.clear();
    ears.hub.refresh_all(&ears.db.pool).await;
    ears.wake.notify_one();
    loop {
        let note = tokio::select! {
            note = listener.recv() => note?,
            () = tokio::time::sleep(CLOCK_EVERY) => {
                follow_clock(ears).await?;
                continue;
            }
        };
        match (note.channel(), note.payload().parse::<ProjectId>()) {
            (channel, Ok(project)) if channel == Channel::Project.name() => {
                ears.cache.forget(project);
                ears.hub.refresh(&ears.db.pool, project).await;
            }
            (CLOCK, _) => {
                follow_clock(ears).await?;
                ears.cache.clear();
                ears.wake.notify_one();
            }
            _ => ears.wake.notify_one(),
        }
    }
}

async fn follow_clock(ears: &Ears) -> sqlx::Result<()> {
    if ears.sandbox_clock { ears.db.clock.follow(&ears.db.pool).await } else { Ok(()) }
}
