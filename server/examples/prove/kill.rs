//! A campaign is judged and collected while our processes are killed about every second, and the database
//! once: every pledge ends, each charged at the gateway's own books exactly once or not at all.

use crate::{
    cast::signal,
    world::{PLEDGES, World},
};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use kernel::{clock, db::Db};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A round that takes longer has hung.
const BOUND: Duration = Duration::from_secs(300);

/// What a round found.
struct Found {
    collected: usize,
    dropped: usize,
    /// Charges that one side has and the other has not, pledges that never ended, and broken laws.
    lost: Vec<String>,
    doubled: Vec<String>,
    kills: u32,
    took: Duration,
}

pub async fn prove(seed: u64, rounds: u64) -> Result<bool> {
    let mut world = World::make().await?;
    let (mut lost, mut doubled, mut kills) = (0, 0, 0);
    for seed in seed..seed + rounds {
        let found = round(&mut world, seed).await.with_context(|| {
            format!("seed {seed}; what the processes said stands in {}", world.folder.display())
        })?;
        for line in found.lost.iter().chain(&found.doubled).take(20) {
            println!("  {line}");
        }
        println!(
            "seed {seed}: {PLEDGES} pledges, {} collected, {} dropped, {} kills, lost {}, doubled {}, {:.0} s",
            found.collected,
            found.dropped,
            found.kills,
            found.lost.len(),
            found.doubled.len(),
            found.took.as_secs_f64()
        );
        lost += found.lost.len();
        doubled += found.doubled.len();
        kills += found.kills;
    }
    let held = lost == 0 && doubled == 0;
    if held {
        world.clear()?;
    } else {
        println!("what was written stands in {}", world.folder.display());
    }
    println!("{rounds} rounds of {PLEDGES} pledges, {kills} kills: lost {lost}, doubled {doubled}");
    Ok(held)
}

async fn round(world: &mut World, seed: u64) -> Result<Found> {
    let mut rng = StdRng::seed_from_u64(seed);
    let project = world.campaign(&mut rng).await?;
    let started = Instant::now();
    clock::advance_row(&world.means.db.pool, TimeDelta::days(3)).await?;
    let mut kills = 0;
    let database_dies_at = rng.random_range(4..10);
    loop {
        tokio::time::sleep(Duration::from_millis(rng.random_range(500..1500))).await;
        kills += 1;
        if kills == database_dies_at {
            signal(world.postmaster()?, "KILL")?;
        } else {
            strike(world, &mut rng).await?;
        }
        match go_on(&world.means.db).await {
            Ok(true) => break,
            Ok(false) => {}
            // The database is coming back.
            Err(error) => tracing::debug!(%error, "The queue could not be read"),
        }
        anyhow::ensure!(started.elapsed() < BOUND, "the round did not end in {} s", BOUND.as_secs());
    }
    let took = started.elapsed();
    let (held, said) = world.keeper.run(&["check"])?;
    let mut found = compare(world, project.uuid()).await?;
    if !held {
        found.lost.extend(said.lines().filter(|line| !line.starts_with("holds")).map(str::to_owned));
    }
    Ok(Found { kills, took, ..found })
}

/// One of our processes is killed, or stops for a while as a machine under load does.
async fn strike(world: &mut World, rng: &mut StdRng) -> Result<()> {
    let worker = rng.random_range(0..world.workers.len());
    match rng.random_range(0..100) {
        0..=69 => world.workers[worker].kill_and_restart(),
        70..=84 => world.web.kill_and_restart(),
        _ => {
            world.workers[worker].signal("STOP")?;
            tokio::time::sleep(Duration::from_millis(1000)).await;
            world.workers[worker].signal("CONT")
        }
    }
}

/// Lets time pass for leases of the dead, and for the next run where nothing else is left to do. True when
/// no job is left.
///
/// Leases end for the living too, so that two workers do one job at once now and then.
async fn go_on(db: &Db) -> Result<bool> {
    db.clock.follow(&db.pool).await?;
    let (jobs, due): (i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where run_at <= $1 or lease_token is not null) from jobs",
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

/// The gateway's books against ours, row by row.
async fn compare(world: &World, project: Uuid) -> Result<Found> {
    let theirs: Vec<(String, i64)> =
        sqlx::query_as("select key, amount_minor from sandbox.charges where state = 'succeeded'")
            .fetch_all(&world.gateway_books)
            .await?;
    let theirs: BTreeMap<String, i64> = theirs.into_iter().collect();
    let ours: Vec<(String, Uuid, String, i64, String)> = sqlx::query_as(
        "select a.id::text, p.id, p.state, a.amount_minor, a.state from pledges p
           join payments y on y.purpose_id = p.id join payment_attempts a on a.payment_id = y.id
          where p.project_id = $1 and a.kind = 'charge'",
    )
    .bind(project)
    .fetch_all(&world.means.db.pool)
    .await?;
    let states: Vec<(Uuid, String)> = sqlx::query_as("select id, state from pledges where project_id = $1")
        .bind(project)
        .fetch_all(&world.means.db.pool)
        .await?;
    let mut found =
        Found { collected: 0, dropped: 0, lost: vec![], doubled: vec![], kills: 0, took: Duration::ZERO };
    let mut charged: BTreeMap<Uuid, u32> = BTreeMap::new();
    for (key, pledge, _, amount, state) in &ours {
        let there = theirs.get(key);
        *charged.entry(*pledge).or_default() += u32::from(there.is_some());
        if (state == "succeeded") != there.is_some() || there.is_some_and(|there| there != amount) {
            found.lost.push(format!("attempt {key}: we say {state} {amount}, the gateway {there:?}"));
        }
    }
    for (pledge, state) in &states {
        let times = charged.get(pledge).copied().unwrap_or_default();
        match (state.as_str(), times) {
            ("collected", 1) => found.collected += 1,
            ("dropped", 0) => found.dropped += 1,
            (_, 2..) => {
                found.doubled.push(format!("pledge {pledge} is {state} and was charged {times} times"))
            }
            _ => found.lost.push(format!("pledge {pledge} is {state} and was charged {times} times")),
        }
    }
    if states.len() != PLEDGES {
        found.lost.push(format!("{} pledges are there", states.len()));
    }
    Ok(found)
}
