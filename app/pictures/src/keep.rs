//! Keeping pictures: their files in the store, their rows in the database.

use crate::{Files, PictureError, Prepared, store};
use bytes::Bytes;
use chrono::TimeDelta;
use futures::future::try_join_all;
use kernel::{PictureId, Refusal, db::Db};
use object_store::path::Path;

/// Folder of the pictures in the store.
const FOLDER: &str = "pictures";

/// A picture whose files are stored and whose rows are to be written.
#[derive(Debug)]
pub struct Stored {
    pub id: PictureId,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) tint: String,
    pub(crate) files: Vec<StoredFile>,
}

#[derive(Debug)]
pub(crate) struct StoredFile {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) key: String,
    pub(crate) bytes: i32,
}

/// Stores the files. Until their rows are written they are never shown, and [`sweep`] finds them.
pub async fn put(files: &Files, picture: Prepared) -> Result<Stored, PictureError> {
    let id = PictureId::new();
    let key = |width: u32| format!("{FOLDER}/{id}/{width}.webp");
    let puts =
        picture.files.iter().map(async |(width, _, bytes)| files.put(&key(*width), bytes.clone()).await);
    try_join_all(puts).await.map_err(|_| PictureError::NotStored)?;
    let size = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    let widest = picture.files.last().map(|(width, _, _)| *width);
    let mut stored = Vec::new();
    for (width, height, bytes) in &picture.files {
        // A narrow picture answers for the wider widths too.
        let widths = picture.shape.widths().iter().copied();
        let answers: Vec<u32> =
            widths.filter(|asked| asked == width || (Some(*width) == widest && asked > width)).collect();
        let answers = if answers.is_empty() { vec![*width] } else { answers };
        stored.extend(answers.into_iter().enumerate().map(|(n, asked)| StoredFile {
            width: size(asked),
            height: size(*height),
            key: if n == 0 { key(*width) } else { format!("{}#{asked}", key(*width)) },
            bytes: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
        }));
    }
    Ok(Stored {
        id,
        width: size(picture.width),
        height: size(picture.height),
        tint: picture.tint,
        files: stored,
    })
}

/// Deletes pictures that nothing shows any more, and files that have no row: theirs, and those of
/// uploads that came to nothing. An upload younger than `under_way` has files and no row yet.
pub async fn sweep(db: &Db, files: &Files, under_way: TimeDelta) -> Result<(), Refusal> {
    store::forget_unshown(&db.pool).await?;
    let settled = store::real_time(&db.pool).await? - under_way;
    let mut listed = files.list(FOLDER);
    while let Some(batch) = listed.next().await? {
        let old = batch.into_iter().filter(|file| file.last_modified < settled);
        let named: Vec<_> =
            old.filter_map(|file| Some((picture_of(&file.location)?, file.location))).collect();
        let ids: Vec<_> = named.iter().map(|(id, _)| id.uuid()).collect();
        let known = store::known(&db.pool, &ids).await?;
        for (_, file) in named.iter().filter(|(id, _)| !known.contains(id)) {
            files.delete(file).await?;
        }
    }
    Ok(())
}

/// The picture that a file in the store belongs to.
fn picture_of(file: &Path) -> Option<PictureId> {
    file.parts().nth(1)?.as_ref().parse().ok()
}

/// Reads a stored width, with its content type. No connection is held while the store is asked.
pub async fn read(
    db: &Db,
    files: &Files,
    picture: PictureId,
    width: i32,
) -> Result<(Bytes, String), Refusal> {
    let (key, content_type) = store::file(&db.pool, picture, width).await?.ok_or(Refusal::NotFound)?;
    let key = key.split_once('#').map_or(key.as_str(), |(stored, _)| stored);
    Ok((files.get(key).await?, content_type))
}
