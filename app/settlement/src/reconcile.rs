//! Every gateway's books are compared with ours each night, and whenever finance asks.

use crate::SettlementError;
use accounts::operators::{Operator, audit};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use kernel::{
    Calendar, Fault, Refusal,
    db::Db,
    jobs::{self, Job, JobError},
};
use payments::{GatewayError, Movement, reconcile::compare};
use pledges::Means;
use serde::{Deserialize, Serialize};

/// Both books are read so much before and after the days that are compared: clocks do not agree at midnight.
const BESIDE: TimeDelta = TimeDelta::days(1);
/// A day is compared from this hour of the next Korean day on: gateways close their books late.
const AFTER: NaiveTime = NaiveTime::from_hms_opt(4, 0, 0).expect("four o'clock is a time");
/// So many days at once.
const LONGEST: i64 = 31;
const LONGEST_EXPLANATION: u32 = 500;

/// Compare a gateway's books with ours, whole Korean days.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reconcile {
    pub gateway: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Job for Reconcile {
    const KIND: &'static str = "payment.reconcile";

    fn key(&self) -> Option<String> {
        Some(format!("{}:{}:{}", self.gateway, self.from, self.to))
    }
}

/// Compares. What it finds is written once, however often a day is compared.
pub async fn reconcile(means: &Means, job: &Reconcile) -> Result<(), JobError> {
    let db = &means.db;
    let began_at = db.now();
    let from = Calendar::at(job.from, NaiveTime::MIN);
    let until = Calendar::at(job.to + TimeDelta::days(1), NaiveTime::MIN);
    let gateway = means.till.gateway(&job.gateway).map_err(|error| JobError::Retry(error.to_string()))?;
    let (theirs, error) = match gateway.movements(from - BESIDE, until + BESIDE).await {
        Ok(theirs) => (Some(theirs), String::new()),
        Err(GatewayError::NoAnswer(why)) => return Err(JobError::Retry(why)),
        Err(error) => (None, error.to_string()),
    };
    let mut tx = db.pool.begin().await?;
    let ours = payments::our_movements(&mut tx, &job.gateway, from - BESIDE, until + BESIDE).await?;
    let within = |row: &Movement| from <= row.at && row.at < until;
    let (ours, ours_beside): (Vec<_>, Vec<_>) = ours.into_iter().partition(within);
    let (theirs, theirs_beside): (Vec<_>, Vec<_>) = theirs.unwrap_or_default().into_iter().partition(within);
    let found =
        if error.is_empty() { compare(&theirs, &theirs_beside, &ours, &ours_beside) } else { Vec::new() };
    let count = |rows: &[Movement]| i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let made = payments::Comparison {
        gateway: &job.gateway,
        from: job.from,
        to: job.to,
        began_at,
        ended_at: db.now(),
        rows_there: count(&theirs),
        rows_here: count(&ours),
        error: &error,
    };
    payments::add_comparison(&mut tx, &made, &found).await?;
    tx.commit().await?;
    if !found.is_empty() {
        tracing::error!(
            gateway = job.gateway,
            differences = found.len(),
            "The gateway's books differ from ours"
        );
    }
    Ok(())
}

/// Has the last day compared with each gateway, once it is over.
pub(crate) async fn sweep(means: &Means) -> sqlx::Result<()> {
    let now = means.db.now();
    let yesterday = Calendar::day_of(now) - TimeDelta::days(1);
    if now < Calendar::at(Calendar::day_of(now), AFTER) {
        return Ok(());
    }
    let mut connection = means.db.pool.acquire().await?;
    for gateway in means.till.names() {
        if !payments::was_compared(&mut connection, gateway, yesterday).await? {
            let job = Reconcile { gateway: gateway.to_owned(), from: yesterday, to: yesterday };
            jobs::enqueue(&mut connection, &job, now).await?;
        }
    }
    Ok(())
}

/// Finance wants these days compared now.
pub async fn ask(
    means: &Means,
    operator: &Operator,
    gateway: &str,
    from: &str,
    to: &str,
) -> Result<(), SettlementError> {
    let now = means.db.now();
    if !means.till.names().any(|name| name == gateway) {
        return Err(Refusal::field("gateway", Fault::NotAllowed).into());
    }
    let (from, to) = days(from, to, now)?;
    let mut tx = means.db.pool.begin().await?;
    jobs::enqueue(&mut tx, &Reconcile { gateway: gateway.to_owned(), from, to }, now).await?;
    let detail = format!("{from} – {to}");
    audit(&mut tx, &operator.actor(), "reconcile", &format!("gateway:{gateway}"), &detail, now).await?;
    tx.commit().await?;
    means.db.notify.jobs();
    Ok(())
}

fn days(from: &str, to: &str, now: DateTime<Utc>) -> Result<(NaiveDate, NaiveDate), Refusal> {
    let day = |field: &str, text: &str| {
        NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| Refusal::field(field, Fault::NotADate))
    };
    let (from, to) = (day("from", from)?, day("to", to)?);
    if to > Calendar::day_of(now) {
        return Err(Refusal::field("to", Fault::TooLate));
    }
    if to < from || (to - from).num_days() >= LONGEST {
        return Err(Refusal::field("from", if to < from { Fault::TooLate } else { Fault::TooEarly }));
    }
    Ok((from, to))
}

/// An operator has found out why the books differ.
pub async fn explain(
    db: &Db,
    operator: &Operator,
    difference: i64,
    explanation: &str,
) -> Result<(), SettlementError> {
    let explanation = explanation.replace('\0', "").trim().to_owned();
    if explanation.is_empty() {
        return Err(Refusal::field("explanation", Fault::Required).into());
    }
    if explanation.chars().count() > LONGEST_EXPLANATION as usize {
        return Err(Refusal::field("explanation", Fault::TooLong { max: LONGEST_EXPLANATION }).into());
    }
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !payments::explain(&mut tx, difference, operator.member.id, &explanation, now).await? {
        return Err(SettlementError::WrongState);
    }
    let subject = format!("difference:{difference}");
    audit(&mut tx, &operator.actor(), "explain", &subject, &explanation, now).await?;
    tx.commit().await?;
    Ok(())
}
