//! What other sites cannot do in a reader's name, and what browsers are told.

use crate::harness::{Choice, Person, Plan, TestApp, body_of, part};
use http::Method;

const CREATE: &str = "/api/projects/draft/create_project";
const FORM: [(&str, &str); 2] = [("title", "찻잔"), ("category", "crafts")];

async fn posted(kim: &mut Person, heads: &[(&str, &str)]) -> u16 {
    let mut request = kim.request(Method::POST, CREATE).form(&FORM);
    for (name, value) in heads {
        request = request.header(*name, *value);
    }
    kim.send(request).await.status
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    let ours = app.base.clone();

    for heads in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        // What the browser says of the page's site counts more than an origin that looks right.
        &[("sec-fetch-site", "cross-site"), ("origin", &ours)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("referer", &ours)],
        &[],
    ] {
        assert_eq!(posted(&mut kim, heads).await, 403, "{heads:?}");
    }

    assert_eq!(app.count("select count(*) from projects").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_form_of_our_own_is_taken() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    let ours = app.base.clone();

    assert_eq!(posted(&mut kim, &[("sec-fetch-site", "same-origin")]).await, 303);
    assert_eq!(posted(&mut kim, &[("origin", &ours)]).await, 303);

    assert_eq!(app.count("select count(*) from projects").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_picture_from_another_site_is_refused() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;

    let (content_type, body) = body_of(&[part("picture", "a.png", &crate::pictures::png(600, 300))]);
    let request = kim
        .request(Method::POST, &project.studio("/cover"))
        .header("sec-fetch-site", "cross-site")
        .header("content-type", content_type)
        .body(body);
    let answer = kim.send(request).await;

    assert_eq!(answer.status, 403);
    assert!(answer.has("이 작업을 할 권한이 없어요"));
    assert_eq!(app.count("select count(*) from pictures").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_mail_links_to_the_site_and_not_to_what_a_request_calls_it() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let form = [
        ("email", "kim@example.kr"),
        ("password", crate::harness::PASSWORD),
        ("name", "김하늘"),
        ("terms", "true"),
        ("privacy", "true"),
    ];

    let request = visitor.post("/api/accounts/sign_up/sign_up").header("host", "evil.example").form(&form);
    assert_eq!(app.visitor().send(request).await.status, 303);

    let mail = app.mails("kim@example.kr").await.remove(0);
    assert!(mail.links.iter().all(|link| link.starts_with(&format!("{}/", app.base))), "{:?}", mail.links);
    assert!(!mail.html.contains("evil.example") && !mail.text.contains("evil.example"));
    app.finish().await;
}

/// A page of every kind, as its reader sees it.
async fn pages(app: &TestApp) -> Vec<crate::harness::Answer> {
    let mut creator = app.member("김창작").await;
    let mut backer = app.member("박후원").await;
    let draft = creator.drafts(app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let live = creator.launches(app, &Plan::with_goal(1000).reward(1000, 5)).await;
    let held = backer.holds(&live, &Choice::piece(live.rewards[0])).await;
    let mut pages = Vec::new();
    for address in
        ["/", "/en", "/discover?q=x", "/signup", "/signup?sent=1", "/login", "/nowhere", "/sandbox/mailbox"]
    {
        pages.push(app.page(address).await);
    }
    pages.push(app.page(&live.page()).await);
    pages.push(app.page(&format!("/people/{}", creator.handle)).await);
    pages.push(app.page("/confirm-email?token=x").await);
    pages.push(app.page(&format!("/sandbox/card?page={}", held.visit)).await);
    for part in ["", "/edit", "/rewards"] {
        pages.push(creator.get(&draft.studio(part)).await);
        pages.push(creator.get(&live.studio(part)).await);
    }
    for address in ["/studio", "/studio/new", &live.page()] {
        pages.push(creator.get(address).await);
    }
    let pledge = format!("/account/pledges/{}", held.pledge);
    for address in ["/account", "/account/pledges", &pledge, &format!("{}/pledge", live.page())] {
        pages.push(backer.get(address).await);
    }
    pages
}

#[tokio::test]
async fn every_page_tells_browsers_what_it_never_does() {
    let app = TestApp::start().await;

    for page in pages(&app).await {
        let policy = page.header("content-security-policy");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
        {
            assert!(policy.contains(rule), "{rule} is not in the policy of {}", page.address);
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{}", page.address);
        assert_eq!(page.header("x-frame-options"), "DENY", "{}", page.address);
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{}", page.address);
        assert_eq!(page.header("referrer-policy"), "same-origin", "{}", page.address);
    }
    app.finish().await;
}

#[tokio::test]
async fn no_page_has_an_inline_script_or_style() {
    let app = TestApp::start().await;

    let pages = pages(&app).await;

    assert!(pages.iter().all(|page| page.tags().len() > 20), "pages were rendered");
    for page in pages {
        for tag in page.tags() {
            let inline = tag.starts_with("script") && !tag.contains(" src=");
            assert!(!inline && !tag.contains(" on"), "{} has <{tag}>", page.address);
            assert!(!tag.starts_with("style") && !tag.contains(" style="), "{} has <{tag}>", page.address);
        }
    }
    app.finish().await;
}
