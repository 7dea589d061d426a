//! SQL of the second factor.

use chrono::{DateTime, Utc};
use kernel::MemberId;
use sqlx::{PgConnection, PgPool};

/// Codes that one log-in may try.
const MOST_TRIES: i32 = 5;

/// A member's app, as it stands.
#[derive(Debug)]
pub struct Totp {
    pub secret: Vec<u8>,
    /// The recovery codes while they are shown.
    pub codes: Option<Vec<u8>>,
    pub confirmed: bool,
    pub recovery_left: i64,
}

pub async fn totp(pool: &PgPool, member: MemberId) -> sqlx::Result<Option<Totp>> {
    sqlx::query_as!(
        Totp,
        r#"select secret, codes, confirmed_at is not null as "confirmed!",
                  (select count(*) from recovery_codes r where r.member_id = t.member_id and used_at is null) as "recovery_left!"
             from totp_secrets t where member_id = $1"#,
        member.uuid()
    )
    .fetch_optional(pool)
    .await
}

/// Whether a log-in of this member needs a code.
pub async fn has_totp(pool: &PgPool, member: MemberId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from totp_secrets where member_id = $1 and confirmed_at is not null) as "has!""#,
        member.uuid()
    )
    .fetch_one(pool)
    .await
}

/// Keeps a secret that is still to be confirmed; a confirmed one stays.
pub async fn begin(pool: &PgPool, member: MemberId, secret: &[u8], codes: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into totp_secrets (member_id, secret, codes) values ($1, $2, $3)
         on conflict (member_id) do update set secret = excluded.secret, codes = excluded.codes
          where totp_secrets.confirmed_at is null",
        member.uuid(),
        secret,
        codes
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Turns the second factor on with its first right code; false if it was on already.
pub async fn confirm(
    db: &mut PgConnection,
    member: MemberId,
    step: i64,
    code_hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let confirmed = sqlx::query!(
        "update totp_secrets set confirmed_at = $2, last_step = $3, codes = null
          where member_id = $1 and confirmed_at is null",
        member.uuid(),
        now,
        step
    )
    .execute(&mut *db)
    .await?;
    if confirmed.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!("delete from recovery_codes where member_id = $1", member.uuid()).execute(&mut *db).await?;
    sqlx::query!(
        "insert into recovery_codes (code_hash, member_id) select h, $1 from unnest($2::bytea[]) h",
        member.uuid(),
        code_hashes
    )
    .execute(db)
    .await?;
    Ok(true)
}

/// Turns the second factor off; false if it was not on.
pub async fn remove(db: &mut PgConnection, member: MemberId) -> sqlx::Result<bool> {
    let was_on = sqlx::query_scalar!(
        r#"delete from totp_secrets where member_id = $1 returning confirmed_at is not null as "on!""#,
        member.uuid()
    )
    .fetch_optional(&mut *db)
    .await?;
    sqlx::query!("delete from recovery_codes where member_id = $1", member.uuid()).execute(db).await?;
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

/// Uses a recovery code up: of all that bring it, one is told true.
pub async fn use_recovery(
    pool: &PgPool,
    member: MemberId,
    code_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update recovery_codes set used_at = $3 where code_hash = $2 and member_id = $1 and used_at is null",
        member.uuid(),
        code_hash,
        now
    )
    .execute(pool)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// A log-in whose password was right.
#[derive(Debug)]
pub struct Pending {
    pub member: MemberId,
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
        "insert into pending_log_ins (token_hash, member_id, keep, next, expires_at) values ($1, $2, $3, $4, $5)",
        token_hash,
        pending.member.uuid(),
        pending.keep,
        pending.next,
        until
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Counts a try of a pending log-in; nothing if it is over or was tried too often.
pub async fn try_pending(
    pool: &PgPool,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Pending>> {
    let row = sqlx::query!(
        "update pending_log_ins set tries = tries + 1
          where token_hash = $1 and expires_at > $2 and tries < $3 returning member_id, keep, next",
        token_hash,
        now,
        MOST_TRIES
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Pending { member: row.member_id.into(), keep: row.keep, next: row.next }))
}

/// Ends a pending log-in; false if another request was first.
pub async fn end_pending(pool: &PgPool, token_hash: &[u8]) -> sqlx::Result<bool> {
    let ended =
        sqlx::query!("delete from pending_log_ins where token_hash = $1", token_hash).execute(pool).await?;
    Ok(ended.rows_affected() == 1)
}
