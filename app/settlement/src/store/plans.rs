//! SQL of new versions of plans.

use crate::NewPlan;
use chrono::{DateTime, Utc};
use kernel::PlanId;
use sqlx::PgConnection;

/// The newest version of a plan; 0 if there is none.
pub async fn newest_version(db: &mut PgConnection, code: &str) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        r#"select coalesce(max(version), 0) as "version!" from fee_plans where code = $1"#,
        code
    )
    .fetch_one(db)
    .await
}

pub async fn add_plan(
    db: &mut PgConnection,
    new: &NewPlan,
    version: i32,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update fee_plans set closed_at = $2 where code = $1 and closed_at is null", new.code, at)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into fee_plans (id, code, version, name_ko, name_en, about_ko, about_en, platform_bp, payment_bp, vat_bp,
                                early_bp, early_days, final_days, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        PlanId::new().uuid(),
        new.code,
        version,
        new.name_ko,
        new.name_en,
        new.about_ko,
        new.about_en,
        new.platform.bp(),
        new.payment.bp(),
        new.vat.bp(),
        new.early.bp(),
        new.early_days,
        new.final_days,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Offers a plan to new projects no more, unless it is the last one; false then, or if it was closed before.
pub async fn close_plan(db: &mut PgConnection, plan: PlanId, at: DateTime<Utc>) -> sqlx::Result<bool> {
    // Two at once would each see the other's.
    sqlx::query!("lock table fee_plans in share row exclusive mode").execute(&mut *db).await?;
    let closed = sqlx::query!(
        "update fee_plans set closed_at = $2 where id = $1 and closed_at is null
            and exists (select from fee_plans where id <> $1 and closed_at is null)",
        plan.uuid(),
        at
    )
    .execute(db)
    .await?;
    Ok(closed.rows_affected() == 1)
}
