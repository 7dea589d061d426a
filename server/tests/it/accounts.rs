//! Signing up, logging in and out.

use crate::harness::{PASSWORD, Plan, TestApp};
use chrono::TimeDelta;
use kernel::token;

const SIGN_UP: &str = "/api/accounts/sign_up/sign_up";
const LOG_IN: &str = "/api/accounts/log_in/log_in";
const SET_PHONE: &str = "/api/accounts/phone/set_phone";
const LOG_OUT: &str = "/api/accounts/log_out/log_out";

fn sign_up_form(email: &str) -> [(&str, &str); 5] {
    [("email", email), ("password", PASSWORD), ("name", "김하늘"), ("terms", "true"), ("privacy", "true")]
}

#[tokio::test]
async fn somebody_signs_up_confirms_by_the_mail_and_logs_in() {
    let app = TestApp::start().await;

    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;

    let account = kim.get("/account").await;
    assert_eq!(account.status, 200);
    assert!(account.has("김하늘"));
    assert!(!account.has("이메일을 아직 확인하지 않았어요"));
    app.finish().await;
}

#[tokio::test]
async fn whoever_signs_up_on_the_way_to_a_page_is_led_on_to_it() {
    let app = TestApp::start().await;
    let mut kim = app.visitor();
    let page = kim.get("/signup?next=/studio").await;
    assert_eq!(page.value_of("next").as_deref(), Some("/studio"));
    let mut form = sign_up_form("kim@example.kr").to_vec();
    form.push(("next", "/studio"));
    kim.submit(SIGN_UP, &form).await;
    let mail = app.mails("kim@example.kr").await.remove(0);

    let page = kim.confirms(&mail.links[0]).await;

    assert!(page.has("이메일을 확인했어요") && page.has("/login?next=%2Fstudio"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn signing_up_answers_alike_for_a_known_and_an_unknown_address() {
    let app = TestApp::start().await;
    app.sign_up("김하늘", "known@example.kr").await;

    let (mut one, mut two) = (app.visitor(), app.visitor());
    one.get("/signup").await;
    two.get("/signup").await;
    let known = one.submit_and_stay(SIGN_UP, &sign_up_form("Known@example.kr")).await;
    let unknown = two.submit_and_stay(SIGN_UP, &sign_up_form("unknown@example.kr")).await;

    assert_eq!(unknown.status, 303);
    assert_eq!(
        (known.status, known.header("location"), &known.text),
        (303, unknown.header("location"), &unknown.text)
    );
    assert_eq!(one.follow(known).await.text, two.follow(unknown).await.text);
    assert_eq!(app.mails("known@example.kr").await[0].subject, "두레: 이미 가입한 주소예요");
    assert_eq!(app.mails("unknown@example.kr").await[0].subject, "두레: 이메일 주소를 확인해 주세요");
    assert_eq!(app.count("select count(*) from members").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn logging_in_answers_alike_for_a_wrong_password_and_an_unknown_address() {
    let app = TestApp::start().await;
    app.sign_up("김하늘", "one@example.kr").await;

    let mut answers = Vec::new();
    for email in ["one@example.kr", "two@example.kr"] {
        let mut browser = app.visitor();
        browser.get("/login").await;
        let form = [("email", email), ("password", "틀린 비밀번호예요"), ("next", "")];
        let script = browser.call(LOG_IN, &form).await;
        let page = browser.submit(LOG_IN, &form).await;
        answers.push((
            script.status,
            script.text,
            page.status,
            page.text.replace(email, "…"),
            browser.cookies,
        ));
    }

    assert_eq!(answers[0], answers[1]);
    assert_eq!((answers[0].0, answers[0].2), (422, 422));
    assert!(answers[0].3.contains("이메일(아이디)이나 비밀번호가 맞지 않아요"));
    app.finish().await;
}

#[tokio::test]
async fn a_sign_up_that_is_refused_says_why_at_its_fields_and_keeps_all_but_the_password() {
    let app = TestApp::start().await;
    let mut browser = app.visitor();
    browser.get("/signup").await;

    let form =
        [("email", "kim@localhost"), ("password", "password12"), ("name", "김하늘"), ("terms", "true")];
    let page = browser.submit(SIGN_UP, &form).await;

    assert_eq!(page.status, 422);
    assert_eq!(page.field_error("email").as_deref(), Some("이메일 주소를 다시 확인해 주세요."));
    assert!(page.field_error("password").is_some_and(|fault| fault.contains("짐작하기 쉬운")));
    assert!(page.field_error("privacy").is_some());
    assert_eq!(page.field_error("terms"), None);
    assert_eq!(page.value_of("email").as_deref(), Some("kim@localhost"));
    assert!(!page.has("password12"));
    // What was typed is sealed where it is kept, and secrets never get there.
    let stashed: Vec<u8> = app.ask("select typed from stashed_forms").await;
    let kept = |part: &str| stashed.windows(part.len()).any(|bytes| bytes == part.as_bytes());
    assert!(!kept("kim@localhost") && !kept("password12"));
    let secret = page.address.split_once("form=").unwrap().1;
    let typed = kernel::stash::find(&app.state.db, secret).await.unwrap().unwrap();
    assert!(typed.values.iter().all(|(_, value)| value != "password12"));
    app.finish().await;
}

#[tokio::test]
async fn after_a_log_in_nobody_is_led_to_another_site() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "kim@example.kr").await;

    let bad = [
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "https:evil.example",
        "HTTPS:/evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "/a\r\nset-cookie: dure=x",
        " //evil.example",
        "/ /evil.example",
        "/\u{1}",
        "/\u{7f}/evil.example",
        "/\0/evil.example",
        "/\u{3000}/evil.example",
        "／／evil.example",
        "@evil.example",
        "?next=//evil.example",
        ".evil.example",
        "evil.example",
    ];
    // These stay on the site, whatever they look like.
    let ours =
        ["/studio?saved=1", "/%2f%2fevil.example", "/%5cevil.example", "/.//evil.example", "/@evil.example"];
    for (next, home) in bad.into_iter().map(|next| (next, "/")).chain(ours.map(|next| (next, next))) {
        let mut browser = app.visitor();
        browser.get("/login").await;
        let form = [("email", kim.email.as_str()), ("password", PASSWORD), ("next", next)];
        let answer = browser.submit_and_stay(LOG_IN, &form).await;

        assert_eq!((answer.status, answer.header("location")), (303, home), "{next}");
        assert!(browser.cookies.contains_key("dure"), "{next}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_session_cookie_is_for_this_site_alone_and_kept_only_as_a_hash() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "kim@example.kr").await;

    let mut browser = app.visitor();
    let form = [("email", kim.email.as_str()), ("password", PASSWORD), ("keep", "true")];
    let answer = browser.submit_and_stay(LOG_IN, &form).await;

    let cookie = answer.header("set-cookie").to_owned();
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(flag), "{flag} is not in {cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let secret = browser.cookies["dure"].clone();
    let hashes: Vec<Vec<u8>> = app.ask("select array_agg(token_hash) from sessions").await;
    assert!(hashes.contains(&token::hash(&secret)));
    assert!(hashes.iter().all(|hash| hash.len() == 32 && hash.as_slice() != secret.as_bytes()));
    app.finish().await;
}

#[tokio::test]
async fn on_an_https_site_the_session_cookie_is_bound_to_the_host() {
    let app = TestApp::start_with(|config| config.origin = Some("https://dure.example".to_owned())).await;
    let mut browser = app.visitor();
    browser.submit_and_stay(SIGN_UP, &sign_up_form("kim@example.kr")).await;

    let answer =
        browser.submit_and_stay(LOG_IN, &[("email", "kim@example.kr"), ("password", PASSWORD)]).await;

    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-dure="), "{cookie}");
    assert!(cookie.contains("Secure") && cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
    assert!(answer.header("strict-transport-security").contains("max-age="));
    app.finish().await;
}

#[tokio::test]
async fn a_session_is_over_after_the_log_out_even_when_its_cookie_is_replayed() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let stolen = kim.browser.clone();
    assert_eq!(kim.get("/account").await.status, 200);

    let home = kim.submit(LOG_OUT, &[]).await;

    assert_eq!(home.status, 200);
    assert!(!kim.cookies.contains_key("dure"));
    let mut thief = stolen;
    assert!(thief.cookies.contains_key("dure"));
    assert_eq!(thief.get("/account").await.address, "/login?next=%2Faccount");
    app.finish().await;
}

#[tokio::test]
async fn a_log_in_begins_a_new_session_and_ends_the_one_before() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let before = kim.browser.clone();
    let mut elsewhere = app.visitor();
    elsewhere.submit(LOG_IN, &[("email", "kim@example.kr"), ("password", PASSWORD)]).await;

    kim.logs_in("").await;

    assert_ne!(kim.cookies["dure"], before.cookies["dure"]);
    let mut thief = before;
    assert_eq!(thief.get("/account").await.address, "/login?next=%2Faccount");
    assert_eq!(elsewhere.get("/account").await.status, 200, "another browser stays logged in");
    app.finish().await;
}

#[tokio::test]
async fn a_session_tells_when_it_was_last_used_to_the_minute() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    let start = app.now();
    let seen = || app.ask::<chrono::DateTime<chrono::Utc>>("select seen_at from sessions");

    app.set_clock(start + TimeDelta::seconds(59));
    kim.get("/account").await;
    assert_eq!(seen().await, start);
    app.set_clock(start + TimeDelta::hours(5));
    kim.get("/account").await;

    assert_eq!(seen().await, start + TimeDelta::hours(5));
    app.finish().await;
}

#[tokio::test]
async fn wrong_log_ins_from_elsewhere_do_not_lock_a_member_out() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "kim@example.kr").await;
    let mut attacker = app.visitor();

    // However the address is written. The ID is counted apart: else the count would tell whose it is.
    for log_in in ["kim@example.kr", "KIM@example.kr", kim.handle.as_str(), kim.handle.as_str()].repeat(5) {
        let wrong = [("email", log_in), ("password", "틀린 비밀번호예요")];
        assert_eq!(attacker.call(LOG_IN, &wrong).await.status, 422);
    }
    for log_in in ["kim@example.kr", kim.handle.as_str()] {
        let right = [("email", log_in), ("password", PASSWORD)];
        assert_eq!(attacker.call(LOG_IN, &right).await.status, 429);
        assert_eq!(app.visitor().call(LOG_IN, &right).await.status, 200);
    }
    app.finish().await;
}

#[tokio::test]
async fn right_log_ins_are_not_counted() {
    let app = TestApp::start().await;
    app.sign_up("김하늘", "kim@example.kr").await;
    let mut browser = app.visitor();

    for _ in 0..12 {
        let right = [("email", "kim@example.kr"), ("password", PASSWORD)];
        assert_eq!(browser.call(LOG_IN, &right).await.status, 200);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_number_for_text_messages_is_kept_sealed_and_shown_to_its_owner() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    kim.get("/account").await;

    let saved = kim.submit(SET_PHONE, &[("phone", "+82 10-1234-5678")]).await;

    assert_eq!(saved.value_of("phone").as_deref(), Some("010-1234-5678"));
    assert_eq!(kim.get("/account").await.value_of("phone").as_deref(), Some("010-1234-5678"));
    let sealed: Vec<u8> = app.ask_of("select phone from members where id = $1", kim.id.uuid()).await;
    assert!(!String::from_utf8_lossy(&sealed).contains("1234"));
    assert!(sealed.len() > "+821012345678".len() + 16, "{} bytes", sealed.len());
    kim.submit(SET_PHONE, &[("phone", "")]).await;
    assert_eq!(app.count("select count(*) from members where phone is not null").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_number_that_is_none_is_told_at_its_field_with_what_was_typed() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    kim.get("/account").await;

    let page = kim.submit(SET_PHONE, &[("phone", "02-123-4567")]).await;

    assert_eq!(page.status, 422);
    assert!(
        page.field_error("phone").is_some_and(|fault| fault.contains("휴대폰 번호를 다시 확인해 주세요"))
    );
    assert_eq!(page.value_of("phone").as_deref(), Some("02-123-4567"));
    assert_eq!(app.count("select count(*) from members where phone is not null").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn too_many_log_ins_to_one_account_are_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let wrong = [("email", "kim@example.kr"), ("password", "틀린 비밀번호예요")];
    let mut browser = app.visitor();
    for _ in 0..10 {
        assert_eq!(browser.call(LOG_IN, &wrong).await.status, 422);
    }

    browser.get("/en/login").await;
    let page = browser.submit(LOG_IN, &wrong).await;

    assert_eq!(page.status, 429);
    assert_eq!(page.alerts(), ["Too many requests. Please try again in a little while."]);
    assert_eq!(page.value_of("email").as_deref(), Some("kim@example.kr"));
    app.finish().await;
}

#[tokio::test]
async fn a_member_without_a_confirmed_address_may_draft_but_neither_launch_nor_pledge() {
    let app = TestApp::start().await;
    let live = app.member("박창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut kim = app.member("김하늘").await;
    sqlx::query("update members set email_confirmed_at = null where id = $1")
        .bind(kim.id.uuid())
        .execute(&app.state.db.pool)
        .await
        .unwrap();

    let draft = kim.drafts(&app, &Plan::with_goal(1000)).await;
    kim.get(&draft.studio("")).await;
    let launch = kim.submit("/api/projects/launch/launch_project", &[("slug", &draft.slug)]).await;
    let checkout = kim.get(&format!("{}/pledge", live.page())).await;

    assert_eq!(launch.status, 403);
    assert!(launch.alerts()[0].contains("이메일 주소를 먼저 확인해 주세요"));
    assert_eq!(app.project_state(draft.id).await, "draft");
    assert_eq!(checkout.status, 403);
    assert!(checkout.has("이메일 주소를 먼저 확인해 주세요"));
    app.finish().await;
}

#[tokio::test]
async fn a_confirmation_link_works_for_a_day_and_confirms_by_its_button_alone() {
    let app = TestApp::start().await;
    for email in ["soon@example.kr", "late@example.kr"] {
        app.visitor().submit_and_stay(SIGN_UP, &sign_up_form(email)).await;
    }
    let soon = app.mails("soon@example.kr").await[0].links[0].clone();
    let late = app.mails("late@example.kr").await[0].links[0].clone();

    app.advance(TimeDelta::hours(23)).await;
    assert!(app.page(&soon).await.has("이메일 확인하기"));
    assert_eq!(app.count("select count(*) from members where email_confirmed_at is not null").await, 0);
    assert!(app.visitor().confirms(&soon).await.has("이메일을 확인했어요"));
    assert!(app.page(&soon).await.has("이메일을 확인했어요"), "also for whoever follows it again");
    app.advance(TimeDelta::hours(2)).await;

    assert!(app.visitor().confirms(&late).await.has("쓸 수 없는 링크예요"));
    assert_eq!(app.count("select count(*) from members where email_confirmed_at is not null").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_session_ends_by_its_age_and_when_it_is_not_used_for_half_of_it() {
    let app = TestApp::start().await;
    let kim = app.sign_up("김하늘", "kim@example.kr").await;
    let log_in = async |keep: &'static str| {
        let mut browser = app.visitor();
        let form = [("email", kim.email.as_str()), ("password", PASSWORD), ("keep", keep)];
        browser.submit(LOG_IN, &form).await;
        browser
    };

    for (keep, lasts) in [("", TimeDelta::hours(12)), ("true", TimeDelta::days(30))] {
        let begun = app.now();
        let (mut used, mut unused) = (log_in(keep).await, log_in(keep).await);
        for twelfth in 1..12 {
            app.set_clock(begun + lasts / 12 * twelfth);
            assert_eq!(used.get("/account").await.status, 200, "{keep} {twelfth}");
        }
        app.set_clock(begun + lasts / 2 - TimeDelta::seconds(1));
        assert_eq!(unused.clone().get("/account").await.status, 200, "{keep}");
        app.set_clock(begun + lasts);
        assert_eq!(used.get("/account").await.address, "/login?next=%2Faccount", "{keep}");
        let mut unused_again = log_in(keep).await;
        app.set_clock(begun + lasts + lasts / 2);
        assert_eq!(unused_again.get("/account").await.address, "/login?next=%2Faccount", "{keep}");
        assert_eq!(unused.get("/account").await.address, "/login?next=%2Faccount", "{keep}");
    }
    app.finish().await;
}
