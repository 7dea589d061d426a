//! SQL of the profile.

use super::rules::CheckedProfile;
use chrono::{DateTime, Utc};
use kernel::{Locale, MemberId, PictureId, Refusal, Zone, db::Db};
use pictures::Stored;
use sqlx::{PgConnection, PgPool};

/// A profile as its owner edits it.
#[derive(Debug)]
pub struct Profile {
    pub name: String,
    pub handle: String,
    pub introduction: String,
    pub links: Vec<String>,
    pub shows_backed: bool,
    pub locale: Locale,
    pub zone: Zone,
    pub picture: Option<PictureId>,
}

pub async fn get(pool: &PgPool, member: MemberId) -> sqlx::Result<Profile> {
    let row = sqlx::query!(
        "select name, handle, introduction, links, shows_backed, locale, time_zone, picture_id
           from members where id = $1",
        member.uuid()
    )
    .fetch_one(pool)
    .await?;
    Ok(Profile {
        name: row.name,
        handle: row.handle,
        introduction: row.introduction,
        links: row.links,
        shows_backed: row.shows_backed,
        locale: Locale::from_tag(&row.locale),
        zone: Zone::stored(&row.time_zone),
        picture: row.picture_id.map(Into::into),
    })
}

/// Writes a profile; false if the ID is or was somebody else's. One's own former ID may be taken again.
/// Refused if the member has left meanwhile.
pub async fn save(
    db: &Db,
    member: MemberId,
    profile: &CheckedProfile,
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let mut tx = db.pool.begin().await?;
    let before = sqlx::query_scalar!(
        "select handle from members where id = $1 and closed_at is null for update",
        member.uuid()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Refusal::SignIn)?;
    if before != profile.handle && !take_handle(&mut tx, member, &before, &profile.handle, now).await? {
        return Ok(false);
    }
    sqlx::query!(
        "update members set name = $2, introduction = $3, links = $4, shows_backed = $5, 
               locale = coalesce($6, locale), time_zone = coalesce($7, time_zone)
          where id = $1",
        member.uuid(),
        profile.name,
        profile.introduction,
        &profile.links,
        profile.shows_backed,
        profile.language.map(Locale::tag),
        profile.zone.map(Zone::name)
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Shows another picture, or none, and deletes the one before. False if the member has left meanwhile; of
/// two uploads at one instant the later stays.
pub async fn set_picture(
    db: &Db,
    member: MemberId,
    picture: Option<&Stored>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let mut tx = db.pool.begin().await?;
    let before = sqlx::query_scalar!(
        "select picture_id from members where id = $1 and closed_at is null for no key update",
        member.uuid()
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(before) = before else {
        return Ok(false);
    };
    if let Some(picture) = picture {
        pictures::add(&mut tx, member, picture, now).await?;
    }
    sqlx::query!(
        "update members set picture_id = $2 where id = $1",
        member.uuid(),
        picture.map(|picture| picture.id.uuid())
    )
    .execute(&mut *tx)
    .await?;
    pictures::delete(&mut tx, before.as_slice()).await?;
    tx.commit().await?;
    Ok(true)
}

async fn take_handle(
    db: &mut PgConnection,
    member: MemberId,
    before: &str,
    handle: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    // Two people who want one ID at the same instant wait for each other.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('handle:' || $1, 0))", handle)
        .execute(&mut *db)
        .await?;
    let free = sqlx::query_scalar!(
        r#"select not exists (select from members where handle = $1)
              and not exists (select from former_handles where handle = $1 and member_id <> $2) as "free!""#,
        handle,
        member.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    if !free {
        return Ok(false);
    }
    sqlx::query!("delete from former_handles where handle = $1", handle).execute(&mut *db).await?;
    sqlx::query!("update members set handle = $2 where id = $1", member.uuid(), handle)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into former_handles (handle, member_id, left_at) values ($1, $2, $3)",
        before,
        member.uuid(),
        now
    )
    .execute(db)
    .await?;
    Ok(true)
}

/// The present ID of who had `handle` before.
pub async fn moved_to(pool: &PgPool, handle: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select m.handle from former_handles f join members m on m.id = f.member_id
          where f.handle = $1 and m.closed_at is null",
        handle
    )
    .fetch_optional(pool)
    .await
}
