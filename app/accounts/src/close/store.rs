//! SQL of leaving.

use crate::factor::forget_factors;
use chrono::{DateTime, Utc};
use kernel::MemberId;
use serde_json::{Value, json};
use sqlx::PgConnection;

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
        "delete from notifications where member_id = $1",
        "delete from mail_reports where id in (select report_id from mail_troubles
          where email_key = (select email_key from members where id = $1))",
        "delete from mail_troubles where email_key = (select email_key from members where id = $1)",
        "delete from undeliverable where email_key = (select email_key from members where id = $1)",
        "delete from passkey_ceremonies where member_id = $1",
        "delete from provider_visits where member_id = $1",
        "delete from pending_log_ins where member_id = $1",
        "delete from addresses where member_id = $1",
        "delete from operator_roles where member_id = $1",
        "update outbox set recipient = '', subject = '', text = '', html = '', unsubscribe = '', member_id = null,
                given_up_at = case when sent_at is null then coalesce(given_up_at, now()) else given_up_at end,
                channel = 'mail'
          where member_id = $1",
    ] {
        sqlx::query(statement).bind(id).execute(&mut *db).await?;
    }
    forget_factors(&mut *db, member).await?;
    let picture =
        sqlx::query_scalar!("select picture_id from members where id = $1", id).fetch_one(&mut *db).await?;
    sqlx::query!(
        "update members
            set handle = 'closed_' || left(replace(id::text, '-', ''), 22), email = '', email_key = 'closed:' || id,
                name = '', introduction = '', password_hash = null, phone = null, links = '{}', shows_backed = false,
                picture_id = null, suspended_why = '', last_way = '', last_way_at = null, time_zone = 'Asia/Seoul', email_confirmed_at = null, closed_at = $2
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
                  'time_zone', time_zone, 'signed_up', created_at, 'email_confirmed', email_confirmed_at,
                  'last_log_in', case when last_way <> '' then jsonb_build_object('by', last_way, 'at', last_way_at) end,
                  'picture', (select jsonb_build_object('address', '/files/' || p.id || '/384.webp', 'uploaded', p.created_at)
                                from pictures p where p.id = picture_id)) as "json!"
             from members where id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let consents = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'version', version, 'given', given_at,
                  'withdrawn', withdrawn_at)
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
    let passkeys = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('name', name, 'added', added_at, 'last_used', used_at)
                  order by added_at), '[]') as "json!" from passkeys where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let identities = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('provider', provider, 'named', subject, 'linked', linked_at,
                  'last_used', used_at) order by linked_at), '[]') as "json!" from identities where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let roles = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('role', role, 'granted', granted_at)
                  order by granted_at), '[]') as "json!" from operator_roles where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let messages = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'subject', subject, 'written', created_at,
                  'sent', sent_at) order by created_at), '[]') as "json!" from outbox where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let told = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'title', title, 'told', created_at, 'read', read_at)
                  order by id), '[]') as "json!" from notifications where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let wishes = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'mail', mail, 'product', product, 'sms', sms)
                  order by kind), '[]') as "json!" from notification_settings where member_id = $1"#,
        id
    )
    .fetch_one(&mut *db)
    .await?;
    let troubles = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('trouble', trouble, 'at', at, 'reason', reason) order by id), '[]')
               as "json!"
             from mail_troubles where email_key = (select email_key from members where id = $1)"#,
        id
    )
    .fetch_one(db)
    .await?;
    Ok(json!({
        "person": person,
        "consents": consents,
        "former_ids": handles,
        "log_ins": sessions,
        "passkeys": passkeys,
        "log_in_through": identities,
        "roles": roles,
        "messages": messages,
        "notifications": told,
        "notification_settings": wishes,
        "mails_that_came_back": troubles,
    }))
}
