//! Where things are, whatever folder the command was given in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// How much time a build may take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Debug,
    Release,
}

pub struct Places {
    /// The workspace: the folder with the root Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// Results kept between builds, named by the hash of what they were made from.
    pub cache: PathBuf,
}

impl Places {
    pub fn find() -> Result<Self> {
        // Asked at run time: clones share a target folder, and with it this program.
        let here = std::env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo xtask`")?;
        let root = Path::new(&here).parent().context("xtask has no folder above it")?.to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("target"),
        };
        let cache = target.join("xtask");
        std::fs::create_dir_all(&cache).with_context(|| format!("making {}", cache.display()))?;
        Ok(Self { root, target, cache })
    }

    /// A path given on the command line: relative ones start at the workspace.
    pub fn in_workspace(&self, path: &Path) -> Result<PathBuf> {
        Ok(std::path::absolute(self.root.join(path))?)
    }

    pub fn npm(&self, path: &str) -> Result<PathBuf> {
        let file = self.root.join("node_modules").join(path);
        if !file.exists() {
            anyhow::bail!("{} is missing: run bin/setup", file.display());
        }
        Ok(file)
    }
}

/// Sixteen hex digits that name a content.
pub fn hash16(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let digest = digest.finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Every file under a folder, in a stable order; none when the folder is not there.
pub fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::hash16;

    #[test]
    fn a_name_has_sixteen_digits_and_tells_where_parts_end() {
        assert_eq!(hash16(&[b"one"]).len(), 16);
        assert_ne!(hash16(&[b"one", b"two"]), hash16(&[b"onet", b"wo"]));
    }
}
