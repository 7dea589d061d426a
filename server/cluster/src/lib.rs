//! A private PostgreSQL cluster in a folder.
//!
//! Dure keeps its own cluster when no `DATABASE_URL` is given. It runs the
//! installed server programs (of `$DURE_PG_BIN`, Debian's folder or `$PATH`)
//! and has no TCP port: only a socket, in a folder nobody else can enter.
//!
//! ```text
//! <folder>/lock           held by the process which has the cluster; its id
//! <folder>/postgres.log   what PostgreSQL says; above 10 MB a start renames it to .1
//! <folder>/location       only if the data are elsewhere: where
//! <folder>/pgdata         the data; pgdata.new while they are being created
//! <folder>/socket         the socket's folder, mode 0700
//! ```
//!
//! If root runs Dure, PostgreSQL runs as the user `postgres` (or `nobody`), who
//! gets `pgdata` and `socket`; the folder itself stays root's and everybody may
//! pass through it. If that user may not pass a parent, such as `/root`, then
//! `pgdata` and `socket` are in `/var/lib/dure/<hash of the folder>`.
//!
//! A socket's path may have 107 bytes. If `<folder>/socket/.s.PGSQL.5432` has
//! more (or a comma, which PostgreSQL's clients cannot take), then the socket is
//! in `$XDG_RUNTIME_DIR/dure-<hash>` (or, for root or without that variable, in
//! `/tmp/dure-<hash>`), a folder of mode 0700 which `stop` removes again.

mod binaries;
mod error;
mod initialise;
mod lock;
mod log;
mod orphans;
mod place;
mod postmaster;
mod programs;
mod user;

use std::fmt::Write;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

pub use crate::error::ClusterError;
use crate::lock::Lock;
use crate::log::Log;
use crate::postmaster::{Postmaster, Settings};
use crate::programs::Programs;
use crate::user::User;

/// The name of the role and of the database.
const NAME: &str = "dure";

/// Where a cluster is and how it runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// The cluster's folder, created if missing: `$DURE_DATA/postgres`.
    pub folder: PathBuf,
    /// Whether what is committed survives a crash; `false` only for tests.
    pub durable: bool,
    /// How many connections PostgreSQL accepts.
    pub max_connections: u16,
}

/// A running cluster; dropping it stops it.
#[derive(Debug)]
pub struct Cluster {
    /// `None` once stopped. Before the locks, as both go in this order.
    postmaster: Option<Postmaster>,
    locks: Vec<Lock>,
    options: Options,
    programs: Programs,
    folder: PathBuf,
    home: PathBuf,
    socket_folder: PathBuf,
    notes: Vec<String>,
}

impl Cluster {
    /// Starts the cluster in the folder, which it creates the first time.
    ///
    /// Blocks until connections are accepted: some seconds the first time.
    pub fn start(options: &Options) -> Result<Cluster, ClusterError> {
        let installed = binaries::installed()?;
        let user = User::of_cluster()?;
        let folder = place::folder(&options.folder, &user)?;
        let mut locks = vec![Lock::take(&folder)?];
        let mut notes = Vec::new();
        let home = place::home(&folder, &user, &mut notes)?;
        if home != folder {
            // A copy of the folder would lead to the same place.
            locks.push(Lock::take(&home)?);
        }

        let data = home.join("pgdata");
        let programs = Programs { binaries: binaries::matching(&installed, &data)?, user };
        let user = &programs.user;
        let durability = Durability::of(options);
        if orphans::end(&data, &programs)? > 0 {
            notes.push("stopped a PostgreSQL server left by an earlier run".into());
        }
        initialise::initialise(&home, &programs, durability)?;
        let socket_folder = place::socket_folder(&home, user, &mut notes)?;
        orphans::forget_reused_id(&data.join("postmaster.pid"))?;
        orphans::forget_reused_id(&socket_folder.join(".s.PGSQL.5432.lock"))?;

        if !user.can_tether() {
            notes.push("without `setpriv`, PostgreSQL goes on if this process is killed".into());
        }
        let mut cluster = Cluster {
            postmaster: None,
            locks,
            options: options.clone(),
            programs,
            folder,
            home,
            socket_folder,
            notes,
        };
        cluster.start_postmaster()?;
        Ok(cluster)
    }

    fn start_postmaster(&mut self) -> Result<(), ClusterError> {
        let settings = Settings {
            data: &self.home.join("pgdata"),
            socket_folder: &self.socket_folder,
            durability: Durability::of(&self.options),
            max_connections: self.options.max_connections,
        };
        let log = Log::prepare(&self.folder)?;
        self.postmaster = Some(Postmaster::start(&settings, &self.programs, &log)?);
        Ok(())
    }

    /// Starts PostgreSQL again if it has died; tells whether it had.
    ///
    /// What was committed is recovered from its log, as after any crash. A cluster that was
    /// stopped stays stopped.
    pub fn revive(&mut self) -> Result<bool, ClusterError> {
        if self.postmaster.as_ref().is_none_or(|postmaster| !postmaster.has_ended()) {
            return Ok(false);
        }
        let data = self.home.join("pgdata");
        // Its last children may still hold the data for a moment.
        orphans::end(&data, &self.programs)?;
        orphans::forget_reused_id(&data.join("postmaster.pid"))?;
        orphans::forget_reused_id(&self.socket_folder.join(".s.PGSQL.5432.lock"))?;
        self.start_postmaster()?;
        Ok(true)
    }

    /// The URL of the database, as sqlx and PostgreSQL's programs accept it.
    pub fn url(&self) -> String {
        // The socket's folder is the host: a URL with a user but an empty host
        // is not valid. What sqlx would take from PG… variables is explicit.
        let host = percent_encode(&self.socket_folder);
        format!("postgres://{NAME}@{host}:5432/{NAME}?sslmode=disable")
    }

    /// What an operator should know about this start, as sentences.
    pub fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }

    /// Stops the cluster, rolling open transactions back, and frees the folder.
    ///
    /// Blocks until it has ended. A stopped cluster is left as it is.
    pub fn stop(&mut self) {
        let Some(postmaster) = self.postmaster.take() else {
            return;
        };
        postmaster.stop();
        if !self.socket_folder.starts_with(&self.home) {
            let _ = fs::remove_dir(&self.socket_folder);
        }
        self.locks.clear();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Whether PostgreSQL waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durability {
    Full,
    None,
}

impl Durability {
    fn of(options: &Options) -> Durability {
        match options.durable {
            true => Durability::Full,
            false => Durability::None,
        }
    }

    fn settings(self) -> [&'static str; 3] {
        match self {
            Durability::Full => ["fsync=on", "synchronous_commit=on", "full_page_writes=on"],
            Durability::None => ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
        }
    }
}

fn percent_encode(path: &Path) -> String {
    let mut encoded = String::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                encoded.push(char::from(*byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_the_host_of_a_url() {
        assert_eq!(percent_encode(Path::new("/data/a b/ü-1.x_y")), "%2Fdata%2Fa%20b%2F%C3%BC-1.x_y");
    }
}
