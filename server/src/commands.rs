//! Small commands.

mod ledger;

pub use ledger::{LedgerCommand, ledger};

use crate::database::Database;
use accounts::operators::{self, Role};
use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use clap::Subcommand;
use kernel::{DomainError, Locale, clock::advance_row, db::Db, site::Site};
use projects::store;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A span as people write it: `31d`, `12h`, `30m`, `10s`.
pub fn parse_span(text: &str) -> Result<TimeDelta, String> {
    let expected = || format!("{text:?} is not a span; expected a number and d, h, m or s, such as 31d");
    let unit = text.chars().last().ok_or_else(expected)?;
    let number: i64 = text.strip_suffix(unit).and_then(|n| n.parse().ok()).ok_or_else(expected)?;
    let seconds = match unit {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return Err(expected()),
    };
    let span = number.checked_mul(seconds).filter(|seconds| (0..=3_650 * 86_400).contains(seconds));
    span.map(TimeDelta::seconds).ok_or_else(|| format!("{text:?} is out of range; expected 0s to 3650d"))
}

/// `dure clock advance`: moves the sandbox clock of every replica.
pub async fn advance(database: &Database, by: TimeDelta) -> Result<()> {
    let ahead = advance_row(&database.db.pool, by).await?;
    database.db.clock.follow(&database.db.pool).await?;
    println!(
        "It is now {} (the clock is {} days and {} seconds ahead)",
        database.db.now().format("%Y-%m-%d %H:%M:%S UTC"),
        ahead.num_days(),
        ahead.num_seconds() % 86_400
    );
    Ok(())
}

#[derive(Clone, Debug, Subcommand)]
pub enum ReviewCommand {
    /// List the projects that wait
    List,
    /// Approve a project: it goes live at once
    Approve { slug: String },
    /// Return a project to its creator, who is told why
    Return {
        slug: String,
        #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
        why: String,
    },
}

/// `dure review`: the operator decides about what creators submitted.
pub async fn review(db: &Db, site: &Site, command: ReviewCommand) -> Result<()> {
    let mut connection = db.pool.acquire().await?;
    let (slug, why) = match command {
        ReviewCommand::List => {
            for project in store::in_review(&mut connection).await? {
                println!("{}  {}  {}", project.slug, project.creator_name, project.title);
            }
            return Ok(());
        }
        ReviewCommand::Approve { slug } => (slug, None),
        ReviewCommand::Return { slug, why } => (slug, Some(why)),
    };
    let project =
        store::by_slug(&mut connection, &slug).await?.with_context(|| format!("no project {slug:?}"))?;
    drop(connection);
    let (done, told) = match why {
        None => (projects::approve(db, site, project.id).await, "is live"),
        Some(why) => (projects::send_back(db, site, project.id, &why).await, "is a draft again"),
    };
    done.map_err(|error| anyhow::anyhow!("{slug}: {}", error.explain(Locale::En)))?;
    println!("{slug} {told}; its creator is mailed");
    Ok(())
}

#[derive(Clone, Debug, Subcommand)]
pub enum AdminCommand {
    /// Give a member a role: operator, support or finance
    Grant {
        /// E-mail address or ID
        member: String,
        role: Role,
    },
    /// Take a role back
    Revoke {
        /// E-mail address or ID
        member: String,
        role: Role,
    },
    /// List who has a role
    List,
    /// Shut a member out; they are told why
    Suspend {
        /// E-mail address or ID
        member: String,
        #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
        why: String,
    },
    /// Mail a member again whose mails came back, for who cannot log in to confirm their address
    MailAgain {
        /// E-mail address or ID
        member: String,
    },
    /// Let a suspended member in again
    Readmit {
        /// E-mail address or ID
        member: String,
    },
    /// What operators did, newest first
    Log {
        #[arg(long, default_value_t = 50)]
        last: i64,
    },
}

