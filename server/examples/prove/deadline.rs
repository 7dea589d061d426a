//! 100,000 pledges over 200 projects end at one instant: how fast they are judged and charged beside what the
//! gateway could take, and whether memory stays flat.

use crate::{
    campaign::{Campaign, campaign},
    cast::Actor,
    compare::compare,
    people::Person,
    site::{Plan, Site},
    times::Times,
};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Money, clock, db::Act};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};
use uuid::Uuid;

const PLEDGES: usize = 100_000;
/// Pledges of a project.
const EACH: usize = 500;
/// How long the gateway takes for a charge, and how many it works at: 320 a second at most.
const SLOW_MS: i32 = 50;
const GATEWAY_AT_ONCE: i32 = 16;
const PLAN: Plan = Plan { webs: 1, workers: 1, runs: "now", slow_ms: SLOW_MS, at_once: GATEWAY_AT_ONCE };
/// Projects that are prepared at once.
const AT_ONCE: usize = 4;
/// What takes longer has hung.
const BOUND: Duration = Duration::from_secs(3600);
const SAMPLED_EVERY: Duration = Duration::from_millis(500);
/// Memory is flat if the mean of the last quarter is not above that of the first by more than this, in kB.
const FLAT: u64 = 16 * 1024;

pub async fn prove(seed: u64, rounds: u64, size: Option<usize>) -> Result<bool> {
    let pledges = size.unwrap_or(PLEDGES).next_multiple_of(EACH);
    let (mut lost, mut doubled, mut flat) = (0, 0, true);
    for seed in seed..seed + rounds {
        let found = round(seed, pledges).await?;
        lost += found.lost;
        doubled += found.doubled;
        flat &= found.flat;
    }
    let memory = if flat { "memory flat" } else { "memory grew" };
    println!("{rounds} rounds of {pledges} pledges at one instant: lost {lost}, doubled {doubled}, {memory}");
    Ok(lost == 0 && doubled == 0 && flat)
}

struct Found {
    lost: usize,
    doubled: usize,
    flat: bool,
}

async fn round(seed: u64, pledges: usize) -> Result<Found> {
    let site = Site::make(&PLAN).await?;
    let began = Instant::now();
    let projects = prepare(&site, seed, pledges).await?;
    // Mails of the launch.
    site.quiet().await?;
    println!(
        "seed {seed}: {pledges} pledges of {} projects were prepared in {:.0} s",
        projects.len(),
        began.elapsed().as_secs_f64()
    );
    let over = AtomicBool::new(false);
    let ids: Vec<_> = projects.iter().map(|project| project.id).collect();
    let (passed, memory, mut pages) = tokio::join!(
        async {
            let passed = pass(&site).await;
            over.store(true, Ordering::Relaxed);
            passed
        },
        sample(&site, &over),
        read(&site, &projects, &over),
    );
    let (took, mails) = passed?;
    let (worker, web) = memory?;
    let limit = f64::from(GATEWAY_AT_ONCE) * 1000.0 / f64::from(SLOW_MS);
    let (charged, ratio) = (charges_a_second(&site).await?, pledges as f64 / took.as_secs_f64() / limit);
    println!(
        "  judged and charged in {:.1} s: {:.0} a second, {ratio:.2} of the gateway's {limit:.0}; between the first and the last charge {charged:.0} a second, {:.2} of it",
        took.as_secs_f64(),
        pledges as f64 / took.as_secs_f64(),
        charged / limit
    );
    println!("  everybody had their mail {:.1} s later", mails.as_secs_f64());
    println!("{}", pages.line("pages meanwhile"));
    println!("  worker: {worker}");
    println!("  web:    {web}");
    let mut books = compare(&site, &ids, pledges).await?;
    books.lost.extend(site.broken_laws()?);
    for line in books.lost.iter().chain(&books.doubled).take(20) {
        println!("  {line}");
    }
    let found = Found {
        lost: books.lost.len() + books.dropped,
        doubled: books.doubled.len(),
        flat: worker.is_flat() && web.is_flat(),
    };
    site.end(found.lost == 0 && found.doubled == 0)?;
    Ok(found)
}

/// Running projects whose pledges are all reserved, with a card each at the gateway.
async fn prepare(site: &Site, seed: u64, pledges: usize) -> Result<Vec<Campaign>> {
    let people = site.people("deadline", (pledges / 10).max(EACH)).await?;
    let creators = site.people("creator", pledges / EACH).await?;
    let deadline = site.db().now() + TimeDelta::days(2);
    let people = &people;
    let made = stream::iter(creators.iter().enumerate()).map(|(n, creator)| async move {
        let title = format!("마감을 맞는 찻잔 {n}");
        let made = campaign(site.db(), creator.id, title, Money::won(1_000_000), deadline, &[]).await?;
        let backers = people.iter().cycle().skip(n * EACH % people.len()).take(EACH);
        fill(site, &made, backers, seed).await?;
        anyhow::Ok(made)
    });
    made.buffered(AT_ONCE).try_collect().await
}

