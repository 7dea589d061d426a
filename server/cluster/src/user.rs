//! The user who runs PostgreSQL, which refuses to run as root.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::error::{At, ClusterError};
use crate::programs::succeeded;

/// Whoever runs PostgreSQL: ourselves, or somebody unprivileged if we are root.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) uid: u32,
    /// Set if we are root, who has to become this user first.
    account: Option<Account>,
    /// Whether `setpriv` can tie the life of a child to ours.
    tether: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    name: String,
    uid: u32,
    gid: u32,
}

impl User {
    pub(crate) fn of_cluster() -> Result<User, ClusterError> {
        let euid = effective_uid()?;
        let account = match euid {
            0 => Some(unprivileged()?),
            _ => None,
        };
        Ok(User {
            uid: account.as_ref().map_or(euid, |account| account.uid),
            account,
            tether: tether_works(),
        })
    }

    pub(crate) fn we_are_root(&self) -> bool {
        self.account.is_some()
    }

    /// The unprivileged user's name, if we are root.
    pub(crate) fn name(&self) -> &str {
        self.account.as_ref().map_or("", |account| &account.name)
    }

    pub(crate) fn ids(&self) -> Option<(u32, u32)> {
        self.account.as_ref().map(|account| (account.uid, account.gid))
    }

    pub(crate) fn can_tether(&self) -> bool {
        self.tether
    }

    /// A command run as this user, which knows none of our environment.
    ///
    /// The environment may hold secrets (which SQL superusers could read) and
    /// `PG…` variables (which change what PostgreSQL's programs do).
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or("/usr/bin:/bin".into()))
            .env("LC_ALL", "C")
            .current_dir("/")
            .stdin(Stdio::null());
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    /// A command which gets `signal` when the thread which spawned it ends.
    ///
    /// The kernel forgets the wish when a process changes its user, so the
    /// order matters: we become the user first, then `setpriv` says the wish.
    pub(crate) fn tethered(&self, signal: &str, program: &Path) -> Command {
        if !self.tether {
            return self.command(program);
        }
        let mut command = self.command("setpriv");
        command.args(["--pdeathsig", signal]).arg(program);
        command
    }

    /// Gives a folder and all that is in it to this user.
    pub(crate) fn own(&self, folder: &Path) -> Result<(), ClusterError> {
        let Some(account) = &self.account else {
            return Ok(());
        };
        let output = Command::new("chown")
            .args(["-R", "-h", &format!("{}:{}", account.uid, account.gid)])
            .arg(folder)
            .output();
        succeeded("chown", &output.at(Path::new("chown"))?)
    }

    /// Whether this user may pass every folder on the way into `folder`.
    pub(crate) fn can_enter(&self, folder: &Path) -> Result<bool, ClusterError> {
        if self.account.is_none() {
            return Ok(true);
        }
        let shell = Path::new("/bin/sh");
        let status = self.command(shell).args(["-c", r#"[ -x "$1" ]"#, "sh"]).arg(folder).status();
        Ok(status.at(shell)?.success())
    }
}

fn effective_uid() -> Result<u32, ClusterError> {
    let file = Path::new("/proc/self/status");
    let status = fs::read_to_string(file).at(file)?;
    let uids = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    // Real, effective, saved, file system.
    uids.and_then(|uids| uids.split_whitespace().nth(1)?.parse().ok()).ok_or(ClusterError::NoUser)
}

fn unprivileged() -> Result<Account, ClusterError> {
    let file = Path::new("/etc/passwd");
    let passwd = fs::read_to_string(file).at(file)?;
    account(&passwd, "postgres").or_else(|| account(&passwd, "nobody")).ok_or(ClusterError::NoUser)
}

fn account(passwd: &str, name: &str) -> Option<Account> {
    let fields = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&name))?;
    Some(Account { name: name.into(), uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
}

fn tether_works() -> bool {
    // BusyBox has a setpriv without --pdeathsig.
    let tried = Command::new("setpriv")
        .args(["--pdeathsig", "INT", "true"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_the_passwd_file() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:PG,,,:/var:/bin/sh\n";

        assert_eq!(
            account(passwd, "postgres"),
            Some(Account { name: "postgres".into(), uid: 101, gid: 104 })
        );
        assert_eq!(account(passwd, "nobody"), None);
    }
}
