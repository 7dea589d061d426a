//! SQL of notifications and their settings.

use super::{Kind, kinds::Way};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{MemberId, NotificationId, db::Db};
use sqlx::{PgConnection, PgPool};
use std::collections::HashMap;

/// How many are listed.
const LISTED: i64 = 50;
/// Links that end mails work for as long as somebody keeps a mail.
const LINKS_LAST: TimeDelta = TimeDelta::days(3650);

/// What a member chose for a kind, by way; none where they chose nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wants {
    pub mail: Option<bool>,
    pub product: Option<bool>,
    pub sms: Option<bool>,
}

/// What a member wants of a kind; nothing if they were told of this event already, or have left.
pub async fn wants(
    db: &mut PgConnection,
    member: MemberId,
    kind: &Kind,
    key: &str,
) -> sqlx::Result<Option<Wants>> {
    let row = sqlx::query!(
        r#"select s.mail as "mail?", s.product as "product?", s.sms as "sms?",
                  exists (select from consents c where c.member_id = $1 and c.kind = $2 and c.withdrawn_at is null)
                      as "consented!",
                  exists (select from outbox where key = $3) or exists (select from notifications where key = $3)
                      as "told!"
             from members m left join notification_settings s on s.member_id = m.id and s.kind = $2
            where m.id = $1 and m.closed_at is null"#,
        member.uuid(),
        kind.key,
        key
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let mail = if kind.mail == Way::Consent { Some(row.consented) } else { row.mail };
    Ok((!row.told).then_some(Wants { mail, product: row.product, sms: row.sms }))
}

/// A line of the list in the product.
#[derive(Debug)]
pub struct Line<'a> {
    pub key: &'a str,
    pub title: &'a str,
    pub page: &'a str,
}

pub async fn add(
    db: &mut PgConnection,
    member: MemberId,
    kind: &Kind,
    line: &Line<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notifications (id, key, member_id, kind, title, page, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (key) do nothing",
        NotificationId::new().uuid(),
        line.key,
        member.uuid(),
        kind.key,
        line.title,
        line.page,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Something that a member was told.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: NotificationId,
    pub kind: String,
    pub title: String,
    pub page: String,
    pub at: DateTime<Utc>,
    pub read: bool,
}

/// What a member was told last, newest first.
pub async fn newest(pool: &PgPool, member: MemberId) -> sqlx::Result<Vec<Told>> {
    sqlx::query_as!(
        Told,
        r#"select id, kind, title, page, created_at as at, read_at is not null as "read!" from notifications
            where member_id = $1 order by id desc limit $2"#,
        member.uuid(),
        LISTED
    )
    .fetch_all(pool)
    .await
}

/// Marks what a member saw as read; what came in after `newest` stays unread.
pub async fn read(
    pool: &PgPool,
    member: MemberId,
    newest: NotificationId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications set read_at = $3 where member_id = $1 and id <= $2 and read_at is null",
        member.uuid(),
        newest.uuid(),
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// All that a member chose, by kind.
pub async fn chosen(pool: &PgPool, member: MemberId) -> sqlx::Result<HashMap<String, Wants>> {
    let rows = sqlx::query!(
        r#"select kind, mail, product, sms from notification_settings where member_id = $1
           union all
           select distinct kind, true, false, false from consents
            where member_id = $1 and kind = 'news' and withdrawn_at is null"#,
        member.uuid()
    )
    .fetch_all(pool)
    .await?;
    let chosen = rows
        .into_iter()
        .filter_map(|row| Some((row.kind?, Wants { mail: row.mail, product: row.product, sms: row.sms })));
    Ok(chosen.collect())
}

/// What a member chooses for a kind.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    pub kind: &'static Kind,
    pub mail: bool,
    pub product: bool,
    pub sms: bool,
}

/// Keeps what a member chose; a consent is given or withdrawn with its time.
pub async fn choose(
    db: &mut PgConnection,
    member: MemberId,
    choice: Choice,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if choice.kind.mail == Way::Consent {
        return if choice.mail {
            consent(db, member, choice.kind, now).await
        } else {
            withdraw(db, member, choice.kind, now).await
        };
    }
    sqlx::query!(
        "insert into notification_settings (member_id, kind, mail, product, sms) values ($1, $2, $3, $4, $5)
         on conflict (member_id, kind) do update set mail = $3, product = $4, sms = $5",
        member.uuid(),
        choice.kind.key,
        choice.mail,
        choice.product,
        choice.sms
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn consent(
    db: &mut PgConnection,
    member: MemberId,
    kind: &Kind,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into consents (member_id, kind, version, given_at) values ($1, $2, $3, $4) on conflict do nothing",
        member.uuid(),
        kind.key,
        crate::TERMS_VERSION,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn withdraw(
    db: &mut PgConnection,
    member: MemberId,
    kind: &Kind,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update consents set withdrawn_at = $3 where member_id = $1 and kind = $2 and withdrawn_at is null",
        member.uuid(),
        kind.key,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps the token of a link that ends mails of a kind.
pub async fn add_link(
    db: &mut PgConnection,
    member: MemberId,
    kind: &Kind,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into mailed_tokens (token_hash, member_id, purpose, kind, created_at, expires_at)
         values ($1, $2, 'unsubscribe', $3, $4, $5)",
        token_hash,
        member.uuid(),
        kind.key,
        now,
        now + LINKS_LAST
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whose mails of which kind a link ends. It may be used again, which changes nothing.
pub async fn link(
    pool: &PgPool,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(MemberId, String)>> {
    let row = sqlx::query!(
        r#"select member_id, kind as "kind!" from mailed_tokens
            where token_hash = $1 and purpose = 'unsubscribe' and expires_at > $2"#,
        token_hash,
        now
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.member_id.into(), row.kind)))
}

/// Ends mails of a kind; its other ways stay as they are.
pub async fn end_mails(
    db: &mut PgConnection,
    member: MemberId,
    kind: &Kind,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if kind.mail == Way::Consent {
        return withdraw(db, member, kind, now).await;
    }
    sqlx::query!(
        "insert into notification_settings (member_id, kind, mail, product, sms) values ($1, $2, false, $3, $4)
         on conflict (member_id, kind) do update set mail = false",
        member.uuid(),
        kind.key,
        kind.product.decide(None),
        kind.sms.decide(None)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what was told and read more than a year ago.
pub async fn sweep(db: &Db) -> sqlx::Result<()> {
    sqlx::query!("delete from notifications where read_at < $1::timestamptz - interval '1 year'", db.now())
        .execute(&db.pool)
        .await?;
    Ok(())
}
