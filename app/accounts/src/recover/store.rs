//! SQL of getting back in.

use crate::{factor::forget_factors, store::end_ways_in};
use chrono::{DateTime, Utc};
use kernel::{MemberId, undeliverable};
use sqlx::PgConnection;

/// How long a link to set a new password works, in minutes.
pub const LINK_MINUTES: i32 = 30;

/// A member's ID and how they log in.
#[derive(Debug)]
pub struct WaysIn {
    pub handle: String,
    pub password: bool,
    pub passkey: bool,
    pub providers: Vec<String>,
    /// How they logged in last, or nothing, and when.
    pub last: String,
    pub last_at: Option<DateTime<Utc>>,
}

pub async fn ways_in(db: &mut PgConnection, member: MemberId) -> sqlx::Result<WaysIn> {
    sqlx::query_as!(
        WaysIn,
        r#"select handle, password_hash is not null as "password!",
                  exists (select from passkeys where member_id = $1) as "passkey!",
                  array(select provider from identities where member_id = $1 order by linked_at) as "providers!",
                  last_way as last, last_way_at as last_at
             from members where id = $1"#,
        member.uuid()
    )
    .fetch_one(db)
    .await
}

pub async fn add_reset(
    db: &mut PgConnection,
    member: MemberId,
    token_hash: &[u8],
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into mailed_tokens (token_hash, member_id, purpose, created_at, expires_at)
         values ($1, $2, 'reset_password', $3, $3::timestamptz + make_interval(mins => $4))",
        token_hash,
        member.uuid(),
        at,
        LINK_MINUTES
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether a link could still be used.
pub async fn is_open(db: &mut PgConnection, token_hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from mailed_tokens where token_hash = $1 and purpose = 'reset_password'
                           and used_at is null and expires_at > $2) as "open!""#,
        token_hash,
        now
    )
    .fetch_one(db)
    .await
}

/// Address, name and ID of whoever holds a link that could still be used.
pub async fn holder(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<[String; 3]>> {
    let row = sqlx::query!(
        "select m.email, m.name, m.handle from mailed_tokens t join members m on m.id = t.member_id
          where t.token_hash = $1 and t.purpose = 'reset_password' and t.used_at is null and t.expires_at > $2",
        token_hash,
        now
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| [row.email, row.name, row.handle]))
}

/// Uses a link up: of all that try at once, one is told whose it was.
pub async fn use_reset(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<MemberId>> {
    let member = sqlx::query_scalar!(
        "update mailed_tokens set used_at = $2
          where token_hash = $1 and purpose = 'reset_password' and used_at is null and expires_at > $2
         returning member_id",
        token_hash,
        now
    )
    .fetch_optional(db)
    .await?;
    Ok(member.map(Into::into))
}

/// Sets a password that was proved by mail: it ends all sessions and every other way in that was begun, and
/// confirms the address, to which mails go again. Until then somebody else may have prepared the account:
/// what opens it besides the password goes.
pub async fn set_password(
    db: &mut PgConnection,
    member: MemberId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let confirmed = sqlx::query_scalar!(
        r#"select email_confirmed_at is not null as "confirmed!" from members where id = $1 for update"#,
        member.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    if !confirmed {
        forget_factors(db, member).await?;
    }
    let email = sqlx::query_scalar!(
        "update members set password_hash = $2, email_confirmed_at = coalesce(email_confirmed_at, $3) where id = $1
          returning email",
        member.uuid(),
        password_hash,
        now
    )
    .fetch_one(&mut *db)
    .await?;
    undeliverable::clear(&mut *db, &email, now).await?;
    end_ways_in(db, member, now).await?;
    sqlx::query!("delete from sessions where member_id = $1", member.uuid()).execute(db).await?;
    Ok(())
}
