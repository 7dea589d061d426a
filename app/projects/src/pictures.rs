//! Pictures: decoded within limits, turned upright, stripped of everything but pixels, kept as
//! WebP in three widths.

use crate::{Picture, ProjectError, store};
use bytes::Bytes;
use fast_image_resize::{ResizeOptions, Resizer, images::Image as Pixels};
use futures::{StreamExt, TryStreamExt};
use image::{
    DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, Pixel, Primitive,
    metadata::Orientation,
};
use kernel::{PictureId, Refusal, db::Db};
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use sqlx::PgConnection;
use std::{io::Cursor, sync::Arc};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The largest upload, in bytes.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// The largest side and the most pixels of a picture that is decoded.
const LONGEST_SIDE: u32 = 12_000;
const MOST_PIXELS: u64 = 25_000_000;
/// The widest stored width, and the most pixels that a picture of it may have: a very high one does
/// not shrink.
const WIDEST: u32 = 1600;
const MOST_KEPT: u64 = 12_000_000;
/// The most that a decoder may fill: the pixels, and what it keeps beside them.
const MOST_BYTES: u64 = 110_000_000;
/// What a decoder may take for itself where it counts that.
const SCRATCH: u64 = 32 * 1024 * 1024;
/// Making a picture ready holds a core and, at its peak, under 150 MB; one after the other.
static AT_ONCE: Semaphore = Semaphore::const_new(1);
const QUALITY: f32 = 80.0;

/// Folder of the pictures in the store.
const FOLDER: &str = "pictures";

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
    limits.max_alloc = Some(SCRATCH);
    reader.limits(limits);
    let format = reader.format();
    let mut decoder = reader.into_decoder().map_err(too_large_or_no_picture)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let beside = match format {
        // All coefficients, two bytes each, until the last scan is read.
        Some(ImageFormat::Jpeg) if scans(upload) > 1 => pixels * 6,
        Some(ImageFormat::WebP) => pixels * 4,
        // Sixteen bits a colour make what resizing keeps twice as large.
        _ if decoder.color_type().bytes_per_pixel() > 4 => pixels,
        _ => 0,
    };
    let orientation = decoder.orientation().map_err(too_large_or_no_picture)?;
    let full = if lies(orientation) { (height, width) } else { (width, height) };
    let (widest, highest) = fitted(full, WIDEST);
    let kept = u64::from(widest) * u64::from(highest);
    if pixels > MOST_PIXELS || decoder.total_bytes() + beside > MOST_BYTES || kept > MOST_KEPT {
        return Err(ProjectError::PictureTooLarge);
    }
    let mut picture = DynamicImage::from_decoder(decoder).map_err(too_large_or_no_picture)?;
    flatten(&mut picture);
    let mut picture = DynamicImage::ImageRgb8(shrunk(picture, full, orientation)?.into_rgb8());
    picture.apply_orientation(orientation);
    sized(&picture, full)
}

/// Makes the stored widths of pixels that are already here.
pub fn from_pixels(picture: &DynamicImage) -> Result<Prepared, ProjectError> {
    sized(picture, (picture.width(), picture.height()))
}

/// Makes the stored widths of a picture whose full size is, or once was, `full`.
fn sized(picture: &DynamicImage, full: (u32, u32)) -> Result<Prepared, ProjectError> {
    let mut files = Vec::new();
    for width in Picture::WIDTHS {
        let (width, height) = fitted(full, width);
        if files.iter().any(|(known, _, _)| *known == width) {
            continue;
        }
        files.push((width, height, encoded(picture, width, height)?));
    }
    let pixel = picture.resize_exact(1, 1, image::imageops::FilterType::Triangle).to_rgb8();
    let [red, green, blue] = pixel.get_pixel(0, 0).0;
    Ok(Prepared { width: full.0, height: full.1, tint: format!("#{red:02x}{green:02x}{blue:02x}"), files })
}

/// How often a JPEG goes over its picture: once, or many times if it is progressive. A smaller
/// picture inside its head does not count.
fn scans(jpeg: &[u8]) -> usize {
    let (mut at, mut scans) = (2, 0);
    while let Some([0xff, marker, rest @ ..]) = jpeg.get(at..) {
        let length = match (marker, rest) {
            // Fill bytes, and marks within a scan.
            (0xff, _) => 1,
            (0x00 | 0x01 | 0xd0..=0xd9, _) => 2,
            (_, [high, low, ..]) => 2 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => break,
        };
        at += length;
        if *marker == 0xda {
            scans += 1;
        }
        // After the head of a scan stand its bytes, up to the next mark.
        at += jpeg.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)).unwrap_or(0);
    }
    scans
}

