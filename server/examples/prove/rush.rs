//! 13,892 people pledge on one project as fast as the machine lets them, over HTTP: nothing oversold, no error
//! but 'sold out', and the page stays up.

use crate::{
    campaign::{Campaign, campaign},
    checkout::{Checkout, location},
    hand::{Hand, Placed},
    people::Person,
    pgbench::{Written, pgbench, rows},
    site::{Plan, Site},
    times::Times,
};
use anyhow::{Context, Result, bail};
use futures::{StreamExt, stream};
use kernel::Money;
use rand::{Rng, SeedableRng, rngs::StdRng};
use reqwest::{RequestBuilder, Response, StatusCode};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Backers of the project whose page failed for hours on 28 September 2023.
const PEOPLE: usize = 13_892;
const PLAN: Plan = Plan { webs: 1, workers: 1, runs: "now", slow_ms: 0, at_once: 0 };
const TITLE: &str = "모두의 찻잔";
/// People who are at it at the same time.
const AT_ONCE: usize = 256;
/// How often each reader opens the page.
const READS_EVERY: Duration = Duration::from_millis(50);
/// A reward for one in this many people, from the scarcest to the last but one; the last is without limit.
const SHARES: [usize; 3] = [140, 7, 3];

/// What the people ask for, one after the other.
const STEPS: [&str; 4] = ["checkout", "form", "gateway's card page", "back from it"];
const READERS: [&str; 2] = ["project page, anonymous", "project page, logged in"];

pub async fn prove(seed: u64, rounds: u64, size: Option<usize>) -> Result<bool> {
    let people = size.unwrap_or(PEOPLE);
    let (mut oversold, mut errors, mut lost) = (0, 0, 0);
    for seed in seed..seed + rounds {
        let found = round(seed, people).await?;
        oversold += found.oversold;
        errors += found.errors;
        lost += found.lost;
    }
    println!("{rounds} rounds of {people} people: oversold {oversold}, errors {errors}, lost {lost}");
    Ok(oversold == 0 && errors == 0 && lost == 0)
}

pub struct Found {
    pub oversold: usize,
    pub errors: usize,
    /// Pledges that are not there as people were told, and laws that broke.
    pub lost: usize,
    took: Duration,
    written: Written,
}

/// Everybody, and what is noted of them.
struct Rush<'a> {
    hand: Hand<'a>,
    campaign: &'a Campaign,
    steps: [Mutex<Times>; 4],
    readers: [Mutex<Times>; 2],
    sold_out: AtomicUsize,
    errors: Mutex<Vec<String>>,
    over: AtomicBool,
}

async fn round(seed: u64, count: usize) -> Result<Found> {
    let site = Site::make(&PLAN).await?;
    let found = run(&site, seed, count).await?;
    let pgbench = pgbench(&site.database_url()?, found.written)?;
    println!(
        "  pgbench with {:.0} inserts and {:.0} updates each: {pgbench:.0} a second; pledges of pgbench: {:.3}",
        found.written.inserted,
        found.written.updated,
        count as f64 / found.took.as_secs_f64() / pgbench
    );
    site.end(found.errors + found.oversold + found.lost == 0)?;
    Ok(found)
}

/// One project and its rush.
pub async fn run(site: &Site, seed: u64, count: usize) -> Result<Found> {
    let mut rng = StdRng::seed_from_u64(seed);
    let people = site.people(&format!("rush{seed}"), count).await?;
    let keepers = site.people(&format!("keeper{seed}"), 2).await?;
    let mut stocks: Vec<Option<i32>> = Vec::new();
    for share in SHARES {
        stocks.push(Some(i32::try_from(count / share)?.max(1)));
    }
    stocks.push(None);
    let (goal, deadline) = (Money::won(100_000_000), site.db().now() + chrono::TimeDelta::days(30));
    let made = campaign(site.db(), keepers[0].id, TITLE.to_owned(), goal, deadline, &stocks).await?;
    site.quiet().await?;
    let rush = Rush {
        hand: Hand::new(site)?,
        campaign: &made,
        steps: Default::default(),
        readers: Default::default(),
        sold_out: AtomicUsize::new(0),
        errors: Mutex::default(),
        over: AtomicBool::new(false),
    };
    // Most want the scarcest.
    let wishes: Vec<usize> = people.iter().map(|_| rng.random_range(0..8_usize).saturating_sub(4)).collect();
    let before = rows(&site.db().pool).await?;
    let started = Instant::now();
    let pledging = async {
        stream::iter(people.iter().zip(&wishes).enumerate())
            .for_each_concurrent(AT_ONCE, |(n, (person, wish))| rush.come(n, person, *wish))
            .await;
        rush.over.store(true, Ordering::Relaxed);
        started.elapsed()
    };
    let (took, (), ()) = tokio::join!(pledging, rush.read(0, None), rush.read(1, Some(&keepers[1])));
    // The statistics of other connections arrive a moment after their commits.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = rows(&site.db().pool).await?;
    let rest = site.quiet().await?;
    let each = |before: i64, after: i64| (after - before) as f64 / count as f64;
    let written = Written { inserted: each(before.0, after.0), updated: each(before.1, after.1) };
    rush.tell(seed, count, took, rest);
    rush.found(&stocks, count, took, written).await
}

