//! SQL of second factors.

use crate::AccountError;
use chrono::{DateTime, Utc};
use kernel::{MemberId, db::OnConstraint};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

/// Codes that one log-in may try.
const MOST_TRIES: i32 = 5;

/// What opens a member's account besides the password.
#[derive(Clone, Debug)]
pub struct Factors {
    pub passkeys: i64,
    /// Whether an app gives codes.
    pub app: bool,
    pub recovery_left: i64,
}

impl Factors {
    /// Whether the password alone opens nothing.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.app || self.passkeys > 0
    }
}

pub async fn factors(db: impl PgExecutor<'_>, member: MemberId) -> sqlx::Result<Factors> {
    sqlx::query_as!(
        Factors,
        r#"select (select count(*) from passkeys where member_id = $1) as "passkeys!",
                  exists (select from totp_secrets where member_id = $1 and confirmed_at is not null) as "app!",
                  (select count(*) from recovery_codes where member_id = $1 and used_at is null) as "recovery_left!""#,
        member.uuid()
    )
    .fetch_one(db)
    .await
}

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

/// A passkey as its owner sees it.
#[derive(Debug)]
pub struct Key {
    pub id: Uuid,
    pub name: String,
    pub added_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

pub async fn passkeys(db: &mut PgConnection, member: MemberId) -> sqlx::Result<Vec<Key>> {
    sqlx::query_as!(
        Key,
        "select id, name, added_at, used_at from passkeys where member_id = $1 order by added_at, id",
        member.uuid()
    )
    .fetch_all(db)
    .await
}

/// How devices name a member's keys.
pub async fn credential_ids(pool: &PgPool, member: MemberId) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!("select credential_id from passkeys where member_id = $1", member.uuid())
        .fetch_all(pool)
        .await
}

/// A key that is somebody's already is refused.
pub async fn add_passkey(
    db: &mut PgConnection,
    member: MemberId,
    credential: &[u8],
    key: &Value,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), AccountError> {
    sqlx::query!(
        "insert into passkeys (id, member_id, credential_id, key, name, added_at) values ($1, $2, $3, $4, $5, $6)",
        Uuid::now_v7(),
        member.uuid(),
        credential,
        key,
        name,
        now
    )
    .execute(db)
    .await
    .on_constraint("passkey_is_taken", AccountError::PasskeyRefused)?;
    Ok(())
}

/// Tells the name of the key that was removed, if it was the member's.
pub async fn remove_passkey(
    db: &mut PgConnection,
    member: MemberId,
    id: Uuid,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "delete from passkeys where id = $2 and member_id = $1 returning name",
        member.uuid(),
        id
    )
    .fetch_optional(db)
    .await
}

/// A member's key as webauthn-rs keeps it, locked: its counter only grows.
pub async fn passkey(
    db: &mut PgConnection,
    member: MemberId,
    credential: &[u8],
) -> sqlx::Result<Option<Value>> {
    sqlx::query_scalar!(
        "select key from passkeys where credential_id = $2 and member_id = $1 for update",
        member.uuid(),
        credential
    )
    .fetch_optional(db)
    .await
}

pub async fn use_passkey(
    db: &mut PgConnection,
    credential: &[u8],
    key: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update passkeys set key = $2, used_at = $3 where credential_id = $1", credential, key, now)
        .execute(db)
        .await?;
    Ok(())
}

pub async fn add_ceremony(
    pool: &PgPool,
    token_hash: &[u8],
    member: Option<MemberId>,
    state: &Value,
    until: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into passkey_ceremonies (token_hash, member_id, state, expires_at) values ($1, $2, $3, $4)",
        token_hash,
        member.map(MemberId::uuid),
        state,
        until
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Uses a ceremony up: of all that bring it, one gets its state.
pub async fn take_ceremony(
    pool: &PgPool,
    token_hash: &[u8],
    member: Option<MemberId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Value>> {
    sqlx::query_scalar!(
        "delete from passkey_ceremonies
          where token_hash = $1 and member_id is not distinct from $2 and expires_at > $3 returning state",
        token_hash,
        member.map(MemberId::uuid),
        now
    )
    .fetch_optional(pool)
    .await
}

pub async fn has_codes(db: &mut PgConnection, member: MemberId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from recovery_codes where member_id = $1) as "has!""#,
        member.uuid()
    )
    .fetch_one(db)
    .await
}

/// Replaces a member's recovery codes; `sealed` is what is shown of them for now.
pub async fn set_codes(
    db: &mut PgConnection,
    member: MemberId,
    code_hashes: &[Vec<u8>],
    sealed: &[u8],
) -> sqlx::Result<()> {
    drop_codes(&mut *db, member).await?;
    sqlx::query!(
        "insert into recovery_codes (code_hash, member_id) select h, $1 from unnest($2::bytea[]) h",
        member.uuid(),
        code_hashes
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("insert into recovery_sheets (member_id, codes) values ($1, $2)", member.uuid(), sealed)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes away what was added to an account since an instant.
pub async fn forget_since(db: &mut PgConnection, member: MemberId, since: DateTime<Utc>) -> sqlx::Result<()> {
    for statement in [
        "delete from passkeys where member_id = $1 and added_at >= $2",
        "delete from identities where member_id = $1 and linked_at >= $2",
        "delete from totp_secrets where member_id = $1 and (confirmed_at is null or confirmed_at >= $2)",
    ] {
        sqlx::query(statement).bind(member.uuid()).bind(since).execute(&mut *db).await?;
    }
    Ok(())
}

/// Takes away everything that opens an account besides its password.
pub async fn forget(db: &mut PgConnection, member: MemberId) -> sqlx::Result<()> {
    for statement in [
        "delete from passkeys where member_id = $1",
        "delete from identities where member_id = $1",
        "delete from totp_secrets where member_id = $1",
    ] {
        sqlx::query(statement).bind(member.uuid()).execute(&mut *db).await?;
    }
    drop_codes(db, member).await
}

pub async fn drop_codes(db: &mut PgConnection, member: MemberId) -> sqlx::Result<()> {
    sqlx::query!("delete from recovery_codes where member_id = $1", member.uuid()).execute(&mut *db).await?;
    sqlx::query!("delete from recovery_sheets where member_id = $1", member.uuid()).execute(db).await?;
    Ok(())
}

/// The sealed codes while they are shown.
pub async fn sheet(pool: &PgPool, member: MemberId) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select codes from recovery_sheets where member_id = $1", member.uuid())
        .fetch_optional(pool)
        .await
}

pub async fn drop_sheet(pool: &PgPool, member: MemberId) -> sqlx::Result<()> {
    sqlx::query!("delete from recovery_sheets where member_id = $1", member.uuid()).execute(pool).await?;
    Ok(())
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
