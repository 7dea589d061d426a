//! `dure ledger`: the public files of books.

use anyhow::{Context, Result};
use clap::Subcommand;
use ledger::{Verified, verify};
use std::{collections::BTreeMap, fs::File, io::BufReader, path::PathBuf};

#[derive(Clone, Debug, Subcommand)]
pub enum LedgerCommand {
    /// Recompute the public file of a project's books, without a database; exits with 1 and the line if it does
    /// not hold
    Verify {
        file: PathBuf,
        /// The hash of the last entry, as it was noted elsewhere
        #[arg(long, value_parser = read_head)]
        head: Option<String>,
    },
}

fn read_head(text: &str) -> Result<String, String> {
    let hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hash { Ok(text.to_owned()) } else { Err("expected 64 hexadecimal digits".to_owned()) }
}

/// `dure ledger`: needs neither settings nor a database.
pub fn ledger(command: LedgerCommand) -> Result<()> {
    let LedgerCommand::Verify { file, head } = command;
    let open = File::open(&file).with_context(|| format!("{} cannot be opened", file.display()))?;
    let held = verify(BufReader::new(open), head.as_deref())
        .with_context(|| format!("{} does not hold", file.display()))?;
    lines(&held).iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// What the books say: by event, and what each account holds in the end.
fn lines(held: &Verified) -> Vec<String> {
    let head = &held.head;
    let mut lines = vec![format!("{}  {}  {} entries hold", head.slug, head.project, head.entries)];
    let mut balances: BTreeMap<_, i128> = BTreeMap::new();
    for ((kind, account, currency), sum) in &held.sums {
        lines.push(format!("{kind:<24} {account:<28} {:>20} {currency}", sum.plain()));
        *balances.entry((account, *currency)).or_default() += i128::from(sum.minor());
    }
    for ((account, currency), balance) in balances {
        let balance = i64::try_from(balance).map(|minor| kernel::Money::new(minor, currency).plain());
        let balance = balance.unwrap_or_else(|_| "out of range".to_owned());
        lines.push(format!("{:<24} {account:<28} {balance:>20} {currency}", "balance"));
    }
    lines.push(format!("head {}", head.head));
    lines
}
