//! A goal that is reached: whom it is told, once.

use chrono::{DateTime, Utc};
use kernel::{MemberId, ProjectId};
use sqlx::{PgConnection, PgPool};

/// Whether a running project has reached its goal and nobody was told so yet.
pub async fn reaches_goal(pool: &PgPool, project: ProjectId) -> sqlx::Result<bool> {
    let reached = sqlx::query_scalar!(
        r#"select f.pledged_minor >= p.goal_minor as "reached!" from projects p, figures(p.id) f
            where p.id = $1 and p.state = 'live' and p.goal_minor is not null
              and not exists (select from goals_reached where project_id = $1)"#,
        project.uuid()
    )
    .fetch_optional(pool)
    .await?;
    Ok(reached == Some(true))
}

/// Keeps that a project has reached its goal; true for the first who says so.
pub async fn keep_goal_reached(
    db: &mut PgConnection,
    project: ProjectId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let kept = sqlx::query!(
        "insert into goals_reached (project_id, at) values ($1, $2) on conflict do nothing",
        project.uuid(),
        now
    )
    .execute(db)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Backers with a secured pledge, in the order of their ids, after `last`.
pub async fn backers_after(
    db: &mut PgConnection,
    project: ProjectId,
    last: Option<MemberId>,
    most: i64,
) -> sqlx::Result<Vec<MemberId>> {
    let rows = sqlx::query_scalar!(
        "select distinct backer_id from pledges
          where project_id = $1 and state in ('reserved', 'deposited') and ($2::uuid is null or backer_id > $2)
          order by backer_id limit $3",
        project.uuid(),
        last.map(MemberId::uuid),
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(MemberId::from_uuid).collect())
}
