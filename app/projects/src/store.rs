//! SQL of projects.

use crate::{Category, CheckedProject, Figures, FundingState, LiveProject, Project, ProjectCard, Sort};
use chrono::{DateTime, Utc};
use kernel::{Currency, FormKey, MemberId, Money, ProjectId, RewardId};
use pictures::Picture;
use sqlx::PgConnection;
use uuid::Uuid;

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

pub async fn by_slug(db: &mut PgConnection, slug: &str) -> sqlx::Result<Option<Project>> {
    let found =
        sqlx::query_scalar!("select id from projects where slug = $1", slug).fetch_optional(&mut *db).await?;
    match found {
        Some(id) => by_id(db, id.into()).await.map(Some),
        None => Ok(None),
    }
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
                  f.collected_minor as "collected!", f.dropped_minor as "dropped!"
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

/// What the browse pages ask for.
#[derive(Clone, Debug)]
pub struct Browse {
    pub words: String,
    pub category: Option<Category>,
    /// None: everything public, running projects first.
    pub state: Option<FundingState>,
    pub sort: Sort,
    pub most: i64,
    pub skip: i64,
}

/// How many public projects there are for what is asked, on all pages.
pub async fn count(db: &mut PgConnection, ask: &Browse) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from projects p
            where p.state in ('live', 'judging', 'collecting', 'funded', 'unfunded', 'canceled')
              and ($1::text is null or p.category = $1)
              and ($2::text is null or p.state = $2)
              and ($3 = '' or ((length($3) < 2 or bigrams(p.title || ' ' || p.summary) @> bigrams($3))
                               and strpos(lower(normalize(p.title || ' ' || p.summary, NFKC)),
                                          lower(normalize($3, NFKC))) > 0))"#,
        ask.category.map(Category::code),
        ask.state.map(FundingState::code),
        ask.words
    )
    .fetch_one(db)
    .await
}

/// Public projects, a page of them. Kept beside [`count`], which asks for the same.
pub async fn browse(db: &mut PgConnection, ask: &Browse) -> sqlx::Result<Vec<ProjectCard>> {
    let rows = sqlx::query!(
        r#"select p.id, p.slug, p.title, p.summary, p.category, p.currency, p.goal_minor, p.deadline, p.state,
                  m.name as creator, c.id as "cover_id?", c.width as "width?", c.height as "height?", c.tint as "tint?",
                  f.pledged_minor as "pledged!", f.backers as "backers!", f.collected_minor as "collected!",
                  f.dropped_minor as "dropped!"
             from projects p
             join members m on m.id = p.creator_id
             left join pictures c on c.id = p.cover_id
             cross join lateral figures(p.id) f
            where p.state in ('live', 'judging', 'collecting', 'funded', 'unfunded', 'canceled')
              and ($1::text is null or p.category = $1)
              and ($2::text is null or p.state = $2)
              and ($3 = '' or ((length($3) < 2 or bigrams(p.title || ' ' || p.summary) @> bigrams($3))
                               and strpos(lower(normalize(p.title || ' ' || p.summary, NFKC)),
                                          lower(normalize($3, NFKC))) > 0))
            order by (p.state = 'live') desc,
                     case when $4 = 'ending' then p.deadline end asc,
                     case when $4 = 'funded' then f.pledged_minor end desc,
                     p.launched_at desc, p.id desc
            limit $5 offset $6"#,
        ask.category.map(Category::code),
        ask.state.map(FundingState::code),
        ask.words,
        ask.sort.code(),
        ask.most,
        ask.skip
    )
    .fetch_all(db)
    .await?;
    let mut cards = Vec::with_capacity(rows.len());
    for row in rows {
        let currency = currency(&row.currency)?;
        let money = |minor| Money::new(minor, currency);
        cards.push(ProjectCard {
            id: row.id.into(),
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            category: category(&row.category)?,
            state: state(&row.state)?,
            goal: row.goal_minor.map(money),
            deadline: row.deadline,
            figures: Figures {
                pledged: money(row.pledged),
                backers: row.backers,
                collected: money(row.collected),
                dropped: money(row.dropped),
            },
            cover: picture(row.cover_id, row.width, row.height, row.tint),
            creator: row.creator,
        });
    }
    Ok(cards)
}

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

/// Cards of projects, in the order of their ids.
pub async fn cards(
    db: &mut PgConnection,
    ids: impl Iterator<Item = ProjectId>,
) -> sqlx::Result<Vec<ProjectCard>> {
    let mut cards = Vec::new();
    for id in ids {
        let project = by_id(&mut *db, id).await?;
        let figures = figures(&mut *db, project.id).await?;
        cards.push(ProjectCard {
            id: project.id,
            slug: project.slug,
            title: project.title,
            summary: project.summary,
            category: project.category,
            state: project.state,
            goal: project.goal,
            deadline: project.deadline,
            figures,
            cover: project.cover,
            creator: project.creator_name,
        });
    }
    Ok(cards)
}

fn picture(
    id: Option<Uuid>,
    width: Option<i32>,
    height: Option<i32>,
    tint: Option<String>,
) -> Option<Picture> {
    Some(Picture { id: id?.into(), width: width?, height: height?, tint: tint? })
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
