//! Placing a pledge.

use chrono::{DateTime, Utc};
use kernel::{FormKey, MemberId, Money, PledgeId, ProjectId};
use sqlx::PgConnection;

#[derive(Debug)]
pub struct NewPledge {
    pub id: PledgeId,
    pub project: ProjectId,
    pub backer: MemberId,
    pub key: FormKey,
    pub rewards: Money,
    pub shipping: Money,
    pub extra: Money,
    pub total: Money,
    /// Sealed; none if nothing is sent.
    pub address: Option<Vec<u8>>,
    pub zone: Option<String>,
    pub hold_expires_at: DateTime<Utc>,
    pub at: DateTime<Utc>,
}

/// Adds a held pledge; false if its form was sent before by somebody else.
pub async fn add(db: &mut PgConnection, new: &NewPledge) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "insert into pledges (id, project_id, backer_id, form_key, currency, rewards_minor, extra_minor, total_minor,
                              state, hold_expires_at, created_at, shipping_minor, address, zone)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'held', $9, $10, $11, $12, $13)
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
        new.at,
        new.shipping.minor(),
        new.address,
        new.zone
    )
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
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

/// Whether a pledge of the backer in this project waits for its card.
pub async fn holds(db: &mut PgConnection, project: ProjectId, backer: MemberId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from pledges where project_id = $1 and backer_id = $2 and state = 'held') as "holds!""#,
        project.uuid(),
        backer.uuid()
    )
    .fetch_one(db)
    .await
}

/// The backer's first pledge in this project that stands, if there is one.
pub async fn standing(
    db: &mut PgConnection,
    project: ProjectId,
    backer: MemberId,
) -> sqlx::Result<Option<PledgeId>> {
    let id = sqlx::query_scalar!(
        "select id from pledges
          where project_id = $1 and backer_id = $2 and state <> 'held' and holds_stock(state)
          order by created_at, id limit 1",
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