/// `dure admin`: who runs the site. Everything that changes is written to the audit log.
pub async fn admin(db: &Db, site: &Site, command: AdminCommand) -> Result<()> {
    use operators::{Actor, AuditLine};
    let find = async |log_in: &str| {
        let found = operators::member_by_log_in(&db.pool, log_in).await?;
        found.with_context(|| format!("nobody has the address or ID {log_in:?}"))
    };
    match command {
        AdminCommand::List => {
            for (handle, name, role) in operators::operators(&db.pool).await? {
                println!("{role:<9} {handle}  {name}");
            }
        }
        AdminCommand::Log { last } => {
            for line in AuditLine::last(&db.pool, None, last).await? {
                let at = line.at.format("%Y-%m-%d %H:%M:%S");
                println!("{at}  {}  {}  {}  {}", line.actor, line.action, line.subject, line.detail);
            }
        }
        AdminCommand::Grant { member, role } => {
            let id = find(&member).await?;
            let mut tx = db.pool.begin().await?;
            let done = operators::grant(&mut tx, &Actor::Shell, id, role, db.now()).await?;
            tx.commit().await?;
            println!("{member} {} {}", if done { "is now" } else { "was already" }, role.code());
        }
        AdminCommand::Revoke { member, role } => {
            let id = find(&member).await?;
            let mut tx = db.pool.begin().await?;
            let done = operators::revoke(&mut tx, &Actor::Shell, id, role, db.now()).await?;
            tx.commit().await?;
            println!("{member} {} {}", if done { "is no longer" } else { "was not" }, role.code());
        }
        AdminCommand::Suspend { member, why } => {
            let id = find(&member).await?;
            let done = operators::suspend(db, site, &Actor::Shell, id, &why).await.map_err(in_english)?;
            println!("{member} {}", if done { "is suspended and mailed" } else { "was suspended already" });
        }
        AdminCommand::MailAgain { member } => {
            let id = find(&member).await?;
            let done = operators::mail_again(db, &Actor::Shell, id).await?;
            println!("{member} {}", if done { "is mailed again" } else { "was never left out" });
        }
        AdminCommand::Readmit { member } => {
            let id = find(&member).await?;
            let done = operators::readmit(db, site, &Actor::Shell, id).await.map_err(in_english)?;
            println!(
                "{member} {}",
                if done { "may log in again and is mailed" } else { "was not suspended" }
            );
        }
    }
    Ok(())
}

fn in_english(refusal: kernel::Refusal) -> anyhow::Error {
    anyhow::anyhow!("{}", refusal.explain(Locale::En))
}

/// `dure reseal`: says what was done; false if a text could not be opened.
pub async fn reseal(db: &Db) -> Result<bool> {
    let mut whole = true;
    for (place, count) in crate::reseal::reseal(db).await? {
        println!("{place:<22} sealed anew {}, changed meanwhile {}", count.resealed, count.overtaken);
        for (key, texts) in count.closed {
            whole = false;
            println!("{place:<22} {texts} sealed with key {key} cannot be opened");
        }
    }
    println!("{}", if whole { "Older keys can be taken out of DURE_KEYS" } else { "Keep the older keys" });
    Ok(whole)
}

/// `dure jobs revive`: dead letters wait again, from their first try.
pub async fn revive(database: &Database) -> Result<()> {
    database.db.clock.follow(&database.db.pool).await?;
    let revived = kernel::jobs::revive(&database.db.pool, database.db.now()).await?;
    database.db.notify.jobs();
    println!("Jobs that wait again: {revived}");
    Ok(())
}

/// `dure healthcheck`: asks a running `serve` whether it is alive, for containers without curl.
pub async fn healthcheck(listen: SocketAddr) -> Result<()> {
    let ask = async {
        let mut stream = TcpStream::connect(listen).await?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = timeout(Duration::from_secs(3), ask).await.context("no answer in three seconds")??;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { bail!("it answered {:?}", answer.lines().next()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        assert_eq!(parse_span("31d"), Ok(TimeDelta::days(31)));
        assert_eq!(parse_span("90m"), Ok(TimeDelta::minutes(90)));
        for bad in ["", "d", "31", "-1d", "1w", "99999999999999999999d", "4000d", "1일"] {
            assert!(parse_span(bad).is_err(), "{bad}");
        }
    }
}
