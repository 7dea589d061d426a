//! Creates the data folder and the database in it.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::{Output, Stdio};

use crate::error::{At, ClusterError};
use crate::programs::{Programs, last_lines, succeeded};
use crate::{Durability, NAME, orphans};

/// Makes sure that `home/pgdata` exists, whole, and belongs to the user.
///
/// The work is done in `pgdata.new`, which gets its name when it is complete:
/// what an interrupted run has left there is thrown away.
pub(crate) fn initialise(
    home: &Path,
    programs: &Programs,
    durability: Durability,
) -> Result<(), ClusterError> {
    let data = home.join("pgdata");
    let new = home.join("pgdata.new");
    remove_leftovers(&new, programs)?;
    if data.join("PG_VERSION").exists() {
        programs.user.own(&data)?;
        // A restored copy may be open to others, which PostgreSQL refuses.
        return fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).at(&data);
    }
    DirBuilder::new().mode(0o700).create(&new).at(&new)?;
    programs.user.own(&new)?;
    initdb(&new, programs, durability)?;
    create_database(&new, programs, durability)?;
    fs::rename(&new, &data).at(&data)?;
    File::open(home).and_then(|home| home.sync_all()).at(home)
}

fn remove_leftovers(new: &Path, programs: &Programs) -> Result<(), ClusterError> {
    orphans::end(new, programs)?;
    match fs::remove_dir_all(new) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed.at(new),
    }
}

fn initdb(new: &Path, programs: &Programs, durability: Durability) -> Result<(), ClusterError> {
    let mut command = programs.tethered("KILL", "initdb");
    command.args(["-E", "UTF8", "--locale=C.UTF-8", "-U", NAME, "-A", "trust"]);
    if programs.binaries.major >= 17 {
        // The builtin provider sorts alike on every machine, whatever its C library.
        command.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    }
    if durability == Durability::None {
        command.arg("--no-sync");
    }
    let output = command.arg("-D").arg(new).output();
    succeeded("initdb", &output.at(&programs.path("initdb"))?)
}

/// Creates the database without a server, so that `pgdata` never lacks it.
fn create_database(new: &Path, programs: &Programs, durability: Durability) -> Result<(), ClusterError> {
    let program = programs.path("postgres");
    let mut command = programs.tethered("KILL", "postgres");
    command.arg("--single");
    for setting in durability.settings() {
        command.args(["-c", setting]);
    }
    command.arg("-D").arg(new).arg("postgres");
    command.stdin(Stdio::piped());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().at(&program)?;
    if let Some(mut input) = child.stdin.take() {
        // If it has ended already, what it said is a better error than the pipe's.
        let _ = writeln!(input, "create database {NAME};");
    }
    let output = child.wait_with_output().at(&program)?;
    succeeded("postgres --single", &output)?;
    refuse_sql_errors(&output)
}

/// A single-user backend reports a failed statement but ends well.
fn refuse_sql_errors(output: &Output) -> Result<(), ClusterError> {
    let said = String::from_utf8_lossy(&output.stderr);
    if !said.contains("ERROR:") {
        return Ok(());
    }
    Err(ClusterError::Failed { program: "create database".into(), output: last_lines(&said) })
}
