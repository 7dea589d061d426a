//! Browsers that members use.

use chrono::{DateTime, Utc};
use kernel::MemberId;
use sqlx::PgConnection;

/// Whether a member has used a browser before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Before,
    /// The first browser of all: nothing to be wondered at.
    First,
    Strange,
}

/// Remembers that a member uses a browser.
pub async fn see_device(
    db: &mut PgConnection,
    member: MemberId,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Seen> {
    let others = sqlx::query_scalar!(
        r#"select exists (select from devices where member_id = $1) as "others!""#,
        member.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    let added = sqlx::query_scalar!(
        r#"insert into devices (token_hash, member_id, seen_at) values ($2, $1, $3)
           on conflict (token_hash, member_id) do update set seen_at = $3 returning (xmax = 0) as "added!""#,
        member.uuid(),
        token_hash,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(match (added, others) {
        (false, _) => Seen::Before,
        (true, false) => Seen::First,
        (true, true) => Seen::Strange,
    })
}

/// Whether anybody has logged in with the browser that carries this cookie.
pub async fn is_device(db: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from devices where token_hash = $1) as "known!""#,
        token_hash
    )
    .fetch_one(db)
    .await
}
