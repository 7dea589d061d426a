//! `cargo xtask`: what `bin/` needs and cargo alone cannot do. Every step is one file here.

mod assets;
mod budget;
mod build;
mod database;
mod dev;
mod fonts;
mod pack;
mod places;
mod shell;
mod sqlx;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::places::{Places, Profile};

#[derive(Parser)]
#[command(about = "The build steps of Dure", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make dist/: the binary and its site files, which run without source or toolchain.
    Build {
        /// Build quickly and without optimisation, compression or wasm-opt.
        #[arg(long)]
        debug: bool,
        /// Where the result goes.
        #[arg(long, default_value = "dist")]
        out: PathBuf,
    },
    /// Print what a first view loads, and fail when JavaScript and WASM are over their budget.
    Budget {
        #[arg(long, default_value = "dist")]
        out: PathBuf,
    },
    /// Renew .sqlx/ from the queries in the source, asked of a real database with all migrations.
    Sqlx {
        /// Change nothing; fail when .sqlx/ is not what the source needs.
        #[arg(long)]
        check: bool,
    },
    /// Run a command with DATABASE_URL set to a fresh database that is thrown away afterwards.
    WithDatabase {
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Debug build, run, and do both again when a source file changes.
    Dev {
        /// Arguments for `dure serve`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        serve: Vec<String>,
    },
}

fn main() -> ExitCode {
    if let Some(code) = sqlx::rustc_for_cargo() {
        return code;
    }
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let places = Places::find()?;
    match task {
        Task::Build { debug, out } => {
            let profile = if debug { Profile::Debug } else { Profile::Release };
            build::build(&places, profile, &places.in_workspace(&out)?)?;
        }
        Task::Budget { out } => budget::check(&places.in_workspace(&out)?)?,
        Task::Sqlx { check: true } => sqlx::check(&places)?,
        Task::Sqlx { check: false } => sqlx::renew(&places)?,
        Task::WithDatabase { command } => return database::run_with(&command),
        Task::Dev { serve } => dev::watch(&places, &serve)?,
    }
    Ok(ExitCode::SUCCESS)
}
