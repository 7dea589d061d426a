//! One process per folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;
use std::{process, thread};

use crate::error::{At, ClusterError};

/// The exclusive lock on a folder; the kernel frees it when its process ends.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Locks the file `lock` in the folder and writes our process id in it.
    pub(crate) fn take(folder: &Path) -> Result<Lock, ClusterError> {
        let path = folder.join("lock");
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).at(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ClusterError::Busy(owner(&path))),
            Err(TryLockError::Error(error)) => return Err(error).at(&path),
        }
        file.set_len(0).at(&path)?;
        writeln!(file, "{}", process::id()).at(&path)?;
        Ok(Lock(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child which another thread is just forking
        // holds the same open file until it executes its program.
        let _ = self.0.unlock();
    }
}

fn owner(path: &Path) -> u32 {
    // The owner writes its id right after it has locked the file.
    for _ in 0..10 {
        let mut text = String::new();
        let read = File::open(path).and_then(|mut file| file.read_to_string(&mut text));
        if let (Ok(_), Ok(pid)) = (read, text.trim().parse()) {
            return pid;
        }
        thread::sleep(Duration::from_millis(20));
    }
    0
}
