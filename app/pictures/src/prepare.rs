//! Making a picture of an upload: decoded within limits, turned upright, stripped of everything but
//! pixels, made anew as WebP in a few widths.

use crate::{PictureError, Shape};
use bytes::Bytes;
use fast_image_resize::{ResizeOptions, Resizer, images::Image as Pixels};
use image::{
    DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, Pixel, Primitive,
    metadata::Orientation,
};
use kernel::Refusal;
use std::io::Cursor;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The largest upload, in bytes.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// The largest side and the most pixels of a picture that is decoded.
const LONGEST_SIDE: u32 = 12_000;
const MOST_PIXELS: u64 = 25_000_000;
/// The most pixels that a picture of the widest stored width may have: a very high one does not shrink.
const MOST_KEPT: u64 = 12_000_000;
/// The most that a decoder may fill: the pixels, and what it keeps beside them.
const MOST_BYTES: u64 = 110_000_000;
/// What a decoder may take for itself where it counts that.
const SCRATCH: u64 = 32 * 1024 * 1024;
/// Making a picture ready holds a core and, at its peak, under 150 MB; one after the other.
static AT_ONCE: Semaphore = Semaphore::const_new(1);
const QUALITY: f32 = 80.0;

/// A picture that is ready to be stored.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) shape: Shape,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) tint: String,
    /// Widths and heights, the narrowest first.
    pub(crate) files: Vec<(u32, u32, Bytes)>,
}

/// Decodes an upload and makes the stored widths. Anything but a picture is refused.
pub async fn prepare(upload: Bytes, shape: Shape) -> Result<Prepared, PictureError> {
    if upload.len() > LARGEST_FILE {
        return Err(PictureError::TooLarge);
    }
    let _turn = AT_ONCE.acquire().await.map_err(|error| Refusal::internal(&error))?;
    spawn_blocking(move || prepare_now(&upload, shape)).await.map_err(|error| Refusal::internal(&error))?
}

fn prepare_now(upload: &[u8], shape: Shape) -> Result<Prepared, PictureError> {
    let mut reader =
        ImageReader::new(Cursor::new(upload)).with_guessed_format().map_err(|_| PictureError::NotAPicture)?;
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
    let full = part(shape, if lies(orientation) { (height, width) } else { (width, height) });
    let (widest, highest) = fitted(full, widest(shape));
    let kept = u64::from(widest) * u64::from(highest);
    if pixels > MOST_PIXELS || decoder.total_bytes() + beside > MOST_BYTES || kept > MOST_KEPT {
        return Err(PictureError::TooLarge);
    }
    let mut picture = DynamicImage::from_decoder(decoder).map_err(too_large_or_no_picture)?;
    flatten(&mut picture);
    let mut picture = DynamicImage::ImageRgb8(shrunk(picture, shape, orientation)?.into_rgb8());
    picture.apply_orientation(orientation);
    sized(&picture, shape, full)
}

/// Makes the stored widths of a whole picture whose pixels are already here.
pub fn from_pixels(picture: &DynamicImage) -> Result<Prepared, PictureError> {
    sized(picture, Shape::Whole, (picture.width(), picture.height()))
}

