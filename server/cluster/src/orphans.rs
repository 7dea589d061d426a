//! PostgreSQL processes left behind by a run of ours which was killed.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{At, ClusterError};
use crate::programs::{Programs, Stop};

/// Ends every PostgreSQL process which works in the data folder.
///
/// Only for the holder of the lock, so that they can be nobody else's.
/// Returns how many there were.
pub(crate) fn end(data: &Path, programs: &Programs) -> Result<usize, ClusterError> {
    let orphans = processes_in(data);
    if orphans.is_empty() {
        return Ok(0);
    }
    let postmaster = first_number(&data.join("postmaster.pid"));
    if postmaster.is_some_and(|pid| orphans.contains(&pid)) {
        // A postmaster ends its children; without one they are past saving.
        for how in Stop::WAYS {
            if programs.stop(data, how)? {
                break;
            }
        }
    }
    for patience in [Duration::from_secs(5), Duration::from_secs(10)] {
        if all_gone(data, patience) {
            return Ok(orphans.len());
        }
        for pid in processes_in(data) {
            programs.kill(pid)?;
        }
    }
    match processes_in(data).first() {
        Some(pid) => Err(ClusterError::Orphan(*pid)),
        None => Ok(orphans.len()),
    }
}

/// Removes a file with the id of a process which is no longer PostgreSQL's.
///
/// PostgreSQL itself discards the files of a dead process, but believes a file
/// if another process has got the id since, as is usual in containers.
pub(crate) fn forget_reused_id(file: &Path) -> Result<(), ClusterError> {
    let reused = first_number(file).is_some_and(|pid| Path::new("/proc").join(pid.to_string()).exists());
    if reused {
        fs::remove_file(file).at(file)?;
    }
    Ok(())
}

fn all_gone(data: &Path, patience: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        if processes_in(data).is_empty() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

fn processes_in(data: &Path) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| {
            let pid = process.file_name().to_str()?.parse().ok()?;
            works_in(&process.path(), data).then_some(pid)
        })
        .collect()
}

fn works_in(process: &Path, data: &Path) -> bool {
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    if !["postgres", "initdb"].contains(&name.trim()) {
        return false;
    }
    // PostgreSQL's processes go to the data folder, except in their first moments.
    let folder = fs::read_link(process.join("cwd"));
    let arguments = fs::read(process.join("cmdline")).unwrap_or_default();
    let named =
        arguments.split(|byte| *byte == 0).any(|argument| OsStr::from_bytes(argument) == data.as_os_str());
    named || folder.is_ok_and(|folder| folder == data)
}

fn first_number(file: &Path) -> Option<u32> {
    let text = fs::read_to_string(file).ok()?;
    // A backend without a postmaster writes its id as a negative number.
    text.lines().next()?.trim().trim_start_matches('-').parse().ok()
}
