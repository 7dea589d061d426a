//! Pages that everybody sees the same are kept; what is one reader's own is not.

use crate::harness::{Choice, GOOD_CARD, Plan, TestApp};
use http::{Method, header};

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut reader = app.visitor();
    let first = reader.get(&project.page()).await;
    assert_eq!(first.header("cache-control"), "public, max-age=0, must-revalidate");

    let again =
        reader.request(Method::GET, &project.page()).header(header::IF_NONE_MATCH, first.header("etag"));
    let again = reader.send(again).await;
    let other = reader.request(Method::GET, &project.page()).header(header::IF_NONE_MATCH, "\"another\"");
    let other = reader.send(other).await;

    assert_eq!((again.status, again.bytes.len()), (304, 0));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!((other.status, other.text), (200, first.text));
    app.finish().await;
}

#[tokio::test]
async fn a_kept_page_shows_each_reader_their_own_part_and_nobody_elses() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let project = creator.launches(&app, &Plan::with_goal(1000)).await;
    let mut lee = app.member("이후원").await;
    let pledge = lee.pledges(&project, &Choice::support(1000), GOOD_CARD).await;
    let own = format!("/account/pledges/{pledge}");

    let nobody = app.page(&project.page()).await;
    let creator = creator.get(&project.page()).await;
    let lee = lee.get(&project.page()).await;
    let nobody_again = app.visitor().get(&project.page()).await;

    assert!(nobody.has("href=\"/login\"") && !nobody.has("href=\"/account\""));
    assert!(lee.has("href=\"/account\"") && lee.has(&own) && !lee.has("href=\"/login\""));
    assert!(creator.has(&format!("href=\"{}\"", project.studio(""))) && !creator.has(&own));
    assert!(!nobody.has(&own) && !nobody.has("/studio/dure"));
    assert_eq!(nobody_again.text, nobody.text);
    assert_eq!((lee.header("cache-control"), lee.header("etag")), ("private, no-cache", ""));
    app.finish().await;
}

#[tokio::test]
async fn a_reader_gets_the_page_compressed_as_their_browser_likes() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut reader = app.visitor();
    let plain = reader.get(&project.page()).await;

    for (accepts, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip")] {
        let request = reader.request(Method::GET, &project.page()).header(header::ACCEPT_ENCODING, accepts);
        let answer = reader.send(request).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert!(answer.header("vary").contains("accept-encoding"));
        assert_eq!(unpacked(&answer.bytes, encoding), plain.bytes);
    }
    app.finish().await;
}

#[tokio::test]
async fn what_is_added_to_an_address_makes_no_other_page_of_it() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;

    for address in [project.page(), "/en".to_owned(), "/discover".to_owned()] {
        let plain = app.page(&address).await;
        let with_more = app.page(&format!("{address}?1&utm_source=news")).await;
        assert_eq!((with_more.status, with_more.text), (200, plain.text), "{address}");
        assert_eq!(with_more.headers.get("etag"), plain.headers.get("etag"), "{address}");
    }
    let sorted = app.page("/discover?sort=funded&x=1").await;
    assert!(sorted.has("href=\"/en/discover?sort=funded\""), "what the page knows stays");
    app.finish().await;
}

fn unpacked(bytes: &[u8], encoding: &str) -> Vec<u8> {
    use std::io::Read;
    let mut plain = Vec::new();
    match encoding {
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain),
        _ => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain),
    }
    .expect("the answer is packed as it says");
    plain
}

#[tokio::test]
async fn a_draft_is_seen_by_its_creator_alone_and_kept_by_nobody() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let draft = creator.drafts(&app, &Plan::with_goal(1000)).await;

    let own = creator.get(&draft.page()).await;
    let stranger = app.member("이남").await.get(&draft.page()).await;
    let nobody = app.visitor().get(&draft.page()).await;

    assert!(own.has("아직 공개하지 않은 프로젝트예요"));
    assert_eq!(own.header("cache-control"), "private, no-store");
    assert_eq!((stranger.status, nobody.status), (404, 404));
    assert!(!app.page("/discover").await.has(&draft.slug));
    assert!(!app.page(&format!("/people/{}", creator.handle)).await.has(&draft.slug));
    app.finish().await;
}

