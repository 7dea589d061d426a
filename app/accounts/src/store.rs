//! SQL of accounts.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Locale, Member, MemberId, PictureId, db::Db};
use sqlx::PgConnection;

/// A member row that a log-in is checked against.
#[derive(Debug)]
pub struct Credentials {
    pub id: MemberId,
    pub password_hash: String,
    /// Why the member may not log in, if an operator has suspended them.
    pub suspended: Option<String>,
}

/// Somebody as everybody sees them.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: MemberId,
    pub handle: String,
    pub name: String,
    pub introduction: String,
    pub links: Vec<String>,
    /// Whether their page shows what they backed.
    pub shows_backed: bool,
    pub picture: Option<PictureId>,
    pub since: DateTime<Utc>,
}

/// Where and how a member is written to.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub id: MemberId,
    pub name: String,
    pub email: String,
    pub locale: Locale,
}

/// The form in which addresses are compared.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.to_lowercase()
}

#[derive(Debug)]
pub struct NewMember<'a> {
    pub id: MemberId,
    pub handle: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub locale: Locale,
    pub consents: &'a [&'a str],
    pub at: DateTime<Utc>,
}

/// The version of the terms that a consent is given to.
const TERMS_VERSION: &str = "2026-11";

/// Adds a member, unless the address has one: then nothing is written and the answer is false.
pub async fn add(db: &mut PgConnection, new: &NewMember<'_>) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "insert into members (id, handle, email, email_key, name, password_hash, locale, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint member_email_is_taken do nothing",
        new.id.uuid(),
        new.handle,
        new.email,
        email_key(new.email),
        new.name,
        new.password_hash,
        new.locale.tag(),
        new.at
    )
    .execute(&mut *db)
    .await?;
    if added.rows_affected() == 0 {
        return Ok(false);
    }
    for kind in new.consents {
        sqlx::query!(
            "insert into consents (member_id, kind, version, given_at) values ($1, $2, $3, $4)",
            new.id.uuid(),
            *kind,
            TERMS_VERSION,
            new.at
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(true)
}

pub async fn recipient_by_email(db: &mut PgConnection, email: &str) -> sqlx::Result<Option<Recipient>> {
    let row =
        sqlx::query!("select id, name, email, locale from members where email_key = $1", email_key(email))
            .fetch_optional(db)
            .await?;
    Ok(row.map(|row| Recipient {
        id: row.id.into(),
        name: row.name,
        email: row.email,
        locale: Locale::from_tag(&row.locale),
    }))
}

pub async fn recipient(db: &mut PgConnection, member: MemberId) -> sqlx::Result<Recipient> {
    let row = sqlx::query!("select name, email, locale from members where id = $1", member.uuid())
        .fetch_one(db)
        .await?;
    Ok(Recipient { id: member, name: row.name, email: row.email, locale: Locale::from_tag(&row.locale) })
}

pub async fn credentials(db: &Db, log_in: &str) -> sqlx::Result<Option<Credentials>> {
    let row = sqlx::query!(
        r#"select id, password_hash, case when suspended_at is not null then suspended_why end as suspended
             from members where (email_key = $1 or handle = $1) and closed_at is null"#,
        email_key(log_in.trim())
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(row.map(|row| Credentials {
        id: row.id.into(),
        password_hash: row.password_hash,
        suspended: row.suspended,
    }))
}

pub async fn begin_session(
    db: &Db,
    member: MemberId,
    token_hash: &[u8],
    lasts: TimeDelta,
    browser: &Browser,
) -> sqlx::Result<()> {
    let now = db.now();
    sqlx::query!(
        "insert into sessions (token_hash, member_id, created_at, seen_at, expires_at, device, locale, proved_at)
         values ($1, $2, $3, $3, $4, $5, $6, $3)",
        token_hash,
        member.uuid(),
        now,
        now + lasts,
        browser.device,
        browser.locale.tag()
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// What a browser says of itself.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    pub device: String,
    pub locale: Locale,
}

/// Gives a session another secret because its owner proved who they are; tells how long it was made to
/// last, or nothing if it is over.
pub async fn renew_session(db: &Db, before: &[u8], hash: &[u8]) -> sqlx::Result<Option<TimeDelta>> {
    let now = db.now();
    let row = sqlx::query!(
        "update sessions set token_hash = $2, proved_at = $3 where token_hash = $1 and expires_at > $3
         returning created_at, expires_at",
        before,
        hash,
        now
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(row.map(|row| row.expires_at - row.created_at))
}

/// Whether a member has used a browser before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Before,
    /// The first browser of all: nothing to be wondered at.
    First,
    Strange,
}

/// Remembers that a member uses a browser.
pub async fn see_device(
    db: &mut PgConnection,
    member: MemberId,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Seen> {
    let others = sqlx::query_scalar!(
        r#"select exists (select from devices where member_id = $1) as "others!""#,
        member.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    let added = sqlx::query_scalar!(
        r#"insert into devices (token_hash, member_id, seen_at) values ($2, $1, $3)
           on conflict (token_hash, member_id) do update set seen_at = $3 returning (xmax = 0) as "added!""#,
        member.uuid(),
        token_hash,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(match (added, others) {
        (false, _) => Seen::Before,
        (true, false) => Seen::First,
        (true, true) => Seen::Strange,
    })
}

pub async fn end_session(db: &Db, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from sessions where token_hash = $1", token_hash).execute(&db.pool).await?;
    Ok(())
}

pub async fn member_of_session(db: &Db, token_hash: &[u8]) -> sqlx::Result<Option<Member>> {
    let row = sqlx::query!(
        r#"select m.id, m.handle, m.name, m.locale, m.email_confirmed_at is not null as "confirmed!", m.picture_id,
                  s.seen_at < $2::timestamptz - interval '1 minute' as "seen_before!"
             from sessions s join members m on m.id = s.member_id
            where s.token_hash = $1 and s.expires_at > $2"#,
        token_hash,
        db.now()
    )
    .fetch_optional(&db.pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    if row.seen_before {
        see_session(db, token_hash).await?;
    }
    Ok(Some(Member {
        id: row.id.into(),
        handle: row.handle,
        name: row.name,
        locale: Locale::from_tag(&row.locale),
        confirmed: row.confirmed,
        picture: row.picture_id.map(PictureId::from_uuid),
    }))
}

/// Writes down that a session is in use; its readers ask at most once a minute.
async fn see_session(db: &Db, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("update sessions set seen_at = $2 where token_hash = $1", token_hash, db.now())
        .execute(&db.pool)
        .await?;
    Ok(())
}

pub async fn add_confirmation(
    db: &mut PgConnection,
    member: MemberId,
    token_hash: &[u8],
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into mailed_tokens (token_hash, member_id, purpose, created_at, expires_at)
         values ($1, $2, 'confirm_email', $3, $3::timestamptz + interval '24 hours')",
        token_hash,
        member.uuid(),
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Confirms the address that a mailed link was sent to. Following the link again changes nothing.
pub async fn confirm(db: &Db, token_hash: &[u8]) -> sqlx::Result<bool> {
    let confirmed = sqlx::query!(
        "with token as (
             update mailed_tokens set used_at = coalesce(used_at, $2)
              where token_hash = $1 and purpose = 'confirm_email' and expires_at > $2
             returning member_id)
         update members m set email_confirmed_at = coalesce(m.email_confirmed_at, $2)
           from token where m.id = token.member_id",
        token_hash,
        db.now()
    )
    .execute(&db.pool)
    .await?;
    Ok(confirmed.rows_affected() == 1)
}

pub async fn person(db: &Db, handle: &str) -> sqlx::Result<Option<Person>> {
    let row = sqlx::query!(
        "select id, handle, name, introduction, links, shows_backed, picture_id, created_at from members where handle = $1 and closed_at is null",
        handle
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(row.map(|row| Person {
        id: row.id.into(),
        handle: row.handle,
        name: row.name,
        introduction: row.introduction,
        links: row.links,
        shows_backed: row.shows_backed,
        picture: row.picture_id.map(PictureId::from_uuid),
        since: row.created_at,
    }))
}

pub async fn set_phone(db: &Db, member: MemberId, sealed: Option<&[u8]>) -> sqlx::Result<()> {
    sqlx::query!("update members set phone = $2 where id = $1", member.uuid(), sealed)
        .execute(&db.pool)
        .await?;
    Ok(())
}

/// The sealed number of a member.
pub async fn phone(db: &Db, member: MemberId) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select phone from members where id = $1", member.uuid()).fetch_one(&db.pool).await
}

/// Forgets sessions and links that ran out.
pub async fn sweep(db: &Db) -> sqlx::Result<()> {
    let now = db.now();
    sqlx::query!("delete from sessions where expires_at < $1", now).execute(&db.pool).await?;
    sqlx::query!("delete from mailed_tokens where expires_at < $1::timestamptz - interval '30 days'", now)
        .execute(&db.pool)
        .await?;
    Ok(())
}
