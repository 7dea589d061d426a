//! SQL of getting back in.

use crate::{factor::forget_factors, store::end_ways_in};
use chrono::{DateTime, Utc};
use kernel::{MemberId, undeliverable};
use sqlx::PgConnection;

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

/// Address, name and ID of a member: no words for a password.
pub async fn words(db: &mut PgConnection, member: MemberId) -> sqlx::Result<[String; 3]> {
    let row = sqlx::query!("select email, name, handle from members where id = $1", member.uuid())
        .fetch_one(db)
        .await?;
    Ok([row.email, row.name, row.handle])
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
