//! Codes from an app.

use chrono::{DateTime, Utc};
use kernel::MemberId;
use sqlx::{PgConnection, PgPool};

/// A member's app, as it stands.
#[derive(Debug)]
pub struct Totp {
    pub secret: Vec<u8>,
    pub confirmed: bool,
}

pub async fn totp(pool: &PgPool, member: MemberId) -> sqlx::Result<Option<Totp>> {
    sqlx::query_as!(
        Totp,
        r#"select secret, confirmed_at is not null as "confirmed!" from totp_secrets where member_id = $1"#,
        member.uuid()
    )
    .fetch_optional(pool)
    .await
}

/// Keeps a secret that is still to be confirmed; a confirmed one stays.
pub async fn begin(pool: &PgPool, member: MemberId, secret: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into totp_secrets (member_id, secret) values ($1, $2)
         on conflict (member_id) do update set secret = excluded.secret where totp_secrets.confirmed_at is null",
        member.uuid(),
        secret
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Turns the app on with its first right code; false if it was on already.
pub async fn confirm(
    db: &mut PgConnection,
    member: MemberId,
    step: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let confirmed = sqlx::query!(
        "update totp_secrets set confirmed_at = $2, last_step = $3
          where member_id = $1 and confirmed_at is null",
        member.uuid(),
        now,
        step
    )
    .execute(db)
    .await?;
    Ok(confirmed.rows_affected() == 1)
}

/// Turns the app off; false if it was not on.
pub async fn remove(db: &mut PgConnection, member: MemberId) -> sqlx::Result<bool> {
    let was_on = sqlx::query_scalar!(
        r#"delete from totp_secrets where member_id = $1 returning confirmed_at is not null as "on!""#,
        member.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(was_on.unwrap_or_default())
}

/// Uses a time step up: of all that bring its code, one is told true.
pub async fn use_step(pool: &PgPool, member: MemberId, step: i64) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update totp_secrets set last_step = $2 where member_id = $1 and last_step < $2",
        member.uuid(),
        step
    )
    .execute(pool)
    .await?;
    Ok(used.rows_affected() == 1)
}
