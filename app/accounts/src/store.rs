//! SQL of accounts.

use crate::{
    recover::{MailId, MailReset},
    security::MailChange,
    sign_up::MailSignUp,
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    Locale, Member, MemberId, PictureId, Refusal, Zone, db::Db, email_key, jobs::Job, undeliverable,
};
use sqlx::{PgConnection, PgPool};

/// A member row that a log-in is checked against.
#[derive(Debug)]
pub struct Credentials {
    pub id: MemberId,
    /// None: the member logs in without one.
    pub password_hash: Option<String>,
    /// Whether they have logged in with this browser before.
    pub knows_browser: bool,
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
    pub zone: Zone,
}

#[derive(Debug)]
pub struct NewMember<'a> {
    pub id: MemberId,
    pub handle: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    /// None: the member came through a provider.
    pub password_hash: Option<&'a str>,
    pub locale: Locale,
    pub consents: &'a [&'a str],
    pub at: DateTime<Utc>,
}

/// The version of the terms that a consent is given to.
pub(crate) const TERMS_VERSION: &str = "2026-11";

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
    // Asked in both cases, so that a known address takes as long.
    let consents: Vec<String> = new.consents.iter().map(|kind| (*kind).to_owned()).collect();
    sqlx::query!(
        "insert into consents (member_id, kind, version, given_at)
         select m.id, kind, $3, $4 from members m, unnest($2::text[]) kind where m.id = $1",
        new.id.uuid(),
        &consents,
        TERMS_VERSION,
        new.at
    )
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

pub async fn recipient_by_email(db: &mut PgConnection, email: &str) -> sqlx::Result<Option<Recipient>> {
    let row = sqlx::query!(
        "select id, name, email, locale, time_zone from members where email_key = $1",
        email_key(email)
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Recipient {
        id: row.id.into(),
        name: row.name,
        email: row.email,
        locale: Locale::from_tag(&row.locale),
        zone: Zone::stored(&row.time_zone),
    }))
}

pub async fn recipient(db: &mut PgConnection, member: MemberId) -> sqlx::Result<Recipient> {
    let row = sqlx::query!("select name, email, locale, time_zone from members where id = $1", member.uuid())
        .fetch_one(db)
        .await?;
    Ok(Recipient {
        id: member,
        name: row.name,
        email: row.email,
        locale: Locale::from_tag(&row.locale),
        zone: Zone::stored(&row.time_zone),
    })
}

/// `device` is the hash of the browser's own cookie, if it brought one.
pub async fn credentials(db: &Db, log_in: &str, device: Option<&[u8]>) -> sqlx::Result<Option<Credentials>> {
    let row = sqlx::query!(
        r#"select id, password_hash,
                  exists (select from devices d where d.member_id = m.id and d.token_hash = $2) as "knows_browser!"
             from members m where (email_key = $1 or handle = $1) and closed_at is null"#,
        email_key(log_in.trim()),
        device
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(row.map(|row| Credentials {
        id: row.id.into(),
        password_hash: row.password_hash,
        knows_browser: row.knows_browser,
    }))
}

/// Whether an address has an account.
pub async fn is_taken(pool: &PgPool, email: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from members where email_key = $1) as "taken!""#,
        email_key(email)
    )
    .fetch_one(pool)
    .await
}

/// What a log-in must know of a member.
#[derive(Debug)]
pub struct Standing {
    /// Why the member may not log in, if an operator has suspended them.
    pub suspended: Option<String>,
    pub locale: Locale,
}

pub async fn standing(pool: &PgPool, member: MemberId) -> sqlx::Result<Standing> {
    let row = sqlx::query!(
        "select locale, case when suspended_at is not null then suspended_why end as suspended
           from members where id = $1",
        member.uuid()
    )
    .fetch_one(pool)
    .await?;
    Ok(Standing { suspended: row.suspended, locale: Locale::from_tag(&row.locale) })
}

