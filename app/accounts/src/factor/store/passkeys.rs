//! Passkeys and the questions that they sign.

use crate::AccountError;
use chrono::{DateTime, Utc};
use kernel::{MemberId, db::OnConstraint};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

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
