//! What everybody may see of a project's money, and when the books were proved.

use chrono::{DateTime, Utc};
use kernel::{Currency, Money, ProjectId};
use sqlx::{PgConnection, PgPool};

/// A project's money as its book has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectMoney {
    pub collected: Money,
    pub refunded: Money,
    /// By banks of payers, after disputes.
    pub taken_back: Money,
    /// With their VAT.
    pub fees: Money,
    pub paid_out: Money,
}

impl ProjectMoney {
    /// What was collected and not given back.
    #[must_use]
    pub const fn kept(&self) -> Money {
        let kept = self.collected.minor() - self.refunded.minor() - self.taken_back.minor();
        Money::new(kept, self.collected.currency())
    }
}

pub async fn project_money(
    db: &mut PgConnection,
    project: ProjectId,
    currency: Currency,
) -> sqlx::Result<ProjectMoney> {
    let row = sqlx::query!(
        r#"select collected_minor as "collected!", refunded_minor as "refunded!", taken_back_minor as "taken_back!",
                  fees_minor as "fees!", paid_out_minor as "paid_out!" from project_money($1)"#,
        project.uuid()
    )
    .fetch_one(db)
    .await?;
    let money = |minor| Money::new(minor, currency);
    Ok(ProjectMoney {
        collected: money(row.collected),
        refunded: money(row.refunded),
        taken_back: money(row.taken_back),
        fees: money(row.fees),
        paid_out: money(row.paid_out),
    })
}

/// A proof of the books.
#[derive(Clone, Copy, Debug)]
pub struct BookCheck {
    pub at: DateTime<Utc>,
    pub laws: i32,
    pub faults: i32,
    pub entries: i64,
    pub took_ms: i32,
}

/// Writes down that the books were proved.
pub async fn note_check(pool: &PgPool, check: BookCheck) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into book_checks (at, laws, faults, entries, took_ms) values ($1, $2, $3, $4, $5)",
        check.at,
        check.laws,
        check.faults,
        check.entries,
        check.took_ms
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// When the books last balanced.
pub async fn last_balanced(db: &mut PgConnection) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select at from book_checks where faults = 0 order by at desc limit 1")
        .fetch_optional(db)
        .await
}

/// The last proofs, the newest first.
pub async fn last_checks(pool: &PgPool, most: i64) -> sqlx::Result<Vec<BookCheck>> {
    sqlx::query_as!(
        BookCheck,
        "select at, laws, faults, entries, took_ms from book_checks order by id desc limit $1",
        most
    )
    .fetch_all(pool)
    .await
}
