//! Throw-away databases for the tests and for the SQL check.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result};
use cluster::{Cluster, Options};

use crate::shell;

/// Tests open a pool each; the cluster is theirs alone.
const CONNECTIONS: u16 = 400;

/// A running cluster in a folder of its own; both are gone when this is dropped.
pub struct ThrowAway {
    cluster: Cluster,
    folder: PathBuf,
}

impl ThrowAway {
    pub fn start() -> Result<Self> {
        shell::asked_to_stop();
        let folder = std::env::temp_dir().join(format!("dure-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let options =
            Options { folder: folder.join("postgres"), durable: false, max_connections: CONNECTIONS };
        let cluster = Cluster::start(&options).context("starting a throw-away PostgreSQL")?;
        Ok(Self { cluster, folder })
    }

    pub fn url(&self) -> String {
        self.cluster.url()
    }

    /// Applies every migration, in the order of their names.
    pub fn migrate(&self, migrations: &Path) -> Result<()> {
        let mut files = crate::places::files_under(migrations)?;
        files.retain(|file| file.extension().is_some_and(|end| end == "sql"));
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--single-transaction", "--quiet", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(self.url());
        for file in &files {
            psql.arg("-f").arg(file);
        }
        shell::run_quietly(&mut psql).context("applying the migrations")?;
        Ok(())
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        self.cluster.stop();
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

/// Runs a command with DATABASE_URL and passes on how it ended.
pub fn run_with(command: &[String]) -> Result<ExitCode> {
    let [program, arguments @ ..] = command else {
        anyhow::bail!("with-database needs a command");
    };
    let database = ThrowAway::start()?;
    let mut child = Command::new(program);
    child.args(arguments).env("DATABASE_URL", database.url());
    shell::forget_own_package(&mut child);
    let mut child = child.spawn().with_context(|| format!("starting {program}"))?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if shell::asked_to_stop().load(Ordering::Relaxed) {
            shell::end(&mut child)?;
            break child.wait()?;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
