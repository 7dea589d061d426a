//! The program `dure`: reads what it is asked to do and does it.

use anyhow::Result;
use chrono::TimeDelta;
use clap::{Parser, Subcommand};
use server::{
    check,
    commands::{self, AdminCommand, LedgerCommand, ReviewCommand},
    config::{self, Config},
    database::{Database, Role},
    demo, replay,
    serve::{self, Demo},
    telemetry,
};
use std::{path::PathBuf, process::ExitCode};

/// Reward-based, all-or-nothing crowdfunding: the site, its worker and its tools in one program.
#[derive(Parser)]
#[command(name = "dure", version, after_help = variables())]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site, with the worker beside it unless DURE_WORKER=off
    Serve {
        /// Port to listen on; the same as DURE_PORT
        #[arg(long)]
        port: Option<u16>,
        /// Do not fill an empty private database with the demo
        #[arg(long)]
        empty: bool,
    },
    /// Run only the worker: deadlines, charges, mails
    Worker,
    /// Bring the database's schema up to date
    Migrate,
    /// Fill an empty database with a living demo; nothing else may run on it meanwhile
    Demo,
    /// Live through the campaigns of a CSV file and compare the outcomes; alone on its database
    Replay { file: PathBuf },
    /// Prove the books; exits with 1 and the rows if anything is off
    Check,
    /// The public files of books
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// The projects that wait for the operator, on a site with DURE_REVIEW=operator
    Review {
        #[command(subcommand)]
        command: ReviewCommand,
    },
    /// Who runs the site: roles, suspensions, and what was done
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Seal with the newest key of DURE_KEYS what older ones sealed; exits with 1 if a text cannot be opened
    Reseal,
    /// The queue of jobs
    Jobs {
        #[command(subcommand)]
        command: JobsCommand,
    },
    /// The sandbox clock
    Clock {
        #[command(subcommand)]
        command: ClockCommand,
    },
    /// Ask a running `serve` on this machine whether it is alive
    Healthcheck,
}

#[derive(Subcommand)]
enum JobsCommand {
    /// Let jobs that failed for the last time be tried again
    Revive,
}

#[derive(Subcommand)]
enum ClockCommand {
    /// Move the clock of every replica forward: 31d, 12h, 30m, 10s
    Advance {
        #[arg(value_parser = commands::parse_span)]
        by: TimeDelta,
    },
}

fn variables() -> String {
    let lines = config::variables().map(|(name, meaning)| format!("  {name:<20} {meaning}"));
    format!("Environment variables:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dure: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode> {
    if let Command::Ledger { command } = command {
        // Whoever proves a file has no site.
        commands::ledger(command)?;
        return Ok(ExitCode::SUCCESS);
    }
    let port = match &command {
        Command::Serve { port, .. } => *port,
        _ => None,
    };
    let config = Config::from_env(port)?;
    if matches!(command, Command::Serve { .. } | Command::Worker | Command::Demo) {
        config.check_origin()?;
    }
    telemetry::start(&config)?;
    match command {
        Command::Ledger { .. } => {}
        Command::Serve { empty, .. } => {
            let database = Database::open(&config, Role::Service).await?;
            database.check_schema().await?;
            serve::serve(config, database, if empty { Demo::Never } else { Demo::WhenEmpty }).await?;
        }
        Command::Worker => {
            let database = Database::open(&config, Role::Service).await?;
            database.check_schema().await?;
            serve::work(config, database).await?;
        }
        Command::Migrate => {
            let database = Database::open(&config, Role::Command).await?;
            database.migrate().await?;
            println!("The schema is up to date");
            database.close().await;
        }
        Command::Demo => {
            let database = Database::open(&config, Role::Service).await?;
            let filled = demo::fill_empty(&config, &database.db).await;
            database.close().await;
            filled?;
        }
        Command::Replay { file } => {
            let database = Database::open(&config, Role::Service).await?;
            let verdict = replay::replay(&config, &database.db, &file).await;
            database.close().await;
            if verdict? == replay::Verdict::Different {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Check => {
            let database = Database::open(&config, Role::Command).await?;
            let report = check::run(&database.db.pool).await;
            database.close().await;
            let report = report?;
            report.lines().iter().for_each(|line| println!("{line}"));
            if report.faults() > 0 {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Review { command } => {
            let database = Database::open(&config, Role::Command).await?;
            database.db.clock.follow(&database.db.pool).await?;
            let reviewed = commands::review(&database.db, &config.site_settings(), command).await;
            database.close().await;
            reviewed?;
        }
        Command::Admin { command } => {
            let database = Database::open(&config, Role::Command).await?;
            database.db.clock.follow(&database.db.pool).await?;
            let done = commands::admin(&database.db, &config.site_settings(), command).await;
            database.close().await;
            done?;
        }
        Command::Reseal => {
            let database = Database::open(&config, Role::Command).await?;
            let whole = commands::reseal(&database.db).await;
            database.close().await;
            if !whole? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Jobs { command: JobsCommand::Revive } => {
            let database = Database::open(&config, Role::Command).await?;
            let revived = commands::revive(&database).await;
            database.close().await;
            revived?;
        }
        Command::Clock { command: ClockCommand::Advance { by } } => {
            let database = Database::open(&config, Role::Command).await?;
            commands::advance(&database, by).await?;
            database.close().await;
        }
        Command::Healthcheck => commands::healthcheck(config.listen).await?,
    }
    Ok(ExitCode::SUCCESS)
}
