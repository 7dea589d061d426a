//! Pledges through the whole HTTP path, and pgbench writing as many rows.

use crate::site::Site;
use anyhow::{Context, Result, bail};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{
    Currency, FormKey, Locale, MemberId, Money,
    clock::Clock,
    db::{Act, Db, connect},
    seal::Keys,
    token,
};
use projects::{Category, CheckedProject};
use reqwest::header;
use rewards::CheckedReward;
use sqlx::PgPool;
use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

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
    offers: Vec<(String, String)>,
    pub page: String,
}

/// Rows that one pledge writes.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    pub inserted: f64,
    pub updated: f64,
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
        let mut creator = None;
        for n in 0..MEMBERS {
            let (id, secret) = member(&db, n).await?;
            creator.get_or_insert(id);
            sessions.push(format!("dure={secret}"));
        }
        let creator = creator.context("no member was made")?;
        let mut offers = Vec::new();
        for n in 0..PROJECTS {
            offers.push(project(&db, creator, n).await?);
        }
        let page = format!("/projects/{}", offers[0].0);
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
    async fn pledge(&self, site: &Site, cookie: &str, (slug, reward): &(String, String)) -> Result<()> {
        let checkout = site.address(&format!("/projects/{slug}/pledge"));
        let key = FormKey::new().to_string();
        let form =
            [("slug", slug.as_str()), ("reward", reward), ("quantity", "1"), ("extra", ""), ("key", &key)];
        let answer = site
            .http
            .post(site.address("/api/pledges/place/place_pledge"))
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::REFERER, &checkout)
            .header(header::ACCEPT, "text/html")
            .form(&form)
            .send()
            .await?;
        let page = location(&answer)?;
        let Some((card_page, visit)) = page.split_once("?page=") else {
            bail!("the pledge led to {page}");
        };
        let card = [("page", visit), ("number", "4242424242424242"), ("expiry", "12/40"), ("cvc", "123")];
        let answer =
            site.http.post(card_page).header("sec-fetch-site", "same-origin").form(&card).send().await?;
        let back = location(&answer)?;
        let answer = site.http.get(back).header(header::COOKIE, cookie).send().await?;
        if !answer.status().is_success() {
            bail!("the pledge's page answered {}", answer.status());
        }
        Ok(())
    }
}

fn location(answer: &reqwest::Response) -> Result<String> {
    let to = answer
        .headers()
        .get(header::LOCATION)
        .with_context(|| format!("{} without a way on", answer.status()))?;
    Ok(to.to_str()?.to_owned())
}

async fn member(db: &Db, n: usize) -> Result<(MemberId, String)> {
    let id = MemberId::new();
    let handle = format!("bench_{n}");
    let new = accounts::store::NewMember {
        id,
        handle: &handle,
        email: &format!("{handle}@bench.example"),
        name: &handle,
        password_hash: Some("!"),
        locale: Locale::Ko,
        consents: &["terms", "privacy"],
        at: db.now(),
    };
    let mut tx = db.pool.begin().await?;
    accounts::store::add(&mut tx, &new).await?;
    accounts::store::confirm_now(&mut tx, id, db.now()).await?;
    tx.commit().await?;
    let (secret, hash) = token::fresh();
    accounts::store::begin_session(
        db,
        id,
        &hash,
        chrono::TimeDelta::days(1),
        &Default::default(),
        accounts::store::Proved::Now,
    )
    .await?;
    Ok((id, secret))
}

async fn project(db: &Db, creator: MemberId, n: usize) -> Result<(String, String)> {
    let now = db.now();
    let new = CheckedProject {
        title: format!("두레 찻잔 {n}"),
        summary: "천천히 빚고 두 번 구운 찻잔을 함께 만들어요.".to_owned(),
        story: "## 시작\n\n손으로 빚은 찻잔이에요. 흙을 고르고, 물레를 돌리고, 두 번 구워요.\n\n".repeat(12),
        category: Category::Crafts,
        goal: Some(Money::won(100_000_000)),
        deadline: Some(now + chrono::TimeDelta::days(30)),
        version: 1,
        key: None,
    };
    let mut tx = db.begin(Act::by(creator, "draft started")).await?;
    let (id, slug) = projects::store::create(&mut tx, creator, Currency::KRW, &new, now).await?;
    tx.commit().await?;
    let project = projects::store::by_id(&mut *db.pool.acquire().await?, id).await?;
    let mut first = None;
    for tier in 1..=4_i64 {
        let reward = CheckedReward {
            title: format!("찻잔 {tier}개"),
            description: "상자와 설명서를 함께 드려요.".to_owned(),
            price: Money::won(tier * 30_000),
            stock: Some(100_000),
            estimated_delivery: now.date_naive(),
            key: None,
        };
        let id = rewards::add(db, &project, &reward).await?;
        first.get_or_insert(id);
    }
    projects::launch(db, creator, &project).await?;
    Ok((slug, first.context("no reward was made")?.to_string()))
}

/// Rows inserted and updated since the database began.
async fn rows(pool: &PgPool) -> Result<(i64, i64)> {
    sqlx::query("select pg_stat_clear_snapshot()").execute(pool).await?;
    Ok(sqlx::query_as("select sum(n_tup_ins)::bigint, sum(n_tup_upd)::bigint from pg_stat_user_tables")
        .fetch_one(pool)
        .await?)
}

/// Transactions a second of pgbench writing as many rows, each set in one transaction.
pub fn pgbench(site: &Site, rows: Written) -> Result<f64> {
    let folder = std::env::temp_dir();
    let script = folder.join(format!("dure-bench-{}.sql", std::process::id()));
    let mut sql = String::from("\\set id random(1, 100000)\nbegin;\n");
    for _ in 0..rows.inserted.round() as u64 {
        sql.push_str("insert into bench.written (a, b, c) values (:id, repeat('x', 100), now());\n");
    }
    for n in 0..rows.updated.round() as u64 {
        sql.push_str(&format!(
            "update bench.changed set n = n + 1 where id = 1 + (:id + {n} * 1009) % 100000;\n"
        ));
    }
    sql.push_str("commit;\n");
    fs::write(&script, sql)?;
    let url = site.database_url()?;
    let tools = pg_tools()?;
    let prepare = "create schema bench; create table bench.written (id bigserial primary key, a int, b text, c timestamptz); \
         create table bench.changed (id int primary key, n int); insert into bench.changed select g, 0 from generate_series(1, 100000) g";
    let made = Command::new("psql").args(["-q", "-v", "ON_ERROR_STOP=1", "-c", prepare, &url]).status()?;
    if !made.success() {
        bail!("the tables for pgbench could not be made");
    }
    let output = Command::new(tools.join("pgbench"))
        .args(["-n", "-c32", "-j2", "-T8", "-f"])
        .arg(&script)
        .arg(&url)
        .output()
        .context("pgbench does not run")?;
    fs::remove_file(&script)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate =
        text.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next());
    let errors = String::from_utf8_lossy(&output.stderr);
    Ok(rate.with_context(|| format!("pgbench told no rate: {errors}"))?.parse()?)
}

fn pg_tools() -> Result<std::path::PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL's programs were not found")?;
    let mut folders: Vec<_> = versions.filter_map(|version| Some(version.ok()?.path().join("bin"))).collect();
    folders.sort();
    folders.pop().context("PostgreSQL's programs were not found")
}