#[tokio::test]
async fn a_page_of_ones_own_is_kept_by_nobody() {
    let app = TestApp::start().await;
    let mut lee = app.member("이후원").await;

    for address in ["/account", "/account/pledges", "/studio", "/studio/new"] {
        assert_eq!(lee.get(address).await.header("cache-control"), "private, no-store", "{address}");
        let nobody = app.page(address).await;
        assert!(nobody.address.starts_with("/login?next="), "{address}");
    }
    app.finish().await;
}

#[tokio::test]
async fn projects_are_found_by_words_category_and_order() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let plan = |title: &str| Plan { title: title.to_owned(), ..Plan::with_goal(1000) };
    let (bag, cup) = (
        creator.launches(&app, &plan("강아지 가방")).await,
        creator.launches(&app, &plan("Tea Cup 찻잔")).await,
    );
    app.member("이후원").await.pledges(&bag, &Choice::support(500), GOOD_CARD).await;

    for (search, found) in [
        ("q=강아", &[&bag][..]),
        ("q=tea", &[&cup]),
        ("q=TEA cup", &[&cup]),
        ("q=고양이", &[]),
        ("q=100%25_", &[]),
        ("category=crafts", &[&bag, &cup]),
        ("category=food", &[]),
    ] {
        let page = app.page(&format!("/discover?{search}")).await;
        for project in [&bag, &cup] {
            let listed = page.has(&format!("href=\"{}\"", project.page()));
            assert_eq!(listed, found.iter().any(|known| known.id == project.id), "{search} {}", project.slug);
        }
    }
    let funded = app.page("/discover?sort=funded").await;
    let newest = app.page("/en/discover?sort=newest").await;

    assert!(funded.text.find(&bag.slug) < funded.text.find(&cup.slug));
    assert!(newest.text.find(&cup.slug) < newest.text.find(&bag.slug));
    app.finish().await;
}

#[tokio::test]
async fn the_page_speaks_the_language_of_its_address() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;

    let korean = app.page(&project.page()).await;
    let english = app.page(&format!("/en{}", project.page())).await;

    assert!(korean.has("<html lang=\"ko\"") && korean.words().contains("1,000원"));
    assert!(english.has("<html lang=\"en\"") && english.words().contains("₩1,000"));
    for page in [&korean, &english] {
        assert!(page.has(&format!("hreflang=\"ko\" href=\"{}{}\"", app.base, project.page())));
        assert!(page.has(&format!("hreflang=\"en\" href=\"{}/en{}\"", app.base, project.page())));
    }
    app.finish().await;
}

#[tokio::test]
async fn health_is_told_to_whoever_asks() {
    let app = TestApp::start().await;

    assert_eq!(app.page("/healthz").await.text, "ok");
    assert_eq!(app.page("/readyz").await.text, "ready");
    assert!(!app.page("/healthz").await.header("x-request-id").is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_panic_ends_in_a_page_in_the_readers_language_with_all_its_heads() {
    use tower::ServiceExt;
    let app = TestApp::start().await;
    let boom = axum::routing::get(async || -> &'static str { panic!("the cause") });
    let router = server::router::around(axum::Router::new().route("/boom", boom), &app.state);

    let mut request = http::Request::get("/boom").body(axum::body::Body::empty()).unwrap();
    request.extensions_mut().insert(kernel::Locale::En);
    let answer = router.oneshot(request).await.unwrap();

    assert_eq!(answer.status(), 500);
    assert!(answer.headers().contains_key("content-security-policy"));
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let body = String::from_utf8_lossy(&body);
    assert!(
        body.contains("<html lang=\"en\"") && body.contains("Something went wrong on our side"),
        "{body}"
    );
    assert!(!body.contains("the cause"));
    app.finish().await;
}
