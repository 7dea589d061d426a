//! NOTIFY, gathered: wakes workers and pages, never carries truth.
//!
//! A NOTIFY inside a transaction makes all such commits of a database wait for each other, so
//! the notes of a process are gathered for some milliseconds and sent apart, each once.

use sqlx::PgPool;
use std::{collections::BTreeSet, time::Duration};
use tokio::sync::{mpsc, oneshot};

/// How long notes are gathered. A page shows a change well within a second.
const GATHER: Duration = Duration::from_millis(40);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// A project's figures or text changed; the payload is its id.
    Project,
    /// A job was enqueued.
    Jobs,
}

impl Channel {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Project => "dure_project",
            Self::Jobs => "dure_jobs",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Notifier(mpsc::UnboundedSender<Note>);

#[derive(Debug)]
enum Note {
    Wake(Channel, String),
    /// Answered when everything noted before was sent.
    Flush(oneshot::Sender<()>),
}

impl Notifier {
    #[must_use]
    pub fn start(pool: PgPool) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(send(pool, receiver));
        Self(sender)
    }

    pub fn project(&self, id: crate::ProjectId) {
        self.note(Channel::Project, id.to_string());
    }

    pub fn jobs(&self) {
        self.note(Channel::Jobs, String::new());
    }

    fn note(&self, channel: Channel, payload: String) {
        // The receiver lives as long as the program; without it there is nobody to wake.
        let _ = self.0.send(Note::Wake(channel, payload));
    }

    /// Waits until what was noted is sent.
    pub async fn flush(&self) {
        let (sender, sent) = oneshot::channel();
        if self.0.send(Note::Flush(sender)).is_ok() {
            // The other end is only dropped with the program.
            let _ = sent.await;
        }
    }
}

async fn send(pool: PgPool, mut notes: mpsc::UnboundedReceiver<Note>) {
    while let Some(first) = notes.recv().await {
        if matches!(first, Note::Wake(..)) {
            tokio::time::sleep(GATHER).await;
        }
        let (mut gathered, mut waiting) = (BTreeSet::new(), Vec::new());
        let mut next = Some(first);
        while let Some(note) = next {
            match note {
                Note::Wake(channel, payload) => {
                    gathered.insert((channel, payload));
                }
                Note::Flush(sender) => waiting.push(sender),
            }
            next = notes.try_recv().ok();
        }
        if !gathered.is_empty()
            && let Err(error) = wake(&pool, gathered).await
        {
            tracing::warn!(%error, "Waking the other processes failed; they ask by themselves soon");
        }
        for sender in waiting {
            // Whoever waited may have gone.
            let _ = sender.send(());
        }
    }
}

async fn wake(pool: &PgPool, gathered: BTreeSet<(Channel, String)>) -> sqlx::Result<()> {
    let (channels, payloads): (Vec<String>, Vec<String>) =
        gathered.into_iter().map(|(channel, payload)| (channel.name().to_owned(), payload)).unzip();
    sqlx::query!(
        "select pg_notify(n.channel, n.payload) from unnest($1::text[], $2::text[]) as n (channel, payload)",
        &channels,
        &payloads
    )
    .execute(pool)
    .await?;
    Ok(())
}