/// Locks a member against everything that would refer to them anew; false if they have left already.
pub async fn lock(db: &mut PgConnection, member: MemberId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select closed_at is null as "open!" from members where id = $1 for update"#,
        member.uuid()
    )
    .fetch_one(db)
    .await
}

/// Whether a member could log in: by password, passkey or a provider.
pub async fn has_way_in(db: &mut PgConnection, member: MemberId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select password_hash is not null
                  or exists (select from passkeys where member_id = $1)
                  or exists (select from identities where member_id = $1) as "has!"
             from members where id = $1"#,
        member.uuid()
    )
    .fetch_one(db)
    .await
}

pub async fn begin_session(
    db: &Db,
    member: MemberId,
    token_hash: &[u8],
    lasts: TimeDelta,
    browser: &Browser,
    proved: Proved,
) -> sqlx::Result<()> {
    let now = db.now();
    let proved_at = (proved == Proved::Now).then_some(now);
    sqlx::query!(
        "insert into sessions (token_hash, member_id, created_at, seen_at, expires_at, device, locale, proved_at)
         values ($1, $2, $3, $3, $4, $5, $6, $7)",
        token_hash,
        member.uuid(),
        now,
        now + lasts,
        browser.device,
        browser.locale.tag(),
        proved_at
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Notes how a member has logged in just now.
pub async fn set_last_way(db: &Db, member: MemberId, way: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update members set last_way = $2, last_way_at = $3 where id = $1",
        member.uuid(),
        way,
        db.now()
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Whether somebody has just shown who they are, and not only that their browser knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proved {
    Now,
    Not,
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

/// Whether anybody has logged in with the browser that carries this cookie.
pub async fn is_device(db: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from devices where token_hash = $1) as "known!""#,
        token_hash
    )
    .fetch_one(db)
    .await
}

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

pub async fn end_session(db: &Db, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from sessions where token_hash = $1", token_hash).execute(&db.pool).await?;
    Ok(())
}

/// Whose session it is. One that was not used for half of its time is over.
pub async fn member_of_session(db: &Db, token_hash: &[u8]) -> sqlx::Result<Option<Member>> {
    let row = sqlx::query!(
        r#"select m.id, m.handle, m.name, m.locale, m.time_zone, m.picture_id,
                  m.email_confirmed_at is not null as "confirmed!",
                  (select count(*) from (select from notifications n
                     where n.member_id = m.id and n.read_at is null limit $3) unread) as "unread!",
                  s.seen_at < $2::timestamptz - interval '1 minute' as "seen_before!"
             from sessions s join members m on m.id = s.member_id
            where s.token_hash = $1 and s.expires_at > $2
              and s.seen_at + (s.expires_at - s.created_at) / 2 > $2"#,
        token_hash,
        db.now(),
        i64::from(Member::MOST_UNREAD)
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
        zone: Zone::stored(&row.time_zone),
        confirmed: row.confirmed,
        unread: u32::try_from(row.unread).unwrap_or(Member::MOST_UNREAD),
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

/// Confirms an address that a provider vouches for.
pub async fn confirm_now(db: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update members set email_confirmed_at = $2 where id = $1", member.uuid(), now)
        .execute(db)
        .await?;
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

pub async fn email(pool: &PgPool, member: MemberId) -> sqlx::Result<String> {
    sqlx::query_scalar!("select email from members where id = $1", member.uuid()).fetch_one(pool).await
}

/// Refused if the member has left meanwhile.
pub async fn set_phone(db: &Db, member: MemberId, sealed: Option<&[u8]>) -> Result<(), Refusal> {
    let set = sqlx::query!(
        "update members set phone = $2 where id = $1 and closed_at is null",
        member.uuid(),
        sealed
    )
    .execute(&db.pool)
    .await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(Refusal::SignIn) }
}

/// The sealed number of a member.
pub async fn phone(db: &Db, member: MemberId) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select phone from members where id = $1", member.uuid()).fetch_one(&db.pool).await
}

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
