//! The postmaster's log.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::error::{At, ClusterError};
use crate::programs::last_lines;

const LARGEST: u64 = 10 * 1024 * 1024;

/// The file `postgres.log`, to which each start appends.
pub(crate) struct Log {
    path: PathBuf,
    /// How long it was before this start.
    begin: u64,
}

impl Log {
    /// Puts a log which has become too large aside, as `postgres.log.1`.
    pub(crate) fn prepare(folder: &Path) -> Result<Log, ClusterError> {
        let path = folder.join("postgres.log");
        let length = fs::metadata(&path).map_or(0, |facts| facts.len());
        if length <= LARGEST {
            return Ok(Log { path, begin: length });
        }
        fs::rename(&path, folder.join("postgres.log.1")).at(&path)?;
        Ok(Log { path, begin: 0 })
    }

    pub(crate) fn open(&self) -> Result<File, ClusterError> {
        OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path).at(&self.path)
    }

    /// The last lines which this start has written.
    pub(crate) fn tail(&self) -> String {
        let mut text = Vec::new();
        let _ = File::open(&self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.begin))?;
            file.read_to_end(&mut text)
        });
        last_lines(&String::from_utf8_lossy(&text))
    }
}
