//! A site with its people, and a gateway that is somebody else's: two programs with a database each.

use crate::{
    cast::{Actor, free_port, ready},
    people::{Person, person},
};
use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{
    clock::Clock,
    db::{Db, connect},
    seal::Keys,
    site::{ReviewPolicy, Site as Settings, SiteSettings},
};
use payments::{SandboxGateway, Schedule, Till};
use pledges::Means;
use sqlx::PgPool;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Connections of the proof itself.
const CONNECTIONS: u32 = 16;
/// People who are made at once.
const AT_ONCE: usize = 8;
/// Work that is left over takes no longer.
const PATIENCE: Duration = Duration::from_secs(1800);

/// What a proof needs.
pub struct Plan {
    /// Web processes beside the one that keeps the database.
    pub webs: usize,
    pub workers: usize,
    /// When what is due is charged.
    pub runs: &'static str,
    /// Milliseconds that the gateway takes for a charge.
    pub slow_ms: i32,
    /// Charges that the gateway works at; more wait. 0: as many as come.
    pub at_once: i32,
}

pub struct Web {
    pub actor: Actor,
    pub port: u16,
}

pub struct Site {
    pub folder: PathBuf,
    /// Keeps the site's database; never killed itself.
    pub keeper: Actor,
    pub webs: Vec<Web>,
    pub workers: Vec<Actor>,
    pub means: Means,
    pub gateway_books: PgPool,
    gateway_port: u16,
    _gateway: Actor,
}

impl Site {
    pub async fn make(plan: &Plan) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("dure-prove-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        // PostgreSQL does not run as root: its user must be able to pass.
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
        let gateway_port = free_port()?;
        let gateway = Actor::start(
            &["serve", "--empty"],
            vec![
                ("DURE_DATA", folder.join("gateway").display().to_string()),
                ("DURE_PORT", gateway_port.to_string()),
                ("DURE_WORKER", "off".to_owned()),
                ("DURE_LOG", "error".to_owned()),
                // As if its own payments went elsewhere: it would report to itself, and the site heard nothing.
                ("DURE_GATEWAY_SECRET", "of another gateway".to_owned()),
            ],
            folder.join("gateway.log"),
        )?;
        ready(gateway_port).await?;
        let url =
            fs::read_to_string(folder.join("gateway/database-url")).context("the gateway's database")?;
        let (gateway_books, _) = connect(&url, 8).await?;
        let secret = sandbox::merchant_secret(&gateway_books).await?;
        sqlx::query("update sandbox.mood set slow_ms = $1, at_once = $2")
            .bind(plan.slow_ms)
            .bind(plan.at_once)
            .execute(&gateway_books)
            .await?;
        let gateway_url = format!("http://127.0.0.1:{gateway_port}/sandbox/gateway");

        let port = free_port()?;
        let mut settings = vec![
            ("DURE_DATA", folder.join("site").display().to_string()),
            ("DURE_WORKER", "off".to_owned()),
            ("DURE_LOG", "error".to_owned()),
            // People come from many addresses.
            ("DURE_PROXIES", "1".to_owned()),
            ("DURE_COLLECTION", plan.runs.to_owned()),
            ("DURE_GATEWAY_URL", gateway_url.clone()),
            ("DURE_GATEWAY_SECRET", secret.clone()),
        ];
        let mut keeping = settings.clone();
        // Its PostgreSQL allows twice as many, for everybody together.
        keeping.push(("DURE_DB_CONNECTIONS", "100".to_owned()));
        keeping.push(("DURE_PORT", port.to_string()));
        let keeper = Actor::start(&["serve", "--empty"], keeping, folder.join("site.log"))?;
        ready(port).await?;
        let url = fs::read_to_string(folder.join("site/database-url")).context("the site's database")?;
        settings.push(("DATABASE_URL", url.clone()));
        let mut webs = Vec::new();
        for n in 1..=plan.webs {
            let port = free_port()?;
            let settings = [settings.clone(), vec![("DURE_PORT", port.to_string())]].concat();
            let log = folder.join(format!("web-{n}.log"));
            webs.push(Web { actor: Actor::start(&["serve", "--empty"], settings, log)?, port });
            ready(port).await?;
        }
        let workers: Result<Vec<Actor>> = (1..=plan.workers)
            .map(|n| Actor::start(&["worker"], settings.clone(), folder.join(format!("worker-{n}.log"))))
            .collect();
        let (pool, _) = connect(&url, CONNECTIONS).await?;
        let clock = Clock::system();
        clock.follow(&pool).await?;
        let means = Means {
            db: Db::new(pool, clock, Keys::none()),
            site: Settings(Arc::new(SiteSettings {
                origin: format!("http://127.0.0.1:{port}"),
                sandbox: true,
                https: false,
                review: ReviewPolicy::Rules,
                providers: Arc::default(),
            })),
            till: Till::new(SandboxGateway::new(gateway_url, secret)?, Schedule::parse(plan.runs)?),
        };
        Ok(Self {
            folder,
            keeper,
            webs,
            workers: workers?,
            means,
            gateway_books,
            gateway_port,
            _gateway: gateway,
        })
    }

    pub const fn db(&self) -> &Db {
        &self.means.db
    }

    /// An address of the n-th web process; they take turns.
    pub fn address(&self, n: usize, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.webs[n % self.webs.len()].port)
    }

    /// The gateway's own page behind the address to which the site sends people.
    pub fn card_page(&self) -> String {
        format!("http://127.0.0.1:{}/sandbox/card", self.gateway_port)
    }

    /// Logged-in people, whose handles begin alike.
    pub async fn people(&self, handle: &str, count: usize) -> Result<Vec<Person>> {
        let made = stream::iter(0..count).map(|n| async move {
            let db = self.db();
            person(db, &format!("{handle}_{n}")).await
        });
        made.buffered(AT_ONCE).try_collect().await
    }

    /// Waits until the worker has nothing to do now; tells how long that took.
    pub async fn quiet(&self) -> Result<Duration> {
        let db = self.db();
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            db.clock.follow(&db.pool).await?;
            let due: i64 = sqlx::query_scalar("select count(*) from jobs where run_at <= $1")
                .bind(db.now())
                .fetch_one(&db.pool)
                .await?;
            if due == 0 {
                return Ok(started.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("the worker had something to do for half an hour")
    }

    /// The lines of `dure check` that tell of a broken law.
    pub fn broken_laws(&self) -> Result<Vec<String>> {
        let (held, said) = self.keeper.run(&["check"])?;
        let broken = said.lines().filter(|line| !held && !line.starts_with("holds"));
        Ok(broken.map(str::to_owned).collect())
    }

    /// The postmaster of the site's database.
    pub fn postmaster(&self) -> Result<u32> {
        let folder = self.folder.join("site/postgres");
        let found = find(&folder, "postmaster.pid").context("the site's postmaster")?;
        let text = fs::read_to_string(found)?;
        Ok(text.lines().next().context("a process id")?.trim().parse()?)
    }

    /// The site's database, for programs of PostgreSQL.
    pub fn database_url(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join("site/database-url"))?)
    }

    /// Ends everything, and removes what was written when all has ended well.
    pub fn end(self, well: bool) -> Result<()> {
        let folder = self.folder.clone();
        drop(self);
        if well {
            std::thread::sleep(Duration::from_millis(500));
            fs::remove_dir_all(folder)?;
        } else {
            println!("what was written stands in {}", folder.display());
        }
        Ok(())
    }
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if let Some(found) = find(&path, name) {
                return Some(found);
            }
        } else if path.file_name().is_some_and(|found| found == name) {
            return Some(path);
        }
    }
    None
}
