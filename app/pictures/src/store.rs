//! SQL of pictures.

use crate::Stored;
use chrono::{DateTime, Utc};
use kernel::{MemberId, PictureId};
use sqlx::{PgConnection, PgPool};
use std::collections::HashSet;
use uuid::Uuid;

/// Writes the rows of a picture whose files are stored.
pub async fn add(
    db: &mut PgConnection,
    owner: MemberId,
    picture: &Stored,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into pictures (id, owner_id, width, height, tint, created_at) values ($1, $2, $3, $4, $5, $6)",
        picture.id.uuid(),
        owner.uuid(),
        picture.width,
        picture.height,
        picture.tint,
        at
    )
    .execute(&mut *db)
    .await?;
    for file in &picture.files {
        sqlx::query!(
            "insert into picture_files (picture_id, width, height, key, content_type, bytes)
             values ($1, $2, $3, $4, 'image/webp', $5)",
            picture.id.uuid(),
            file.width,
            file.height,
            file.key,
            file.bytes
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Deletes the rows of pictures: from then on nobody finds them, and their files are swept.
pub async fn delete(db: &mut PgConnection, pictures: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("delete from picture_files where picture_id = any($1)", pictures).execute(&mut *db).await?;
    sqlx::query!("delete from pictures where id = any($1)", pictures).execute(db).await?;
    Ok(())
}

/// Deletes the rows of pictures that nothing shows. A picture and what shows it are written in one
/// transaction, so one without the other has been replaced or removed.
pub async fn forget_unshown(pool: &PgPool) -> sqlx::Result<()> {
    let mut tx = pool.begin().await?;
    let gone = sqlx::query_scalar!(
        "select id from pictures c where not exists (select from shown_pictures s where s.picture_id = c.id)
          order by id limit 1000 for update skip locked"
    )
    .fetch_all(&mut *tx)
    .await?;
    delete(&mut tx, &gone).await?;
    tx.commit().await
}

/// Which of these pictures have rows.
pub async fn known(pool: &PgPool, ids: &[Uuid]) -> sqlx::Result<HashSet<PictureId>> {
    let known =
        sqlx::query_scalar!("select id from pictures where id = any($1)", ids).fetch_all(pool).await?;
    Ok(known.into_iter().map(PictureId::from_uuid).collect())
}

/// What the file store's clock says; the sandbox clock may be far ahead.
pub async fn real_time(pool: &PgPool) -> sqlx::Result<DateTime<Utc>> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "at!""#).fetch_one(pool).await
}

/// A stored width of a picture: its key in the store and its content type.
pub async fn file(pool: &PgPool, picture: PictureId, width: i32) -> sqlx::Result<Option<(String, String)>> {
    let row = sqlx::query!(
        "select key, content_type from picture_files where picture_id = $1 and width = $2",
        picture.uuid(),
        width
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (row.key, row.content_type)))
}
