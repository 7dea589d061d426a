//! `bin/bench guesses LIST`: what 10,000 guesses achieve, from one address and from 500, against one account
//! and against 500. LIST holds common passwords, the commonest first, one a line.

use crate::{
    members::{People, address},
    site::Site,
};
use anyhow::{Context, Result, bail};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header;
use std::{fs, time::Instant};

const GUESSES: usize = 10_000;
const MANY: usize = 500;
const AT_ONCE: usize = 16;
const OWNERS: &str = "정직한 파란 고래가 난다";
/// Each campaign has its own accounts and its own clients.
const CAMPAIGNS: [(usize, usize); 4] = [(1, 1), (MANY, 1), (1, MANY), (MANY, MANY)];

pub async fn run(site: &Site, list: &str) -> Result<()> {
    let list = fs::read_to_string(list).with_context(|| format!("{list} cannot be read"))?;
    let list: Vec<&str> = list.lines().filter(|line| !line.is_empty()).take(GUESSES).collect();
    if list.len() < GUESSES {
        bail!("the list has {} passwords, {GUESSES} are needed", list.len());
    }
    let allowed: Vec<&str> =
        list.iter().copied().filter(|password| accounts::may_be_password(password)).collect();
    println!("of the {GUESSES} commonest passwords our rule lets {} be chosen", allowed.len());
    let hash = accounts::hash_password(OWNERS.to_owned()).await?;
    let people = People::make(site, CAMPAIGNS.len() * (MANY + 1), &hash).await?;
    for (campaign, (clients, accounts)) in CAMPAIGNS.into_iter().enumerate() {
        let first = campaign * (MANY + 1);
        // The worst case: the members have the commonest passwords that they can have. The last one is
        // the owner who logs in meanwhile.
        for (n, password) in (1..accounts).zip(&allowed) {
            people.set_password(first + n, &accounts::hash_password((*password).to_owned()).await?).await?;
        }
        let mut known = None;
        log_in(site, first, OWNERS, address((1 << 20) + campaign), &mut known).await?;
        let (mut counts, mut used, mut new) = ([0_usize; 3], 0, 0);
        let since = Instant::now();
        for part in 0..10 {
            let numbers = part * (GUESSES / 10)..(part + 1) * (GUESSES / 10);
            let statuses: Vec<u16> = stream::iter(numbers)
                .map(|n| {
                    // Every guess at an account comes from another client, if there are many.
                    let client = address(campaign * 4096 + (n + n / accounts) % clients);
                    let password = list[n / accounts];
                    async move { log_in(site, first + n % accounts, password, client, &mut None).await }
                })
                .buffer_unordered(AT_ONCE)
                .try_collect()
                .await?;
            for status in statuses {
                counts[match status {
                    200 => 0,
                    422 => 1,
                    429 => 2,
                    _ => bail!("a log-in was answered with {status}"),
                }] += 1;
            }
            let elsewhere = address((1 << 21) + campaign * 256 + part);
            used += usize::from(log_in(site, first, OWNERS, elsewhere.clone(), &mut known).await? == 200);
            new += usize::from(log_in(site, first, OWNERS, elsewhere, &mut None).await? == 200);
        }
        let [opened, wrong, refused] = counts;
        println!(
            "from {clients} addresses against {accounts} accounts: {} tried, {refused} refused, {opened} opened, \
             in {:.0} s; the owner got in {used} of 10 times with a browser used before, {new} of 10 with a new one",
            opened + wrong,
            since.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

async fn log_in(
    site: &Site,
    member: usize,
    password: &str,
    client: String,
    browser: &mut Option<String>,
) -> Result<u16> {
    let mut request = site
        .http
        .post(site.address("/api/accounts/log_in/log_in"))
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", client)
        .header(header::ACCEPT, "application/json")
        .form(&[("email", People::email(member).as_str()), ("password", password)]);
    if let Some(browser) = browser {
        request = request.header(header::COOKIE, browser.as_str());
    }
    let answer = request.send().await?;
    let cookies =
        answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let device = cookies
        .filter_map(|cookie| cookie.split(';').next())
        .find(|cookie| cookie.starts_with("dure-device="));
    if let Some(device) = device {
        *browser = Some(device.to_owned());
    }
    Ok(answer.status().as_u16())
}
