//! What the operator sees of money that is under way.

use chrono::{DateTime, Utc};
use kernel::Money;
use sqlx::PgPool;

/// How much of each thing is open.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Attempts of which nobody knows what became.
    pub unknown: i64,
    /// Transfers of backers that are expected.
    pub deposits: i64,
    /// Lines of statements that belong to nothing yet.
    pub lines: i64,
    pub refunds: i64,
    pub refunds_failed: i64,
    pub disputes: i64,
    /// Accounts of creators that nobody has checked.
    pub accounts: i64,
    pub issued: i64,
    pub to_pay: i64,
    /// Differences to gateways' books without an explanation.
    pub differences: i64,
}

pub async fn counts(pool: &PgPool) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select (select count(*) from payment_attempts where state = 'unknown') as "unknown!",
                  (select count(*) from deposits where state in ('issued', 'short')) as "deposits!",
                  (select count(*) from bank_lines where state = 'waiting') as "lines!",
                  (select count(*) from refunds where state in ('needs_account', 'ready', 'sending')) as "refunds!",
                  (select count(*) from refunds where state = 'failed') as "refunds_failed!",
                  (select count(*) from disputes where state in ('opened', 'answered')) as "disputes!",
                  (select count(*) from payout_accounts where checked_at is null and refused_why = '' and ended_at is null)
                      as "accounts!",
                  (select count(*) from payouts where state = 'issued') as "issued!",
                  (select count(*) from payouts where state in ('approved', 'failed')) as "to_pay!",
                  (select count(*) from differences where explained_at is null) as "differences!""#
    )
    .fetch_one(pool)
    .await
}

/// A project whose pledges are being charged.
#[derive(Debug)]
pub struct Collecting {
    pub title: String,
    pub slug: String,
    /// Pledges that are still to be paid.
    pub due: i64,
    pub due_sum: Money,
    pub collected: Money,
    pub next_run: Option<DateTime<Utc>>,
    pub last_run: Option<DateTime<Utc>>,
}

pub async fn collecting(pool: &PgPool) -> sqlx::Result<Vec<Collecting>> {
    let rows = sqlx::query!(
        r#"select p.title, p.slug, p.currency, f.collected_minor as "collected!",
                  count(y.id) filter (where y.state = 'due') as "due!",
                  coalesce(sum(y.amount_minor) filter (where y.state = 'due'), 0)::bigint as "sum!",
                  min(y.next_run_at) filter (where y.state = 'due') as next_run, max(y.last_run_at) as last_run
             from projects p cross join lateral figures(p.id) f left join payments y on y.project_id = p.id
            where p.state = 'collecting'
            group by p.id, p.title, p.slug, p.currency, f.collected_minor order by p.deadline"#
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok(Collecting {
                title: row.title,
                slug: row.slug,
                due: row.due,
                due_sum: Money::new(row.sum, currency),
                collected: Money::new(row.collected, currency),
                next_run: row.next_run,
                last_run: row.last_run,
            })
        })
        .collect()
}

/// How often something was refused, and why.
#[derive(Debug)]
pub struct Failed {
    pub code: String,
    pub class: String,
    pub gateway: String,
    pub count: i64,
}

/// The last refusals of payments that are still due, by reason.
pub async fn failures(pool: &PgPool) -> sqlx::Result<Vec<Failed>> {
    sqlx::query_as!(
        Failed,
        r#"select coalesce(a.decline, '') as "code!", coalesce(a.decline_class, '') as "class!",
                  coalesce(a.gateway, y.gateway) as "gateway!", count(*) as "count!"
             from payments y
             join lateral (select decline, decline_class, gateway from payment_attempts a
                            where a.payment_id = y.id and a.kind in ('charge', 'pay') and a.state = 'declined'
                            order by a.id desc limit 1) a on true
            where y.state = 'due' group by 1, 2, 3 order by 4 desc, 1 limit 50"#
    )
    .fetch_all(pool)
    .await
}
