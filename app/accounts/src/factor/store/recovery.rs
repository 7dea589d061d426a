//! Recovery codes and the sheet that shows them.

use chrono::{DateTime, Utc};
use kernel::MemberId;
use sqlx::{PgConnection, PgPool};

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
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    drop_codes(&mut *db, member).await?;
    sqlx::query!(
        "insert into recovery_codes (code_hash, member_id, made_at) select h, $1, $3 from unnest($2::bytea[]) h",
        member.uuid(),
        code_hashes,
        now
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("insert into recovery_sheets (member_id, codes) values ($1, $2)", member.uuid(), sealed)
        .execute(db)
        .await?;
    Ok(())
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
