//! The database of this run: the one that `DATABASE_URL` names, or a private cluster.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use cluster::{Cluster, ClusterError, Options};
use kernel::{
    clock::Clock,
    db::{Db, MIGRATOR, connect},
    seal::Keys,
};
use sqlx::{Connection, PgConnection, PgPool};
use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

const WATCHED_EVERY: Duration = Duration::from_millis(500);

/// An open database. Keep it until the program ends: dropping it stops a private cluster.
pub struct Database {
    pub db: Db,
    pub url: String,
    cluster: Option<Arc<Mutex<Cluster>>>,
    url_file: PathBuf,
}

/// Whether the program needs a cluster of its own or may use the one that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `serve` and `worker`: a cluster that is in use stops the start.
    Service,
    /// Commands: they join the cluster of a running `serve`.
    Command,
}

impl Database {
    /// Opens and, if it is the private one, migrates.
    pub async fn open(config: &Config, role: Role) -> Result<Self> {
        let url_file = config.data.join("database-url");
        if let Some(url) = &config.database_url {
            return Self::connect(config, url.clone(), None, url_file).await;
        }
        let options = Options {
            folder: config.data.join("postgres"),
            durable: true,
            max_connections: config.connections.saturating_mul(2).saturating_add(20),
        };
        match spawn_blocking(move || Cluster::start(&options)).await? {
            Ok(cluster) => {
                for note in cluster.notes() {
                    tracing::info!("Private PostgreSQL: {note}");
                }
                let url = cluster.url();
                write_secret(&url_file, &url)?;
                // First the schema, which makes the role that the pool then acts as.
                migrate(&url).await?;
                Self::connect(config, url, Some(cluster), url_file).await
            }
            Err(ClusterError::Busy(pid)) if role == Role::Command => {
                let url = fs::read_to_string(&url_file).with_context(|| {
                    format!("process {pid} uses the data folder but left no database-url")
                })?;
                Self::connect(config, url, None, url_file).await
            }
            Err(ClusterError::Busy(pid)) => bail!(
                "{} is in use by process {pid}; stop it, or choose another folder with DURE_DATA",
                config.data.display()
            ),
            Err(error) => Err(error).context("the private PostgreSQL did not start"),
        }
    }

    async fn connect(
        config: &Config,
        url: String,
        cluster: Option<Cluster>,
        url_file: PathBuf,
    ) -> Result<Self> {
        let (pool, own_role) =
            connect(&url, u32::from(config.connections)).await.context("the database cannot be reached")?;
        if !own_role && cluster.is_none() {
            tracing::debug!("The role dure_app is not there or not ours; the ledger's triggers still hold");
        }
        let clock = Clock::system();
        let keys = match &config.keys {
            Some(keys) => keys.clone(),
            None => practice_keys(&pool).await.context("the practice key cannot be read")?,
        };
        let db = Db::new(pool, clock, keys);
        let cluster = cluster.map(|cluster| Arc::new(Mutex::new(cluster)));
        Ok(Self { db, url, cluster, url_file })
    }

    /// Brings the schema up to date, as the owner of the database.
    pub async fn migrate(&self) -> Result<()> {
        migrate(&self.url).await
    }

    /// Whether the schema is as this program wants it.
    pub async fn check_schema(&self) -> Result<()> {
        let applied: Vec<i64> = sqlx::query_scalar("select version from _sqlx_migrations where success")
            .fetch_all(&self.db.pool)
            .await
            .context("the database has no schema yet: run `dure migrate`")?;
        let missing = MIGRATOR.iter().filter(|migration| !applied.contains(&migration.version)).count();
        if missing > 0 {
            bail!("{missing} migrations are missing: run `dure migrate`");
        }
        Ok(())
    }

    /// Closes the pool, then a private cluster.
    pub async fn close(mut self) {
        self.db.notify.flush().await;
        self.db.pool.close().await;
        if let Some(cluster) = self.cluster.take() {
            // A file that is gone already is as good as removed.
            let _ = fs::remove_file(&self.url_file);
            let stopping =
                spawn_blocking(move || cluster.lock().unwrap_or_else(PoisonError::into_inner).stop());
            if let Err(error) = stopping.await {
                tracing::warn!(%error, "Stopping the private PostgreSQL failed");
            }
        }
    }

    /// Keeps a private PostgreSQL alive: one that was killed is started again.
    pub fn watch(&self, stop: CancellationToken) -> impl Future<Output = ()> + use<> {
        let cluster = self.cluster.clone();
        async move {
            let Some(cluster) = cluster else { return };
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(WATCHED_EVERY) => {}
                }
                let cluster = cluster.clone();
                let revived =
                    spawn_blocking(move || cluster.lock().unwrap_or_else(PoisonError::into_inner).revive());
                match revived.await {
                    Ok(Ok(true)) => tracing::warn!("The private PostgreSQL had died and was started again"),
                    Ok(Ok(false)) => {}
                    Ok(Err(error)) => {
                        tracing::error!(%error, "The private PostgreSQL has died and does not start")
                    }
                    Err(error) => tracing::error!(%error, "Watching the private PostgreSQL failed"),
                }
            }
        }
    }

    #[must_use]
    pub fn is_private(&self) -> bool {
        self.cluster.is_some()
    }
}

/// The keys of a practice site without keys of its own. Before the schema is there, there are none.
pub async fn practice_keys(pool: &PgPool) -> sqlx::Result<Keys> {
    const UNDEFINED_TABLE: &str = "42P01";
    const UNDEFINED_SCHEMA: &str = "3F000";
    match sandbox::practice_key(pool).await {
        Ok(text) => Ok(Keys::parse(&text).unwrap_or_else(Keys::none)),
        Err(sqlx::Error::Database(error))
            if error.code().is_some_and(|code| [UNDEFINED_TABLE, UNDEFINED_SCHEMA].contains(&&*code)) =>
        {
            Ok(Keys::none())
        }
        Err(error) => Err(error),
    }
}

async fn migrate(url: &str) -> Result<()> {
    let mut owner = PgConnection::connect(url).await.context("the database cannot be reached")?;
    MIGRATOR.run(&mut owner).await.context("a migration failed")?;
    owner.close().await?;
    Ok(())
}

fn write_secret(file: &std::path::Path, text: &str) -> Result<()> {
    let mut open = fs::OpenOptions::new();
    let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(file)?;
    file.write_all(text.as_bytes())?;
    Ok(())
}
