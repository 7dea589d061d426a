//! What is forgotten with time.

use crate::{
    recover::{MailId, MailReset},
    security::MailChange,
    sign_up::MailSignUp,
};
use kernel::{db::Db, jobs::Job};

/// Forgets sessions and links that ran out, browsers that nobody used for a year, and requests for mails that died.
pub async fn sweep(db: &Db) -> sqlx::Result<()> {
    let now = db.now();
    for statement in [
        "delete from sessions where expires_at < $1",
        "delete from pending_log_ins where expires_at < $1",
        "delete from passkey_ceremonies where expires_at < $1",
        "delete from provider_visits where expires_at < $1",
        "delete from provider_arrivals where expires_at < $1",
    ] {
        sqlx::query(statement).bind(now).execute(&db.pool).await?;
    }
    sqlx::query!("delete from mailed_tokens where expires_at < $1::timestamptz - interval '30 days'", now)
        .execute(&db.pool)
        .await?;
    sqlx::query!("delete from devices where seen_at < $1::timestamptz - interval '365 days'", now)
        .execute(&db.pool)
        .await?;
    // Dead letters that hold an address: whoever waited for their mail has asked again long since.
    let kinds = [MailSignUp::KIND, MailId::KIND, MailReset::KIND, MailChange::KIND].map(str::to_owned);
    sqlx::query!(
        "delete from jobs where kind = any($2) and dead_at < $1::timestamptz - interval '30 days'",
        now,
        &kinds[..]
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}
