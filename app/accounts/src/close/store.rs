//! SQL of leaving.

use chrono::{DateTime, Utc};
use kernel::MemberId;
use serde_json::{Value, json};
use sqlx::PgConnection;

/// Locks a member against everything that would refer to them anew; false if they have left already.
pub async fn lock(db: &mut PgConnection, member: MemberId) -> sqlx::Result<bool> {
    let open = sqlx::query_scalar!(
        r#"select closed_at is null as "open!" from members where id = $1 for update"#,
        member.uuid()
    )
    .fetch_one(db)
    .await?;
    Ok(open)
}

/// Erases what tells who a member is, in every table of accounts, in the messages to them, and in pictures.
///
/// Invariant: the row stays, for pledges, projects and books that refer to it; nothing in it or beside
/// it leads back to the person.
pub async fn erase(db: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let id = member.uuid();
    for statement in [
        "delete from sessions where member_id = $1",
        "delete from mailed_tokens where member_id = $1",
        "delete from consents where member_id = $1",
        "delete from former_handles where member_id = $1",
        "delete from devices where member_id = $1",
        "delete from notification_settings where member_id = $1",
        "delete from totp_secrets where member_id = $1",
        "delete from recovery_codes where member_id = $1",
        "delete from pending_log_ins where member_id = $1",
        "delete from addresses where member_id = $1",
        "delete from operator_roles where member_id = $1",
        "update outbox set recipient = '', subject = '', text = '', html = '', member_id = null,
                given_up_at = case when sent_at is null then coalesce(given_up_at, now()) else given_up_at end,
                channel = 'mail'
          where member_id = $1",
    ] {
        sqlx::query(statement).bind(id).execute(&mut *db).await?;
    }
    let picture =
        sqlx::query_scalar!("select picture_id from members where id = $1", id).fetch_one(&mut *db).await?;
    sqlx::query!(
        "update members
            set handle = 'closed_' || left(replace(id::text, '-', ''), 22), email = '', email_key = 'closed:' || id,
                name = '', introduction = '', password_hash = '!', phone = null, links = '{}', shows_backed = false,
                picture_id = null, suspended_why = '', email_confirmed_at = null, closed_at = $2
          where id = $1",
        id,
        now
    )
    .execute(&mut *db)
    .await?;
    pictures::delete(db, picture.as_slice()).await
}

/// What accounts keep about a member, without secrets. Sealed texts are opened by the caller.
pub async fn export(db: &mut PgConnection, member: MemberId) -> sqlx::Result<Value> {
    let id = member.uuid();
    let person = sqlx::query_scalar!(
        r#"select jsonb_build_object('id', id, 'handle', handle, 'email', email, 'name', name,
                  'introduction', introduction, 'links', links, 'shows_backed', shows_backed, 'language', locale,
                  'signed_up', created_at, 'email_confirmed', email_confirmed_at,
                  'picture', (select jsonb_build_object('address', '/files/' || p.id || '/384.webp', 'uploaded', p.created_at)
                                from pictures p where p.id = picture_id)) as "json!"
             from members where id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let consents = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'version', version, 'given', given_at)
                  order by given_at), '[]') as "json!" from consents where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let handles = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(handle order by left_at), '[]') as "json!" from former_handles where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let sessions = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('device', device, 'language', locale, 'began', created_at,
                  'last_used', seen_at) order by created_at), '[]') as "json!" from sessions where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let messages = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'subject', subject, 'written', created_at,
                  'sent', sent_at) order by created_at), '[]') as "json!" from outbox where member_id = $1"#,
        id
    )
    .fetch_one(db)
    .await?;
    Ok(json!({
        "person": person,
        "consents": consents,
        "former_ids": handles,
        "log_ins": sessions,
        "messages": messages,
    }))
}
