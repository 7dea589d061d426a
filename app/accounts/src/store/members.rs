//! Members.

use chrono::{DateTime, Utc};
use kernel::{Locale, MemberId, PictureId, Refusal, Zone, db::Db, email_key};
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
        crate::TERMS_VERSION,
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

/// Confirms an address that a provider vouches for.
pub async fn confirm_now(db: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update members set email_confirmed_at = $2 where id = $1", member.uuid(), now)
        .execute(db)
        .await?;
    Ok(())
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
