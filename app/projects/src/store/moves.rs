//! The states of a project.

use super::by_id;
use crate::{FundingState, Project};
use chrono::{DateTime, Utc};
use kernel::ProjectId;
use sqlx::PgConnection;

/// Takes a project from one state to another; false if it was not in `from`. The database
/// refuses moves that are not allowed and writes down who and why.
pub async fn move_state(
    db: &mut PgConnection,
    project: ProjectId,
    from: FundingState,
    to: FundingState,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let moved = sqlx::query!(
        "update projects
            set state = $3, updated_at = $4,
                launched_at = case when $3 = 'live' then coalesce(launched_at, $4) else launched_at end,
                closed_at = case when $3 in ('funded', 'unfunded', 'canceled') then $4 else closed_at end
          where id = $1 and state = $2",
        project.uuid(),
        from.code(),
        to.code(),
        at
    )
    .execute(db)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Stops a project whose deadline lies ahead; false if it is not live, or its goal is to be judged.
pub async fn cancel(db: &mut PgConnection, project: ProjectId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let stopped = sqlx::query!(
        "update projects set state = 'canceled', updated_at = $2, closed_at = $2
          where id = $1 and state = 'live' and deadline > $2",
        project.uuid(),
        now
    )
    .execute(db)
    .await?;
    Ok(stopped.rows_affected() == 1)
}

/// Claims a passed deadline: of all workers that try, one is told true.
pub async fn claim_deadline(
    db: &mut PgConnection,
    project: ProjectId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let claimed = sqlx::query!(
        "update projects set state = 'judging', updated_at = $2
          where id = $1 and state = 'live' and deadline <= $2",
        project.uuid(),
        now
    )
    .execute(db)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// The projects that wait for the operator, oldest first.
pub async fn in_review(db: &mut PgConnection) -> sqlx::Result<Vec<Project>> {
    let ids =
        sqlx::query_scalar!("select id from projects where state = 'in_review' order by updated_at, id")
            .fetch_all(&mut *db)
            .await?;
    let mut waiting = Vec::with_capacity(ids.len());
    for id in ids {
        waiting.push(by_id(&mut *db, id.into()).await?);
    }
    Ok(waiting)
}

/// When a project ended.
pub async fn closed_at(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select closed_at from projects where id = $1", project.uuid()).fetch_one(db).await
}
