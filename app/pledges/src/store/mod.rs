//! SQL of pledges, a file a use. All functions that write run in the caller's transaction.

mod address;
mod agreed;
mod change;
mod deposited;
mod finish;
mod judge;
mod lines;
mod mine;
mod place;
mod tell;

use crate::{Pledge, PledgeState};
use kernel::{Currency, Money, PledgeId, ProjectId};
use projects::FundingState;
use sqlx::PgConnection;

pub use address::{address_of, forget_addresses, seal};
pub use agreed::{Consent, LegalText, Right, consents, open_rights, record_consents, rights, texts};
pub use change::{Changed, change, drop_line, next_line, set_quantity};
pub use deposited::{await_again, awaits_deposit, has_deposit, receive};
pub use finish::{Left, any_disputed, lock_left, to_return};
pub use judge::{any_due, collect_deposited, in_state, make_due, paid_by_transfer_after, secured_total};
pub use lines::{add_line, lines, put_back, return_stock};
pub use mine::{Mine, addresses_of, backed_by, export, mine, of_backer, unsettled_of};
pub use place::{
    NewPledge, Unsecured, add, by_form, free_form, holds, lock_held, one_at_a_time, standing, unsecured,
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

pub async fn get(db: &mut PgConnection, id: PledgeId) -> sqlx::Result<Option<Pledge>> {
    let row = sqlx::query!(
        "select p.id, p.project_id, pr.slug, pr.title, pr.state as project_state, pr.deadline, p.backer_id, p.state,
                p.currency, p.shipping_minor, p.extra_minor, p.total_minor, p.zone, p.version, p.hold_expires_at, p.created_at
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
    let lines = lines(db, id, currency).await?;
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
        lines,
        shipping: Money::new(row.shipping_minor, currency),
        extra: Money::new(row.extra_minor, currency),
        total: Money::new(row.total_minor, currency),
        zone: row.zone,
        version: row.version,
        hold_expires_at: row.hold_expires_at,
        created_at: row.created_at,
    }))
}
