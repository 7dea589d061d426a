//! Where the cluster's files are.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};
use std::{env, path};

use crate::error::{At, ClusterError};
use crate::user::User;

/// The file in the folder which says where the data are instead.
const LOCATION: &str = "location";
const MOVED: &str = "/var/lib/dure";
const SOCKET: &str = "/.s.PGSQL.5432";
/// Linux allows 108 bytes with the final zero.
const LONGEST_SOCKET: usize = 107;

/// Creates the folder and returns its real path.
pub(crate) fn folder(wanted: &Path, user: &User) -> Result<PathBuf, ClusterError> {
    let wanted = path::absolute(wanted).at(wanted)?;
    if let Some(parent) = wanted.parent() {
        fs::create_dir_all(parent).at(parent)?;
    }
    create_private(&wanted)?;
    if user.we_are_root() {
        let_pass(&wanted)?;
    }
    fs::canonicalize(&wanted).at(&wanted)
}

/// The folder of the data: `folder`, or one the cluster's user can enter.
pub(crate) fn home(folder: &Path, user: &User, notes: &mut Vec<String>) -> Result<PathBuf, ClusterError> {
    let location = folder.join(LOCATION);
    let home = match moved_to(&location)? {
        Some(home) => home,
        None if user.can_enter(folder)? => return Ok(folder.to_path_buf()),
        None if folder.join("pgdata").exists() => {
            return Err(ClusterError::Unreachable { user: user.name().into(), folder: folder.to_path_buf() });
        }
        None => move_away(folder, &location)?,
    };
    if user.we_are_root() {
        for created in [Path::new(MOVED), &home] {
            create_private(created)?;
            let_pass(created)?;
        }
    }
    notes.push(format!(
        "the database is in {}, as {} says, because PostgreSQL's user may not enter {}",
        home.display(),
        location.display(),
        folder.display(),
    ));
    fs::canonicalize(&home).at(&home)
}

/// The folder of the socket, which nobody but the cluster's user can enter.
pub(crate) fn socket_folder(
    home: &Path,
    user: &User,
    notes: &mut Vec<String>,
) -> Result<PathBuf, ClusterError> {
    let near = home.join("socket");
    if suits(&near) {
        create_private(&near)?;
        user.own(&near)?;
        return Ok(near);
    }
    let far = far_socket_folder(home, user);
    create_private(&far)?;
    check_owner(&far, user)?;
    notes.push(format!(
        "the database's socket is in {}, because the path of {} is too long (or too odd) for a socket",
        far.display(),
        home.display(),
    ));
    Ok(far)
}

/// A name for a path, the same in every release of Dure: 64 bits of FNV-1a.
fn hash(path: &Path) -> String {
    let bytes = path.as_os_str().as_bytes().iter();
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Creates a folder of mode 0700 unless it exists.
fn create_private(folder: &Path) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.at(folder),
    }
}

/// Lets everybody pass through one of our folders, but not list it.
fn let_pass(folder: &Path) -> Result<(), ClusterError> {
    let mode = fs::metadata(folder).at(folder)?.mode();
    fs::set_permissions(folder, Permissions::from_mode(mode | 0o711)).at(folder)
}

fn moved_to(location: &Path) -> Result<Option<PathBuf>, ClusterError> {
    let text = match fs::read(location) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.at(location)?,
    };
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    let home = PathBuf::from(OsStr::from_bytes(text));
    // Root gives what is in that folder away, so it may not be just any.
    let named = home.file_name().is_some();
    if !named || home.parent() != Some(Path::new(MOVED)) {
        return Err(ClusterError::BadLocation(location.to_path_buf()));
    }
    Ok(Some(home))
}

fn move_away(folder: &Path, location: &Path) -> Result<PathBuf, ClusterError> {
    let home = Path::new(MOVED).join(hash(folder));
    let text = format!("{}\n", home.display());
    fs::write(location, text).at(location)?;
    Ok(home)
}

/// Whether PostgreSQL and its clients can have a socket in the folder.
fn suits(folder: &Path) -> bool {
    // A comma would separate two hosts, and sqlx reads its host as UTF-8.
    let speakable = folder.to_str().is_some_and(|folder| !folder.contains(','));
    speakable && folder.as_os_str().len() + SOCKET.len() <= LONGEST_SOCKET
}

fn far_socket_folder(home: &Path, user: &User) -> PathBuf {
    let name = format!("dure-{}", hash(home));
    // Root's runtime folder is closed to the user who runs the cluster.
    let runtime = env::var_os("XDG_RUNTIME_DIR").filter(|_| !user.we_are_root());
    runtime
        .map(PathBuf::from)
        .filter(|runtime| runtime.is_absolute() && runtime.is_dir())
        .map(|runtime| runtime.join(&name))
        .filter(|folder| suits(folder))
        .unwrap_or_else(|| Path::new("/tmp").join(&name))
}

/// Anybody may create names in /tmp, so an existing one may be a trap.
fn check_owner(folder: &Path, user: &User) -> Result<(), ClusterError> {
    let facts = fs::symlink_metadata(folder).at(folder)?;
    let ours = facts.uid() == user.uid || (user.we_are_root() && facts.uid() == 0);
    if !ours || !facts.is_dir() || facts.mode() & 0o077 != 0 {
        return Err(ClusterError::SocketTaken(folder.to_path_buf()));
    }
    match user.ids() {
        Some((uid, gid)) => lchown(folder, Some(uid), Some(gid)).at(folder),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_fnv() {
        assert_eq!(hash(Path::new("")), "cbf29ce484222325");
        assert_eq!(hash(Path::new("foobar")), "85944171f73967e8");
    }

    #[test]
    fn a_socket_path_may_have_107_bytes() {
        assert!(suits(Path::new(&"x".repeat(93))));
        assert!(!suits(Path::new(&"x".repeat(94))));
    }

    #[test]
    fn a_socket_path_may_have_blanks_but_no_comma() {
        assert!(suits(Path::new("/a b \"c\"")));
        assert!(!suits(Path::new("/a,b")));
    }
}
