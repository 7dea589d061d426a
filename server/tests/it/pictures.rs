//! Covers: decoded within limits, made anew, served in three widths.

use crate::harness::{Answer, Person, Plan, Project, TestApp, body_of, part};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// A picture that does not compress to nothing.
fn pixels(width: u32, height: u32) -> DynamicImage {
    let colour = |x: u32, y: u32| Rgb([(x % 251) as u8, (y % 241) as u8, (x * y % 239) as u8]);
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, colour))
}

pub fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    pixels(width, height).write_to(&mut Cursor::new(&mut bytes), format).expect("a picture can be written");
    bytes
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

async fn draft(app: &TestApp) -> (Person, Project) {
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(app, &Plan::with_goal(1000)).await;
    kim.get(&project.studio("")).await;
    (kim, project)
}

/// The answer of an upload that must leave no picture behind.
async fn refused(app: &TestApp, file: &[u8]) -> Answer {
    let (mut kim, project) = draft(app).await;
    let page = kim.upload(&project.studio("/cover"), "picture", file).await;
    assert_eq!(app.count("select count(*) from pictures").await, 0);
    assert_eq!(app.count("select count(*) from projects where cover_id is not null").await, 0);
    page
}

#[tokio::test]
async fn a_picture_becomes_three_widths_of_webp() {
    let app = TestApp::start().await;
    let (mut kim, project) = draft(&app).await;

    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let page = kim.upload(&project.studio("/cover"), "picture", &encoded(1608, 200, format)).await;

        assert_eq!(
            (page.status, page.address.clone()),
            (200, project.studio("?saved=1")),
            "{:?}",
            page.alerts()
        );
        let cover = page.between("src=\"/files/", "/480.webp").unwrap();
        for width in [480, 960, 1600] {
            let file = app.page(&format!("/files/{cover}/{width}.webp")).await;
            assert_eq!((file.status, file.header("content-type")), (200, "image/webp"));
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
            let shown = image::load_from_memory_with_format(&file.bytes, ImageFormat::WebP).unwrap();
            assert_eq!((shown.width(), shown.height()), (width, 200 * width / 1608));
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_narrow_picture_answers_for_all_widths() {
    let app = TestApp::start().await;
    let (mut kim, project) = draft(&app).await;

    for width in [1, 300, 700, 1200] {
        let page = kim.upload(&project.studio("/cover"), "picture", &png(width, 200)).await;

        assert_eq!(page.status, 200, "{width}: {:?}", page.alerts());
        let cover = page.between("src=\"/files/", "/480.webp").unwrap();
        for asked in [480, 960, 1600] {
            let file = app.page(&format!("/files/{cover}/{asked}.webp")).await;
            assert_eq!(file.status, 200, "{width} at {asked}");
            let shown = image::load_from_memory_with_format(&file.bytes, ImageFormat::WebP).unwrap();
            assert_eq!(shown.width(), width.min(asked), "{width} at {asked}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn what_hides_behind_a_picture_is_not_served() {
    let app = TestApp::start().await;
    let (mut kim, project) = draft(&app).await;

    let mut polyglot = png(600, 300);
    polyglot.extend_from_slice(b"<script>alert(1)</script>");
    let page = kim.upload(&project.studio("/cover"), "picture", &polyglot).await;

    assert_eq!(page.status, 200);
    let cover = page.between("src=\"/files/", "/480.webp").unwrap();
    let file = app.page(&format!("/files/{cover}/480.webp")).await;
    assert!(file.bytes.starts_with(b"RIFF"));
    assert!(!file.bytes.windows(7).any(|window| window == b"<script"));
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_a_sentence() {
    let app = TestApp::start().await;

    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let gif = b"GIF89a/*\x00\x00*/=1;alert(1)//";
    let half = &png(600, 300)[..400];
    for file in [&svg[..], gif, half, b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"MZ\x90\x00"] {
        let page = refused(&app, file).await;

        assert_eq!(page.status, 422, "{:?}", &file[..file.len().min(8)]);
        assert_eq!(page.alerts(), [NOT_A_PICTURE]);
    }
    app.finish().await;
}

pub const NOT_A_PICTURE: &str = "읽을 수 있는 사진이 아니에요. JPEG, PNG, WebP, GIF 파일을 골라 주세요.";
pub const TOO_LARGE: &str = "사진이 너무 커요. 10MB, 1,200만 화소까지는 언제나 올릴 수 있어요.";

#[tokio::test]
async fn a_whole_picture_with_too_many_pixels_is_refused_before_it_is_decoded() {
    let app = TestApp::start().await;

    // Small files: one colour compresses to nearly nothing.
    for (width, height) in [(12_001, 1), (5001, 5000)] {
        let mut file = Vec::new();
        DynamicImage::new_luma8(width, height)
            .write_to(&mut Cursor::new(&mut file), ImageFormat::Png)
            .unwrap();
        let page = refused(&app, &file).await;

        assert_eq!(page.status, 413, "{width} x {height}");
        assert_eq!(page.alerts(), [TOO_LARGE]);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_with_a_sentence() {
    let app = TestApp::start().await;

    // The one fits into the request and not into the limit of a picture, the other into neither.
    for size in [10 * 1024 * 1024 + 1, 11 * 1024 * 1024] {
        let page = refused(&app, &vec![0x89; size]).await;

        assert_eq!(page.status, 413, "{size}");
        assert_eq!(page.alerts(), [TOO_LARGE]);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_upload_without_a_file_is_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let (mut kim, project) = draft(&app).await;

    let (content_type, body) = body_of(&[part("something", "a.txt", b"else")]);
    let request = kim.post(&project.studio("/cover")).header("content-type", content_type).body(body);
    let answer = kim.send(request).await;
    let page = kim.follow(answer).await;

    assert_eq!(page.status, 422);
    assert!(page.alerts()[0].contains("읽을 수 있는 사진이 아니에요"));
    app.finish().await;
}

#[tokio::test]
async fn a_cover_can_be_taken_away_again() {
    let app = TestApp::start().await;
    let (mut kim, project) = draft(&app).await;
    kim.upload(&project.studio("/cover"), "picture", &png(600, 300)).await;

    let page = kim.submit("/api/projects/cover/remove_cover", &[("slug", &project.slug)]).await;

    assert!(page.has("저장했어요") && !page.has("/files/"));
    app.finish().await;
}

#[tokio::test]
async fn whose_project_it_is_is_asked_before_the_upload_is_read() {
    let app = TestApp::start().await;
    let (_, project) = draft(&app).await;
    let mut stranger = app.member("이남").await;
    stranger.get("/studio/new").await;

    // Without a picture in it, which only a reader would know.
    let (content_type, body) = body_of(&[part("something", "a.txt", b"else")]);
    let request = stranger.post(&project.studio("/cover")).header("content-type", content_type).body(body);

    assert_eq!(stranger.send(request).await.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn a_member_uploads_only_so_many_pictures_an_hour() {
    let app = TestApp::start().await;
    let (mut kim, project) = draft(&app).await;

    let file = png(1, 1);
    for _ in 0..20 {
        assert_eq!(kim.upload(&project.studio("/cover"), "picture", &file).await.status, 200);
    }

    assert_eq!(kim.upload(&project.studio("/cover"), "picture", &file).await.status, 429);
    app.finish().await;
}

#[tokio::test]
async fn files_that_are_not_there_are_not_found() {
    let app = TestApp::start().await;

    let nobody = kernel::PictureId::new();
    for address in [
        format!("/files/{nobody}/480.webp"),
        format!("/files/{nobody}/481.webp"),
        format!("/files/{nobody}/480.png"),
        "/files/x/480.webp".to_owned(),
        "/files/..%2F..%2Fetc/passwd".to_owned(),
        "/pkg/..%2F..%2Fetc%2Fpasswd".to_owned(),
        "/pkg/nothing.js".to_owned(),
    ] {
        assert_eq!(app.page(&address).await.status, 404, "{address}");
    }
    app.finish().await;
}
