//! The gateway's books against ours, row by row.

use crate::site::Site;
use anyhow::Result;
use kernel::ProjectId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How the pledges of some projects ended.
#[derive(Default)]
pub struct Compared {
    pub collected: usize,
    pub dropped: usize,
    /// Charges that one side has and the other has not, and pledges that never ended.
    pub lost: Vec<String>,
    pub doubled: Vec<String>,
}

/// `count` pledges are expected in these projects to be collected by one charge or dropped without any; beside
/// them there may be some that ended before, and were never charged.
pub async fn compare(site: &Site, projects: &[ProjectId], count: usize) -> Result<Compared> {
    let theirs: Vec<(String, i64)> =
        sqlx::query_as("select key, amount_minor from sandbox.charges where state = 'succeeded'")
            .fetch_all(&site.gateway_books)
            .await?;
    let theirs: BTreeMap<String, i64> = theirs.into_iter().collect();
    let projects: Vec<Uuid> = projects.iter().map(|project| project.uuid()).collect();
    let ours: Vec<(String, Uuid, i64, String)> = sqlx::query_as(
        "select a.id::text, p.id, a.amount_minor, a.state from pledges p
           join payments y on y.purpose_id = p.id join payment_attempts a on a.payment_id = y.id
          where p.project_id = any($1) and a.kind = 'charge'",
    )
    .bind(&projects)
    .fetch_all(&site.db().pool)
    .await?;
    let states: Vec<(Uuid, String)> =
        sqlx::query_as("select id, state from pledges where project_id = any($1)")
            .bind(&projects)
            .fetch_all(&site.db().pool)
            .await?;
    let mut found = Compared::default();
    let mut charged: BTreeMap<Uuid, u32> = BTreeMap::new();
    for (key, pledge, amount, state) in &ours {
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
            ("canceled" | "expired" | "voided", 0) => {}
            (_, 2..) => {
                found.doubled.push(format!("pledge {pledge} is {state} and was charged {times} times"))
            }
            _ => found.lost.push(format!("pledge {pledge} is {state} and was charged {times} times")),
        }
    }
    if found.collected + found.dropped + found.lost.len() + found.doubled.len() < count {
        let ended = found.collected + found.dropped;
        found.lost.push(format!("{ended} pledges were collected or dropped, not {count}"));
    }
    Ok(found)
}
