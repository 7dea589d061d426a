//! Pictures: decoded within limits, turned upright, stripped of everything but pixels, kept as
//! WebP in three widths.

use crate::{Picture, ProjectError};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use fast_image_resize::{Resizer, images::Image as Pixels};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use kernel::{MemberId, PictureId, Refusal};
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use sqlx::PgConnection;
use std::{io::Cursor, sync::Arc};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The largest upload, in bytes.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// The largest side and the most pixels of a picture that is decoded.
const LONGEST_SIDE: u32 = 12_000;
const MOST_PIXELS: u64 = 50_000_000;
/// Decoding holds a core and up to 200 MB; one after the other.
static AT_ONCE: Semaphore = Semaphore::const_new(1);
const QUALITY: f32 = 80.0;

/// Where files are kept.
pub type Files = Arc<dyn ObjectStore>;

/// A picture that is ready to be stored.
#[derive(Debug)]
pub struct Prepared {
    width: u32,
    height: u32,
    tint: String,
    files: Vec<(u32, u32, Bytes)>,
}

/// Decodes an upload and makes the stored widths. Anything but a picture is refused.
pub async fn prepare(upload: Bytes) -> Result<Prepared, ProjectError> {
    if upload.len() > LARGEST_FILE {
        return Err(ProjectError::PictureTooLarge);
    }
    let _turn = AT_ONCE.acquire().await.map_err(|error| Refusal::internal(&error))?;
    spawn_blocking(move || prepare_now(&upload)).await.map_err(|error| Refusal::internal(&error))?
}

fn prepare_now(upload: &[u8]) -> Result<Prepared, ProjectError> {
    let mut reader =
        ImageReader::new(Cursor::new(upload)).with_guessed_format().map_err(|_| ProjectError::NotAPicture)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(512 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(too_large_or_no_picture)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(ProjectError::PictureTooLarge);
    }
    let orientation = decoder.orientation().map_err(too_large_or_no_picture)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(too_large_or_no_picture)?;
    picture.apply_orientation(orientation);
    from_pixels(&DynamicImage::ImageRgb8(flattened(&picture)))
}

/// Makes the stored widths of pixels that are already here.
pub fn from_pixels(picture: &DynamicImage) -> Result<Prepared, ProjectError> {
    let mut files = Vec::new();
    for width in Picture::WIDTHS {
        let (width, height) = fitted(picture, width);
        if files.iter().any(|(known, _, _)| *known == width) {
            continue;
        }
        files.push((width, height, encoded(picture, width, height)?));
    }
    let pixel = picture.resize_exact(1, 1, image::imageops::FilterType::Triangle).to_rgb8();
    let [red, green, blue] = pixel.get_pixel(0, 0).0;
    Ok(Prepared {
        width: picture.width(),
        height: picture.height(),
        tint: format!("#{red:02x}{green:02x}{blue:02x}"),
        files,
    })
}

fn too_large_or_no_picture(error: image::ImageError) -> ProjectError {
    match error {
        image::ImageError::Limits(_) => ProjectError::PictureTooLarge,
        _ => ProjectError::NotAPicture,
    }
}

