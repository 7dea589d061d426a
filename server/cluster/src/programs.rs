//! PostgreSQL's programs, run as the user who may run them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::binaries::Binaries;
use crate::error::{At, ClusterError};
use crate::user::User;

/// The programs of one version and the user who runs them.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    pub(crate) binaries: Binaries,
    pub(crate) user: User,
}

/// How to stop a postmaster, from the gentler to the harsher.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// Rolls back, writes everything down and ends.
    Fast,
    /// Ends at once; the next start recovers.
    Immediate,
}

impl Stop {
    pub(crate) const WAYS: [Stop; 2] = [Stop::Fast, Stop::Immediate];
}

impl Programs {
    pub(crate) fn command(&self, program: &str) -> Command {
        self.user.command(self.binaries.path(program))
    }

    /// A command which gets `signal` when the thread which spawned it ends.
    pub(crate) fn tethered(&self, signal: &str, program: &str) -> Command {
        self.user.tethered(signal, &self.binaries.path(program))
    }

    /// Asks the postmaster of the data to stop and waits; says whether it did.
    pub(crate) fn stop(&self, data: &Path, how: Stop) -> Result<bool, ClusterError> {
        let (mode, seconds) = match how {
            Stop::Fast => ("fast", "60"),
            Stop::Immediate => ("immediate", "20"),
        };
        let mut command = self.command("pg_ctl");
        command.args(["stop", "-w", "-m", mode, "-t", seconds, "-D"]);
        let output = command.arg(data).output().at(&self.path("pg_ctl"))?;
        Ok(output.status.success())
    }

    /// Kills a process, as a user who can kill no other user's.
    pub(crate) fn kill(&self, pid: u32) -> Result<(), ClusterError> {
        let mut command = self.command("pg_ctl");
        command.args(["kill", "KILL", &pid.to_string()]);
        // It fails if the process has ended by itself, which is as good.
        command.output().at(&self.path("pg_ctl"))?;
        Ok(())
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.binaries.path(program)
    }
}

/// Turns the failure of a program into an error with its last lines.
pub(crate) fn succeeded(program: &str, output: &Output) -> Result<(), ClusterError> {
    if output.status.success() {
        return Ok(());
    }
    Err(ClusterError::Failed {
        program: program.into(),
        output: last_lines(&String::from_utf8_lossy(&output.stderr)),
    })
}

/// The last twenty lines of a program's output.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
