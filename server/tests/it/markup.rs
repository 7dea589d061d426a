//! Titles, stories, names and what else people write shows as text when there is script in it.

use crate::harness::{Answer, Choice, GOOD_CARD, PASSWORD, Plan, TestApp};
use accounts::operators::{self, Actor};
use http::Method;

const OUT_OF_TITLE: &str = "</title><script>alert(1)</script>";
const OUT_OF_AREA: &str = "</textarea><script>alert(2)</script>";
const PICTURE: &str = "<img src=x onerror=alert(3)>";

/// No tag of the page is one that people wrote.
fn holds_no_markup_of_people(page: &Answer) {
    for tag in page.tags() {
        let theirs =
            tag == "script" || tag.starts_with("img src=x") || tag.starts_with("svg") || tag.contains(" on");
        assert!(!theirs, "{} has <{tag}>", page.address);
    }
    assert!(!page.has("<script>alert") && !page.has("<img src=x"), "{}", page.address);
}

fn attacks() -> Plan {
    let mut plan = Plan::with_goal(1000).reward(1000, 5);
    plan.title = format!("{OUT_OF_TITLE}{PICTURE}");
    plan.summary = format!("{OUT_OF_TITLE}{OUT_OF_AREA}{PICTURE}");
    plan.story =
        format!("{OUT_OF_AREA}\n\n{PICTURE}\n\n[보기](javascript:alert(4))\n\n<svg onload=alert(5)>");
    plan
}

#[tokio::test]
async fn script_in_a_title_a_summary_a_story_and_a_name_shows_as_text() {
    let app = TestApp::start().await;
    let mut creator = app.member("<script>alert(6)</script>").await;
    let project = creator.launches(&app, &attacks()).await;

    let page = app.page(&project.page()).await;

    holds_no_markup_of_people(&page);
    let words = page.words();
    for shown in [OUT_OF_TITLE, OUT_OF_AREA, PICTURE, "<script>alert(6)</script>", "<svg onload=alert(5)>"] {
        assert!(words.contains(shown), "{shown} is not on the page: {words}");
    }
    assert!(!page.has("href=\"javascript:"));
    assert!(page.between("<title>", "</title>").is_some_and(|title| title.starts_with(OUT_OF_TITLE)));
    app.finish().await;
}

#[tokio::test]
async fn lists_and_searches_show_script_as_text() {
    let app = TestApp::start().await;
    let mut creator = app.member("<script>alert(6)</script>").await;
    creator.launches(&app, &attacks()).await;
    let search: String =
        url::form_urlencoded::byte_serialize(format!("\"{OUT_OF_TITLE}").as_bytes()).collect();

    for address in ["/", "/en", "/discover", &format!("/people/{}", creator.handle)] {
        let page = app.page(address).await;
        assert!(page.words().contains(OUT_OF_TITLE), "{address}");
        holds_no_markup_of_people(&page);
    }
    let results = app.page(&format!("/discover?q={search}")).await;

    assert_eq!(results.value_of("q"), Some(format!("\"{OUT_OF_TITLE}")));
    holds_no_markup_of_people(&results);
    app.finish().await;
}

#[tokio::test]
async fn the_studio_shows_script_as_text_and_gives_it_back_unchanged() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let plan = attacks();
    let project = creator.drafts(&app, &plan).await;

    for part in ["", "/edit", "/rewards"] {
        holds_no_markup_of_people(&creator.get(&project.studio(part)).await);
    }
    holds_no_markup_of_people(&creator.get("/studio").await);
    let editor = creator.get(&project.studio("/edit")).await;

    assert_eq!(editor.value_of("title"), Some(plan.title));
    assert_eq!(editor.value_of("summary"), Some(plan.summary));
    assert_eq!(editor.value_of("story"), Some(plan.story));
    app.finish().await;
}

#[tokio::test]
async fn a_refused_form_shows_script_as_text_and_gives_it_back_unchanged() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    creator.get("/studio/new").await;

    let story = format!("\n\n{OUT_OF_AREA}");
    let title = format!("\"{OUT_OF_TITLE}");
    let form = [("title", title.as_str()), ("story", &story), ("category", OUT_OF_AREA), ("goal", PICTURE)];
    let page = creator.submit("/api/projects/draft/create_project", &form).await;

    assert_eq!(page.status, 422);
    holds_no_markup_of_people(&page);
    assert_eq!(page.value_of("title"), Some(title));
    assert_eq!(page.value_of("story"), Some(story));
    assert_eq!(page.value_of("goal").as_deref(), Some(PICTURE));
    app.finish().await;
}

#[tokio::test]
async fn the_way_of_a_pledge_and_its_mails_show_script_as_text() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &attacks()).await;
    let mut backer = app.member("<script>alert(6)</script>").await;

    let checkout = backer.get(&format!("{}/pledge", project.page())).await;
    let held = backer.holds(&project, &Choice::piece(project.rewards[0])).await;
    let card_page = app.page(&format!("/sandbox/card?page={}", held.visit)).await;
    let thanks = backer.enters_card(&held, GOOD_CARD).await;

    for page in [&checkout, &card_page, &thanks, &backer.get("/account/pledges").await] {
        assert!(page.words().contains(OUT_OF_TITLE), "{}", page.address);
        holds_no_markup_of_people(page);
    }
    let mails = app.mails(&backer.email).await;
    assert!(mails[0].subject.contains(OUT_OF_TITLE));
    assert!(mails[0].text.contains("<script>alert(6)</script> 님"));
    assert!(mails[0].html.contains("&lt;script&gt;alert(6)") && !mails[0].html.contains("<script"));
    holds_no_markup_of_people(&app.page("/sandbox/mailbox").await);
    holds_no_markup_of_people(&app.page("/sandbox/mailbox/1").await);
    app.finish().await;
}

