//! The processes of a proof: the program as it is shipped, each a process of its own that can be killed.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(120);

/// A process and how it is begun again.
pub struct Actor {
    program: PathBuf,
    arguments: Vec<String>,
    settings: Vec<(&'static str, String)>,
    log: PathBuf,
    child: Child,
}

impl Actor {
    pub fn start(arguments: &[&str], settings: Vec<(&'static str, String)>, log: PathBuf) -> Result<Self> {
        let program = std::env::var_os("DURE_BIN").map_or_else(|| PathBuf::from("dist/dure"), PathBuf::from);
        let program = fs::canonicalize(program).context("there is no dist/dure: run bin/build")?;
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let child = spawn(&program, &arguments, &settings, &log)?;
        Ok(Self { program, arguments, settings, log, child })
    }

    /// Sends a signal, such as KILL.
    pub fn signal(&self, name: &str) -> Result<()> {
        signal(self.child.id(), name)
    }

    /// Killed without a word, and begun anew.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.signal("KILL")?;
        self.child.wait()?;
        self.child = spawn(&self.program, &self.arguments, &self.settings, &self.log)?;
        Ok(())
    }

    /// Resident memory, in kB.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
    }

    /// The program's answer to one command with these settings.
    pub fn run(&self, arguments: &[&str]) -> Result<(bool, String)> {
        let mut command = Command::new(&self.program);
        let output = command.args(arguments).env_clear().envs(self.settings.iter().cloned()).output()?;
        Ok((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        // A private database ends with its program, if that may end in peace.
        let _ = self.signal("CONT");
        let _ = self.signal("TERM");
        let _ = self.child.wait();
    }
}

fn spawn(
    program: &Path,
    arguments: &[String],
    settings: &[(&'static str, String)],
    log: &Path,
) -> Result<Child> {
    let log = fs::OpenOptions::new().create(true).append(true).open(log)?;
    Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(settings.iter().cloned())
        .stdout(Stdio::from(log.try_clone()?))
        .stderr(Stdio::from(log))
        .spawn()
        .context("the program does not start")
}

pub fn signal(process: u32, name: &str) -> Result<()> {
    Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status()?;
    Ok(())
}

pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Waits until a server answers that it is ready.
pub async fn ready(port: u16) -> Result<()> {
    let http = kernel::outbound::client(Duration::from_secs(5))?;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let asked = http.get(format!("http://127.0.0.1:{port}/readyz")).send().await;
        if asked.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the program was not ready in two minutes")
}
