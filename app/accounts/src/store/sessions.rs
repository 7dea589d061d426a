//! Sessions.

use chrono::TimeDelta;
use kernel::{Locale, Member, MemberId, PictureId, Zone, db::Db};

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

pub async fn end_session(db: &Db, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from sessions where token_hash = $1", token_hash).execute(&db.pool).await?;
    Ok(())
}

/// Whose session it is. One that was not used for half of its time is over.
pub async fn member_of_session(db: &Db, token_hash: &[u8]) -> sqlx::Result<Option<Member>> {
    let row = sqlx::query!(
        r#"select m.id, m.handle, m.name, m.locale, m.time_zone, m.picture_id,
                  m.email_confirmed_at is not null as "confirmed!",
                  exists (select from operator_roles r where r.member_id = m.id) as "runs_site!",
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
        runs_site: row.runs_site,
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
