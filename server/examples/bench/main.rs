//! `bin/bench`: ratios from one run on this machine. What they mean stands in docs/performance.md;
//! `bin/bench alike` and `bin/bench guesses LIST` in docs/security.md.

mod alike;
#[path = "../shared/campaign.rs"]
mod campaign;
#[path = "../shared/checkout.rs"]
mod checkout;
mod guesses;
mod members;
#[path = "../shared/people.rs"]
mod people;
#[path = "../shared/pgbench.rs"]
mod pgbench;
mod pledges;
mod site;
mod wrk;

use anyhow::{Context, Result, bail};
use site::Site;
use std::path::PathBuf;

/// Seconds of each measurement with wrk.
const SECONDS: u32 = 8;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some("--bare") {
        return wrk::serve_bare(args.next().context("--bare needs a file")?.as_ref()).await;
    }
    let dist = std::env::var_os("DURE_DIST").map_or_else(|| PathBuf::from("dist"), PathBuf::from);
    let site = Site::start(&dist).await?;
    let asked: Vec<String> = std::env::args().skip(1).collect();
    match asked.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {}
        ["alike"] => {
            alike::run(&site).await?;
            return site.stop().await;
        }
        ["guesses", list] => {
            guesses::run(&site, list).await?;
            return site.stop().await;
        }
        _ => bail!("allowed: nothing, `alike`, or `guesses` and a list of common passwords"),
    }
    println!("start to ready, first time with an empty folder: {:.1} s", site.first_start.as_secs_f64());
    println!("start to ready, second time:                     {:.1} s", site.second_start.as_secs_f64());
    println!("memory idle (resident):                          {} MB", site.memory()?);

    let world = pledges::World::make(&site).await?;
    site::first_view(&site, &world.page).await?;

    let page = site.get(&world.page, None).await?;
    let bare = wrk::Bare::start(&page).await?;
    let bare_rate = wrk::run(&bare.address, None, SECONDS)?;
    let anonymous = wrk::run(&site.address(&world.page), None, SECONDS)?;
    let member = wrk::run(&site.address(&world.page), Some(&world.cookie(0)), SECONDS)?;
    drop(bare);
    println!("project page, {} bytes, 64 connections:", page.len());
    println!("  bare axum handler                              {bare_rate:.0} a second");
    println!(
        "  anonymous                                      {anonymous:.0} a second, {:.2} of bare",
        anonymous / bare_rate
    );
    println!(
        "  logged in                                      {member:.0} a second, {:.2} of anonymous",
        member / anonymous
    );

    let many = world.pledge_everywhere(&site).await?;
    let hot = world.pledge_on_one(&site).await?;
    println!("pledges over HTTP, card page included, 32 at once:");
    println!(
        "  over {} rewards of {} projects                  {:.0} a second",
        world.rewards(),
        world.projects(),
        many.rate()
    );
    println!(
        "  one reward                                     {:.0} a second, {:.2} of many",
        hot.rate(),
        hot.rate() / many.rate()
    );
    let written = many.rows_each();
    let pgbench = pgbench::pgbench(&site.database_url()?, written)?;
    println!(
        "  pgbench writing {:.0} inserts and {:.0} updates      {pgbench:.0} a second",
        written.inserted, written.updated
    );
    println!("  pledges of pgbench                             {:.3}", many.rate() / pgbench);
    println!("memory after the run (resident):                 {} MB", site.memory()?);
    site.stop().await
}
