//! The pledges of one backer.

use super::{address_of, get};
use crate::Pledge;
use accounts::Address;
use kernel::{Currency, MemberId, Money, PledgeId, ProjectId, Refusal, db::Db};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// The public projects that somebody's pledges stand for, the last pledge first.
pub async fn backed_by(db: &mut PgConnection, backer: MemberId) -> sqlx::Result<Vec<ProjectId>> {
    let ids = sqlx::query_scalar!(
        "select pr.id from projects pr
           join pledges p on p.project_id = pr.id
          where p.backer_id = $1 and p.state in ('reserved', 'deposited', 'due', 'retry_wait', 'action_needed', 'collected')
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
        "select id from pledges where backer_id = $1 and state in ('held', 'reserved', 'awaiting_deposit', 'deposited', 'due', 'retry_wait', 'action_needed') order by id",
        backer.uuid()
    )
    .fetch_all(&mut *db)
    .await?;
    all(db, &ids).await
}

/// What a backer pledged, with every state and its time, for the download of their data. Addresses are
/// [`addresses_of`].
pub async fn export(db: &mut PgConnection, backer: MemberId) -> sqlx::Result<serde_json::Value> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'project', pr.title, 'currency', p.currency,
                  'rewards_minor', p.rewards_minor, 'shipping_minor', p.shipping_minor, 'zone', p.zone, 'extra_minor', p.extra_minor, 'total_minor', p.total_minor,
                  'state', p.state, 'pledged', p.created_at,
                  'lines', (select coalesce(jsonb_agg(jsonb_build_object('reward', l.title, 'variant', l.variant,
                                   'quantity', l.quantity, 'unit_price_minor', l.unit_price_minor) order by l.line), '[]')
                              from pledge_lines l where l.pledge_id = p.id),
                  'changes', (select coalesce(jsonb_agg(jsonb_build_object('at', c.at, 'before', c.before, 'after', c.after)
                                   order by c.version), '[]') from pledge_changes c where c.pledge_id = p.id),
                  'agreed', (select coalesce(jsonb_agg(jsonb_build_object('text', c.kind, 'version', c.version, 'at', c.given_at)
                                   order by c.line, c.kind), '[]') from pledge_consents c where c.pledge_id = p.id),
                  'moves', (select coalesce(jsonb_agg(jsonb_build_object('to', m.to_state, 'at', m.at) order by m.id), '[]')
                              from state_moves m where m.machine = 'pledge' and m.entity_id = p.id))
                  order by p.created_at), '[]') as "json!"
             from pledges p join projects pr on pr.id = p.project_id where p.backer_id = $1"#,
        backer.uuid()
    )
    .fetch_one(db)
    .await
}

/// Where a backer's pledges go, opened.
pub async fn addresses_of(
    db: &Db,
    connection: &mut PgConnection,
    backer: MemberId,
) -> Result<Vec<(PledgeId, Address)>, Refusal> {
    let ids = sqlx::query_scalar!(
        "select id from pledges where backer_id = $1 and address is not null order by created_at, id",
        backer.uuid()
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut addresses = Vec::with_capacity(ids.len());
    for id in ids {
        let address = address_of(db, &mut *connection, id.into()).await?;
        addresses.extend(address.map(|address| (id.into(), address)));
    }
    Ok(addresses)
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
                  and p.state in ('held', 'reserved', 'awaiting_deposit', 'deposited', 'due', 'retry_wait', 'action_needed', 'collected', 'dropped')
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
