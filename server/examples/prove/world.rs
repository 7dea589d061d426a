//! A site with its people, and a gateway that is somebody else's: two programs with a database each.

use crate::cast::{Actor, free_port, ready};
use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{
    Currency, FormKey, Locale, MemberId, Money, PledgeId, ProjectId,
    clock::Clock,
    db::{Act, Db, connect},
    seal::Keys,
    site::{ReviewPolicy, Site, SiteSettings},
};
use payments::{SandboxGateway, Schedule, Till};
use pledges::{CheckedPledge, Means};
use projects::{Category, CheckedProject};
use rand::{Rng, rngs::StdRng};
use sandbox::{Brand, Manner};
use sqlx::PgPool;
use std::{fs, path::PathBuf, sync::Arc, time::Duration};

pub const PLEDGES: usize = 1000;
const AT_ONCE: usize = 12;
/// How long the gateway takes for a charge.
const SLOW_MS: i32 = 200;
/// At the deadline, and twice again.
const RUNS: &str = "now,+20m,+40m";

pub struct World {
    pub folder: PathBuf,
    /// Keeps the site's database; never killed itself.
    pub keeper: Actor,
    pub web: Actor,
    pub workers: Vec<Actor>,
    pub means: Means,
    pub gateway_books: PgPool,
    people: Vec<MemberId>,
    _gateway: Actor,
}

impl World {
    pub async fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("dure-prove-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        // PostgreSQL does not run as root: its user must be able to pass.
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
        let gateway_port = free_port()?;
        let gateway = Actor::start(
            &["serve", "--empty"],
            vec![
                ("DURE_DATA", folder.join("gateway").display().to_string()),
                ("DURE_PORT", gateway_port.to_string()),
                ("DURE_WORKER", "off".to_owned()),
                ("DURE_LOG", "error".to_owned()),
            ],
            folder.join("gateway.log"),
        )?;
        ready(gateway_port).await?;
        let url =
            fs::read_to_string(folder.join("gateway/database-url")).context("the gateway's database")?;
        let (gateway_books, _) = connect(&url, 8).await?;
        let secret = sandbox::merchant_secret(&gateway_books).await?;
        sqlx::query("update sandbox.mood set slow_ms = $1").bind(SLOW_MS).execute(&gateway_books).await?;
        let gateway_url = format!("http://127.0.0.1:{gateway_port}/sandbox/gateway");

        let port = free_port()?;
        let mut settings = vec![
            ("DURE_DATA", folder.join("site").display().to_string()),
            ("DURE_PORT", port.to_string()),
            ("DURE_WORKER", "off".to_owned()),
            ("DURE_LOG", "error".to_owned()),
            ("DURE_COLLECTION", RUNS.to_owned()),
            ("DURE_GATEWAY_URL", gateway_url.clone()),
            ("DURE_GATEWAY_SECRET", secret.clone()),
        ];
        let keeper = Actor::start(&["serve", "--empty"], settings.clone(), folder.join("site.log"))?;
        ready(port).await?;
        let url = fs::read_to_string(folder.join("site/database-url")).context("the site's database")?;
        settings.push(("DATABASE_URL", url.clone()));
        settings.retain(|(name, _)| *name != "DURE_PORT");
        let web = Actor::start(
            &["serve", "--empty"],
            [settings.clone(), vec![("DURE_PORT", free_port()?.to_string())]].concat(),
            folder.join("web.log"),
        )?;
        let workers: Result<Vec<Actor>> = (1..=2)
            .map(|n| Actor::start(&["worker"], settings.clone(), folder.join(format!("worker-{n}.log"))))
            .collect();
        let (pool, _) = connect(&url, 16).await?;
        let clock = Clock::system();
        clock.follow(&pool).await?;
        let means = Means {
            db: Db::new(pool, clock, Keys::none()),
            site: Site(Arc::new(SiteSettings {
                origin: format!("http://127.0.0.1:{port}"),
                sandbox: true,
                https: false,
                review: ReviewPolicy::Rules,
                providers: Arc::default(),
            })),
            till: Till::new(SandboxGateway::new(gateway_url, secret)?, Schedule::parse(RUNS)?),
        };
        let people = people(&means.db).await?;
        Ok(Self { folder, keeper, web, workers: workers?, means, gateway_books, people, _gateway: gateway })
    }