#[tokio::test]
async fn the_preview_of_a_story_is_as_safe_as_its_page() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;

    let story = format!("{OUT_OF_AREA}\n\n{PICTURE}\n\n[x](javascript:alert(4)) **굵게**");
    let answer = creator.call("/api/projects/editor/preview_story", &[("story", &story)]).await;

    let html: String = serde_json::from_str(&answer.text).unwrap();
    assert!(html.contains("<strong>굵게</strong>") && html.contains("&lt;script&gt;"));
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn a_log_in_that_leads_on_shows_the_way_as_text() {
    let app = TestApp::start().await;

    let page = app.page("/login?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;

    assert_eq!(page.value_of("next").as_deref(), Some("\"><script>alert(1)</script>"));
    holds_no_markup_of_people(&page);
    app.finish().await;
}

/// Each field of accounts, on every page and in every mail where it appears.
#[tokio::test]
async fn what_members_write_about_themselves_shows_as_text_everywhere() {
    const LOG_IN: &str = "/api/accounts/log_in/log_in";
    let app = TestApp::start().await;
    let mut kim = app.sign_up("<b>김", "kim@example.kr").await;
    let all = format!("{OUT_OF_TITLE}{OUT_OF_AREA}{PICTURE}");
    kim.get("/account/profile").await;
    let introduction = format!("{all}\njavascript:alert(1)");
    let profile = [
        ("name", "<svg onload=alert(5)>"),
        ("handle", "kim_haneul"),
        ("introduction", introduction.as_str()),
        ("links", "https://a.kr/?q=%3Cscript%3E&b=${alert(1)}"),
    ];
    assert_eq!(kim.submit("/api/accounts/profile/edit/edit_profile", &profile).await.status, 200);
    kim.get("/account/addresses").await;
    let address = [
        ("recipient", PICTURE),
        ("phone", "02-123-4567"),
        ("postcode", "04524"),
        ("road", OUT_OF_AREA),
        ("detail", OUT_OF_TITLE),
    ];
    assert_eq!(kim.submit("/api/accounts/addresses/book/add_address", &address).await.status, 200);
    // What a browser calls itself.
    let mut strange = app.visitor();
    let agent = "<script>alert(7)</script> Chrome/1 \"><img src=x onerror=alert(8)>";
    let request = strange
        .request(Method::POST, LOG_IN)
        .header("user-agent", agent)
        .header("sec-fetch-site", "same-origin")
        .form(&[("email", "kim@example.kr"), ("password", PASSWORD)]);
    assert_eq!(strange.send(request).await.status, 303);

    for page in
        ["/account", "/account/profile", "/account/addresses", "/account/security", "/people/kim_haneul"]
    {
        let page = kim.get(page).await;
        assert_eq!(page.status, 200, "{}", page.address);
        holds_no_markup_of_people(&page);
    }
    let public = app.page("/en/people/kim_haneul").await;
    assert!(public.words().contains(PICTURE) && public.words().contains("<svg onload=alert(5)>"));
    assert!(!public.has("href=\"javascript:"));
    holds_no_markup_of_people(&public);
    assert!(kim.get("/account/addresses").await.words().contains(OUT_OF_AREA));
    // Refused, so that what was typed is shown again.
    for (page, action, fields) in [
        (
            "/account/profile",
            "/api/accounts/profile/edit/edit_profile",
            ["name", "handle", "introduction", "links"],
        ),
        (
            "/account/addresses",
            "/api/accounts/addresses/book/add_address",
            ["recipient", "phone", "road", "detail"],
        ),
        ("/account/security", "/api/accounts/security/email/change_email", ["email", "x", "y", "z"]),
        ("/signup", "/api/accounts/sign_up/sign_up", ["email", "name", "terms", "news"]),
        ("/login", LOG_IN, ["email", "next", "keep", "x"]),
        ("/find-id", "/api/accounts/recover/find_id/find_id", ["email", "x", "y", "z"]),
        ("/account", "/api/accounts/phone/set_phone", ["phone", "x", "y", "z"]),
    ] {
        kim.get(page).await;
        let form: Vec<_> = fields.iter().map(|name| (*name, all.as_str())).collect();
        let again = kim.submit(action, &form).await;
        assert!((400..500).contains(&again.status), "{action}: {}", again.status);
        holds_no_markup_of_people(&again);
    }
    // The reason of a suspension, where it is told.
    operators::suspend(&app.state.db, &app.state.site, &Actor::Shell, kim.id, &all)
        .await
        .expect("the database answers");
    let mut gone = app.visitor();
    gone.get("/login").await;
    let told = gone.submit(LOG_IN, &[("email", "kim@example.kr"), ("password", PASSWORD)]).await;
    assert!(told.words().contains(PICTURE), "{:?}", told.alerts());
    holds_no_markup_of_people(&told);
    for mail in app.mails("kim@example.kr").await {
        assert!(
            !mail.html.contains("<script") && !mail.html.contains("<img") && !mail.html.contains("<svg"),
            "{}",
            mail.html
        );
    }
    app.finish().await;
}
