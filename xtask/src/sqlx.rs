//! `sqlx`: `.sqlx/` holds what PostgreSQL says about every query, so that the source compiles
//! without a database. Here it is asked again, of a database with all migrations.
//!
//! The macros write a file for each query that they expand. Cargo expands only what has changed,
//! so this task stands between cargo and rustc (RUSTC_WORKSPACE_WRAPPER) and notes the folder of
//! the answers as an input of each crate: a new folder makes cargo check our crates again, while
//! dependencies and the other build results stay as they are.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::database::ThrowAway;
use crate::places::{Places, files_under, hash16};
use crate::shell;

const ANSWERS: &str = "SQLX_OFFLINE_DIR";
const IS_RUSTC: &str = "DURE_XTASK_IS_RUSTC";

/// Writes `.sqlx/` anew.
pub fn renew(places: &Places) -> Result<()> {
    let fresh = ask(places)?;
    let folder = places.root.join(".sqlx");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for (name, content) in &fresh {
        fs::write(folder.join(name), content)?;
    }
    println!("  .sqlx/ holds {} queries", fresh.len());
    remember_checked(places)
}

/// Fails when `.sqlx/` is not what `renew` would write.
pub fn check(places: &Places) -> Result<()> {
    let stamp = stamp(places)?;
    if fs::read_to_string(places.cache.join("sqlx-checked")).is_ok_and(|last| last == stamp) {
        println!("  no query or migration has changed since the last check");
        return Ok(());
    }
    let fresh = ask(places)?;
    let kept = answers_in(&places.root.join(".sqlx"))?;
    let mut wrong = Vec::new();
    for name in fresh.keys().chain(kept.keys().filter(|name| !fresh.contains_key(*name))) {
        match (fresh.get(name), kept.get(name)) {
            (Some(fresh), Some(kept)) if fresh == kept => {}
            (Some(query), None) => wrong.push(format!("missing: {}", sql_of(query))),
            (None, Some(query)) => wrong.push(format!("no longer used: {}", sql_of(query))),
            (Some(query), _) => wrong.push(format!("answered otherwise: {}", sql_of(query))),
            (None, None) => {}
        }
    }
    if !wrong.is_empty() {
        bail!(".sqlx/ is not up to date: run `cargo xtask sqlx`\n  {}", wrong.join("\n  "));
    }
    println!("  {} queries are as .sqlx/ says", fresh.len());
    remember_checked(places)
}

/// What PostgreSQL says about each query of the source, by file name.
fn ask(places: &Places) -> Result<BTreeMap<String, String>> {
    let database = ThrowAway::start()?;
    database.migrate(&places.root.join("migrations"))?;
    let answers = places.cache.join(format!("answers-{}", std::process::id()));
    fs::create_dir_all(&answers)?;
    let asked = shell::run(
        shell::cargo(places)
            .args(["check", "--workspace", "--exclude=frontend", "--exclude=xtask", "--all-targets"])
            .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
            .env(IS_RUSTC, "1")
            .env("CARGO_INCREMENTAL", "0")
            .env("DATABASE_URL", database.url())
            .env("SQLX_OFFLINE", "false")
            .env(ANSWERS, &answers),
    );
    let found = answers_in(&answers);
    fs::remove_dir_all(&answers)?;
    asked?;
    found
}

fn answers_in(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut answers = BTreeMap::new();
    for file in files_under(folder)? {
        if let Some(name) = file.file_name().and_then(|name| name.to_str()) {
            answers.insert(name.to_owned(), fs::read_to_string(&file)?);
        }
    }
    Ok(answers)
}

fn sql_of(answer: &str) -> String {
    let parsed: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
    let words: Vec<&str> = parsed["query"].as_str().unwrap_or("(unreadable)").split_whitespace().collect();
    words.join(" ").chars().take(160).collect()
}

fn remember_checked(places: &Places) -> Result<()> {
    Ok(fs::write(places.cache.join("sqlx-checked"), stamp(places)?)?)
}

/// Names everything that the check looks at.
fn stamp(places: &Places) -> Result<String> {
    let mut files = vec![places.root.join("Cargo.lock")];
    for folder in ["migrations", ".sqlx", "app", "server"] {
        files.extend(files_under(&places.root.join(folder))?);
    }
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for file in files {
        parts.push(file.to_string_lossy().into_owned().into_bytes());
        parts.push(fs::read(&file)?);
    }
    Ok(hash16(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

/// When cargo calls this program in place of rustc: runs rustc, then adds the folder of the
/// answers to what cargo watches for this crate.
pub fn rustc_for_cargo() -> Option<ExitCode> {
    std::env::var_os(IS_RUSTC)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    Some(match rustc(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    })
}

fn rustc(arguments: &[String]) -> Result<ExitCode> {
    let (program, arguments) = arguments.split_first().context("cargo named no rustc")?;
    let status = Command::new(program).args(arguments).status()?;
    if let (true, Some(notes)) = (status.success(), dependency_notes(arguments)) {
        let folder = std::env::var(ANSWERS)?;
        let mut notes = fs::OpenOptions::new().append(true).open(notes)?;
        writeln!(notes, "\n# env-dep:{ANSWERS}={folder}")?;
    }
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// The `.d` file that this call of rustc writes, if it writes one.
fn dependency_notes(arguments: &[String]) -> Option<PathBuf> {
    let after = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    let crate_name = after("--crate-name")?;
    let out = after("--out-dir")?;
    let extra = arguments.iter().find_map(|argument| argument.strip_prefix("extra-filename=")).unwrap_or("");
    let notes = Path::new(out).join(format!("{crate_name}{extra}.d"));
    notes.exists().then_some(notes)
}
