//! Pledges through the whole HTTP path, and pgbench writing as many rows.

use crate::{
    campaign::campaign,
    checkout::{self, Checkout, location},
    people::person,
    pgbench::{Written, rows},
    site::Site,
};
use anyhow::{Result, bail, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{
    FormKey, Money,
    clock::Clock,
    db::{Db, connect},
    seal::Keys,
};
use reqwest::header;
use sqlx::PgPool;
use std::time::{Duration, Instant};

const MEMBERS: usize = 64;
const PROJECTS: usize = 16;
/// Pledges a run: every member stays below the limit for pledges.
const PLEDGES: usize = MEMBERS * 12;
const AT_ONCE: usize = 32;

/// Members with sessions, and projects with rewards. Made by the store functions; what is measured
/// goes over HTTP.
pub struct World {
    pool: PgPool,
    sessions: Vec<String>,
    offers: Vec<Offer>,
    pub page: String,
}

/// A reward, and the checkout that sells it.
struct Offer {
    slug: String,
    checkout: Checkout,
    reward: String,
}

pub struct Run {
    took: Duration,
    written: Written,
}

impl Run {
    pub fn rate(&self) -> f64 {
        PLEDGES as f64 / self.took.as_secs_f64()
    }

    pub const fn rows_each(&self) -> Written {
        self.written
    }
}

impl World {
    pub async fn make(site: &Site) -> Result<Self> {
        let (pool, _) = connect(&site.database_url()?, 4).await?;
        let db = Db::new(pool.clone(), Clock::system(), Keys::none());
        let mut sessions = Vec::new();
        for n in 0..MEMBERS {
            sessions.push(person(&db, &format!("bench_{n}")).await?.cookie);
        }
        let creator = person(&db, "bench_creator").await?;
        let mut offers = Vec::new();
        for n in 0..PROJECTS {
            let (title, goal) = (format!("두레 찻잔 {n}"), Money::won(100_000_000));
            let deadline = db.now() + chrono::TimeDelta::days(30);
            let made = campaign(&db, creator.id, title, goal, deadline, &[Some(100_000); 4]).await?;
            let (slug, reward) = (made.slug, made.rewards[0].clone());
            let page = site.http.get(site.address(&format!("/projects/{slug}/pledge")));
            let page = page.header(header::COOKIE, &sessions[0]).send().await?.text().await?;
            let checkout = Checkout::read(&page)?;
            ensure!(checkout.offers(&reward), "the checkout of {} does not sell its reward", made.id);
            offers.push(Offer { slug, checkout, reward });
        }
        let page = format!("/projects/{}", offers[0].slug);
        Ok(Self { pool, sessions, offers, page })
    }

    pub fn cookie(&self, n: usize) -> String {
        self.sessions[n].clone()
    }

    pub fn rewards(&self) -> usize {
        self.offers.len()
    }

    pub fn projects(&self) -> usize {
        self.offers.len()
    }

    pub async fn pledge_everywhere(&self, site: &Site) -> Result<Run> {
        self.run(site, self.offers.len()).await
    }

    pub async fn pledge_on_one(&self, site: &Site) -> Result<Run> {
        self.run(site, 1).await
    }

    async fn run(&self, site: &Site, offers: usize) -> Result<Run> {
        let before = rows(&self.pool).await?;
        let started = Instant::now();
        stream::iter(0..PLEDGES)
            .map(|n| self.pledge(site, &self.sessions[n % MEMBERS], &self.offers[n % offers]))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        let took = started.elapsed();
        // The statistics of other connections arrive a moment after their commits.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let after = rows(&self.pool).await?;
        let each = |before: i64, after: i64| (after - before) as f64 / PLEDGES as f64;
        Ok(Run {
            took,
            written: Written { inserted: each(before.0, after.0), updated: each(before.1, after.1) },
        })
    }

    /// Checkout, card page, and back: what a browser without JavaScript sends.
    async fn pledge(&self, site: &Site, cookie: &str, offer: &Offer) -> Result<()> {
        let mut form = offer.checkout.filled(&offer.reward);
        // Each visit to the checkout has a key of its own.
        for (_, key) in form.iter_mut().filter(|(name, _)| name == "key") {
            *key = FormKey::new().to_string();
        }
        let answer = site
            .http
            .post(site.address(checkout::ACTION))
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::REFERER, site.address(&format!("/projects/{}/pledge", offer.slug)))
            .header(header::ACCEPT, "text/html")
            .form(&form)
            .send()
            .await?;
        let page = location(&answer)?;
        let Some((card_page, visit)) = page.split_once("?page=") else {
            bail!("the pledge led to {page}");
        };
        let card = site.http.post(card_page).header("sec-fetch-site", "same-origin");
        let answer = card.form(&checkout::card(visit)).send().await?;
        let back = location(&answer)?;
        let answer = site.http.get(back).header(header::COOKIE, cookie).send().await?;
        if !answer.status().is_success() {
            bail!("the pledge's page answered {}", answer.status());
        }
        Ok(())
    }
}
