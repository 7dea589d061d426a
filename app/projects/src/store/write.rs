//! What a creator writes.

use crate::CheckedProject;
use chrono::{DateTime, Utc};
use kernel::{Currency, FormKey, MemberId, Money, ProjectId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Adds a draft under the first free address that its title gives. The same form again gives the
/// same draft.
pub async fn create(
    db: &mut PgConnection,
    creator: MemberId,
    currency: Currency,
    new: &CheckedProject,
    at: DateTime<Utc>,
) -> sqlx::Result<(ProjectId, String)> {
    let id = ProjectId::new();
    let base = crate::slugify(&new.title);
    let mut slug = base.clone();
    loop {
        let added = sqlx::query!(
            "insert into projects (id, slug, creator_id, title, summary, story, category, currency, goal_minor, deadline,
                                   state, created_at, updated_at, form_key)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', $11, $11, $12)
             on conflict do nothing",
            id.uuid(),
            slug,
            creator.uuid(),
            new.title,
            new.summary,
            new.story,
            new.category.code(),
            currency.code(),
            new.goal.map(Money::minor),
            new.deadline,
            at,
            new.key.map(FormKey::uuid)
        )
        .execute(&mut *db)
        .await?;
        if added.rows_affected() == 1 {
            return Ok((id, slug));
        }
        if let Some(earlier) = by_form(&mut *db, creator, new.key).await? {
            return Ok(earlier);
        }
        let random = Uuid::new_v4().simple().to_string();
        slug = format!("{base}-{}", random.get(..5).unwrap_or("x"));
    }
}

/// The project that a form of this creator has already made.
async fn by_form(
    db: &mut PgConnection,
    creator: MemberId,
    key: Option<FormKey>,
) -> sqlx::Result<Option<(ProjectId, String)>> {
    let row = sqlx::query!(
        "select id, slug from projects where creator_id = $1 and form_key = $2",
        creator.uuid(),
        key.map(FormKey::uuid)
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.id.into(), row.slug)))
}

/// Writes an edit of the version that was read; false if another edit came first.
pub async fn edit(
    db: &mut PgConnection,
    project: ProjectId,
    edit: &CheckedProject,
    frozen: bool,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update projects
            set title = $3, summary = $4, story = $5, category = $6,
                goal_minor = case when $9 then goal_minor else $7 end,
                deadline = case when $9 then deadline else $8 end,
                version = version + 1, updated_at = $10
          where id = $1 and version = $2",
        project.uuid(),
        edit.version,
        edit.title,
        edit.summary,
        edit.story,
        edit.category.code(),
        edit.goal.map(Money::minor),
        edit.deadline,
        frozen,
        at
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_cover(
    db: &mut PgConnection,
    project: ProjectId,
    cover: Option<Uuid>,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update projects set cover_id = $2, updated_at = $3 where id = $1",
        project.uuid(),
        cover,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}
