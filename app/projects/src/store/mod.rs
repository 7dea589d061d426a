//! SQL of projects, a file a use.

mod browse;
mod creator;
mod moves;
mod plans;
mod write;

use crate::{Category, Figures, FundingState, LiveProject, Project};
use chrono::{DateTime, Utc};
use kernel::{Currency, Money, ProjectId, Refusal, RewardId};
use pictures::Picture;
use sqlx::PgConnection;
use uuid::Uuid;

pub use browse::{Browse, browse, cards, count};
pub use creator::{delete_drafts, export, of_creator, states_of_creator};
pub use moves::{cancel, claim_deadline, closed_at, in_review, move_state};
pub use plans::{choose_terms, open_plans, plan, plans, settle_plan, terms_of};
pub use write::{create, edit, set_cover};

fn decode(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}

fn currency(code: &str) -> sqlx::Result<Currency> {
    code.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

fn category(code: &str) -> sqlx::Result<Category> {
    Category::from_code(code).ok_or_else(|| decode("unknown category"))
}

fn state(code: &str) -> sqlx::Result<FundingState> {
    FundingState::from_code(code).ok_or_else(|| decode("unknown funding state"))
}

pub async fn by_slug(db: &mut PgConnection, slug: &str) -> sqlx::Result<Option<Project>> {
    let found =
        sqlx::query_scalar!("select id from projects where slug = $1", slug).fetch_optional(&mut *db).await?;
    match found {
        Some(id) => by_id(db, id.into()).await.map(Some),
        None => Ok(None),
    }
}

/// The project at an address, if everybody may see it.
pub async fn public_by_slug(db: &mut PgConnection, slug: &str) -> Result<Project, Refusal> {
    by_slug(db, slug).await?.filter(|project| project.state.is_public()).ok_or(Refusal::NotFound)
}

pub async fn by_id(db: &mut PgConnection, id: ProjectId) -> sqlx::Result<Project> {
    let row = sqlx::query!(
        r#"select p.id, p.slug, p.creator_id, m.handle, m.name, p.title, p.summary, p.story, p.category, p.currency,
                  p.goal_minor, p.deadline, p.state, p.version, p.launched_at,
                  c.id as "cover_id?", c.width as "width?", c.height as "height?", c.tint as "tint?"
             from projects p
             join members m on m.id = p.creator_id
             left join pictures c on c.id = p.cover_id
            where p.id = $1"#,
        id.uuid()
    )
    .fetch_one(db)
    .await?;
    let currency = currency(&row.currency)?;
    Ok(Project {
        id: row.id.into(),
        slug: row.slug,
        creator_id: row.creator_id.into(),
        creator_handle: row.handle,
        creator_name: row.name,
        title: row.title,
        summary: row.summary,
        story: row.story,
        category: category(&row.category)?,
        currency,
        goal: row.goal_minor.map(|minor| Money::new(minor, currency)),
        deadline: row.deadline,
        state: state(&row.state)?,
        version: row.version,
        cover: picture(row.cover_id, row.width, row.height, row.tint),
        launched_at: row.launched_at,
    })
}

/// A project that nobody else changes, moves or pledges to until the caller's transaction ends.
pub async fn locked(db: &mut PgConnection, id: ProjectId) -> sqlx::Result<Project> {
    // Not `for update`: rows that only refer to the project may still be added.
    sqlx::query!("select from projects where id = $1 for no key update", id.uuid())
        .fetch_one(&mut *db)
        .await?;
    by_id(db, id).await
}

/// The state of a project, held until the caller's transaction ends.
pub async fn lock(
    db: &mut PgConnection,
    id: ProjectId,
) -> sqlx::Result<(FundingState, Option<DateTime<Utc>>)> {
    let row = sqlx::query!("select state, deadline from projects where id = $1 for share", id.uuid())
        .fetch_one(db)
        .await?;
    Ok((state(&row.state)?, row.deadline))
}

pub async fn figures(db: &mut PgConnection, id: ProjectId) -> sqlx::Result<Figures> {
    let row = sqlx::query!(
        r#"select p.currency, f.pledged_minor as "pledged!", f.backers as "backers!",
                  f.collected_minor as "collected!", f.retrying_minor as "retrying!", f.dropped_minor as "dropped!"
             from projects p, figures(p.id) f where p.id = $1"#,
        id.uuid()
    )
    .fetch_one(db)
    .await?;
    let currency = currency(&row.currency)?;
    Ok(Figures {
        pledged: Money::new(row.pledged, currency),
        backers: row.backers,
        collected: Money::new(row.collected, currency),
        retrying: Money::new(row.retrying, currency),
        dropped: Money::new(row.dropped, currency),
    })
}

/// What an open page shows anew.
pub async fn live(db: &mut PgConnection, id: ProjectId) -> sqlx::Result<LiveProject> {
    let figures = figures(&mut *db, id).await?;
    let code = sqlx::query_scalar!("select state from projects where id = $1", id.uuid())
        .fetch_one(&mut *db)
        .await?;
    let left = sqlx::query!(
        r#"select id, greatest(stock - taken, 0) as "left!" from rewards
            where project_id = $1 and stock is not null order by id"#,
        id.uuid()
    )
    .fetch_all(db)
    .await?;
    let left = left.into_iter().map(|row| (RewardId::from_uuid(row.id), row.left)).collect();
    Ok(LiveProject { figures, state: state(&code)?, left })
}

fn picture(
    id: Option<Uuid>,
    width: Option<i32>,
    height: Option<i32>,
    tint: Option<String>,
) -> Option<Picture> {
    Some(Picture { id: id?.into(), width: width?, height: height?, tint: tint? })
}
