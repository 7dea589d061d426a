//! SQL of the address book. What leaves here is opened, what comes in is sealed.

use super::rules::Address;
use kernel::{AddressId, MemberId, Refusal, db::Db, seal::Place};

/// The most addresses that a member can keep.
const MOST: i64 = 20;

/// An address of the book.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: AddressId,
    pub address: Address,
    pub is_default: bool,
}

const fn place(id: AddressId) -> Place {
    Place { column: "addresses.sealed", row: id.uuid() }
}

/// A member's addresses, the default one first.
pub async fn all(db: &Db, member: MemberId) -> Result<Vec<Kept>, Refusal> {
    let rows = sqlx::query!(
        "select id, sealed, is_default from addresses where member_id = $1 order by is_default desc, created_at, id",
        member.uuid()
    )
    .fetch_all(&db.pool)
    .await?;
    let open = |id: AddressId, sealed: &[u8]| {
        let text = db.keys.open(place(id), sealed).map_err(|error| Refusal::internal(&error))?;
        serde_json::from_str(&text).map_err(|error| Refusal::internal(&error))
    };
    rows.into_iter()
        .map(|row| {
            let id = row.id.into();
            Ok(Kept { id, address: open(id, &row.sealed)?, is_default: row.is_default })
        })
        .collect()
}

/// Keeps an address, the first one as the default; false if the book is full.
pub async fn add(db: &Db, member: MemberId, address: &Address) -> Result<bool, Refusal> {
    let id = AddressId::new();
    let text = serde_json::to_string(address).map_err(|error| Refusal::internal(&error))?;
    let sealed = db.keys.seal(place(id), &text).map_err(|error| Refusal::internal(&error))?;
    let mut tx = db.pool.begin().await?;
    // One at a time for a member, so that the count and the default hold.
    sqlx::query!("select id from members where id = $1 for update", member.uuid())
        .fetch_one(&mut *tx)
        .await?;
    let added = sqlx::query!(
        "insert into addresses (id, member_id, sealed, is_default, created_at)
         select $1, $2, $3, not exists (select from addresses where member_id = $2), $4
          where (select count(*) from addresses where member_id = $2) < $5",
        id.uuid(),
        member.uuid(),
        sealed,
        db.now(),
        MOST
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(added.rows_affected() == 1)
}

/// Removes one of the member's own; the oldest that is left becomes the default if there is none.
pub async fn remove(db: &Db, member: MemberId, id: AddressId) -> sqlx::Result<bool> {
    let mut tx = db.pool.begin().await?;
    sqlx::query!("select id from members where id = $1 for update", member.uuid())
        .fetch_one(&mut *tx)
        .await?;
    let removed =
        sqlx::query!("delete from addresses where id = $1 and member_id = $2", id.uuid(), member.uuid())
            .execute(&mut *tx)
            .await?;
    sqlx::query!(
        "update addresses set is_default = true
          where id = (select id from addresses where member_id = $1 order by created_at, id limit 1)
            and not exists (select from addresses where member_id = $1 and is_default)",
        member.uuid()
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(removed.rows_affected() == 1)
}

/// Makes one of the member's own the default.
pub async fn set_default(db: &Db, member: MemberId, id: AddressId) -> sqlx::Result<bool> {
    let mut tx = db.pool.begin().await?;
    sqlx::query!("select id from members where id = $1 for update", member.uuid())
        .fetch_one(&mut *tx)
        .await?;
    let own = sqlx::query_scalar!(
        r#"select exists (select from addresses where id = $1 and member_id = $2) as "own!""#,
        id.uuid(),
        member.uuid()
    )
    .fetch_one(&mut *tx)
    .await?;
    if !own {
        return Ok(false);
    }
    sqlx::query!(
        "update addresses set is_default = false where member_id = $1 and is_default",
        member.uuid()
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("update addresses set is_default = true where id = $1", id.uuid()).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(true)
}
