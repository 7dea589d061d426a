//! 5. The deadline: two workers at once, a replica whose clock is behind, and days on which banks rest.

use super::Law;
use crate::{campaign::campaign, kill::pledge, people::Person, site::Site};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Money, ProjectId, clock::Clock, db::Db, jobs::JobError, seal::Keys};
use payments::Schedule;
use pledges::{CheckedPledge, Means, PledgeError};
use sandbox::Manner;

const PROJECTS: usize = 8;
const PLEDGES: usize = 6;

/// A deadline, the schedule, and when the first run is. The second of the last pair is the same for Koreans.
const RUNS: [(&str, &str, &str); 6] = [
    // An ordinary Wednesday.
    ("2027-03-10T14:59:59Z", "1@10:00", "2027-03-11T01:00:00Z"),
    // A Saturday before the New Year's days of 2027, the 8th and the 9th of February.
    ("2027-02-06T03:00:00Z", "1@10:00", "2027-02-10T01:00:00Z"),
    // The last moment before a Sunday that Christmas follows on Monday.
    ("2027-12-25T14:59:59Z", "1@10:00", "2027-12-28T01:00:00Z"),
    // A leap day; the first of March is a holiday.
    ("2028-02-29T03:00:00Z", "1@10:00", "2028-03-02T01:00:00Z"),
    // Before and after New York's clocks jump.
    ("2027-03-12T06:59:59Z", "1@10:00", "2027-03-15T01:00:00Z"),
    ("2027-03-14T07:00:00Z", "1@10:00", "2027-03-15T01:00:00Z"),
];

pub struct Deadlines {
    pub law: Law,
    projects: Vec<(ProjectId, bool)>,
    deadline: DateTime<Utc>,
    latecomer: Person,
}

impl Deadlines {
    pub async fn begin(site: &Site) -> Result<Self> {
        let mut law = Law::new(
            5,
            "a deadline is judged once by two workers, whatever a replica's clock says; charges wait for banks",
        );
        let creators = site.people("closing", PROJECTS).await?;
        let backers = site.people("early", PLEDGES).await?;
        let latecomer = site.people("late_by_a_second", 1).await?.remove(0);
        let deadline = site.db().now() + TimeDelta::days(2);
        let mut projects = Vec::new();
        for (n, creator) in creators.iter().enumerate() {
            let reaches = n % 4 != 3;
            let goal = Money::won(if reaches { 1000 } else { 100_000_000 });
            let made =
                campaign(site.db(), creator.id, format!("마감하는 찻잔 {n}"), goal, deadline, &[]).await?;
            for backer in &backers {
                pledge(site, made.id, backer.id, Manner::Pays, 5000).await?;
            }
            projects.push((made.id, reaches));
        }
        for (id, _) in &projects {
            let early = pledges::judge(&behind(site, deadline - TimeDelta::seconds(1)), *id).await;
            law.case(matches!(early, Err(JobError::Retry(_))), || {
                format!("{id} was judged early: {early:?}")
            });
        }
        let calendar = payments::calendar(&mut *site.db().pool.acquire().await?).await?;
        for (deadline, schedule, first) in RUNS {
            let runs = Schedule::parse(schedule)?.runs(deadline.parse()?, &calendar);
            law.case(runs.first() == Some(&first.parse()?), || {
                format!("after {deadline} charges begin at {runs:?}")
            });
        }
        Ok(Self { law, projects, deadline, latecomer })
    }

    /// After the deadline.
    pub async fn end(&mut self, site: &Site) -> Result<()> {
        for (id, reached) in &self.projects {
            let moves: Vec<String> = sqlx::query_scalar(
                "select to_state from state_moves where machine = 'project' and entity_id = $1 order by id",
            )
            .bind(id.uuid())
            .fetch_all(&site.db().pool)
            .await?;
            let ends: &[&str] = if *reached { &["collecting", "funded"] } else { &["unfunded"] };
            let expected = [&["draft", "in_review", "live", "judging"], ends].concat();
            self.law.case(moves == expected, || format!("{id} went through {moves:?}"));
            let told: i64 = sqlx::query_scalar("select count(*) from outbox where key like $1")
                .bind(format!("project.judged:{id}%"))
                .fetch_one(&site.db().pool)
                .await?;
            self.law.case(told == 1, || format!("the creator of {id} was told {told} times"));
            // A replica that still believes the deadline to be a second away.
            let at = self.deadline - TimeDelta::seconds(1);
            let form = CheckedPledge::new(Vec::new(), Money::won(5000));
            let means = behind(site, at);
            let late =
                pledges::place(&means.db, means.till.for_cards(), self.latecomer.id, *id, &form, at).await;
            self.law.case(matches!(late, Err(PledgeError::NotLive)), || {
                format!("a replica whose clock is behind took a pledge of {id}: {late:?}")
            });
        }
        self.law.cases += PROJECTS * PLEDGES;
        Ok(())
    }
}

/// A replica whose clock stands at an instant.
fn behind(site: &Site, at: DateTime<Utc>) -> Means {
    let db = Db::new(site.db().pool.clone(), Clock::frozen_at(at), Keys::none());
    Means { db, ..site.means.clone() }
}
