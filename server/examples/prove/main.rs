//! `bin/prove`: runs one proof against the built `dist/dure`, with data folders and ports of its own, on
//! loopback. Prints its figure last and exits with 1 when something was lost or doubled. How to read it
//! stands in docs/reliability.md.

mod cast;
mod kill;
mod world;

use anyhow::{Context, Result, bail};
use std::process::ExitCode;

const USAGE: &str = "allowed: kill [--seed N] [--rounds N]";

/// What was asked for.
struct Asked {
    proof: String,
    seed: u64,
    rounds: u64,
}

fn asked() -> Result<Asked> {
    let mut args = std::env::args().skip(1);
    let proof = args.next().context(USAGE)?;
    let mut asked = Asked { proof, seed: 1, rounds: 1 };
    while let Some(name) = args.next() {
        let value = args.next().context(USAGE)?.parse().context(USAGE)?;
        match name.as_str() {
            "--seed" => asked.seed = value,
            "--rounds" => asked.rounds = value,
            _ => bail!(USAGE),
        }
    }
    Ok(asked)
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let asked = asked()?;
    let held = match asked.proof.as_str() {
        "kill" => kill::prove(asked.seed, asked.rounds).await?,
        _ => bail!(USAGE),
    };
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
