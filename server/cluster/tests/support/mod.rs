//! Starts clusters and programs with clusters, asks them, and cleans up.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use cluster::{Cluster, Options};

/// Another process with a cluster, to be killed.
pub struct Program {
    child: Child,
}

impl Program {
    pub fn start(folder: &Path, path: Option<&Path>) -> Program {
        let program = Program::spawn(folder, path);
        wait_until("the program has started", || folder.join("started").exists());
        program
    }

    pub fn spawn(folder: &Path, path: Option<&Path>) -> Program {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "program"]);
        command.env("DURE_TEST_PROGRAM", folder);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        if let Some(path) = path {
            command.env("PATH", path);
        }
        Program { child: command.spawn().unwrap() }
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of one test, removed afterwards.
pub struct TestFolder(PathBuf);

impl TestFolder {
    pub fn new(name: &str) -> TestFolder {
        let folder = format!("dure-cluster-{}-{name}", process::id());
        TestFolder(env::temp_dir().join(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn start(folder: &Path) -> Cluster {
    Cluster::start(&options(folder)).unwrap_or_else(|error| panic!("{error}"))
}

pub fn options(folder: &Path) -> Options {
    Options { folder: folder.to_path_buf(), durable: false, max_connections: 20 }
}

pub fn psql(cluster: &Cluster, sql: &str) -> String {
    let output = Command::new("psql")
        .args([&cluster.url(), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{sql}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().into()
}

pub fn postmaster_of(folder: &Path) -> u32 {
    let text = fs::read_to_string(folder.join("pgdata/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

pub fn kill(pid: u32) {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("kill -9 {pid}")]);
    assert!(command.status().unwrap().success());
    wait_until("the killed process has ended", || !alive(pid));
}

pub fn alive(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    // In a container without an init process nobody buries an orphan.
    !status.is_empty() && !status.contains("State:\tZ")
}

pub fn wait_until(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(20), "not yet: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

pub fn we_are_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    status.contains("Uid:\t0\t0")
}

pub fn has_setpriv() -> bool {
    Path::new("/usr/bin/setpriv").exists()
}

pub fn which(program: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap();
    let mut found = env::split_paths(&path).map(|folder| folder.join(program));
    found.find(|file| file.exists()).unwrap()
}

pub fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}
