//! Profile pictures: a square, shown where the person is, their own to change, gone when they leave.

use crate::{
    harness::{Answer, Browser, Person, Replica, TestApp, body_of, part},
    pictures::{NOT_A_PICTURE, TOO_LARGE, encoded, png},
};
use flate2::{Compression, write::ZlibEncoder};
use http::Method;
use image::{
    Frame, ImageFormat, RgbaImage,
    codecs::gif::{GifEncoder, Repeat},
};
use std::io::Write;

const PROFILE: &str = "/account/profile";
const UPLOAD: &str = "/account/profile/picture";
const REMOVE: &str = "/api/accounts/profile/picture/remove_picture";
const CLOSE: &str = "/api/app/pages/close/close_account";

async fn with_profile_open(app: &TestApp) -> Person {
    let mut kim = app.member("김하늘").await;
    kim.get(PROFILE).await;
    kim
}

/// The id of the picture that a page shows.
fn picture_on(page: &Answer) -> Option<String> {
    page.between("src=\"/files/", "/96.webp")
}

#[tokio::test]
async fn a_picture_is_shown_as_a_square_wherever_its_person_is_and_can_be_removed() {
    let app = TestApp::start().await;
    let mut kim = with_profile_open(&app).await;
    let letter = kim.get(PROFILE).await.between("class=\"profile-picture__shown\"", "</span>");
    assert!(letter.is_some_and(|letter| letter.contains('김')));

    let saved = kim.upload(UPLOAD, "picture", &encoded(900, 500, ImageFormat::Jpeg)).await;

    assert_eq!(
        (saved.status, saved.address.as_str()),
        (200, "/account/profile?saved=1"),
        "{:?}",
        saved.alerts()
    );
    let picture = picture_on(&saved).unwrap();
    for width in [96, 192, 384] {
        let file = app.page(&format!("/files/{picture}/{width}.webp")).await;
        assert_eq!((file.status, file.header("content-type")), (200, "image/webp"));
        let shown = image::load_from_memory_with_format(&file.bytes, ImageFormat::WebP).unwrap();
        assert_eq!((shown.width(), shown.height()), (width, width));
    }
    let person = app.page(&format!("/people/{}", kim.handle)).await;
    assert_eq!(picture_on(&person).as_ref(), Some(&picture));
    let rest_of_tag = person.between(&format!("src=\"/files/{picture}"), ">").unwrap();
    assert!(rest_of_tag.contains("alt=\"\""), "the name stands beside it: {rest_of_tag}");
    let own = kim.get("/account").await;
    assert_eq!(picture_on(&own).as_ref(), Some(&picture), "in the header");
    let data: serde_json::Value = serde_json::from_str(&kim.get("/account/data.json").await.text).unwrap();
    assert_eq!(data["account"]["person"]["picture"]["address"], format!("/files/{picture}/384.webp"));

    kim.get(PROFILE).await;
    let removed = kim.submit(REMOVE, &[]).await;
    assert!(removed.has("저장했어요") && picture_on(&removed).is_none());
    assert_eq!(app.page(&format!("/files/{picture}/96.webp")).await.status, 404);
    assert_eq!(app.count("select count(*) from pictures").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn who_leaves_takes_their_picture_along() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    kim.get(PROFILE).await;
    let picture = picture_on(&kim.upload(UPLOAD, "picture", &png(300, 300)).await).unwrap();

    kim.get("/account/close").await;
    assert!(kim.submit(CLOSE, &[("sure", "true")]).await.has("탈퇴했어요"));

    assert_eq!(app.page(&format!("/files/{picture}/96.webp")).await.status, 404, "at once");
    assert_eq!(app.count("select count(*) from pictures").await, 0);
    pictures::sweep(&app.state.db, &app.state.files, chrono::TimeDelta::minutes(-1)).await.unwrap();
    assert!(!app.state.config.data.join("files/pictures").join(&picture).join("96.webp").exists());
    app.finish().await;
}

#[tokio::test]
async fn a_picture_that_arrives_after_its_person_has_left_is_not_kept() {
    let app = TestApp::start().await;
    let kim = app.member("김하늘").await;
    let mut leaving = app.state.db.pool.begin().await.unwrap();
    accounts::close::lock(&mut leaving, kim.id).await.unwrap();
    let end = async {
        app.until_somebody_waits().await;
        accounts::close::erase(&mut leaving, kim.id, app.now()).await.unwrap();
        leaving.commit().await.unwrap();
    };

    let late = accounts::set_picture(&app.state.db, &app.state.files, kim.id, png(50, 50).into());
    let (late, ()) = tokio::join!(late, end);

    assert_eq!(late.unwrap_err(), pictures::PictureError::Refused(kernel::Refusal::SignIn));
    assert_eq!(app.count("select count(*) from pictures").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_picture_is_refused_at_the_field_and_the_one_before_stays() {
    let app = TestApp::start().await;
    let mut kim = with_profile_open(&app).await;
    let before = picture_on(&kim.upload(UPLOAD, "picture", &png(300, 300)).await).unwrap();

    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let html = b"<!doctype html><title>x</title><script>alert(1)</script>";
    let script = b"GIF89a/*\x00\x00*/=1;alert(1)//";
    let half = &png(600, 300)[..400];
    for file in
        [&svg[..], html, script, half, b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "]
    {
        kim.get(PROFILE).await;
        let page = kim.upload(UPLOAD, "picture", file).await;

        assert_eq!(page.status, 422, "{:?}", &file[..file.len().min(8)]);
        assert_eq!(page.alerts(), [NOT_A_PICTURE]);
        assert_eq!(page.field_error("picture").as_deref(), Some(NOT_A_PICTURE), "it stands at the field");
        assert_eq!(picture_on(&page).as_ref(), Some(&before));
    }
    for size in [10 * 1024 * 1024 + 1, 11 * 1024 * 1024] {
        kim.get(PROFILE).await;
        let page = kim.upload(UPLOAD, "picture", &vec![0x89; size]).await;
        assert_eq!((page.status, page.field_error("picture").as_deref()), (413, Some(TOO_LARGE)), "{size}");
    }
    kim.get("/en/account/profile").await;
    let english = kim.upload("/en/account/profile/picture", "picture", svg).await;
    assert_eq!(
        english.alerts(),
        ["This is not a picture that we can read. Please choose a JPEG, PNG, WebP or GIF file."]
    );
    assert_eq!(app.count("select count(*) from pictures").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn what_the_browser_calls_a_file_does_not_matter_and_what_is_no_upload_is_told() {
    let app = TestApp::start().await;
    let mut kim = with_profile_open(&app).await;

    let mut named = b"content-disposition: form-data; name=\"picture\"; filename=\"../../a.html\"\r\n\
                      content-type: text/html\r\n\r\n"
        .to_vec();
    named.extend(png(300, 300));
    let (content_type, body) = body_of(&[named]);
    assert_eq!(sent(&mut kim, content_type, body).await.address, "/account/profile?saved=1");

    kim.get(PROFILE).await;
    let form = kim.submit(UPLOAD, &[("picture", "text")]).await;
    assert_eq!((form.status, form.alerts().len()), (400, 1), "{:?}", form.alerts());
    // The end of the form never comes.
    let (content_type, mut body) = body_of(&[part("picture", "a.png", &png(300, 300))]);
    body.truncate(body.len() - 40);
    assert_eq!(sent(&mut kim, content_type, body).await.status, 400);
    let (content_type, body) = body_of(&[part("something", "a.png", b"else")]);
    assert_eq!(
        sent(&mut kim, content_type, body).await.field_error("picture").as_deref(),
        Some(NOT_A_PICTURE)
    );
    assert_eq!(app.count("select count(*) from pictures").await, 1);
    app.finish().await;
}

async fn sent(kim: &mut Person, content_type: String, body: Vec<u8>) -> Answer {
    let request = kim.post(UPLOAD).header("content-type", content_type).body(body);
    let answer = kim.send(request).await;
    kim.follow(answer).await
}

/// A JPEG with `hidden` in its head: as EXIF, and as a comment.
fn jpeg_with(hidden: &[u8]) -> Vec<u8> {
    let jpeg = encoded(300, 200, ImageFormat::Jpeg);
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).expect("it is short").to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    };
    let exif = [b"Exif\0\0MM\0*\0\0\0\x08\0\0", hidden].concat();
    [&jpeg[..2], &segment(0xe1, &exif), &segment(0xfe, hidden), &jpeg[2..]].concat()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&kind[..], content].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&named);
    let length = u32::try_from(content.len()).expect("it is short");
    [&length.to_be_bytes()[..], &named, &crc.sum().to_be_bytes()].concat()
}

/// A PNG with one chunk more, behind its head.
fn png_with(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let png = png(300, 200);
    [&png[..33], &chunk(kind, content), &png[33..]].concat()
}

fn gif(frames: usize, side: u32) -> Vec<u8> {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut gif, 30);
    encoder.set_repeat(Repeat::Infinite).expect("frames can be written");
    for _ in 0..frames {
        encoder.encode_frame(Frame::new(RgbaImage::new(side, side))).expect("frames can be written");
    }
    drop(encoder);
    gif
}

#[tokio::test]
async fn what_hides_in_or_behind_a_picture_is_not_kept() {
    let app = TestApp::start().await;
    let mut kim = with_profile_open(&app).await;

    let hidden = b"<?php system($_GET['c']); ?><script>alert(1)</script>";
    let files = [
        [png(300, 200), hidden.to_vec()].concat(),
        [encoded(300, 200, ImageFormat::Gif), hidden.to_vec()].concat(),
        png_with(b"tEXt", &[&b"Comment\0"[..], hidden].concat()),
        jpeg_with(hidden),
    ];
    for (n, file) in files.iter().enumerate() {
        let page = kim.upload(UPLOAD, "picture", file).await;

        assert_eq!(page.status, 200, "{n}: {:?}", page.alerts());
        let picture = picture_on(&page).unwrap();
        for width in [96, 192, 384] {
            let file = app.page(&format!("/files/{picture}/{width}.webp")).await;
            assert!(file.bytes.starts_with(b"RIFF"));
            for part in [&b"<?php"[..], b"<script", b"EXIF", b"Exif"] {
                assert!(!file.bytes.windows(part.len()).any(|bytes| bytes == part), "{n} at {width}");
            }
            assert_eq!(file.header("x-content-type-options"), "nosniff");
        }
    }
    app.finish().await;
}

/// A PNG of one colour: `bits` a pixel, nearly nothing in the file.
fn bomb(width: u32, height: u32, bits: u8) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[bits, 0, 0, 0, 0]].concat();
    let row = vec![0; usize::try_from(width).expect("it fits") * usize::from(bits) / 8 + 1];
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::default());
    for _ in 0..height {
        pixels.write_all(&row).expect("memory takes all");
    }
    let pixels = pixels.finish().expect("memory takes all");
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &chunk(b"IDAT", &pixels), &chunk(b"IEND", b"")]
        .concat()
}

