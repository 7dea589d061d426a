//! SQL of pledges. All functions that write run in the caller's transaction.

use crate::{CheckedLine, Pledge, PledgeLine, PledgeState};
use chrono::{DateTime, Utc};
use kernel::{Currency, FormKey, MemberId, Money, PledgeId, ProjectId, RewardId};
use projects::FundingState;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

#[derive(Debug)]
pub struct NewPledge {
    pub id: PledgeId,
    pub project: ProjectId,
    pub backer: MemberId,
    pub key: FormKey,
    pub rewards: Money,
    pub extra: Money,
    pub total: Money,
    pub hold_expires_at: DateTime<Utc>,
    pub at: DateTime<Utc>,
}

/// Adds a held pledge; false if its form was sent before by somebody else.
pub async fn add(db: &mut PgConnection, new: &NewPledge) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "insert into pledges (id, project_id, backer_id, form_key, currency, rewards_minor, extra_minor, total_minor,
                              state, hold_expires_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'held', $9, $10)
         on conflict on constraint pledge_form_once do nothing",
        new.id.uuid(),
        new.project.uuid(),
        new.backer.uuid(),
        new.key.uuid(),
        new.total.currency().code(),
        new.rewards.minor(),
        new.extra.minor(),
        new.total.minor(),
        new.hold_expires_at,
        new.at
    )
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

pub async fn add_line(
    db: &mut PgConnection,
    pledge: PledgeId,
    line: CheckedLine,
    unit_price: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into pledge_lines (pledge_id, reward_id, quantity, unit_price_minor) values ($1, $2, $3, $4)",
        pledge.uuid(),
        line.reward.uuid(),
        line.quantity,
        unit_price
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The price of a project's reward.
pub async fn price(db: &mut PgConnection, project: ProjectId, reward: RewardId) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "select price_minor from rewards where id = $1 and project_id = $2",
        reward.uuid(),
        project.uuid()
    )
    .fetch_optional(db)
    .await
}

/// The pledge that a form made, for the one who sent it.
pub async fn by_form(
    db: &mut PgConnection,
    backer: MemberId,
    key: FormKey,
) -> sqlx::Result<Option<PledgeId>> {
    let id = sqlx::query_scalar!(
        "select id from pledges where form_key = $1 and backer_id = $2",
        key.uuid(),
        backer.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(PledgeId::from_uuid))
}

/// Lets a backer place one pledge after the other in a project, until the caller's transaction ends.
pub async fn one_at_a_time(db: &mut PgConnection, project: ProjectId, backer: MemberId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended($1, 2)) as held",
        format!("{project}{backer}")
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The backer's pledge in this project that waits for its card, locked.
pub async fn lock_held(
    db: &mut PgConnection,
    project: ProjectId,
    backer: MemberId,
) -> sqlx::Result<Option<PledgeId>> {
    let id = sqlx::query_scalar!(
        "select id from pledges where project_id = $1 and backer_id = $2 and state = 'held' for update",
        project.uuid(),
        backer.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(PledgeId::from_uuid))
}

/// Gives the key of a pledge's form free for the pledge that takes its place.
pub async fn free_form(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<()> {
    sqlx::query!("update pledges set form_key = $2 where id = $1", pledge.uuid(), FormKey::new().uuid())
        .execute(db)
        .await?;
    Ok(())
}

/// What a backer keeps from others without having shown a card.
#[derive(Clone, Copy, Debug)]
pub struct Unsecured {
    /// Pieces that are held in other projects.
    pub pieces_elsewhere: i64,
    /// Pledges of this project that ended without a card, since the time that was asked about.
    pub ended: i64,
}

pub async fn unsecured(
    db: &mut PgConnection,
    project: ProjectId,
    backer: MemberId,
    since: DateTime<Utc>,
) -> sqlx::Result<Unsecured> {
    sqlx::query_as!(
        Unsecured,
        r#"select (select coalesce(sum(l.quantity), 0) from pledges p join pledge_lines l on l.pledge_id = p.id
                    where p.backer_id = $2 and p.project_id <> $1 and p.state = 'held') as "pieces_elsewhere!",
                  (select count(*) from pledges p
                     join payments y on y.purpose = 'pledge' and y.purpose_id = p.id and y.method_id is null
                    where p.backer_id = $2 and p.project_id = $1 and p.state in ('canceled', 'expired')
                      and p.created_at > $3) as "ended!""#,
        project.uuid(),
        backer.uuid(),
        since
    )
    .fetch_one(db)
    .await
}

