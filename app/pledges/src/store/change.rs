//! Changing a pledge.

use chrono::{DateTime, Utc};
use kernel::{Money, PledgeId};
use serde_json::Value;
use sqlx::PgConnection;

/// The sums and the place of a pledge after a change.
#[derive(Debug)]
pub struct Changed {
    pub pledge: PledgeId,
    pub version: i32,
    pub rewards: Money,
    pub shipping: Money,
    pub extra: Money,
    pub total: Money,
    /// Sealed; none if nothing is sent.
    pub address: Option<Vec<u8>>,
    pub zone: Option<String>,
    pub at: DateTime<Utc>,
}

/// Writes a change of a pledge that the caller has locked, with how it was before and is after.
pub async fn change(db: &mut PgConnection, new: &Changed, before: Value, after: Value) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledges set rewards_minor = $2, shipping_minor = $3, extra_minor = $4, total_minor = $5, address = $6,
                zone = $7, version = $8
          where id = $1",
        new.pledge.uuid(),
        new.rewards.minor(),
        new.shipping.minor(),
        new.extra.minor(),
        new.total.minor(),
        new.address,
        new.zone,
        new.version
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into pledge_changes (pledge_id, version, at, before, after) values ($1, $2, $3, $4, $5)",
        new.pledge.uuid(),
        new.version,
        new.at,
        before,
        after
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn set_quantity(
    db: &mut PgConnection,
    pledge: PledgeId,
    line: i16,
    quantity: i32,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge_lines set quantity = $3 where pledge_id = $1 and line = $2",
        pledge.uuid(),
        line,
        quantity
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a line away, with the rights that hung on it. What was agreed to stays written.
pub async fn drop_line(db: &mut PgConnection, pledge: PledgeId, line: i16) -> sqlx::Result<()> {
    sqlx::query!("delete from pledge_lines where pledge_id = $1 and line = $2", pledge.uuid(), line)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from pledge_rights where pledge_id = $1 and line = $2", pledge.uuid(), line)
        .execute(db)
        .await?;
    Ok(())
}

/// The number of the next line: one that no line of this pledge ever had.
pub async fn next_line(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<i16> {
    sqlx::query_scalar!(
        r#"select (greatest((select max(line) from pledge_lines where pledge_id = $1),
                            (select max(line) from pledge_consents where pledge_id = $1), 0::smallint) + 1)::smallint
                  as "next!""#,
        pledge.uuid()
    )
    .fetch_one(db)
    .await
}