/// Transparent places become white, as the page behind a cover would be.
fn flattened(picture: &DynamicImage) -> image::RgbImage {
    let mut flat = image::RgbImage::new(picture.width(), picture.height());
    for (to, from) in flat.pixels_mut().zip(picture.to_rgba8().pixels()) {
        let [red, green, blue, alpha] = from.0;
        let over = |part: u8| {
            let mixed = (u16::from(part) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        to.0 = [over(red), over(green), over(blue)];
    }
    flat
}

/// The size at `width`, or the picture's own if it is narrower.
fn fitted(picture: &DynamicImage, width: u32) -> (u32, u32) {
    let width = width.min(picture.width()).max(1);
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width().max(1));
    (width, u32::try_from(height).unwrap_or(u32::MAX).max(1))
}

fn encoded(picture: &DynamicImage, width: u32, height: u32) -> Result<Bytes, ProjectError> {
    let broken = |error: &dyn std::fmt::Display| ProjectError::from(Refusal::internal(error));
    let mut small = Pixels::new(width, height, fast_image_resize::PixelType::U8x3);
    Resizer::new().resize(picture, &mut small, None).map_err(|error| broken(&error))?;
    let webp = webp::Encoder::from_rgb(small.buffer(), width, height);
    Ok(Bytes::copy_from_slice(&webp.encode(QUALITY)))
}

/// Stores the files, then their rows. Files without rows are never shown.
pub async fn store(
    db: &mut PgConnection,
    files: &Files,
    owner: MemberId,
    picture: Prepared,
    at: DateTime<Utc>,
) -> Result<PictureId, ProjectError> {
    let id = PictureId::new();
    let size = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    sqlx::query!(
        "insert into pictures (id, owner_id, width, height, tint, created_at) values ($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        owner.uuid(),
        size(picture.width),
        size(picture.height),
        picture.tint,
        at
    )
    .execute(&mut *db)
    .await?;
    let widest = picture.files.last().map(|(width, _, _)| *width);
    for (width, height, bytes) in picture.files {
        let key = format!("pictures/{id}/{width}.webp");
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        files.put(&Path::from(key.as_str()), bytes.into()).await.map_err(|error| {
            tracing::error!(%error, "The file store refused a picture");
            Refusal::Unavailable
        })?;
        // A narrow picture answers for the wider widths too.
        let answers: Vec<u32> = Picture::WIDTHS
            .into_iter()
            .filter(|asked| *asked == width || (Some(width) == widest && *asked > width))
            .collect();
        let answers = if answers.is_empty() { vec![width] } else { answers };
        for (n, asked) in answers.into_iter().enumerate() {
            sqlx::query!(
                "insert into picture_files (picture_id, width, height, key, content_type, bytes)
                 values ($1, $2, $3, $4, 'image/webp', $5)",
                id.uuid(),
                size(asked),
                size(height),
                if n == 0 { key.clone() } else { format!("{key}#{asked}") },
                length
            )
            .execute(&mut *db)
            .await?;
        }
    }
    Ok(id)
}

/// Reads a stored width.
pub async fn read(
    db: &mut PgConnection,
    files: &Files,
    picture: PictureId,
    width: i32,
) -> Result<(Bytes, String), Refusal> {
    let (key, content_type) =
        crate::store::picture_file(db, picture.uuid(), width).await?.ok_or(Refusal::NotFound)?;
    let key = key.split_once('#').map_or(key.as_str(), |(stored, _)| stored);
    let unavailable = |error: object_store::Error| {
        tracing::error!(%error, "The file store does not answer");
        Refusal::Unavailable
    };
    let found = files.get(&Path::from(key)).await.map_err(unavailable)?;
    Ok((found.bytes().await.map_err(unavailable)?, content_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_that_is_no_picture_is_refused() {
        for bad in
            [&b"not a picture"[..], b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n"]
        {
            assert!(matches!(prepare_now(bad), Err(ProjectError::NotAPicture)));
        }
    }

    #[test]
    fn a_picture_is_kept_in_three_widths_without_its_metadata() {
        let mut png = Vec::new();
        DynamicImage::new_rgb8(2000, 1000)
            .write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
            .unwrap();
        let prepared = prepare_now(&png).unwrap();
        let widths: Vec<_> = prepared.files.iter().map(|(width, height, _)| (*width, *height)).collect();
        assert_eq!(widths, [(480, 240), (960, 480), (1600, 800)]);
        assert!(prepared.files.iter().all(|(_, _, bytes)| bytes.starts_with(b"RIFF")));
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        // A PNG head that claims 30,000 by 30,000 pixels, with a right checksum.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0".to_vec();
        png.extend_from_slice(&crc(&png[12..]).to_be_bytes());
        png.extend_from_slice(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
        assert!(matches!(prepare_now(&png), Err(ProjectError::PictureTooLarge | ProjectError::NotAPicture)));
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (0_u32.wrapping_sub(crc & 1)))
            })
        })
    }
}
