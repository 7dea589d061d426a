//! Log-ins between their two steps.

use chrono::{DateTime, Utc};
use kernel::MemberId;
use sqlx::PgPool;

/// Codes that one log-in may try.
const MOST_TRIES: i32 = 5;

/// A log-in whose first factor was right.
#[derive(Debug)]
pub struct Pending {
    pub member: MemberId,
    /// Of the first factor.
    pub way: String,
    pub keep: bool,
    pub next: String,
}

pub async fn add_pending(
    pool: &PgPool,
    token_hash: &[u8],
    pending: &Pending,
    until: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into pending_log_ins (token_hash, member_id, way, keep, next, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        token_hash,
        pending.member.uuid(),
        pending.way,
        pending.keep,
        pending.next,
        until
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A try of a pending log-in.
#[derive(Debug)]
pub struct Try {
    pub pending: Pending,
    /// Whether no other may follow.
    pub last: bool,
}

/// Counts a try of a pending log-in; nothing if it is over or was tried too often.
pub async fn try_pending(pool: &PgPool, token_hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<Option<Try>> {
    let row = sqlx::query!(
        "update pending_log_ins set tries = tries + 1
          where token_hash = $1 and expires_at > $2 and tries < $3 returning member_id, way, keep, next, tries",
        token_hash,
        now,
        MOST_TRIES
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Try {
        pending: Pending { member: row.member_id.into(), way: row.way, keep: row.keep, next: row.next },
        last: row.tries >= MOST_TRIES,
    }))
}

/// Ends the pending log-in of a member, and tells what it asked for.
pub async fn take_pending(
    pool: &PgPool,
    token_hash: &[u8],
    member: MemberId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Pending>> {
    let row = sqlx::query!(
        "delete from pending_log_ins where token_hash = $1 and member_id = $2 and expires_at > $3
         returning way, keep, next",
        token_hash,
        member.uuid(),
        now
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Pending { member, way: row.way, keep: row.keep, next: row.next }))
}

/// Whose log-in is pending.
pub async fn pending_member(
    pool: &PgPool,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<MemberId>> {
    let id = sqlx::query_scalar!(
        "select member_id from pending_log_ins where token_hash = $1 and expires_at > $2",
        token_hash,
        now
    )
    .fetch_optional(pool)
    .await?;
    Ok(id.map(Into::into))
}

/// Ends a pending log-in; false if another request was first.
pub async fn end_pending(pool: &PgPool, token_hash: &[u8]) -> sqlx::Result<bool> {
    let ended =
        sqlx::query!("delete from pending_log_ins where token_hash = $1", token_hash).execute(pool).await?;
    Ok(ended.rows_affected() == 1)
}
