//! SQL of pledges, a file a use. All functions that write run in the caller's transaction.

mod finish;
mod judge;
mod mine;
mod place;
mod tell;

use crate::{Pledge, PledgeLine, PledgeState};
use kernel::{Currency, Money, PledgeId, ProjectId, RewardId};
use projects::FundingState;
use sqlx::PgConnection;
use uuid::Uuid;

pub use finish::{Left, any_disputed, lock_left, to_return};
pub use judge::{any_due, in_state, make_due, reserved_total};
pub use mine::{Mine, backed_by, export, mine, of_backer, unsettled_of};
pub use place::{
    NewPledge, Unsecured, add, add_line, by_form, free_form, lock_held, one_at_a_time, price, unsecured,
};
pub use tell::{backers_after, keep_goal_reached, reaches_goal};

/// The state of a pledge as it stands, for who locks something else first.
pub async fn peek(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<(PledgeState, ProjectId)> {
    let row = sqlx::query!("select state, project_id from pledges where id = $1", pledge.uuid())
        .fetch_one(db)
        .await?;
    Ok((state(&row.state)?, row.project_id.into()))
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