/// Text that inflates to much more than it is.
fn inflating(before: &[u8]) -> Vec<u8> {
    let mut text = ZlibEncoder::new(before.to_vec(), Compression::default());
    for _ in 0..100 {
        text.write_all(&vec![b'a'; 1 << 20]).expect("memory takes all");
    }
    text.finish().expect("memory takes all")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_file_that_unfolds_into_much_takes_little_memory() {
    let app = TestApp::start().await;
    let kim = app.member("김하늘").await;
    let replica = Replica::of(&app).await;
    let mut kim = kim.over_to(&replica.base);
    // The head of a GIF that claims 65,535 pixels a side.
    let mut claims = gif(1, 8);
    claims[6..10].fill(0xff);
    let bombs = [
        (bomb(30_000, 30_000, 1), 413),
        (bomb(12_000, 12_000, 8), 413),
        (claims, 413),
        // Whole pictures within the limits, of which one frame, or the pixels alone, are taken.
        (bomb(5000, 5000, 8), 200),
        (gif(150, 500), 200),
        (png_with(b"zTXt", &inflating(b"Comment\0\0")), 200),
        (png_with(b"iCCP", &inflating(b"icc\0\0")), 200),
    ];

    let mut answers = Vec::new();
    for (file, _) in &bombs {
        assert!(file.len() < 1 << 20, "{}", file.len());
        kim.get(PROFILE).await;
        let page = kim.upload(UPLOAD, "picture", file).await;
        answers.push((page.status, page.alerts()));
    }

    let statuses: Vec<_> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, bombs.iter().map(|(_, status)| *status).collect::<Vec<_>>());
    assert!(answers.iter().all(|(status, alerts)| *status == 200 || alerts == &[TOO_LARGE]));
    let most = replica.most_memory();
    assert!(most < 300 << 20, "{} MB", most >> 20);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_pictures_at_one_instant_one_stays_whole() {
    let app = TestApp::start().await;
    let mut kim = with_profile_open(&app).await;
    kim.upload(UPLOAD, "picture", &png(300, 300)).await;

    let upload = |side: u32| {
        let mut browser: Browser = kim.browser.clone();
        tokio::spawn(async move { browser.upload(UPLOAD, "picture", &png(side, side)).await.status })
    };
    let both: Vec<_> = (0..6).map(|n| upload(400 + n)).collect();
    for one in both {
        assert_eq!(one.await.unwrap(), 200);
    }

    assert_eq!(app.count("select count(*) from pictures").await, 1);
    assert_eq!(app.count("select count(*) from picture_files").await, 3);
    let picture = picture_on(&kim.get(PROFILE).await).unwrap();
    for width in [96, 192, 384] {
        assert_eq!(app.page(&format!("/files/{picture}/{width}.webp")).await.status, 200);
    }
    app.finish().await;
}

#[tokio::test]
async fn nobody_gives_a_picture_to_somebody_else() {
    let app = TestApp::start().await;
    let mut kim = with_profile_open(&app).await;
    let lee = app.member("이남").await;

    let nobody = app.visitor().upload(UPLOAD, "picture", &png(300, 300)).await;
    assert!(nobody.address.starts_with("/login?next=%2Faccount%2Fprofile"), "{}", nobody.address);
    // Another's name in the form is nobody's business.
    let (content_type, body) = body_of(&[
        part("member", "", lee.id.to_string().as_bytes()),
        part("handle", "", lee.handle.as_bytes()),
        part("picture", "a.png", &png(300, 300)),
    ]);
    let upload =
        || kim.request(Method::POST, UPLOAD).header("content-type", content_type.clone()).body(body.clone());
    let foreign = app.visitor().send(upload().header("sec-fetch-site", "cross-site")).await;
    assert_eq!(foreign.status, 403, "from another site");
    let own = kim.clone().send(upload().header("sec-fetch-site", "same-origin")).await;
    assert_eq!(own.status, 303);

    let lees = app.page(&format!("/people/{}", lee.handle)).await;
    assert!(picture_on(&lees).is_none());
    assert!(picture_on(&kim.get(PROFILE).await).is_some());
    assert_eq!(app.count("select count(*) from pictures").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_member_changes_their_picture_only_so_many_times_an_hour() {
    let app = TestApp::start().await;
    let mut kim = with_profile_open(&app).await;
    let file = png(1, 1);
    for _ in 0..20 {
        assert_eq!(kim.upload(UPLOAD, "picture", &file).await.status, 200);
    }

    let page = kim.upload(UPLOAD, "picture", &file).await;

    assert_eq!(page.status, 429);
    assert_eq!(page.alerts().len(), 1);
    app.finish().await;
}