/// Rows that checkouts, cards and returns would have left, with every trigger in force.
async fn fill(
    site: &Site,
    project: &Campaign,
    backers: impl Iterator<Item = &Person>,
    seed: u64,
) -> Result<()> {
    let members: Vec<Uuid> = backers.map(|person| person.id.uuid()).collect();
    let fresh = || members.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>();
    let (pledges, payments, cards) = (fresh(), fresh(), fresh());
    let now = site.db().now();
    let mut tx = site.db().begin(Act::system("prepared for the proof")).await?;
    sqlx::query(
        "insert into pledges (id, project_id, backer_id, form_key, currency, rewards_minor, extra_minor, total_minor,
                              state, hold_expires_at, created_at)
         select p, $3, m, gen_random_uuid(), 'KRW', 0, minor, minor, 'held', $4, $4
           from unnest($1::uuid[], $2::uuid[]) with ordinality as w (p, m, n),
                lateral (select 1000 + (n * 7919 + $5) % 99000) as a (minor)",
    )
    .bind(&pledges)
    .bind(&members)
    .bind(project.id.uuid())
    .bind(now)
    .bind(i64::try_from(seed)?)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into payments (id, purpose, purpose_id, project_id, member_id, amount_minor, currency, gateway, state, created_at)
         select y, 'pledge', p.id, p.project_id, p.backer_id, p.total_minor, p.currency, 'sandbox', 'pending', p.created_at
           from unnest($1::uuid[], $2::uuid[]) as w (y, pledge) join pledges p on p.id = w.pledge",
    )
    .bind(&payments)
    .bind(&pledges)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into payment_methods (id, member_id, gateway, gateway_ref, brand, last4, created_at)
         select c, y.member_id, 'sandbox', c::text, 'Visa', '4242', y.created_at
           from unnest($1::uuid[], $2::uuid[]) as w (c, payment) join payments y on y.id = w.payment",
    )
    .bind(&cards)
    .bind(&payments)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "update payments y set state = 'stored', method_id = w.c
           from unnest($1::uuid[], $2::uuid[]) as w (c, payment) where y.id = w.payment",
    )
    .bind(&cards)
    .bind(&payments)
    .execute(&mut *tx)
    .await?;
    sqlx::query("update pledges set state = 'reserved' where id = any($1)")
        .bind(&pledges)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "insert into sandbox.cards (id, brand, last4, manner) select c, 'Visa', '4242', 'pays' from unnest($1::uuid[]) as w (c)",
    )
    .bind(&cards)
    .execute(&site.gateway_books)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The deadline passes: how long until every project is funded, and from then on until every mail is out.
async fn pass(site: &Site) -> Result<(Duration, Duration)> {
    let pool = &site.db().pool;
    let started = Instant::now();
    clock::advance_row(pool, TimeDelta::days(3)).await?;
    while sqlx::query_scalar(
        "select exists (select from projects where state in ('live', 'judging', 'collecting'))",
    )
    .fetch_one(pool)
    .await?
    {
        anyhow::ensure!(started.elapsed() < BOUND, "not every project was judged and collected in an hour");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok((started.elapsed(), site.quiet().await?))
}

/// Charges a second, by the gateway's own clock.
async fn charges_a_second(site: &Site) -> Result<f64> {
    Ok(sqlx::query_scalar(
        "select (count(*) / extract(epoch from max(created_at) - min(created_at)))::float8 from sandbox.charges",
    )
    .fetch_one(&site.gateway_books)
    .await?)
}

/// Resident memory of a process over the time.
struct Memory(Vec<u64>);

impl Memory {
    /// The means of the first and of the last quarter, in kB.
    fn quarters(&self) -> (u64, u64) {
        let quarter = (self.0.len() / 4).max(1);
        let mean = |part: &[u64]| part.iter().sum::<u64>() / part.len().max(1) as u64;
        (mean(&self.0[..quarter.min(self.0.len())]), mean(&self.0[self.0.len().saturating_sub(quarter)..]))
    }

    fn is_flat(&self) -> bool {
        let (first, last) = self.quarters();
        last <= first + FLAT
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (first, last) = self.quarters();
        let most = self.0.iter().max().copied().unwrap_or_default();
        let mb = |kb: u64| kb as f64 / 1024.0;
        write!(
            f,
            "{:.1} MB in the first quarter of the time, {:.1} MB in the last, {:.1} MB at most",
            mb(first),
            mb(last),
            mb(most)
        )
    }
}

/// Memory of the worker and of the web process.
async fn sample(site: &Site, over: &AtomicBool) -> Result<(Memory, Memory)> {
    let (worker, web): (&Actor, &Actor) = (site.workers.first().context("a worker")?, &site.webs[0].actor);
    let (mut of_worker, mut of_web) = (Vec::new(), Vec::new());
    while !over.load(Ordering::Relaxed) {
        of_worker.push(worker.memory()?);
        of_web.push(web.memory()?);
        tokio::time::sleep(SAMPLED_EVERY).await;
    }
    Ok((Memory(of_worker), Memory(of_web)))
}

/// Somebody opens the projects' pages, one after the other.
async fn read(site: &Site, projects: &[Campaign], over: &AtomicBool) -> Times {
    let mut times = Times::default();
    let Ok(http) = kernel::outbound::client(Duration::from_secs(60)) else { return times };
    for project in projects.iter().cycle() {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let asked = Instant::now();
        let page = http.get(site.address(0, &format!("/projects/{}", project.slug))).send().await;
        match page.and_then(|answer| answer.error_for_status()) {
            Ok(answer) => {
                let whole = answer.bytes().await.is_ok();
                times.note(asked.elapsed(), whole);
            }
            Err(_) => times.note(asked.elapsed(), false),
        }
        tokio::time::sleep(SAMPLED_EVERY.saturating_sub(asked.elapsed())).await;
    }
    times
}