/// Makes the stored widths of a picture whose full size is, or once was, `full`.
fn sized(picture: &DynamicImage, shape: Shape, full: (u32, u32)) -> Result<Prepared, PictureError> {
    let mut files = Vec::new();
    for width in shape.widths() {
        let (width, height) = fitted(full, *width);
        if files.iter().any(|(known, _, _)| *known == width) {
            continue;
        }
        files.push((width, height, encoded(picture, width, height)?));
    }
    let pixel = picture.resize_exact(1, 1, image::imageops::FilterType::Triangle).to_rgb8();
    let [red, green, blue] = pixel.get_pixel(0, 0).0;
    let tint = format!("#{red:02x}{green:02x}{blue:02x}");
    Ok(Prepared { shape, width: full.0, height: full.1, tint, files })
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

/// The part of a picture that is kept.
fn part(shape: Shape, (width, height): (u32, u32)) -> (u32, u32) {
    match shape {
        Shape::Whole => (width, height),
        Shape::Square => (width.min(height), width.min(height)),
    }
}

fn widest(shape: Shape) -> u32 {
    shape.widths().iter().copied().max().unwrap_or(1)
}

/// The part that is kept, no wider than the widest stored width and still in its own kind of pixels, so
/// that all that follows is small.
fn shrunk(
    picture: DynamicImage,
    shape: Shape,
    orientation: Orientation,
) -> Result<DynamicImage, PictureError> {
    let turned = |(width, height)| if lies(orientation) { (height, width) } else { (width, height) };
    let whole = (picture.width(), picture.height());
    let (width, height) = part(shape, whole);
    let small = turned(fitted(turned((width, height)), widest(shape)));
    if small == whole {
        return Ok(picture);
    }
    let mut small = DynamicImage::new(small.0, small.1, picture.color());
    let (left, top) = ((whole.0 - width) / 2, (whole.1 - height) / 2);
    let options = ResizeOptions::new()
        // Nothing is transparent any more; reckoning with it would copy the whole picture.
        .use_alpha(false)
        .crop(left.into(), top.into(), width.into(), height.into());
    Resizer::new().resize(&picture, &mut small, &options).map_err(|error| Refusal::internal(&error))?;
    Ok(small)
}

fn too_large_or_no_picture(error: image::ImageError) -> PictureError {
    match error {
        image::ImageError::Limits(_) => PictureError::TooLarge,
        _ => PictureError::NotAPicture,
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

fn encoded(picture: &DynamicImage, width: u32, height: u32) -> Result<Bytes, PictureError> {
    let broken = |error: &dyn std::fmt::Display| PictureError::from(Refusal::internal(error));
    let mut small = Pixels::new(width, height, fast_image_resize::PixelType::U8x3);
    Resizer::new().resize(picture, &mut small, None).map_err(|error| broken(&error))?;
    let webp = webp::Encoder::from_rgb(small.buffer(), width, height);
    Ok(Bytes::copy_from_slice(&webp.encode(QUALITY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_that_is_no_picture_is_refused() {
        for bad in
            [&b"not a picture"[..], b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n"]
        {
            assert!(matches!(prepare_now(bad, Shape::Whole), Err(PictureError::NotAPicture)));
        }
    }

    #[test]
    fn a_picture_is_kept_in_three_widths_without_its_metadata() {
        let mut png = Vec::new();
        DynamicImage::new_rgb8(2000, 1000)
            .write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
            .unwrap();
        let prepared = prepare_now(&png, Shape::Whole).unwrap();
        let widths: Vec<_> = prepared.files.iter().map(|(width, height, _)| (*width, *height)).collect();
        assert_eq!(widths, [(480, 240), (960, 480), (1600, 800)]);
        assert!(prepared.files.iter().all(|(_, _, bytes)| bytes.starts_with(b"RIFF")));
    }

    #[test]
    fn of_a_square_picture_the_middle_is_kept_upright() {
        // Red, then blue, then green, from left to right.
        let stripes = |x: u32, _| {
            image::Rgb(if x < 100 {
                [255, 0, 0]
            } else if x < 500 {
                [0, 0, 255]
            } else {
                [0, 255, 0]
            })
        };
        let wide = DynamicImage::ImageRgb8(image::RgbImage::from_fn(600, 400, stripes));
        for picture in [wide.clone(), wide.rotate90()] {
            let prepared = prepare_now(&encoded_as(&picture, ImageFormat::Png), Shape::Square).unwrap();
            let sides: Vec<_> = prepared.files.iter().map(|(width, height, _)| (*width, *height)).collect();
            assert_eq!(sides, [(96, 96), (192, 192), (384, 384)]);
            assert_eq!((prepared.width, prepared.height, prepared.tint.as_str()), (400, 400, "#0000ff"));
        }
        let narrow = DynamicImage::new_rgb8(50, 40);
        let prepared = prepare_now(&encoded_as(&narrow, ImageFormat::Png), Shape::Square).unwrap();
        assert_eq!(prepared.files.iter().map(|(width, _, _)| *width).collect::<Vec<_>>(), [40]);
    }

    #[test]
    fn a_whole_picture_beyond_a_limit_is_too_large() {
        let longer = DynamicImage::new_luma8(LONGEST_SIDE + 1, 1);
        let more_pixels = DynamicImage::new_luma8(5001, 5000);
        // 16 megapixels, and eight bytes for each.
        let more_bytes = DynamicImage::new_rgba16(4000, 4000);
        for picture in [longer, more_pixels, more_bytes] {
            assert!(matches!(
                prepare_now(&encoded_as(&picture, ImageFormat::Png), Shape::Whole),
                Err(PictureError::TooLarge)
            ));
        }
        assert!(
            prepare_now(&encoded_as(&DynamicImage::new_luma8(5000, 5000), ImageFormat::Png), Shape::Whole)
                .is_ok()
        );
    }

    #[test]
    fn transparent_places_become_white() {
        let mut pixels = image::RgbaImage::new(2000, 2);
        pixels.pixels_mut().for_each(|pixel| pixel.0 = [0, 0, 200, 0]);
        let prepared =
            prepare_now(&encoded_as(&DynamicImage::ImageRgba8(pixels), ImageFormat::Png), Shape::Whole)
                .unwrap();
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
