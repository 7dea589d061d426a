//! SQL of plans, and of what projects chose.

use crate::{FeePlan, MoneyTerms};
use chrono::{DateTime, Utc};
use kernel::{PlanId, ProjectId, Rate};
use sqlx::PgConnection;

struct PlanRow {
    id: uuid::Uuid,
    code: String,
    version: i32,
    name_ko: String,
    name_en: String,
    about_ko: String,
    about_en: String,
    platform_bp: i32,
    payment_bp: i32,
    vat_bp: i32,
    early_bp: i32,
    early_days: i32,
    final_days: i32,
    closed_at: Option<DateTime<Utc>>,
}

fn rate(bp: i32) -> sqlx::Result<Rate> {
    Rate::try_from(bp).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

impl TryFrom<PlanRow> for FeePlan {
    type Error = sqlx::Error;

    fn try_from(row: PlanRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.id.into(),
            code: row.code,
            version: row.version,
            name: (row.name_ko, row.name_en),
            about: (row.about_ko, row.about_en),
            platform: rate(row.platform_bp)?,
            payment: rate(row.payment_bp)?,
            vat: rate(row.vat_bp)?,
            early: rate(row.early_bp)?,
            early_days: row.early_days,
            final_days: row.final_days,
            closed_at: row.closed_at,
        })
    }
}

/// All plans, those that are offered first; of each the newest version first.
pub async fn plans(db: &mut PgConnection) -> sqlx::Result<Vec<FeePlan>> {
    let rows = sqlx::query_as!(
        PlanRow,
        "select id, code, version, name_ko, name_en, about_ko, about_en, platform_bp, payment_bp, vat_bp, early_bp,
                early_days, final_days, closed_at
           from fee_plans order by closed_at is not null, code, version desc"
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(FeePlan::try_from).collect()
}

/// What new projects may choose; the first one is theirs if they choose none.
pub async fn open_plans(db: &mut PgConnection) -> sqlx::Result<Vec<FeePlan>> {
    let mut open: Vec<_> = plans(db).await?.into_iter().filter(|plan| plan.closed_at.is_none()).collect();
    open.sort_by_key(|plan| plan.code != "basic");
    Ok(open)
}

pub async fn terms_of(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<MoneyTerms> {
    let row = sqlx::query!("select plan_id, collected_share_bp from projects where id = $1", project.uuid())
        .fetch_one(&mut *db)
        .await?;
    let plan = match row.plan_id {
        Some(id) => Some(plan(&mut *db, id.into()).await?),
        None => None,
    };
    Ok(MoneyTerms { plan, collected_share: row.collected_share_bp.map(rate).transpose()? })
}

pub async fn plan(db: &mut PgConnection, id: PlanId) -> sqlx::Result<FeePlan> {
    sqlx::query_as!(
        PlanRow,
        "select id, code, version, name_ko, name_en, about_ko, about_en, platform_bp, payment_bp, vat_bp, early_bp,
                early_days, final_days, closed_at
           from fee_plans where id = $1",
        id.uuid()
    )
    .fetch_one(db)
    .await?
    .try_into()
}

/// Keeps what the creator chose; false if the plan is not offered. The database refuses it after the launch.
pub async fn choose_terms(
    db: &mut PgConnection,
    project: ProjectId,
    plan: PlanId,
    share: Option<Rate>,
) -> sqlx::Result<bool> {
    let chosen = sqlx::query!(
        "update projects set plan_id = $2, collected_share_bp = $3
          where id = $1 and state = 'draft'
            and (plan_id = $2 or exists (select from fee_plans where id = $2 and closed_at is null))",
        project.uuid(),
        plan.uuid(),
        share.map(Rate::bp)
    )
    .execute(db)
    .await?;
    Ok(chosen.rows_affected() == 1)
}

/// Gives a project without a plan the one that is offered first; false if none is offered. A plan that was
/// closed since it was chosen is kept: it was what the creator agreed to.
pub async fn settle_plan(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<bool> {
    sqlx::query!(
        "update projects set plan_id = (select id from fee_plans where closed_at is null
                                         order by code <> 'basic', code limit 1)
          where id = $1 and plan_id is null",
        project.uuid()
    )
    .execute(&mut *db)
    .await?;
    let plan = sqlx::query_scalar!("select plan_id from projects where id = $1", project.uuid());
    Ok(plan.fetch_one(db).await?.is_some())
}