    /// A running project with a thousand pledges, whose cards behave as the seed has it.
    pub async fn campaign(&self, rng: &mut StdRng) -> Result<ProjectId> {
        let db = &self.means.db;
        let now = db.now();
        let creator = *self.people.last().context("somebody")?;
        let new = CheckedProject {
            title: "천 사람의 찻잔".to_owned(),
            summary: "천천히 빚고 두 번 구운 찻잔을 함께 만들어요.".to_owned(),
            story: "## 시작\n\n손으로 빚은 찻잔이에요. 흙을 고르고, 물레를 돌리고, 두 번 구워요.\n\n"
                .repeat(12),
            category: Category::Crafts,
            goal: Some(Money::won(1_000_000)),
            deadline: Some(now + chrono::TimeDelta::days(2)),
            version: 1,
            key: None,
        };
        let mut tx = db.begin(Act::by(creator, "draft started")).await?;
        let (id, _) = projects::store::create(&mut tx, creator, Currency::KRW, &new, now).await?;
        tx.commit().await?;
        let project = projects::store::by_id(&mut *db.pool.acquire().await?, id).await?;
        projects::launch(db, creator, &project).await?;
        let planned: Vec<(MemberId, Manner, i64)> = self
            .people
            .iter()
            .take(PLEDGES)
            .map(|person| (*person, manner(rng.random_range(0..100)), rng.random_range(1000..100_000)))
            .collect();
        stream::iter(planned)
            .map(|(backer, manner, extra)| self.pledge(id, backer, manner, extra))
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<_>>()
            .await?;
        Ok(id)
    }

    async fn pledge(
        &self,
        project: ProjectId,
        backer: MemberId,
        manner: Manner,
        extra: i64,
    ) -> Result<PledgeId> {
        let (means, now) = (&self.means, self.means.db.now());
        let form = CheckedPledge { lines: Vec::new(), extra: Money::won(extra), key: FormKey::new() };
        let id = pledges::place(&means.db, means.till.for_cards(), backer, project, &form, now).await?;
        let address = pledges::visit(means, id, Locale::Ko).await?;
        let page = address.split_once("page=").context("the card page has no id")?.1;
        sandbox::store_card(&self.gateway_books, page.parse()?, manner, Brand("Visa"), "4242").await?;
        pledges::returned(means, id, now).await?;
        Ok(id)
    }

    /// The postmaster of the site's database.
    pub fn postmaster(&self) -> Result<u32> {
        let folder = self.folder.join("site/postgres");
        let found = find(&folder, "postmaster.pid").context("the site's postmaster")?;
        let text = fs::read_to_string(found)?;
        Ok(text.lines().next().context("a process id")?.trim().parse()?)
    }

    /// Removes what was written, when all has ended well.
    pub fn clear(self) -> Result<()> {
        let folder = self.folder.clone();
        drop(self);
        std::thread::sleep(Duration::from_millis(500));
        fs::remove_dir_all(folder)?;
        Ok(())
    }
}

fn find(folder: &std::path::Path, name: &str) -> Option<PathBuf> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if let Some(found) = find(&path, name) {
                return Some(found);
            }
        } else if path.file_name().is_some_and(|found| found == name) {
            return Some(path);
        }
    }
    None
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

/// A thousand backers, and a creator at the end.
async fn people(db: &Db) -> Result<Vec<MemberId>> {
    let mut people = Vec::new();
    let mut tx = db.pool.begin().await?;
    for n in 0..=PLEDGES {
        let id = MemberId::new();
        let new = accounts::store::NewMember {
            id,
            handle: &format!("prove_{n}"),
            email: &format!("prove_{n}@prove.example"),
            name: "김하늘",
            password_hash: Some("!"),
            locale: Locale::Ko,
            consents: &["terms", "privacy"],
            at: db.now(),
        };
        accounts::store::add(&mut tx, &new).await?;
        accounts::store::confirm_now(&mut tx, id, db.now()).await?;
        people.push(id);
    }
    tx.commit().await?;
    Ok(people)
}
