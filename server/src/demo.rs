//! The demo: a living site for a first look, made by the functions that real use calls, on a clock
//! of its own that starts weeks ago and ends now.

mod cast;
mod cover;
mod people;
mod plot;
mod projects_en;
mod projects_ko;
mod script;

use crate::{
    config::Config,
    life::{self, ScriptPledge, Stage},
    worker,
};
use anyhow::{Context, Result, ensure};
use cast::{Cast, cast};
use chrono::{DateTime, Months, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use image::DynamicImage;
use kernel::{
    Currency, MemberId, Money, PledgeId, ProjectId, RewardId,
    db::{Act, Db},
    jobs,
};
use payments::SandboxGateway;
use pledges::{CheckedLine, CheckedPledge, Means};
use plot::{Plot, SILENCE};
use projects::{FundingState, ProjectForm, store};
use rewards::RewardForm;
use script::{Script, Step, Turn, Who};
use std::time::Instant;
use tokio::{
    sync::mpsc::{Receiver, channel},
    task::spawn_blocking,
};
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

/// How long ago everything begins.
const BEGINNING: TimeDelta = TimeDelta::days(46);
/// Pledges that run at once: people do not queue either.
const AT_ONCE: usize = 16;
/// The clock stands still while the pledges of one such span are made.
const SPAN: TimeDelta = TimeDelta::hours(12);
/// Covers that are painted at once, one for each core of a small machine.
const BRUSHES: usize = 2;

/// Holds off a second filling of the same database.
const LOCK: i64 = 0x6475_7265_6465_6d6f;

/// Fills the database if nobody has signed up there, and refuses otherwise.
pub async fn fill_empty(config: &Config, db: &Db) -> Result<()> {
    let mut lock = db.pool.acquire().await?;
    let alone = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "alone!""#, LOCK)
        .fetch_one(&mut *lock)
        .await?;
    ensure!(alone, "another process is filling this database with the demo");
    ensure!(life::is_empty(&db.pool).await?, "the database is not empty; the demo fills only an empty one");
    let filled = fill(config, db).await;
    // The lock ends with its connection.
    lock.close().await?;
    filled
}

/// Fills an empty database. The same demo each time, counted back from now.
pub async fn fill(config: &Config, db: &Db) -> Result<()> {
    let started = Instant::now();
    println!("Making the demo …");
    let now = db.now();
    let plots: Vec<&'static Plot> = projects_ko::PLOTS.iter().chain(projects_en::PLOTS).collect();
    let script = script::write(&plots, now);
    let stage = Stage::set(config, db, now - BEGINNING).await?;
    let cast = cast(&stage).await?;
    let people = cast.creators.len() + cast.crowd.len();
    let mut life = Life {
        stage,
        now,
        covers: painted(&plots, &script),
        ids: vec![None; plots.len()],
        gifts: vec![Vec::new(); plots.len()],
        pledges: vec![None; script.pledges.len()],
        plots,
        script,
        cast,
    };
    life.live().await?;
    println!(
        "The demo is ready: {} projects, {people} people and {} pledges in {:.1} s. Log in as {} or {} with the password \u{201c}{}\u{201d}",
        life.plots.len(),
        life.script.pledges.len() + 1,
        started.elapsed().as_secs_f64(),
        people::MAKER,
        people::BACKER,
        people::PASSWORD
    );
    Ok(())
}

/// Paints ahead, in the order in which the drafts are made.
fn painted(plots: &[&'static Plot], script: &Script) -> Receiver<Result<pictures::Prepared>> {
    let (to, covers) = channel(BRUSHES);
    let drafts = script.steps.iter().filter_map(|(_, step)| match step {
        Step::Draft(n) => plots.get(*n).map(|plot| (*n, plot.category)),
        _ => None,
    });
    let mut painting = stream::iter(drafts.collect::<Vec<_>>())
        .map(|(n, category)| {
            spawn_blocking(move || {
                let picture = DynamicImage::ImageRgb8(cover::paint(category, n));
                pictures::from_pixels(&picture).context("a cover could not be made")
            })
        })
        .buffered(BRUSHES);
    tokio::spawn(async move {
        while let Some(cover) = painting.next().await {
            let cover = cover.unwrap_or_else(|error| Err(error.into()));
            if to.send(cover).await.is_err() {
                return;
            }
        }
    });
    covers
}

/// The script while it is lived.
struct Life {
    stage: Stage,
    now: DateTime<Utc>,
    plots: Vec<&'static Plot>,
    script: Script,
    cast: Cast,
    covers: Receiver<Result<pictures::Prepared>>,
    ids: Vec<Option<ProjectId>>,
    gifts: Vec<Vec<RewardId>>,
    pledges: Vec<Option<PledgeId>>,
}

impl Life {
    async fn live(&mut self) -> Result<()> {
        let mut next = 0;
        while let Some((at, step)) = self.script.steps.get(next).copied() {
            self.stage.move_to(at).await?;
            let lived = match step {
                Step::Pledge(_) => self.pledge_run(next).await?,
                step => {
                    self.other(step).await.with_context(|| format!("{step:?}"))?;
                    1
                }
            };
            next += lived;
        }
        self.fall_silent().await?;
        self.hold_one().await
    }

    async fn other(&mut self, step: Step) -> Result<()> {
        let db = self.stage.db();
        match step {
            Step::Draft(n) => self.draft(n).await,
            Step::Launch(n) => self.stage.launch(self.creator(n)?, self.id(n)?).await,
            Step::Stop(n) => self.stage.cancel(self.creator(n)?, self.id(n)?).await,
            Step::Submit(n) => {
                let act = Act::by(self.creator(n)?, "submitted by the creator");
                self.move_state(n, act, (FundingState::Draft, FundingState::InReview)).await
            }
            Step::Suspend(n) => {
                let act = Act::system("suspended while complaints are looked into");
                self.move_state(n, act, (FundingState::Live, FundingState::Suspended)).await
            }
            Step::Withdraw(n) => {
                let planned = self.script.pledges.get(n).context("no such pledge")?;
                let id = self.pledges.get(n).copied().flatten().context("withdrawn before it was made")?;
                Ok(pledges::cancel(db, self.who(planned.who)?, id, db.now()).await?)
            }
            // Moving the clock has judged and charged; pledges are made in runs.
            Step::Deadline(_) | Step::Pledge(_) => Ok(()),
        }
    }

    async fn draft(&mut self, n: usize) -> Result<()> {
        let plot = *self.plots.get(n).context("no such project")?;
        let (creator, db) = (self.creator(n)?, self.stage.db().clone());
        let form = ProjectForm {
            title: plot.title.to_owned(),
            summary: plot.summary.to_owned(),
            story: plot.story.to_owned(),
            category: plot.category.code().to_owned(),
            goal: plot.goal.to_string(),
            ..ProjectForm::default()
        };
        let mut new = form.checked(db.now(), false)?;
        new.deadline = plot.fate.course(self.now).map(|course| course.deadline);
        let project = self.stage.project(creator, Currency::KRW, &new).await?;
        for gift in plot.gifts {
            let delivery = self.now.checked_add_months(Months::new(gift.months)).unwrap_or(self.now);
            let form = RewardForm {
                title: gift.title.to_owned(),
                description: gift.description.to_owned(),
                price: gift.price.to_string(),
                stock: gift.stock.map(|pieces| pieces.to_string()).unwrap_or_default(),
                delivery: delivery.format("%Y-%m").to_string(),
                ..RewardForm::default()
            };
            let new = form.checked(Currency::KRW, db.now())?;
            let id = rewards::add(&db, &project, &new).await?;
            self.gifts.get_mut(n).context("no such project")?.push(id);
        }
        *self.ids.get_mut(n).context("no such project")? = Some(project.id);
        let cover = self.covers.recv().await.context("the painters left")??;
        Ok(projects::keep_cover(&db, &self.stage.state.files, creator, project.id, cover).await?)
    }

    async fn move_state(&self, n: usize, act: Act, (from, to): (FundingState, FundingState)) -> Result<()> {
        let db = self.stage.db();
        let mut tx = db.begin(act).await?;
        let moved = store::move_state(&mut tx, self.id(n)?, from, to, db.now()).await?;
        ensure!(moved, "the project was not {from:?}");
        tx.commit().await?;
        Ok(())
    }

    /// Makes the pledges until the next other step, several at once, each at its own time.
    async fn pledge_run(&mut self, next: usize) -> Result<usize> {
        let rest = self.script.steps.get(next..).unwrap_or_default();
        let until = rest.first().map_or(self.now, |(at, _)| *at + SPAN);
        let run: Vec<usize> = rest
            .iter()
            .map_while(|(at, step)| match step {
                Step::Pledge(n) if *at < until => Some(*n),
                _ => None,
            })
            .collect();
        let count = run.len();
        let life = &*self;
        let made: Vec<(usize, PledgeId)> = stream::iter(run)
            .map(|n| async move {
                Ok::<_, anyhow::Error>((n, life.pledge(n).await.with_context(|| format!("pledge {n}"))?))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        for (n, id) in made {
            if let Some(place) = self.pledges.get_mut(n) {
                *place = Some(id);
            }
        }
        Ok(count)
    }

    async fn pledge(&self, n: usize) -> Result<PledgeId> {
        let planned = *self.script.pledges.get(n).context("no such pledge")?;
        let (project, backer) = (self.id(planned.plot)?, self.who(planned.who)?);
        let mut lines = Vec::new();
        if let Some((gift, quantity)) = planned.choice {
            lines.push(CheckedLine::of(self.reward(planned.plot, gift)?, quantity));
        }
        let extra = Money::won(planned.extra);
        if planned.turn == Turn::NoCard {
            let form = CheckedPledge::new(lines, extra);
            let gateway = self.stage.means.till.for_cards();
            return Ok(pledges::place(self.stage.db(), gateway, backer, project, &form, planned.at).await?);
        }
        let pledge = ScriptPledge { project, backer, lines, extra, card: planned.turn.card() };
        self.stage.pledge(&pledge, planned.at).await
    }

    /// The last deadline passes, and one charge stays without an answer: the gateway is away from
    /// then on, so that the worker asks again only some minutes after now.
    async fn fall_silent(&self) -> Result<()> {
        let means = self.stage.means.clone();
        let secret = sandbox::merchant_secret(&self.stage.db().pool).await?;
        // Nobody listens on the port of the discard service.
        let nobody = SandboxGateway::new("http://127.0.0.1:9".to_owned(), secret)?;
        let away = Means { till: means.till.with(nobody), ..means.clone() };
        let silent = self.now - TimeDelta::seconds(SILENCE);
        let played = async {
            work_until(&means, silent).await?;
            work_until(&away, self.now).await
        };
        // The trouble is played: nobody needs to be warned of it.
        played.with_subscriber(NoSubscriber::default()).await
    }

    /// One card is being entered right now.
    async fn hold_one(&self) -> Result<()> {
        let n = self.plots.iter().position(|plot| plot.key == "stairs").context("no project to hold")?;
        let line = CheckedLine::of(self.reward(n, 1)?, 1);
        let form = CheckedPledge::new(vec![line], Money::won(0));
        let gateway = self.stage.means.till.for_cards();
        let at = self.now - TimeDelta::minutes(4);
        pledges::place(self.stage.db(), gateway, self.who(Who::Backer)?, self.id(n)?, &form, at).await?;
        Ok(())
    }

    fn creator(&self, n: usize) -> Result<MemberId> {
        let plot = self.plots.get(n).context("no such project")?;
        let id = self.cast.creators.get(plot.creator);
        id.copied().with_context(|| format!("{} has no creator", plot.key))
    }

    fn who(&self, who: Who) -> Result<MemberId> {
        let id = match who {
            Who::Crowd(n) => self.cast.crowd.get(n),
            Who::Maker => self.cast.creators.get(people::MAKER),
            Who::Backer => self.cast.creators.get(people::BACKER),
        };
        id.copied().with_context(|| format!("{who:?} is not there"))
    }

    fn id(&self, n: usize) -> Result<ProjectId> {
        self.ids.get(n).copied().flatten().context("a step came before its project")
    }

    fn reward(&self, n: usize, gift: usize) -> Result<RewardId> {
        self.gifts.get(n).and_then(|gifts| gifts.get(gift)).copied().context("no such reward")
    }
}

/// Does what is due, one job after the other, each at its time, until `until`.
async fn work_until(means: &Means, until: DateTime<Utc>) -> Result<()> {
    let db = &means.db;
    while let Some(due) = jobs::next_due(&db.pool).await?.filter(|due| *due <= until) {
        db.clock.freeze(due.max(db.now()));
        for job in jobs::take(&db.pool, db.now(), 1).await? {
            worker::run_and_finish(means.clone().into(), job).await;
        }
    }
    db.clock.freeze(until);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plot::Fate;
    use projects::Category;
    use std::collections::HashSet;

    fn plots() -> Vec<&'static Plot> {
        projects_ko::PLOTS.iter().chain(projects_en::PLOTS).collect()
    }

    fn now() -> DateTime<Utc> {
        "2026-11-22T05:30:00Z".parse().unwrap()
    }

    #[test]
    fn the_demo_has_every_category_and_much_of_both_languages() {
        let categories: HashSet<_> = plots().iter().map(|plot| plot.category).collect();
        assert_eq!(categories.len(), Category::ALL.len());
        assert!(projects_ko::PLOTS.len() >= 20 && projects_en::PLOTS.len() >= 20);
        let hangul = |plot: &Plot| plot.title.chars().any(|c| ('가'..='힣').contains(&c));
        assert!(projects_ko::PLOTS.iter().all(hangul) && !projects_en::PLOTS.iter().any(hangul));
    }

    #[test]
    fn every_project_ends_as_its_fate_says_and_no_reward_is_oversold() {
        let plots = plots();
        let script = script::write(&plots, now());

        for (n, plot) in plots.iter().enumerate() {
            let Some(course) = plot.fate.course(now()) else { continue };
            let mine = || script.pledges.iter().filter(move |pledge| pledge.plot == n);
            for (g, gift) in plot.gifts.iter().enumerate() {
                let taken: i32 = mine().filter_map(|p| p.choice).filter(|c| c.0 == g).map(|c| c.1).sum();
                let left = gift.stock.map(|stock| stock - taken);
                assert!(left.is_none_or(|left| left >= 0), "{} {}", plot.key, gift.title);
                assert!(gift.left.is_none() || gift.left == left, "{} {}", plot.key, gift.title);
            }
            match plot.fate {
                Fate::Funded { percent, .. } | Fate::Collecting { percent, .. } => assert!(percent >= 100),
                // One pledge more than planned must not lift it over the goal.
                Fate::Unfunded { percent, .. } => assert!(percent < 80),
                _ => {}
            }
            assert!(mine().all(|p| p.at > course.launch && p.at < course.deadline), "{}", plot.key);
        }
        let troubled = script.pledges.iter().filter(|pledge| pledge.turn != Turn::Stays);
        let keys: Vec<_> = troubled.map(|pledge| plots[pledge.plot].key).collect();
        assert_eq!(keys.len(), 17, "some trouble never comes: {keys:?}");
        assert!((1_000..1_500).contains(&script.pledges.len()), "{} pledges", script.pledges.len());
    }

    #[test]
    fn everybody_has_another_name() {
        let names: HashSet<_> = (0..people::CROWD).map(|n| people::of_the_crowd(n).0).collect();
        assert_eq!(names.len(), people::CROWD);
    }
}