/// The state of a pledge, locked until the caller's transaction ends.
pub async fn lock(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<(PledgeState, ProjectId)> {
    let row = sqlx::query!("select state, project_id from pledges where id = $1 for update", pledge.uuid())
        .fetch_one(db)
        .await?;
    Ok((state(&row.state)?, row.project_id.into()))
}

fn state(code: &str) -> sqlx::Result<PledgeState> {
    PledgeState::from_code(code).ok_or_else(|| sqlx::Error::Decode("unknown pledge state".into()))
}

/// Moves a pledge that the caller has locked. The database refuses what is not allowed.
pub async fn move_state(db: &mut PgConnection, pledge: PledgeId, to: &str) -> sqlx::Result<()> {
    sqlx::query!("update pledges set state = $2 where id = $1", pledge.uuid(), to).execute(db).await?;
    Ok(())
}

/// The pieces in these pledges, by ascending reward.
pub async fn pieces(db: &mut PgConnection, pledges: &[PledgeId]) -> sqlx::Result<Vec<(RewardId, i32)>> {
    let pledges: Vec<Uuid> = pledges.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select reward_id, sum(quantity)::int as "quantity!" from pledge_lines
            where pledge_id = any($1) group by reward_id order by reward_id"#,
        &pledges
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.reward_id.into(), row.quantity)).collect())
}

/// Puts the pieces of pledges back into stock, by ascending reward as everywhere.
pub async fn return_stock(db: &mut PgConnection, pledges: &[PledgeId]) -> sqlx::Result<()> {
    for (reward, quantity) in pieces(&mut *db, pledges).await? {
        rewards::store::put_back(&mut *db, reward, quantity).await?;
    }
    Ok(())
}

/// Makes the reserved pledges of a project due and enqueues a charge for each; tells how many.
pub async fn make_due(db: &mut PgConnection, project: ProjectId, at: DateTime<Utc>) -> sqlx::Result<u64> {
    let due = sqlx::query!(
        "with due as (update pledges set state = 'due' where project_id = $1 and state = 'reserved' returning id)
         insert into jobs (kind, payload, dedup_key, run_at)
         select 'pledge.charge', jsonb_build_object('pledge', id), id::text, $2 from due",
        project.uuid(),
        at
    )
    .execute(db)
    .await?;
    Ok(due.rows_affected())
}

/// What stands for a project: the sum of its reserved pledges.
pub async fn reserved_total(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(total_minor), 0)::bigint as "total!" from pledges
            where project_id = $1 and state = 'reserved'"#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}

/// Pledges of a project in a state, oldest first, a batch at a time.
pub async fn in_state(
    db: &mut PgConnection,
    project: ProjectId,
    state: &str,
    most: i64,
) -> sqlx::Result<Vec<PledgeId>> {
    let ids = sqlx::query_scalar!(
        "select id from pledges where project_id = $1 and state = $2 order by id limit $3",
        project.uuid(),
        state,
        most
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(PledgeId::from_uuid).collect())
}

/// Whether a charge of the project is still to come.
pub async fn any_due(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from pledges where project_id = $1 and state = 'due') as "any!""#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}