impl Rush<'_> {
    /// Somebody comes, and stays until their pledge stands.
    async fn come(&self, n: usize, person: &Person, wish: usize) {
        if let Err(error) = self.pledge(n, person, wish).await {
            self.note(format!("person {n}: {error:#}"));
        }
    }

    fn note(&self, error: String) {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).push(error);
    }

    /// Sends, and notes how long the answer took.
    async fn send(&self, step: usize, request: RequestBuilder) -> Result<Response> {
        let asked = Instant::now();
        let answer = request.send().await.with_context(|| format!("{} without an answer", STEPS[step]))?;
        self.steps[step].lock().unwrap_or_else(PoisonError::into_inner).note(asked.elapsed(), true);
        Ok(answer)
    }

    async fn pledge(&self, n: usize, person: &Person, wish: usize) -> Result<()> {
        let (hand, slug) = (&self.hand, &self.campaign.slug);
        let answer = self.send(0, hand.checkout(n, person, slug)).await?;
        if answer.status() != StatusCode::OK {
            bail!("the checkout answered {}", answer.status());
        }
        let mut page = answer.text().await?;
        let visit = loop {
            let checkout = Checkout::read(&page)?;
            let wanted = self.campaign.rewards.iter().skip(wish).find(|reward| checkout.offers(reward));
            let form = checkout.filled(wanted.context("nothing is left to choose")?);
            let answer = self.send(1, hand.form(n, person, slug, &form)).await?;
            match hand.placed(n, person, answer).await? {
                Placed::Card(visit) => break visit,
                Placed::SoldOut(again) => page = again,
                Placed::Elsewhere(to) => bail!("the form led to {to}"),
            }
            self.sold_out.fetch_add(1, Ordering::Relaxed);
        };
        let entered = self.send(2, hand.card(&visit)).await?;
        let answer = self.send(3, hand.get(n, Some(person), &location(&entered)?)).await?;
        let status = answer.status();
        answer.bytes().await?;
        if status != StatusCode::OK && !status.is_redirection() {
            bail!("the pledge's page answered {status}");
        }
        Ok(())
    }

    /// Opens the project's page again and again, as long as people come.
    async fn read(&self, reader: usize, person: Option<&Person>) {
        let path = format!("/projects/{}", self.campaign.slug);
        while !self.over.load(Ordering::Relaxed) {
            let asked = Instant::now();
            let request = self.hand.get(0xff_ff00 + reader * 2, person, &path);
            let whole = async {
                let answer = request.send().await?;
                anyhow::Ok((answer.status(), answer.text().await?))
            };
            match whole.await {
                Ok((StatusCode::OK, page)) if page.contains(TITLE) => {
                    self.readers[reader]
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .note(asked.elapsed(), true);
                }
                Ok((status, _)) => self.note(format!("{}: answered {status}", READERS[reader])),
                Err(error) => self.note(format!("{}: {error:#}", READERS[reader])),
            }
            tokio::time::sleep(READS_EVERY.saturating_sub(asked.elapsed())).await;
        }
    }

    async fn found(
        &self,
        stocks: &[Option<i32>],
        count: usize,
        took: Duration,
        written: Written,
    ) -> Result<Found> {
        let pool = &self.hand.site.db().pool;
        let mut oversold = 0;
        let mut lost = self.hand.site.broken_laws()?;
        for (reward, stock) in self.campaign.rewards.iter().zip(stocks) {
            let pieces: i64 = sqlx::query_scalar(
                "select coalesce(sum(l.quantity), 0)::bigint from pledge_lines l join pledges p on p.id = l.pledge_id
                  where l.reward_id = $1::uuid and p.state = 'reserved'",
            )
            .bind(reward)
            .fetch_one(pool)
            .await?;
            let Some(stock) = stock.map(i64::from) else { continue };
            oversold += usize::try_from((pieces - stock).max(0))?;
            if pieces < stock {
                lost.push(format!("of {stock} pieces of a reward that many wanted {pieces} were pledged"));
            }
        }
        let (pledges, backers): (i64, i64) = sqlx::query_as(
            "select count(*), count(distinct backer_id) from pledges where project_id = $1 and state = 'reserved'",
        )
        .bind(self.campaign.id.uuid())
        .fetch_one(pool)
        .await?;
        let expected = i64::try_from(count)?;
        if (pledges, backers) != (expected, expected) {
            lost.push(format!("{pledges} pledges of {backers} people stand"));
        }
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        for line in lost.iter().chain(errors.iter()).take(20) {
            println!("  {line}");
        }
        Ok(Found { oversold, errors: errors.len(), lost: lost.len(), took, written })
    }

    fn tell(&self, seed: u64, count: usize, took: Duration, rest: Duration) {
        println!(
            "seed {seed}: {count} people, {AT_ONCE} at the same time, in {:.1} s: {:.0} pledges a second, 'sold out' {} times",
            took.as_secs_f64(),
            count as f64 / took.as_secs_f64(),
            self.sold_out.load(Ordering::Relaxed)
        );
        for (times, what) in self.steps.iter().zip(STEPS).chain(self.readers.iter().zip(READERS)) {
            println!("{}", times.lock().unwrap_or_else(PoisonError::into_inner).line(what));
        }
        println!("  the worker was done with its mails {:.0} s later", rest.as_secs_f64());
    }
}
