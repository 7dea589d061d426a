//! Runs the postmaster and stops it.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{fs, io};

use crate::Durability;
use crate::error::{At, ClusterError};
use crate::log::Log;
use crate::programs::{Programs, Stop};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running postmaster, the first process of a PostgreSQL server.
#[derive(Debug)]
pub(crate) struct Postmaster {
    pid: u32,
    data: PathBuf,
    programs: Programs,
    /// The thread which spawned the postmaster and lives as long as it.
    keeper: JoinHandle<()>,
}

/// What a postmaster is started with.
pub(crate) struct Settings<'a> {
    pub(crate) data: &'a Path,
    pub(crate) socket_folder: &'a Path,
    pub(crate) durability: Durability,
    pub(crate) max_connections: u16,
}

impl Postmaster {
    /// Starts a postmaster and waits until it accepts connections.
    pub(crate) fn start(
        settings: &Settings<'_>,
        programs: &Programs,
        log: &Log,
    ) -> Result<Postmaster, ClusterError> {
        let mut command = programs.tethered("INT", "postgres");
        command.arg("-D").arg(settings.data);
        for setting in settings.flags() {
            command.arg("-c").arg(setting);
        }
        // Ctrl+C goes to the whole process group, but we stop it in our own time.
        command.process_group(0);
        command.stdout(log.open()?).stderr(log.open()?);
        let (pid, keeper) = keep(command).at(&programs.path("postgres"))?;
        let postmaster =
            Postmaster { pid, data: settings.data.to_path_buf(), programs: programs.clone(), keeper };
        postmaster.wait_until_ready(log)
    }

    /// Rolls open transactions back and stops; harsher if that takes too long.
    pub(crate) fn stop(self) {
        for how in Stop::WAYS {
            if self.keeper.is_finished() {
                break;
            }
            let _ = self.programs.stop(&self.data, how);
            self.wait_until_ended(Duration::from_secs(2));
        }
        if !self.keeper.is_finished() {
            let _ = self.programs.kill(self.pid);
            self.wait_until_ended(Duration::from_secs(5));
        }
    }

    /// Whether the process is gone, for whatever reason.
    pub(crate) fn has_ended(&self) -> bool {
        self.keeper.is_finished()
    }

    fn wait_until_ready(self, log: &Log) -> Result<Postmaster, ClusterError> {
        let begun = Instant::now();
        while !self.ready() {
            if self.keeper.is_finished() {
                return Err(ClusterError::Ended(log.tail()));
            }
            if begun.elapsed() > PATIENCE {
                self.stop();
                return Err(ClusterError::NotReady(log.tail()));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(self)
    }

    /// The file's first line is the process id, its eighth the state.
    fn ready(&self) -> bool {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        lines.next() == Some(&self.pid.to_string()) && lines.nth(6) == Some("ready")
    }

    fn wait_until_ended(&self, patience: Duration) {
        let begun = Instant::now();
        while !self.keeper.is_finished() && begun.elapsed() < patience {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Settings<'_> {
    fn flags(&self) -> Vec<OsString> {
        let mut flags: Vec<OsString> = [
            "listen_addresses=",
            "port=5432",
            "unix_socket_permissions=0700",
            "shared_buffers=128MB",
            "wal_compression=on",
            // Dure's role is a superuser's, so a reserve would be for nobody.
            "superuser_reserved_connections=0",
            "log_min_messages=warning",
            "timezone=UTC",
            "log_timezone=UTC",
            "jit=off",
        ]
        .map(OsString::from)
        .to_vec();
        flags.extend(self.durability.settings().map(OsString::from));
        flags.push(format!("max_connections={}", self.max_connections).into());
        flags.push(socket_flag(self.socket_folder));
        flags
    }
}

/// The setting is a list of folders; quotes protect commas and blanks.
fn socket_flag(folder: &Path) -> OsString {
    let mut flag = b"unix_socket_directories=\"".to_vec();
    for byte in folder.as_os_str().as_bytes() {
        if *byte == b'"' {
            flag.push(b'"');
        }
        flag.push(*byte);
    }
    flag.push(b'"');
    OsString::from_vec(flag)
}

/// Spawns the command from a thread which lives as long as the child.
///
/// The kernel takes the end of the thread which spawned a child for the end of
/// its parent, and signals the child; so it must not be a thread of a pool.
fn keep(mut command: Command) -> io::Result<(u32, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel();
    let keeper = thread::Builder::new().name("postmaster".into()).spawn(move || {
        let spawned = command.spawn();
        drop(command);
        let _ = sender.send(spawned.as_ref().map(|child| child.id()).map_err(copy));
        if let Ok(mut child) = spawned {
            let _ = child.wait();
        }
    })?;
    let pid = receiver.recv().map_err(io::Error::other)??;
    Ok((pid, keeper))
}

fn copy(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}
