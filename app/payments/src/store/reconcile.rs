//! SQL of comparisons with gateways' books.

use crate::{
    gateway::{Movement, MovementKind},
    reconcile::Difference,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Calendar, MemberId, Money, ReconciliationId};
use sqlx::{PgConnection, PgPool};

/// What moved at a gateway from `from` until before `until`, as our rows have it.
pub async fn our_movements(
    db: &mut PgConnection,
    gateway: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<Vec<Movement>> {
    let rows = sqlx::query!(
        r#"select case a.kind when 'refund' then 'refund' else 'charge' end as "kind!", a.gateway_ref as "name!",
                  a.amount_minor as "minor!", a.currency as "currency!", a.settled_at as "at!"
             from payment_attempts a join payments y on y.id = a.payment_id
            where a.kind in ('charge', 'pay', 'refund') and a.state = 'succeeded' and a.gateway_ref is not null
              and coalesce(a.gateway, y.gateway) = $1 and a.settled_at >= $2 and a.settled_at < $3
           union all
           select 'dispute', d.gateway_ref, d.amount_minor, d.currency, d.opened_at from disputes d
            where d.gateway = $1 and d.opened_at >= $2 and d.opened_at < $3
           union all
           select 'deposit', a.gateway_ref, a.amount_minor, a.currency, e.occurred_at
             from ledger_entries e join payment_attempts a on a.id = e.reference join payments y on y.id = a.payment_id
            where e.kind in ('account_paid', 'account_collected') and a.gateway_ref is not null
              and coalesce(a.gateway, y.gateway) = $1 and e.occurred_at >= $2 and e.occurred_at < $3"#,
        gateway,
        from,
        until
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok(Movement {
                kind: match row.kind.as_str() {
                    "refund" => MovementKind::Refund,
                    "dispute" => MovementKind::Dispute,
                    "deposit" => MovementKind::Deposit,
                    _ => MovementKind::Charge,
                },
                gateway_ref: row.name,
                amount: Money::new(row.minor, currency),
                at: row.at,
            })
        })
        .collect()
}

/// A comparison that was made, or tried.
#[derive(Debug)]
pub struct Comparison<'a> {
    pub gateway: &'a str,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub began_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    pub rows_there: i32,
    pub rows_here: i32,
    /// Why it could not be made; empty if it was.
    pub error: &'a str,
}

/// Writes down a comparison with what it found. A difference that was found before stands there once.
pub async fn add_comparison(
    db: &mut PgConnection,
    made: &Comparison<'_>,
    found: &[Difference],
) -> sqlx::Result<ReconciliationId> {
    // Two at once would each not see the other's.
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended($1, 2)) as held",
        format!("reconciliation:{}", made.gateway)
    )
    .execute(&mut *db)
    .await?;
    let id = ReconciliationId::new();
    sqlx::query!(
        "insert into reconciliations (id, gateway, from_day, to_day, began_at, ended_at, rows_there, rows_here, error)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.uuid(),
        made.gateway,
        made.from,
        made.to,
        made.began_at,
        made.ended_at,
        made.rows_there,
        made.rows_here,
        made.error
    )
    .execute(&mut *db)
    .await?;
    for one in found {
        sqlx::query!(
            "insert into differences (reconciliation_id, kind, what, reference, ours, theirs)
             select $1, $2, $3, $4, $5, $6
              where not exists (select from differences d join reconciliations r on r.id = d.reconciliation_id
                     where (r.gateway, d.kind, d.what, d.reference, d.ours, d.theirs) = ($7, $2, $3, $4, $5, $6))",
            id.uuid(),
            one.how.code(),
            one.what.code(),
            one.reference,
            one.ours,
            one.theirs,
            made.gateway
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(id)
}

/// Writes down what was found beside the comparisons, such as by a charge that is booked. Told again, it
/// stands there once.
pub async fn note_difference(
    pool: &PgPool,
    gateway: &str,
    found: &Difference,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut tx = pool.begin().await?;
    let known = sqlx::query_scalar!(
        r#"select exists (select from differences d join reconciliations r on r.id = d.reconciliation_id
             where (r.gateway, d.kind, d.reference, d.ours, d.theirs) = ($1, $2, $3, $4, $5)) as "known!""#,
        gateway,
        found.how.code(),
        found.reference,
        found.ours,
        found.theirs
    )
    .fetch_one(&mut *tx)
    .await?;
    if known {
        return Ok(());
    }
    let day = Calendar::day_of(at);
    let noted = Comparison {
        gateway,
        from: day,
        to: day,
        began_at: at,
        ended_at: at,
        rows_there: 1,
        rows_here: 1,
        error: "found beside the comparisons",
    };
    add_comparison(&mut tx, &noted, std::slice::from_ref(found)).await?;
    tx.commit().await
}

/// Whether a day was compared with this gateway.
pub async fn was_compared(db: &mut PgConnection, gateway: &str, day: NaiveDate) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from reconciliations where gateway = $1 and from_day <= $2 and to_day >= $2
                             and rows_there is not null
                             and error <> 'found beside the comparisons') as "compared!""#,
        gateway,
        day
    )
    .fetch_one(db)
    .await
}

/// A comparison as the operator's page lists it.
#[derive(Debug)]
pub struct ListedComparison {
    pub gateway: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub began_at: DateTime<Utc>,
    pub rows_there: i32,
    pub rows_here: i32,
    pub error: String,
    pub differences: i64,
}

pub async fn comparisons(pool: &PgPool, most: i64) -> sqlx::Result<Vec<ListedComparison>> {
    sqlx::query_as!(
        ListedComparison,
        r#"select r.gateway, r.from_day as "from", r.to_day as "to", r.began_at,
                  coalesce(r.rows_there, 0) as "rows_there!", coalesce(r.rows_here, 0) as "rows_here!", r.error,
                  (select count(*) from differences d where d.reconciliation_id = r.id) as "differences!"
             from reconciliations r order by r.began_at desc, r.id desc limit $1"#,
        most
    )
    .fetch_all(pool)
    .await
}

/// A difference as the operator's page lists it.
#[derive(Debug)]
pub struct ListedDifference {
    pub id: i64,
    pub gateway: String,
    pub kind: String,
    pub what: String,
    pub reference: String,
    pub ours: String,
    pub theirs: String,
    pub found_at: DateTime<Utc>,
    pub explanation: String,
    /// Who explained it, and when.
    pub explained: Option<DateTime<Utc>>,
}

/// Differences, those without an explanation first.
pub async fn differences(pool: &PgPool, most: i64) -> sqlx::Result<Vec<ListedDifference>> {
    sqlx::query_as!(
        ListedDifference,
        "select d.id, r.gateway, d.kind, d.what, d.reference, d.ours, d.theirs, r.began_at as found_at, d.explanation,
                d.explained_at as explained
           from differences d join reconciliations r on r.id = d.reconciliation_id
          order by d.explained_at is not null, d.id desc limit $1",
        most
    )
    .fetch_all(pool)
    .await
}

/// Closes a difference with what was found; false if somebody else did.
pub async fn explain(
    db: &mut PgConnection,
    difference: i64,
    by: MemberId,
    explanation: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update differences set explained_at = $4, explained_by = $2, explanation = $3
          where id = $1 and explained_at is null",
        difference,
        by.uuid(),
        explanation,
        at
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
