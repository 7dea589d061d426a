//! A campaign is judged and collected while our processes are killed about every second, and the database
//! once: every pledge ends, each charged at the gateway's own books exactly once or not at all.

use crate::{
    campaign::campaign,
    cast::signal,
    compare::{Compared, compare},
    people::Person,
    site::{Plan, Site},
};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Locale, MemberId, Money, PledgeId, ProjectId, clock, db::Db};
use pledges::CheckedPledge;
use rand::{Rng, SeedableRng, rngs::StdRng};
use sandbox::{Brand, Manner};
use std::time::{Duration, Instant};

pub const PLEDGES: usize = 1000;
/// At the deadline, and twice again; the gateway takes 200 ms for a charge.
pub const PLAN: Plan = Plan { webs: 1, workers: 2, runs: "now,+20m,+40m", slow_ms: 200, at_once: 0 };
/// A round that takes longer has hung.
const BOUND: Duration = Duration::from_secs(300);
/// Pledges that are prepared at once.
const AT_ONCE: usize = 12;

/// What a round found.
pub struct Found {
    /// With the laws that broke.
    pub books: Compared,
    pub kills: u32,
    pub took: Duration,
}

pub async fn prove(seed: u64, rounds: u64, size: Option<usize>) -> Result<bool> {
    let pledges = size.unwrap_or(PLEDGES);
    let mut site = Site::make(&PLAN).await?;
    let people = site.people("prove", pledges + 1).await?;
    let (mut lost, mut doubled, mut kills) = (0, 0, 0);
    for seed in seed..seed + rounds {
        let Found { books, kills: killed, took } =
            round(&mut site, &people, seed).await.with_context(|| {
                format!("seed {seed}; what the processes said stands in {}", site.folder.display())
            })?;
        for line in books.lost.iter().chain(&books.doubled).take(20) {
            println!("  {line}");
        }
        println!(
            "seed {seed}: {pledges} pledges, {} collected, {} dropped, {killed} kills, lost {}, doubled {}, {:.0} s",
            books.collected,
            books.dropped,
            books.lost.len(),
            books.doubled.len(),
            took.as_secs_f64()
        );
        lost += books.lost.len();
        doubled += books.doubled.len();
        kills += killed;
    }
    let held = lost == 0 && doubled == 0;
    site.end(held)?;
    println!("{rounds} rounds of {pledges} pledges, {kills} kills: lost {lost}, doubled {doubled}");
    Ok(held)
}

/// One campaign of all these people but the last, whose project it is.
pub async fn round(site: &mut Site, people: &[Person], seed: u64) -> Result<Found> {
    let mut rng = StdRng::seed_from_u64(seed);
    let (creator, backers) = people.split_last().context("somebody")?;
    let project = prepare(site, creator.id, backers, &mut rng).await?;
    let started = Instant::now();
    clock::advance_row(&site.db().pool, TimeDelta::days(3)).await?;
    let mut kills = 0;
    let database_dies_at = rng.random_range(4..10);
    loop {
        tokio::time::sleep(Duration::from_millis(rng.random_range(500..1500))).await;
        kills += 1;
        if kills == database_dies_at {
            signal(site.postmaster()?, "KILL")?;
        } else {
            strike(site, &mut rng).await?;
        }
        match go_on(site.db()).await {
            Ok(true) => break,
            Ok(false) => {}
            // The database is coming back.
            Err(error) => tracing::debug!(%error, "The queue could not be read"),
        }
        anyhow::ensure!(started.elapsed() < BOUND, "the round did not end in {} s", BOUND.as_secs());
    }
    let took = started.elapsed();
    let mut books = compare(site, &[project], backers.len()).await?;
    books.lost.extend(site.broken_laws()?);
    Ok(Found { books, kills, took })
}

/// One of our processes is killed, or stops for a while as a machine under load does.
async fn strike(site: &mut Site, rng: &mut StdRng) -> Result<()> {
    let worker = rng.random_range(0..site.workers.len());
    match rng.random_range(0..100) {
        0..=69 => site.workers[worker].kill_and_restart(),
        70..=84 => site.webs[0].actor.kill_and_restart(),
        _ => {
            site.workers[worker].signal("STOP")?;
            tokio::time::sleep(Duration::from_millis(1000)).await;
            site.workers[worker].signal("CONT")
        }
    }
}

/// Lets time pass for leases of the dead, and for the next run where nothing else is left to do. True when
/// no job is left for the next day: what comes later, such as a statement, is not of the collection.
///
/// Leases end for the living too, so that two workers do one job at once now and then.
pub async fn go_on(db: &Db) -> Result<bool> {
    db.clock.follow(&db.pool).await?;
    let (jobs, due): (i64, i64) = sqlx::query_as(
        "select count(*) filter (where run_at <= $1 + interval '1 day'),
                count(*) filter (where run_at <= $1 or lease_token is not null) from jobs",
    )
    .bind(db.now())
    .fetch_one(&db.pool)
    .await?;
    sqlx::query(
        "update jobs set lease_until = lease_until - interval '20 seconds' where lease_token is not null",
    )
    .execute(&db.pool)
    .await?;
    if due == 0 && jobs > 0 {
        clock::advance_row(&db.pool, TimeDelta::minutes(1)).await?;
    }
    Ok(jobs == 0)
}

/// A running project with a pledge of everybody, whose cards behave as the seed has it.
async fn prepare(site: &Site, creator: MemberId, backers: &[Person], rng: &mut StdRng) -> Result<ProjectId> {
    let db = site.db();
    db.clock.follow(&db.pool).await?;
    let (goal, deadline) = (Money::won(1_000_000), db.now() + TimeDelta::days(2));
    let project = campaign(db, creator, "천 사람의 찻잔".to_owned(), goal, deadline, &[]).await?.id;
    let planned: Vec<(MemberId, Manner, i64)> = backers
        .iter()
        .map(|person| (person.id, manner(rng.random_range(0..100)), rng.random_range(1000..100_000)))
        .collect();
    stream::iter(planned)
        .map(|(backer, manner, extra)| pledge(site, project, backer, manner, extra))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<_>>()
        .await?;
    Ok(project)
}

/// A pledge without a reward, with its card.
pub async fn pledge(
    site: &Site,
    project: ProjectId,
    backer: MemberId,
    manner: Manner,
    extra: i64,
) -> Result<PledgeId> {
    let (means, now) = (&site.means, site.db().now());
    let form = CheckedPledge::new(Vec::new(), Money::won(extra));
    let id = pledges::place(&means.db, means.till.for_cards(), backer, project, &form, now).await?;
    let address = pledges::visit(means, id, Locale::Ko).await?;
    let page = address.split_once("page=").context("the card page has no id")?.1;
    sandbox::store_card(&site.gateway_books, page.parse()?, manner, Brand("Visa"), "4242").await?;
    pledges::returned(means, id, now).await?;
    Ok(id)
}

/// Of a hundred cards: most pay; the others are refused, change their mind, or leave us in the dark.
const fn manner(n: u32) -> Manner {
    match n {
        0..=3 => Manner::Declines,
        4..=7 => Manner::DeclinesForNow,
        8..=11 => Manner::DeclinesTwice,
        12..=17 => Manner::AnswersLate,
        18..=20 => Manner::HangsAndFails,
        _ => Manner::Pays,
    }
}
