//! `dev`: builds without optimisation, runs, and does again what a changed file asks for.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::places::{Places, Profile, files_under};
use crate::{build, shell};

/// Folders whose files are compiled, and those that are only put into the site.
const COMPILED: &[&str] = &["app", "frontend", "server", "migrations", ".sqlx"];
const COPIED: &[&str] = &["style", "public"];

pub fn watch(places: &Places, serve: &[String]) -> Result<()> {
    let stop = shell::asked_to_stop();
    let out = places.target.join("dev-dist");
    let mut running: Option<Child> = None;
    let mut compiled = None;
    let mut copied = None;
    while !stop.load(Ordering::Relaxed) {
        let now_compiled = newest(places, COMPILED)?;
        let now_copied = newest(places, COPIED)?;
        if compiled != Some(now_compiled) || copied != Some(now_copied) {
            let built = if compiled == Some(now_compiled) {
                build::site(places, Profile::Debug, &out)
            } else {
                build::build(places, Profile::Debug, &out)
            };
            (compiled, copied) = (Some(now_compiled), Some(now_copied));
            match built {
                Ok(()) => {
                    // The server reads the manifest when it starts, so a new style restarts it too.
                    end(running.take())?;
                    running = Some(start(&out, serve)?);
                }
                Err(error) => eprintln!("error: {error:#}\n  waiting for the next change"),
            }
        }
        if let Some(status) = running.as_mut().map(Child::try_wait).transpose()?.flatten() {
            eprintln!("dure ended ({status}); waiting for the next change");
            running = None;
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    end(running)
}

fn start(out: &Path, serve: &[String]) -> Result<Child> {
    let program = out.join("dure");
    Command::new(&program)
        .arg("serve")
        .args(serve)
        .spawn()
        .with_context(|| format!("starting {}", program.display()))
}

fn end(running: Option<Child>) -> Result<()> {
    match running {
        Some(mut child) => shell::end(&mut child),
        None => Ok(()),
    }
}

/// How many files there are and when the latest was written: differs after every change.
fn newest(places: &Places, folders: &[&str]) -> Result<(usize, SystemTime)> {
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in folders {
        files.extend(files_under(&places.root.join(folder))?);
    }
    let written = files.iter().filter_map(|file| file.metadata().ok()?.modified().ok());
    let latest = written.max().unwrap_or(SystemTime::UNIX_EPOCH);
    Ok((files.len(), latest))
}
