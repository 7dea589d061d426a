//! Why a cluster could not be started.

use std::io;
use std::path::{Path, PathBuf};

/// Why a cluster could not be started; each text is one sentence to show.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No folder with `postgres`, `initdb` and `pg_ctl` exists on this machine.
    #[error(
        "PostgreSQL's server programs were not found: install the Debian package `postgresql` (or set DATABASE_URL)"
    )]
    NoPostgres,
    /// `DURE_PG_BIN` is set but is no folder of server programs.
    #[error("DURE_PG_BIN names {0}, which lacks PostgreSQL's server programs")]
    NoPostgresAt(PathBuf),
    /// The data were written by a major version which is not installed.
    #[error(
        "the database in {data} needs PostgreSQL {needed}, which is not installed: install the Debian package `postgresql-{needed}`"
    )]
    WrongVersion {
        /// The major version which wrote the data.
        needed: u32,
        /// The folder of the data.
        data: PathBuf,
    },
    /// Root runs the program and no unprivileged user exists for PostgreSQL.
    #[error("PostgreSQL may not run as root, and neither user `postgres` nor `nobody` exists")]
    NoUser,
    /// The process with this id has a cluster in the folder; 0 if unknown.
    #[error("the process {0} is already using this database folder")]
    Busy(u32),
    /// The folder has data, but the cluster's user may no longer enter it.
    #[error("the user `{user}` may not enter {folder}, where the database is")]
    Unreachable {
        /// The unprivileged user who runs PostgreSQL.
        user: String,
        /// The folder with the data.
        folder: PathBuf,
    },
    /// The file `location` does not name a folder in `/var/lib/dure`.
    #[error("the file {0} must name a folder directly below /var/lib/dure")]
    BadLocation(PathBuf),
    /// Another user's file is where the socket folder has to be.
    #[error("{0} belongs to somebody else, so the database's socket cannot be there")]
    SocketTaken(PathBuf),
    /// A PostgreSQL process left by an earlier run could not be ended.
    #[error("the process {0}, left by an earlier run, is still using the database and does not end")]
    Orphan(u32),
    /// A program of PostgreSQL or of the system failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// The program's name.
        program: String,
        /// The last lines it printed.
        output: String,
    },
    /// The postmaster ended instead of becoming ready.
    #[error("PostgreSQL ended while starting; its last words: {0}")]
    Ended(String),
    /// The postmaster did not become ready in time.
    #[error("PostgreSQL was not ready after 60 seconds; its last words: {0}")]
    NotReady(String),
    /// A file or a folder could not be read or written.
    #[error("{path} could not be used: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Says at which path an operation failed.
pub(crate) trait At<T> {
    fn at(self, path: &Path) -> Result<T, ClusterError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, ClusterError> {
        self.map_err(|source| ClusterError::File { path: path.to_path_buf(), source })
    }
}