pub async fn get(db: &mut PgConnection, id: PledgeId) -> sqlx::Result<Option<Pledge>> {
    let row = sqlx::query!(
        "select p.id, p.project_id, pr.slug, pr.title, pr.state as project_state, pr.deadline, p.backer_id, p.state,
                p.currency, p.extra_minor, p.total_minor, p.hold_expires_at, p.created_at
           from pledges p join projects pr on pr.id = p.project_id
          where p.id = $1",
        id.uuid()
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let currency: Currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    let lines = sqlx::query!(
        "select l.reward_id, r.title, l.quantity, l.unit_price_minor
           from pledge_lines l join rewards r on r.id = l.reward_id
          where l.pledge_id = $1 order by l.reward_id",
        id.uuid()
    )
    .fetch_all(db)
    .await?;
    let lines = lines.into_iter().map(|line| PledgeLine {
        reward: line.reward_id.into(),
        title: line.title,
        quantity: line.quantity,
        unit_price: Money::new(line.unit_price_minor, currency),
    });
    Ok(Some(Pledge {
        id,
        project: row.project_id.into(),
        project_slug: row.slug,
        project_title: row.title,
        project_state: FundingState::from_code(&row.project_state)
            .ok_or_else(|| sqlx::Error::Decode("unknown project state".into()))?,
        deadline: row.deadline,
        backer: row.backer_id.into(),
        state: state(&row.state)?,
        lines: lines.collect(),
        extra: Money::new(row.extra_minor, currency),
        total: Money::new(row.total_minor, currency),
        hold_expires_at: row.hold_expires_at,
        created_at: row.created_at,
    }))
}

/// The public projects that somebody's pledges stand for, the last pledge first.
pub async fn backed_by(db: &mut PgConnection, backer: MemberId) -> sqlx::Result<Vec<ProjectId>> {
    let ids = sqlx::query_scalar!(
        "select pr.id from projects pr
           join pledges p on p.project_id = pr.id
          where p.backer_id = $1 and p.state in ('reserved', 'due', 'collected')
            and pr.state in ('live', 'judging', 'collecting', 'funded')
          group by pr.id order by max(p.created_at) desc limit 60",
        backer.uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(ProjectId::from_uuid).collect())
}

/// The pledges of a backer that are neither paid nor over.
pub async fn unsettled_of(db: &mut PgConnection, backer: MemberId) -> sqlx::Result<Vec<Pledge>> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id from pledges where backer_id = $1 and state in ('held', 'reserved', 'due') order by id",
        backer.uuid()
    )
    .fetch_all(&mut *db)
    .await?;
    all(db, &ids).await
}

/// What a backer pledged, with every state and its time, for the download of their data.
pub async fn export(db: &mut PgConnection, backer: MemberId) -> sqlx::Result<serde_json::Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'project', pr.title, 'currency', p.currency,
                  'rewards_minor', p.rewards_minor, 'extra_minor', p.extra_minor, 'total_minor', p.total_minor,
                  'state', p.state, 'pledged', p.created_at,
                  'lines', (select coalesce(jsonb_agg(jsonb_build_object('reward', r.title, 'quantity', l.quantity,
                                   'unit_price_minor', l.unit_price_minor) order by r.id), '[]')
                              from pledge_lines l join rewards r on r.id = l.reward_id where l.pledge_id = p.id),
                  'moves', (select coalesce(jsonb_agg(jsonb_build_object('to', m.to_state, 'at', m.at) order by m.id), '[]')
                              from state_moves m where m.machine = 'pledge' and m.entity_id = p.id))
                  order by p.created_at), '[]') as "json!"
             from pledges p join projects pr on pr.id = p.project_id where p.backer_id = $1"#,
        backer.uuid()
    )
    .fetch_one(db)
    .await
}

async fn all(db: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Pledge>> {
    let mut pledges = Vec::with_capacity(ids.len());
    for id in ids {
        pledges.extend(get(&mut *db, (*id).into()).await?);
    }
    Ok(pledges)
}

/// The pledges of a backer, newest first.
pub async fn of_backer(db: &mut PgConnection, backer: MemberId) -> sqlx::Result<Vec<Pledge>> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id from pledges where backer_id = $1 order by created_at desc, id desc limit 200",
        backer.uuid()
    )
    .fetch_all(&mut *db)
    .await?;
    all(db, &ids).await
}

/// What a project means to one of its readers.
#[derive(Debug, Default)]
pub struct Mine {
    /// Whether they made it.
    pub creator: bool,
    /// Their pledges that stand, oldest first.
    pub pledges: Vec<(PledgeId, Money)>,
}

/// What the project at an address means to a member.
pub async fn mine(pool: &PgPool, member: MemberId, slug: &str) -> sqlx::Result<Mine> {
    let rows = sqlx::query!(
        r#"select pr.creator_id = $1 as "creator!", p.id as "id?", p.total_minor as "total?", pr.currency
             from projects pr
             left join pledges p on p.project_id = pr.id and p.backer_id = $1
                  and p.state in ('held', 'reserved', 'due', 'collected', 'dropped')
            where pr.slug = $2 order by p.created_at"#,
        member.uuid(),
        slug
    )
    .fetch_all(pool)
    .await?;
    let mut mine = Mine::default();
    for row in rows {
        mine.creator = row.creator;
        let currency: Currency =
            row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        mine.pledges
            .extend(row.id.zip(row.total).map(|(id, total)| (id.into(), Money::new(total, currency))));
    }
    Ok(mine)
}

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
          where project_id = $1 and state = 'reserved' and ($2::uuid is null or backer_id > $2)
          order by backer_id limit $3",
        project.uuid(),
        last.map(MemberId::uuid),
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(MemberId::from_uuid).collect())
}
