//! What became of links by mail.

use chrono::{DateTime, Utc};
use kernel::{MemberId, db::Db, undeliverable};
use sqlx::PgConnection;

/// Uses up what somebody may have begun to get into an account: links to a new password or to another
/// address, and log-ins between their two steps.
pub async fn end_ways_in(db: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update mailed_tokens set used_at = $2
          where member_id = $1 and purpose in ('reset_password', 'change_email') and used_at is null",
        member.uuid(),
        now
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from pending_log_ins where member_id = $1", member.uuid()).execute(db).await?;
    Ok(())
}

/// How a link that confirms an address stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    Open,
    Done,
    Stale,
}

pub async fn confirmation(db: &Db, token_hash: &[u8]) -> sqlx::Result<Confirmation> {
    let used = sqlx::query_scalar!(
        r#"select used_at is not null as "used!" from mailed_tokens
            where token_hash = $1 and purpose = 'confirm_email' and expires_at > $2"#,
        token_hash,
        db.now()
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(match used {
        Some(true) => Confirmation::Done,
        Some(false) => Confirmation::Open,
        None => Confirmation::Stale,
    })
}

/// Confirms the address that a mailed link was sent to: mails go there again, should they have come
/// back. Following the link again changes nothing.
pub async fn confirm(db: &Db, token_hash: &[u8]) -> sqlx::Result<bool> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let confirmed = sqlx::query_scalar!(
        "with token as (
             update mailed_tokens set used_at = coalesce(used_at, $2)
              where token_hash = $1 and purpose = 'confirm_email' and expires_at > $2
             returning member_id)
         update members m set email_confirmed_at = coalesce(m.email_confirmed_at, $2)
           from token where m.id = token.member_id
        returning m.email",
        token_hash,
        now
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(email) = &confirmed {
        undeliverable::clear(&mut tx, email, now).await?;
    }
    tx.commit().await?;
    Ok(confirmed.is_some())
}
