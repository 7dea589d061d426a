//! SQL of what guards an account.

use crate::store::end_ways_in;
use chrono::{DateTime, Utc};
use kernel::{Locale, MemberId, db::OnConstraint, undeliverable};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Uuid,
    pub device: String,
    pub locale: Locale,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// The open sessions of a member, the present one first, then the last used.
pub async fn sessions(
    pool: &PgPool,
    member: MemberId,
    here: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Session>> {
    let rows = sqlx::query!(
        r#"select id, device, locale, created_at, seen_at, token_hash = $2 as "here!" from sessions
            where member_id = $1 and expires_at > $3 and seen_at + (expires_at - created_at) / 2 > $3
            order by token_hash = $2 desc, seen_at desc limit 100"#,
        member.uuid(),
        here,
        now
    )
    .fetch_all(pool)
    .await?;
    let sessions = rows.into_iter().map(|row| Session {
        id: row.id,
        device: row.device,
        locale: Locale::from_tag(&row.locale),
        created_at: row.created_at,
        seen_at: row.seen_at,
        here: row.here,
    });
    Ok(sessions.collect())
}

/// Ends one of the member's own sessions.
pub async fn end_session(pool: &PgPool, member: MemberId, session: Uuid) -> sqlx::Result<bool> {
    let ended = sqlx::query!("delete from sessions where id = $1 and member_id = $2", session, member.uuid())
        .execute(pool)
        .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends all sessions of a member but the one with this hash.
pub async fn end_others(db: &mut PgConnection, member: MemberId, here: &[u8]) -> sqlx::Result<u64> {
    let ended =
        sqlx::query!("delete from sessions where member_id = $1 and token_hash <> $2", member.uuid(), here)
            .execute(db)
            .await?;
    Ok(ended.rows_affected())
}

/// When the owner of a session last proved who they are.
pub async fn proved_at(pool: &PgPool, here: &[u8]) -> sqlx::Result<Option<DateTime<Utc>>> {
    let proved = sqlx::query_scalar!("select proved_at from sessions where token_hash = $1", here)
        .fetch_optional(pool)
        .await?;
    Ok(proved.flatten())
}

pub async fn password_hash(pool: &PgPool, member: MemberId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select password_hash from members where id = $1", member.uuid())
        .fetch_one(pool)
        .await
}

pub async fn set_password(db: &mut PgConnection, member: MemberId, hash: &str) -> sqlx::Result<()> {
    sqlx::query!("update members set password_hash = $2 where id = $1", member.uuid(), hash)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends the links to other addresses that a member asked for before.
pub async fn end_changes(db: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update mailed_tokens set used_at = $2
          where member_id = $1 and purpose = 'change_email' and used_at is null",
        member.uuid(),
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives the member another address, which the mailed link confirmed; what was mailed to the one before
/// opens nothing any more. An address that somebody else has by now is refused with `taken`.
pub async fn set_email<E: From<kernel::Refusal> + From<sqlx::Error>>(
    db: &mut PgConnection,
    member: MemberId,
    email: &str,
    now: DateTime<Utc>,
    taken: E,
) -> Result<(), E> {
    sqlx::query!(
        "update members set email = $2, email_key = $3, email_confirmed_at = $4 where id = $1",
        member.uuid(),
        email,
        kernel::email_key(email),
        now
    )
    .execute(&mut *db)
    .await
    .on_constraint("member_email_is_taken", taken)?;
    undeliverable::clear(&mut *db, email, now).await.map_err(kernel::Refusal::from)?;
    end_ways_in(db, member, now).await.map_err(kernel::Refusal::from)?;
    Ok(())
}

/// Uses up the ways back that were given out after an instant: to addresses that whoever took the account
/// over has put in. An older one stays, it may be the owner's.
pub async fn end_younger_undos(
    db: &mut PgConnection,
    member: MemberId,
    than: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update mailed_tokens set used_at = $3
          where member_id = $1 and purpose = 'undo_email' and used_at is null and created_at > $2",
        member.uuid(),
        than,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether a member who has not left may have an address: nobody has it.
pub async fn can_have(db: &mut PgConnection, member: MemberId, email: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from members where id = $1 and closed_at is null)
              and not exists (select from members where email_key = $2) as "can!""#,
        member.uuid(),
        kernel::email_key(email)
    )
    .fetch_one(db)
    .await
}