/// Whether turning the picture upright swaps its sides.
const fn lies(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate90FlipH | Rotate270 | Rotate270FlipH)
}

/// The picture no wider than the widest stored width, still in its own kind of pixels, so that all
/// that follows is small.
fn shrunk(
    picture: DynamicImage,
    full: (u32, u32),
    orientation: Orientation,
) -> Result<DynamicImage, ProjectError> {
    let upright = fitted(full, WIDEST);
    if upright == full {
        return Ok(picture);
    }
    let (width, height) = if lies(orientation) { (upright.1, upright.0) } else { upright };
    let mut small = DynamicImage::new(width, height, picture.color());
    // Nothing is transparent any more; reckoning with it would copy the whole picture.
    let opaque = ResizeOptions::new().use_alpha(false);
    Resizer::new().resize(&picture, &mut small, &opaque).map_err(|error| Refusal::internal(&error))?;
    Ok(small)
}

fn too_large_or_no_picture(error: image::ImageError) -> ProjectError {
    match error {
        image::ImageError::Limits(_) => ProjectError::PictureTooLarge,
        _ => ProjectError::NotAPicture,
    }
}

/// Transparent places become white, as the page behind a cover would be.
fn flatten(picture: &mut DynamicImage) {
    match picture {
        DynamicImage::ImageLumaA8(pixels) => over_white(pixels),
        DynamicImage::ImageRgba8(pixels) => over_white(pixels),
        DynamicImage::ImageLumaA16(pixels) => over_white(pixels),
        DynamicImage::ImageRgba16(pixels) => over_white(pixels),
        DynamicImage::ImageRgba32F(pixels) => over_white(pixels),
        _ => {}
    }
}

/// In place: a second picture of this size would not fit beside it.
fn over_white<P: Pixel<Subpixel = S>, S: Primitive>(pixels: &mut ImageBuffer<P, Vec<S>>) {
    let white = S::DEFAULT_MAX_VALUE;
    let whole = white.to_f32().unwrap_or(1.0);
    for pixel in pixels.pixels_mut() {
        let [colours @ .., alpha] = pixel.channels_mut() else { continue };
        let cover = alpha.to_f32().unwrap_or(whole) / whole;
        for colour in colours {
            let mixed = colour.to_f32().unwrap_or(whole) * cover + whole * (1.0 - cover);
            *colour = <S>::from(mixed).unwrap_or(white);
        }
        *alpha = white;
    }
}

/// The size at `width`, or the full one if that is narrower.
fn fitted((full_width, full_height): (u32, u32), width: u32) -> (u32, u32) {
    let width = width.min(full_width).max(1);
    let height = u64::from(full_height) * u64::from(width) / u64::from(full_width.max(1));
    (width, u32::try_from(height).unwrap_or(u32::MAX).max(1))
}

fn encoded(picture: &DynamicImage, width: u32, height: u32) -> Result<Bytes, ProjectError> {
    let broken = |error: &dyn std::fmt::Display| ProjectError::from(Refusal::internal(error));
    let mut small = Pixels::new(width, height, fast_image_resize::PixelType::U8x3);
    Resizer::new().resize(picture, &mut small, None).map_err(|error| broken(&error))?;
    let webp = webp::Encoder::from_rgb(small.buffer(), width, height);
    Ok(Bytes::copy_from_slice(&webp.encode(QUALITY)))
}

