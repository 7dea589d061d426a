//! Where a pledge goes: sealed, as it was when it was pledged or last changed.

use accounts::Address;
use kernel::{PledgeId, Refusal, db::Db, seal::Place};
use sqlx::PgConnection;
use uuid::Uuid;

const fn place(id: PledgeId) -> Place {
    Place { column: "pledges.address", row: id.uuid() }
}

pub fn seal(db: &Db, pledge: PledgeId, address: &Address) -> Result<Vec<u8>, Refusal> {
    let text = serde_json::to_string(address).map_err(|error| Refusal::internal(&error))?;
    db.keys.seal(place(pledge), &text).map_err(|error| Refusal::internal(&error))
}

/// The address of a pledge, opened; none if nothing is sent, or nothing any more.
pub async fn address_of(
    db: &Db,
    connection: &mut PgConnection,
    pledge: PledgeId,
) -> Result<Option<Address>, Refusal> {
    let sealed = sqlx::query_scalar!("select address from pledges where id = $1", pledge.uuid())
        .fetch_one(connection)
        .await?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let text = db.keys.open(place(pledge), &sealed).map_err(|error| Refusal::internal(&error))?;
    serde_json::from_str(&text).map(Some).map_err(|error| Refusal::internal(&error))
}

/// Nothing is sent for pledges that ended, and nobody needs to know where to.
pub async fn forget_addresses(db: &mut PgConnection, pledges: &[PledgeId]) -> sqlx::Result<()> {
    let pledges: Vec<Uuid> = pledges.iter().map(|id| id.uuid()).collect();
    sqlx::query!("update pledges set address = null where id = any($1) and address is not null", &pledges)
        .execute(db)
        .await?;
    Ok(())
}
