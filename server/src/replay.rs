//! `dure replay FILE.csv`: lives through real campaigns and compares what Dure decides with what
//! happened.

mod campaign;
mod progress;
mod table;

use crate::{
    check,
    config::Config,
    life::{GOOD_CARD, Person, ScriptPledge, Stage},
};
use anyhow::{Context, Result};
use campaign::{Campaign, Outcome};
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Locale, MemberId, Money, ProjectId, db::Db};
use progress::Progress;
use projects::{CheckedProject, store};
use std::path::Path;
use table::Lived;

/// Pledges of one instant after the other that run at once: people do not queue either.
const AT_ONCE: usize = 16;

#[derive(Clone, Debug)]
enum Event {
    Create,
    Launch,
    Pledge { backer: usize, amount: Money },
    Cancel,
    Deadline,
}

/// Whether everything went as it really did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    Different,
}

/// Reads the whole file first: a malformed row stops it before anything is written.
pub async fn replay(config: &Config, db: &Db, file: &Path) -> Result<Verdict> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let campaigns = campaign::read(&bytes).with_context(|| format!("{} is malformed", file.display()))?;
    let events = script(&campaigns);
    let Some((first, ..)) = events.first() else {
        println!("{} has no campaigns.", file.display());
        return Ok(Verdict::Same);
    };
    let stage = Stage::set(config, db, *first).await?;
    let lived = live(&stage, &campaigns, &events).await?;
    let same = table::print(&campaigns, &lived);
    let report = check::run(&stage.db().pool, check::Gateway::Own).await?;
    println!("\ndure check:");
    for line in report.lines() {
        println!("  {line}");
    }
    Ok(if same && report.faults() == 0 { Verdict::Same } else { Verdict::Different })
}

/// All events in order of time; at one instant drafts come before launches, and so on.
fn script(campaigns: &[Campaign]) -> Vec<(DateTime<Utc>, usize, Event)> {
    let horizon = campaigns.iter().map(|campaign| campaign.last_event()).max().unwrap_or_default();
    let mut events = Vec::new();
    for (n, campaign) in campaigns.iter().enumerate() {
        events.push((campaign.created_at, n, Event::Create));
        events.push((campaign.launched_at, n, Event::Launch));
        for (backer, (at, amount)) in campaign.pledges(horizon).into_iter().enumerate() {
            events.push((at, n, Event::Pledge { backer, amount }));
        }
        match campaign.outcome {
            Outcome::Canceled => events.push((campaign.state_changed_at, n, Event::Cancel)),
            Outcome::Successful | Outcome::Failed => events.push((campaign.deadline, n, Event::Deadline)),
            Outcome::Live => {}
        }
    }
    let order = |event: &Event| match event {
        Event::Create => 0,
        Event::Launch => 1,
        Event::Pledge { .. } => 2,
        Event::Cancel => 3,
        Event::Deadline => 4,
    };
    events.sort_by_key(|(at, n, event)| (*at, order(event), *n));
    events
}

struct Cast {
    creators: Vec<MemberId>,
    /// The n-th backer of every campaign is the same person.
    backers: Vec<MemberId>,
}

async fn cast(stage: &Stage, campaigns: &[Campaign]) -> Result<Cast> {
    // Nobody logs in as these people: the hash is of no password.
    let run = kernel::FormKey::new().uuid().simple().to_string();
    let run = &run[20..];
    let people = |role: &'static str, count: usize| {
        stream::iter((0..count).map(move |n| async move {
            let handle = format!("{role}_{run}_{n}");
            let email = format!("{handle}@replay.example");
            let name = format!("{role} {n}");
            stage
                .member(&Person { handle: &handle, email: &email, name: &name, locale: Locale::En }, "!")
                .await
        }))
        .buffered(AT_ONCE)
        .try_collect::<Vec<_>>()
    };
    let most = campaigns.iter().map(|campaign| campaign.backers).max().unwrap_or_default();
    Ok(Cast { creators: people("creator", campaigns.len()).await?, backers: people("backer", most).await? })
}

async fn live(
    stage: &Stage,
    campaigns: &[Campaign],
    events: &[(DateTime<Utc>, usize, Event)],
) -> Result<Vec<Lived>> {
    let cast = cast(stage, campaigns).await?;
    let mut ids: Vec<Option<ProjectId>> = vec![None; campaigns.len()];
    let mut progress = Progress::new(events.len());
    let mut rest = events;
    while let Some((at, n, event)) = rest.first() {
        stage.move_to(*at).await?;
        let (creator, campaign) = (cast.creators[*n], &campaigns[*n]);
        let known = ids[*n];
        let id = move || known.context("an event came before its project");
        let done = match event {
            Event::Pledge { .. } => pledge_run(stage, &cast, &ids, rest).await?,
            Event::Create => {
                ids[*n] = Some(create(stage, creator, campaign).await?);
                1
            }
            Event::Launch => {
                stage.launch(creator, id()?).await?;
                1
            }
            Event::Cancel => {
                stage.cancel(creator, id()?).await?;
                stage.move_to(*at).await?;
                1
            }
            // Moving the clock has judged and charged.
            Event::Deadline => 1,
        };
        rest = &rest[done..];
        progress.step(done, *at);
    }
    progress.end();
    let mut lived = Vec::with_capacity(ids.len());
    let mut db = stage.db().pool.acquire().await?;
    for id in ids.into_iter().flatten() {
        let project = store::by_id(&mut db, id).await?;
        lived.push(Lived { state: project.state, figures: store::figures(&mut db, id).await? });
    }
    Ok(lived)
}

/// Lives the pledges until the next other event, several at once, each at its own time.
async fn pledge_run(
    stage: &Stage,
    cast: &Cast,
    ids: &[Option<ProjectId>],
    rest: &[(DateTime<Utc>, usize, Event)],
) -> Result<usize> {
    let run = rest.iter().take(400).take_while(|(_, _, event)| matches!(event, Event::Pledge { .. }));
    let pledges: Vec<_> = run
        .filter_map(|(at, n, event)| match event {
            Event::Pledge { backer, amount } => Some((*at, *n, *backer, *amount)),
            _ => None,
        })
        .collect();
    let count = pledges.len();
    stream::iter(pledges)
        .map(|(at, n, backer, amount)| async move {
            let project = ids[n].context("a pledge came before its project")?;
            let backer = cast.backers[backer];
            let pledge = ScriptPledge { project, backer, lines: Vec::new(), extra: amount, card: GOOD_CARD };
            stage.pledge(&pledge, at).await.with_context(|| format!("a pledge of {amount:?} at {at}"))
        })
        .buffer_unordered(AT_ONCE)
        .try_for_each(|_| async { Ok(()) })
        .await?;
    Ok(count)
}

async fn create(stage: &Stage, creator: MemberId, campaign: &Campaign) -> Result<ProjectId> {
    let new = CheckedProject {
        title: campaign.title.clone(),
        summary: campaign.summary.clone(),
        story: campaign.summary.clone(),
        category: campaign.category,
        goal: Some(campaign.goal),
        deadline: Some(campaign.deadline),
        version: 1,
        key: None,
    };
    Ok(stage.project(creator, campaign.goal.currency(), &new).await?.id)
}
