//! One connection that listens, for everything that a process must be woken for.

use crate::{cache::PageCache, live::Hub};
use kernel::{ProjectId, db::Db, notify::Channel};
use sqlx::postgres::PgListener;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::interval};
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
/// So are the figures that somebody looks at: a lost wake-up delays them, and no more.
const FIGURES_EVERY: Duration = Duration::from_secs(5);

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

/// Listens until the connection is lost.
async fn listen_once(ears: &Ears) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(&ears.db.pool).await?;
    // Made anew by itself, it would not tell that something was missed.
    listener.eager_reconnect(false);
    listener.listen_all([Channel::Project.name(), Channel::Jobs.name(), CLOCK]).await?;
    follow_clock(ears).await?;
    ears.cache.clear();
    ears.hub.refresh_all(&ears.db.pool).await;
    ears.wake.notify_one();
    let (mut clock, mut figures) = (interval(CLOCK_EVERY), interval(FIGURES_EVERY));
    loop {
        let note = listener.try_recv();
        tokio::pin!(note);
        let note = loop {
            tokio::select! {
                note = &mut note => break note?,
                _ = clock.tick() => follow_clock(ears).await?,
                _ = figures.tick() => ears.hub.refresh_all(&ears.db.pool).await,
            }
        };
        let Some(note) = note else {
            tracing::warn!("The listening connection was lost");
            return Ok(());
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
