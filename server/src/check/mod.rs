//! `dure check`: proves the books. Everything is read in one snapshot, so a running site does not
//! disturb it.

mod books;
mod deposits;
mod jobs;
mod payments;
mod pledges;
mod refunds;
mod settlement;
mod states;

use anyhow::Result;
use kernel::db::Db;
use ledger::BookCheck;
use sqlx::{Connection, PgPool};
use std::time::Instant;

/// A statement about the books that must hold.
struct Law {
    name: &'static str,
    /// Rows that break it, as text.
    broken: &'static str,
}

const LAWS: [&[Law]; 8] = [
    books::LAWS,
    pledges::LAWS,
    states::LAWS,
    payments::LAWS,
    refunds::LAWS,
    deposits::LAWS,
    settlement::LAWS,
    jobs::LAWS,
];

/// What was checked, and what was found.
#[derive(Debug, Default)]
pub struct Report {
    pub checked: Vec<(&'static str, Vec<String>)>,
    pub entries: usize,
    pub dead_jobs: usize,
}

impl Report {
    #[must_use]
    pub fn faults(&self) -> usize {
        self.checked.iter().map(|(_, rows)| rows.len()).sum()
    }

    /// One line for each law, and under it the rows that break it.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (law, rows) in &self.checked {
            lines.push(format!("{}  {law}", if rows.is_empty() { "holds " } else { "BROKEN" }));
            lines.extend(rows.iter().map(|row| format!("        {row}")));
        }
        lines.push(format!(
            "{} ledger entries, {} laws, {} faults",
            self.entries,
            self.checked.len(),
            self.faults()
        ));
        lines
    }
}

/// Whose practice gateway takes the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// Its books stand beside ours, and must agree with them.
    Own,
    /// Its books are elsewhere.
    Another,
}

/// Checks all laws, and writes down when and what was found: pages tell when the books last balanced.
pub async fn run_and_note(db: &Db, gateway: Gateway) -> Result<Report> {
    let (started, at) = (Instant::now(), db.now());
    let report = run(&db.pool, gateway).await?;
    let check = BookCheck {
        at,
        laws: i32::try_from(report.checked.len())?,
        faults: i32::try_from(report.faults())?,
        entries: i64::try_from(report.entries)?,
        took_ms: i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX),
    };
    ledger::note_check(&db.pool, check).await?;
    Ok(report)
}

/// Checks all laws in one snapshot.
pub async fn run(pool: &PgPool, gateway: Gateway) -> Result<Report> {
    let mut connection = pool.acquire().await?;
    let mut snapshot = connection.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *snapshot).await?;
    let mut report = Report::default();
    for law in LAWS.into_iter().flatten() {
        if matches!(law.name, payments::OWN_GATEWAY | refunds::OWN_GATEWAY) && gateway == Gateway::Another {
            continue;
        }
        let rows: Vec<String> = sqlx::query_scalar(law.broken).fetch_all(&mut *snapshot).await?;
        if law.name == jobs::GIVEN_UP {
            report.dead_jobs = rows.len();
        }
        report.checked.push((law.name, rows));
    }
    let (entries, rows) = books::chains(&mut snapshot).await?;
    report.entries = entries;
    report.checked.push(("every book's entries are an unbroken chain of hashes", rows));
    Ok(report)
}
