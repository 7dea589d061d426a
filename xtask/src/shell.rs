//! Running other programs, with errors that name the program and what it was asked.

use std::process::{Child, Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs a program; its output is the reader's.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {}", told(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", told(command));
    }
    Ok(())
}

/// Runs a program quietly; what it wrote is shown only when it fails.
pub fn run_quietly(command: &mut Command) -> Result<Output> {
    let output = command.output().with_context(|| format!("starting {}", told(command)))?;
    if !output.status.success() {
        bail!(
            "{} failed ({})\n{}{}",
            told(command),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output)
}

fn told(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or(&program).to_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    std::iter::once(name.into()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// The cargo that runs this task, in the workspace.
pub fn cargo(places: &crate::places::Places) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(&places.root).env("CARGO_TARGET_DIR", &places.target);
    forget_own_package(&mut command);
    command
}

/// Takes away what `cargo run` tells this task about its own package. `ring` watches some of it,
/// and would be compiled again, with all above it, each time cargo is called with and without.
pub fn forget_own_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
}

/// Says what begins, and how long it took when it is over.
pub fn timed<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let result = work().with_context(|| format!("{what} failed"));
    if result.is_ok() {
        println!("  {what}: {:.1} s", start.elapsed().as_secs_f32());
    }
    result
}

/// True once someone pressed Ctrl-C or asked this program to end. Whoever waits for a child asks
/// this, so that a throw-away database is stopped also then.
pub fn asked_to_stop() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| {
        if let Err(error) = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)) {
            eprintln!("Ctrl-C may leave a database behind: {error}");
        }
    });
    &STOP
}

/// Asks a child to end, as Ctrl-C in a terminal would, and insists after ten seconds.
pub fn end(child: &mut Child) -> Result<()> {
    // Standard Rust can only kill; `kill` is in every Debian.
    let asked = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
    if asked.is_ok_and(|status| status.success()) {
        for _ in 0..200 {
            if child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}
