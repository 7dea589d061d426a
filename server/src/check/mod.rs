//! `dure check`: proves the books. Everything is read in one snapshot, so a running site does not
//! disturb it.

mod books;
mod jobs;
mod payments;
mod pledges;
mod refunds;
mod states;

use anyhow::Result;
use sqlx::{Connection, PgPool};

/// A statement about the books that must hold.
struct Law {
    name: &'static str,
    /// Rows that break it, as text.
    broken: &'static str,
}

const LAWS: [&[Law]; 6] =
    [books::LAWS, pledges::LAWS, states::LAWS, payments::LAWS, refunds::LAWS, jobs::LAWS];

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