/// A picture whose files are stored and whose rows are to be written.
#[derive(Debug)]
pub struct Stored {
    pub(crate) id: PictureId,
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
pub async fn put(files: &Files, picture: Prepared) -> Result<Stored, ProjectError> {
    let id = PictureId::new();
    let size = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    let widest = picture.files.last().map(|(width, _, _)| *width);
    let mut stored = Vec::new();
    for (width, height, bytes) in picture.files {
        let key = format!("{FOLDER}/{id}/{width}.webp");
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        files.put(&Path::from(key.as_str()), bytes.into()).await.map_err(|error| unavailable(&error))?;
        // A narrow picture answers for the wider widths too.
        let answers: Vec<u32> = Picture::WIDTHS
            .into_iter()
            .filter(|asked| *asked == width || (Some(width) == widest && *asked > width))
            .collect();
        let answers = if answers.is_empty() { vec![width] } else { answers };
        stored.extend(answers.into_iter().enumerate().map(|(n, asked)| StoredFile {
            width: size(asked),
            height: size(height),
            key: if n == 0 { key.clone() } else { format!("{key}#{asked}") },
            bytes: length,
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

/// Deletes pictures that no project shows any more, and files that have no row: theirs, and those
/// of uploads that came to nothing.
pub async fn sweep(db: &Db, files: &Files) -> Result<(), Refusal> {
    let mut connection = db.pool.acquire().await?;
    store::forget_pictures(&mut connection).await?;
    // An upload that is under way has files and no row yet.
    let settled = store::an_hour_ago(&mut connection).await?;
    let mut listed = files.list(Some(&Path::from(FOLDER))).try_chunks(1000);
    while let Some(batch) = listed.next().await {
        let batch = batch.map_err(|error| unavailable(&error))?;
        let old = batch.into_iter().filter(|file| file.last_modified < settled);
        let named: Vec<_> =
            old.filter_map(|file| Some((picture_of(&file.location)?, file.location))).collect();
        let ids: Vec<_> = named.iter().map(|(id, _)| id.uuid()).collect();
        let known = store::known_pictures(&mut connection, &ids).await?;
        for (_, file) in named.iter().filter(|(id, _)| !known.contains(id)) {
            files.delete(file).await.map_err(|error| unavailable(&error))?;
        }
    }
    Ok(())
}

/// The picture that a file in the store belongs to.
fn picture_of(file: &Path) -> Option<PictureId> {
    file.parts().nth(1)?.as_ref().parse().ok()
}

fn unavailable(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "The file store does not answer");
    Refusal::Unavailable
}

/// Reads a stored width.
pub async fn read(
    db: &mut PgConnection,
    files: &Files,
    picture: PictureId,
    width: i32,
) -> Result<(Bytes, String), Refusal> {
    let (key, content_type) =
        store::picture_file(db, picture.uuid(), width).await?.ok_or(Refusal::NotFound)?;
    let key = key.split_once('#').map_or(key.as_str(), |(stored, _)| stored);
    let found = files.get(&Path::from(key)).await.map_err(|error| unavailable(&error))?;
    Ok((found.bytes().await.map_err(|error| unavailable(&error))?, content_type))
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
    fn a_whole_picture_beyond_a_limit_is_too_large() {
        let longer = DynamicImage::new_luma8(LONGEST_SIDE + 1, 1);
        let more_pixels = DynamicImage::new_luma8(5001, 5000);
        // 16 megapixels, and eight bytes for each.
        let more_bytes = DynamicImage::new_rgba16(4000, 4000);
        for picture in [longer, more_pixels, more_bytes] {
            assert!(matches!(
                prepare_now(&encoded_as(&picture, ImageFormat::Png)),
                Err(ProjectError::PictureTooLarge)
            ));
        }
        assert!(prepare_now(&encoded_as(&DynamicImage::new_luma8(5000, 5000), ImageFormat::Png)).is_ok());
    }

    #[test]
    fn transparent_places_become_white() {
        let mut pixels = image::RgbaImage::new(2000, 2);
        pixels.pixels_mut().for_each(|pixel| pixel.0 = [0, 0, 200, 0]);
        let prepared = prepare_now(&encoded_as(&DynamicImage::ImageRgba8(pixels), ImageFormat::Png)).unwrap();
        assert_eq!(prepared.tint, "#ffffff");
        assert_eq!((prepared.width, prepared.height), (2000, 2));
    }

    #[test]
    fn a_jpeg_that_is_sent_at_once_has_one_scan() {
        let once = encoded_as(&DynamicImage::new_rgb8(64, 64), ImageFormat::Jpeg);
        assert_eq!(scans(&once), 1);
        // The same with a picture in its head, and with a second scan before its end.
        let inner =
            [&[0xff, 0xe1][..], &u16::try_from(once.len() + 2).unwrap().to_be_bytes(), &once].concat();
        assert_eq!(scans(&[&once[..2], &inner, &once[2..]].concat()), 1);
        let second = [&once[..once.len() - 2], b"\xff\xda\0\x02\x17\xff\0\x17\xff\xd9"].concat();
        assert_eq!(scans(&second), 2);
        assert_eq!(scans(b"\xff\xd8\xff"), 0);
    }

    fn encoded_as(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }
}
