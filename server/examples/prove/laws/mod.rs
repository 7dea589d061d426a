//! The twelve laws, on the real database with several processes: two web processes, two workers, the one that
//! keeps the database, and the gateway.

mod books;
mod deadlines;
mod doubles;
mod mails;
mod moves;
mod reports;
mod splits;
mod stock;

use crate::{
    kill, rush,
    site::{Plan, Site},
};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use kernel::clock;
use std::time::{Duration, Instant};

const PLAN: Plan = Plan { webs: 2, workers: 2, runs: "now,+20m,+40m", slow_ms: 20, at_once: 0 };
/// Pledges of the campaign during which processes are killed, and people of the small rush.
const KILLED: usize = 150;
const RUSHING: usize = 300;
/// What takes longer has hung.
const BOUND: Duration = Duration::from_secs(300);

/// One law, and what was found.
pub struct Law {
    number: u8,
    name: &'static str,
    cases: usize,
    broken: Vec<String>,
}

impl Law {
    pub const fn new(number: u8, name: &'static str) -> Self {
        Self { number, name, cases: 0, broken: Vec::new() }
    }

    /// One case of it.
    pub fn case(&mut self, held: bool, fault: impl FnOnce() -> String) {
        self.cases += 1;
        if !held {
            self.broken.push(fault());
        }
    }

    fn tell(&self) {
        let held = if self.broken.is_empty() { "holds " } else { "BROKEN" };
        println!("  {held} {:>2}. {} ({} cases)", self.number, self.name, self.cases);
        for line in self.broken.iter().take(20) {
            println!("             {line}");
        }
    }
}

pub async fn prove(seed: u64, rounds: u64) -> Result<bool> {
    let (mut proved, mut cases, mut broken) = (0, 0, 0);
    for seed in seed..seed + rounds {
        let mut site = Site::make(&PLAN).await?;
        println!("seed {seed}:");
        let laws = round(&mut site, seed).await.with_context(|| {
            format!("seed {seed}; what the processes said stands in {}", site.folder.display())
        })?;
        laws.iter().for_each(Law::tell);
        let found: usize = laws.iter().map(|law| law.broken.len()).sum();
        proved = laws.len();
        cases += laws.iter().map(|law| law.cases).sum::<usize>();
        broken += found;
        site.end(found == 0)?;
    }
    println!("not proved here: 6 (deposits) and 7 (refunds)");
    println!("{rounds} rounds, {proved} laws, {cases} cases: broken {broken}");
    Ok(broken == 0)
}

async fn round(site: &mut Site, seed: u64) -> Result<Vec<Law>> {
    let last_piece = stock::prove(site).await?;
    let mut doubles = doubles::Doubles::begin(site).await?;
    let mut reports = reports::Reports::begin(site).await?;
    let mut deadlines = deadlines::Deadlines::begin(site).await?;
    let mut books = books::Books::begin();

    clock::advance_row(&site.db().pool, TimeDelta::days(3)).await?;
    let started = Instant::now();
    // Leases end for the living too: both workers do the same job now and then.
    while !kill::go_on(site.db()).await? {
        books.look(site).await?;
        reports.deliver(site).await?;
        anyhow::ensure!(started.elapsed() < BOUND, "the deadline was not over in five minutes");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    reports.end(site).await?;
    doubles.end(site).await?;
    deadlines.end(site).await?;
    books.end(site).await?;

    let people = site.people("killed", KILLED + 1).await?;
    let killed = killed(kill::round(site, &people, seed).await?, site).await?;
    let mails = mails::prove(site).await?;
    let rush = rushed(&rush::run(site, seed, RUSHING).await?);
    let moves = moves::prove(site).await?;
    Ok(vec![
        last_piece,
        doubles.law,
        killed,
        reports.law,
        deadlines.law,
        books.law,
        splits::prove(seed),
        moves,
        mails,
        rush,
    ])
}

/// Processes were killed around the gateway's calls.
async fn killed(found: kill::Found, site: &Site) -> Result<Law> {
    let mut law =
        Law::new(3, "killed at any step, money and states agree; what has no outcome is not charged again");
    law.cases = KILLED;
    law.broken.extend(found.books.lost);
    law.broken.extend(found.books.doubled);
    let again: Vec<String> = sqlx::query_scalar(
        "select a.payment_id::text from payment_attempts a
           join state_moves m on m.machine = 'attempt' and m.entity_id = a.id and m.to_state = 'unknown'
           join payment_attempts b on b.payment_id = a.payment_id and b.kind = 'charge' and b.id <> a.id
          where b.created_at > a.created_at and (a.settled_at is null or b.created_at < a.settled_at)",
    )
    .fetch_all(&site.db().pool)
    .await?;
    let unknown: i64 = sqlx::query_scalar(
        "select count(*) from state_moves where machine = 'attempt' and to_state = 'unknown'",
    )
    .fetch_one(&site.db().pool)
    .await?;
    law.cases += usize::try_from(unknown)?;
    law.broken
        .extend(again.iter().map(|payment| format!("payment {payment} was charged beside an open charge")));
    Ok(law)
}

fn rushed(found: &rush::Found) -> Law {
    let mut law = Law::new(12, "in a rush nothing is oversold, nothing fails, and the page stays up");
    law.case(found.oversold == 0, || format!("{} pieces were oversold", found.oversold));
    law.case(found.errors == 0, || format!("{} answers were errors", found.errors));
    law.case(found.lost == 0, || format!("{} pledges were lost", found.lost));
    law.cases = RUSHING;
    law
}
