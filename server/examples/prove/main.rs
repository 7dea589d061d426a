//! `bin/prove`: runs one proof against the built `dist/dure`, with data folders and ports of its own, on
//! loopback. Prints its figure last and exits with 1 when something was lost, doubled or oversold, with 2 when
//! it was asked for something else. How to read it stands in docs/reliability.md.

#[path = "../shared/campaign.rs"]
mod campaign;
mod cast;
#[path = "../shared/checkout.rs"]
mod checkout;
mod compare;
mod deadline;
mod hand;
mod kill;
mod laws;
#[path = "../shared/people.rs"]
mod people;
#[path = "../shared/pgbench.rs"]
mod pgbench;
mod rush;
mod site;
mod times;

use anyhow::{Result, bail};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "usage: bin/prove laws|kill|rush|deadline [--seed N] [--rounds N] [--size N]";

/// What was asked for.
struct Asked {
    proof: String,
    seed: u64,
    rounds: u64,
    /// How many people or pledges; none: as many as the proof is about.
    size: Option<usize>,
}

/// Nothing, if the words cannot be understood.
fn asked() -> Option<Asked> {
    let mut args = std::env::args().skip(1);
    let mut asked = Asked { proof: args.next()?, seed: 1, rounds: 1, size: None };
    while let Some(name) = args.next() {
        let value = args.next()?;
        match name.as_str() {
            "--seed" => asked.seed = value.parse().ok()?,
            "--rounds" => asked.rounds = value.parse().ok().filter(|rounds| *rounds > 0)?,
            "--size" => asked.size = Some(value.parse().ok().filter(|size| *size > 0)?),
            _ => return None,
        }
    }
    ["laws", "kill", "rush", "deadline"].contains(&asked.proof.as_str()).then_some(asked)
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Some(Asked { proof, seed, rounds, size }) = asked() else {
        eprintln!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    let proving = async {
        match proof.as_str() {
            "laws" => laws::prove(seed, rounds).await,
            "kill" => kill::prove(seed, rounds, size).await,
            "rush" => rush::prove(seed, rounds, size).await,
            "deadline" => deadline::prove(seed, rounds, size).await,
            _ => bail!(USAGE),
        }
    };
    // Whoever is told to stop ends the processes that were started.
    let mut stop = signal(SignalKind::terminate())?;
    let held = tokio::select! {
        held = proving => held?,
        _ = stop.recv() => bail!("told to stop"),
        _ = tokio::signal::ctrl_c() => bail!("told to stop"),
    };
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
