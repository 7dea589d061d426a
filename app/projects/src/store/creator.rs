//! Everything of one creator.

use super::{cards, state};
use crate::{FundingState, ProjectCard};
use kernel::{MemberId, ProjectId};
use sqlx::PgConnection;

/// The projects of a person, newest first; all of them for the person, the public ones for others.
pub async fn of_creator(
    db: &mut PgConnection,
    creator: MemberId,
    drafts_too: bool,
) -> sqlx::Result<Vec<ProjectCard>> {
    let ids = sqlx::query_scalar!(
        "select id from projects
          where creator_id = $1 and ($2 or state not in ('draft', 'in_review', 'suspended'))
          order by created_at desc limit 200",
        creator.uuid(),
        drafts_too
    )
    .fetch_all(&mut *db)
    .await?;
    cards(db, ids.into_iter().map(ProjectId::from_uuid)).await
}

/// Titles and states of everything that a creator made.
pub async fn states_of_creator(
    db: &mut PgConnection,
    creator: MemberId,
) -> sqlx::Result<Vec<(String, FundingState)>> {
    let rows =
        sqlx::query!("select title, state from projects where creator_id = $1 order by id", creator.uuid())
            .fetch_all(db)
            .await?;
    rows.into_iter().map(|row| Ok((row.title, state(&row.state)?))).collect()
}

/// Deletes the drafts of a creator who leaves, with their rewards. Pictures that nothing shows are swept.
pub async fn delete_drafts(db: &mut PgConnection, creator: MemberId) -> sqlx::Result<u64> {
    sqlx::query!(
        "delete from rewards where project_id in (select id from projects where creator_id = $1 and state = 'draft')",
        creator.uuid()
    )
    .execute(&mut *db)
    .await?;
    let deleted =
        sqlx::query!("delete from projects where creator_id = $1 and state = 'draft'", creator.uuid())
            .execute(db)
            .await?;
    Ok(deleted.rows_affected())
}

/// What a creator wrote, for the download of their data.
pub async fn export(db: &mut PgConnection, creator: MemberId) -> sqlx::Result<serde_json::Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'slug', p.slug, 'title', p.title, 'summary', p.summary,
                  'story', p.story, 'category', p.category, 'currency', p.currency, 'goal_minor', p.goal_minor,
                  'deadline', p.deadline, 'state', p.state, 'begun', p.created_at, 'launched', p.launched_at)
                  order by p.created_at), '[]') as "json!" from projects p where p.creator_id = $1"#,
        creator.uuid()
    )
    .fetch_one(db)
    .await
}
