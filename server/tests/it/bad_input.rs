//! What nobody should send gets a clear answer in the reader's language, and never breaks anything.

use crate::harness::{Plan, TestApp};
use http::{Method, header};

const CREATE: &str = "/api/projects/draft/create_project";

#[tokio::test]
async fn a_page_that_does_not_exist_says_so_in_the_readers_language() {
    let app = TestApp::start().await;

    for (prefix, lang, sentence) in [
        ("", "ko", "찾을 수 없어요. 주소가 바뀌었거나 사라졌어요."),
        ("/en", "en", "We could not find this. It may have moved or gone."),
    ] {
        for path in [
            "/nowhere",
            "/projects/nothing",
            "/people/nobody",
            "/projects/a/b/c",
            "/projects/%FF%00",
            "/api/nothing",
        ] {
            let page = app.page(&format!("{prefix}{path}")).await;

            assert_eq!(page.status, 404, "{prefix}{path}");
            assert!(page.has(&format!("<html lang=\"{lang}\"")), "{prefix}{path}");
            assert!(page.has(sentence), "{prefix}{path}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_very_long_address_is_refused_with_a_page() {
    let app = TestApp::start().await;

    let long = app.page(&format!("/projects/{}", "a".repeat(5_000))).await;
    let longer = app.page(&format!("/en/projects/{}", "a".repeat(10_000))).await;

    assert_eq!((long.status, longer.status), (404, 414));
    assert!(long.has("찾을 수 없어요"));
    assert!(longer.has("We could not find this"));
    assert!(longer.text.len() < 10_000, "the address is not repeated");
    app.finish().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_a_page() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    kim.get("/en/studio/new").await;

    let story = "가".repeat(5 * 1024 * 1024 / 9 + 1);
    let page = kim.submit(CREATE, &[("title", "찻잔"), ("category", "crafts"), ("story", &story)]).await;

    assert_eq!(page.status, 413);
    assert!(page.has("What was sent is too large."), "{:?}", page.alerts());
    assert_eq!(app.count("select count(*) from projects").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_story_over_its_limit_is_kept_as_typed_when_it_fits_and_refused_when_not() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    kim.get("/studio/new").await;

    let form = |story: &str| {
        [("title", "찻잔".to_owned()), ("category", "crafts".to_owned()), ("story", story.to_owned())]
    };
    let long = "가".repeat(100_001);
    let kept = kim.post(CREATE).form(&form(&long));
    let kept = kim.send(kept).await;
    let kept = kim.follow(kept).await;
    let huge = kim.post(CREATE).form(&form(&"가".repeat(200_000)));
    let huge = kim.send(huge).await;

    assert_eq!(kept.status, 422);
    assert!(kept.field_error("story").is_some());
    assert_eq!(kept.value_of("story"), Some(long));
    assert_eq!(huge.status, 422);
    assert!(huge.has("보낸 내용이 너무 커요"));
    app.finish().await;
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_break_nothing() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    kim.get("/studio/new").await;

    for body in [
        &b"title=%FF%FE&category=crafts"[..],
        b"title=\xff\xfe&category=crafts",
        b"\xff\xfe\xfd",
        b"%",
        b"title=%zz&category=crafts&=&&",
    ] {
        let request = kim
            .post(CREATE)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.to_vec());
        let answer = kim.send(request).await;
        let answer = kim.follow(answer).await;
        assert!(answer.status < 500, "{body:?} was answered with {}", answer.status);
    }
    for address in
        ["/discover?q=%FF%FE", "/%FF", "/en/projects/%C0%AF", "/login?next=%FF", "/files/%FF/480.webp"]
    {
        let answer = app.page(address).await;
        assert!(answer.status < 500, "{address} was answered with {}", answer.status);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_zero_byte_breaks_no_page() {
    let app = TestApp::start().await;

    for address in [
        "/discover?q=%00",
        "/discover?q=a%00b&category=%00",
        "/confirm-email?token=%00",
        "/login?next=%00&form=%00",
    ] {
        let answer = app.page(address).await;
        assert!(answer.status < 500, "{address} was answered with {}", answer.status);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_zero_byte_breaks_no_form() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    kim.get("/studio/new").await;

    for (action, fields) in [
        (CREATE, &[("title", "a\0b"), ("category", "crafts"), ("story", "\0")][..]),
        // Refused, so that what was typed is kept.
        (CREATE, &[("title", "\0"), ("category", "\0")]),
        ("/api/accounts/log_in/log_in", &[("email", "kim\0@example.kr"), ("password", "\0")]),
        ("/api/accounts/sign_up/sign_up", &[("email", "kim\0@example.kr"), ("name", "\0")]),
        ("/api/projects/draft/edit_project", &[("slug", "\0"), ("title", "a"), ("category", "crafts")]),
        ("/api/pledges/place/place_pledge", &[("slug", "a\0"), ("key", "\0"), ("extra", "\0")]),
        ("/api/pledges/cancel/cancel_pledge", &[("pledge", "\0")]),
    ] {
        let script = kim.call(action, fields).await;
        assert!(script.status < 500, "{action} answered a script with {}", script.status);
        let answer = kim.submit(action, fields).await;
        assert!(answer.status < 500, "{action} answered a browser with {}", answer.status);
        kim.get("/studio/new").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn ids_that_are_none_are_not_found() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;

    assert_eq!(kim.get("/account/pledges/1").await.status, 404);
    assert_eq!(kim.get("/account/pledges/00000000-0000-0000-0000-000000000000").await.status, 404);
    for (action, field) in [
        ("/api/pledges/cancel/cancel_pledge", "pledge"),
        ("/api/pledges/resume/resume_pledge", "pledge"),
        ("/api/projects/launch/launch_project", "slug"),
    ] {
        for value in ["", "x", "' or true --", "00000000-0000-0000-0000-000000000000", "../../etc/passwd"] {
            assert_eq!(kim.call(action, &[(field, value)]).await.status, 404, "{action} {value}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn methods_and_kinds_that_nobody_offers_are_refused() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;

    for (method, address, expected) in [
        (Method::POST, "/", 405),
        (Method::DELETE, &*project.studio(""), 405),
        (Method::PUT, "/api/projects/draft/create_project", 405),
        (Method::POST, "/api/nothing", 404),
        (Method::POST, "/healthz", 405),
    ] {
        let request = kim.request(method.clone(), address).header("sec-fetch-site", "same-origin");
        assert_eq!(kim.send(request).await.status, expected, "{method} {address}");
    }
    let json = kim.post(CREATE).header(header::CONTENT_TYPE, "application/json").body("{\"title\":\"a\"}");
    let cover =
        kim.post(&project.studio("/cover")).header(header::CONTENT_TYPE, "text/plain").body("a picture");

    let json = kim.send(json).await;
    let cover = kim.send(cover).await;

    let json = kim.follow(json).await.status;
    let cover = kim.follow(cover).await.status;
    assert!((400..500).contains(&json), "{json}");
    assert!((400..500).contains(&cover), "{cover}");
    assert_eq!(app.count("select count(*) from projects").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn what_was_typed_is_found_by_its_secret_alone() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    kim.get("/studio/new").await;
    let page =
        kim.submit(CREATE, &[("title", ""), ("category", "crafts"), ("summary", "비밀스러운 요약")]).await;
    let secret = page.address.split_once("form=").unwrap().1.to_owned();

    let other = kim.get(&format!("/studio/new?form={}x", secret)).await;

    assert_eq!(other.value_of("summary").as_deref(), Some(""));
    let hashes: Vec<Vec<u8>> = app.ask("select array_agg(token_hash) from stashed_forms").await;
    assert_eq!(hashes, [kernel::token::hash(&secret)]);
    app.finish().await;
}
