//! Finds PostgreSQL's server programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use crate::error::{At, ClusterError};

const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of one installed version's programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binaries {
    folder: PathBuf,
    pub(crate) major: u32,
}

impl Binaries {
    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    fn at(folder: &Path) -> Option<Binaries> {
        // Links such as /usr/local/bin/postgres lead to the folder with the rest.
        let postgres = fs::canonicalize(folder.join("postgres")).ok()?;
        let folder = postgres.parent()?.to_path_buf();
        let complete = ["initdb", "pg_ctl"].iter().all(|program| folder.join(program).is_file());
        if !complete {
            return None;
        }
        let asked = Command::new(&postgres).arg("--version").stdin(Stdio::null()).output().ok()?;
        let major = major(&String::from_utf8_lossy(&asked.stdout))?;
        Some(Binaries { folder, major })
    }
}

/// Every installed version, the highest first; never empty.
pub(crate) fn installed() -> Result<Vec<Binaries>, ClusterError> {
    if let Some(folder) = env::var_os("DURE_PG_BIN").filter(|folder| !folder.is_empty()) {
        let folder = PathBuf::from(folder);
        let chosen = Binaries::at(&folder).ok_or(ClusterError::NoPostgresAt(folder))?;
        return Ok(vec![chosen]);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<Binaries> = debian_folders()
        .into_iter()
        .chain(env::split_paths(&path))
        .filter_map(|folder| Binaries::at(&folder))
        .collect();
    // The sort is stable: of one version, Debian's folder stays before PATH's.
    found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
    found.dedup_by_key(|binaries| binaries.major);
    if found.is_empty() {
        return Err(ClusterError::NoPostgres);
    }
    Ok(found)
}

/// The version which wrote the data; the highest when there are none yet.
pub(crate) fn matching(installed: &[Binaries], data: &Path) -> Result<Binaries, ClusterError> {
    let file = data.join("PG_VERSION");
    let written_by = match fs::read_to_string(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        read => leading_number(&read.at(&file)?),
    };
    let Some(needed) = written_by else {
        return installed.first().cloned().ok_or(ClusterError::NoPostgres);
    };
    let of_that_version = installed.iter().find(|binaries| binaries.major == needed);
    of_that_version.cloned().ok_or_else(|| ClusterError::WrongVersion { needed, data: data.to_path_buf() })
}

fn debian_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin")).collect()
}

fn major(version: &str) -> Option<u32> {
    // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    let number = version.split("(PostgreSQL) ").nth(1)?;
    leading_number(number)
}

fn leading_number(text: &str) -> Option<u32> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("something else 9"), None);
    }
}
