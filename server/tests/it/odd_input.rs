//! What nobody should type into the forms of accounts: clear answers, right statuses, nothing half made.

use crate::harness::{Answer, Browser, PASSWORD, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;
use http::header;

const SIGN_UP: &str = "/api/accounts/sign_up/sign_up";
const LOG_IN: &str = "/api/accounts/log_in/log_in";
const PROVE: &str = "/api/accounts/security/prove/prove";
const CHANGE_PASSWORD: &str = "/api/accounts/security/password/change_password";
const CHANGE_EMAIL: &str = "/api/accounts/security/email/change_email";
const EDIT_PROFILE: &str = "/api/accounts/profile/edit/edit_profile";
const ADD_ADDRESS: &str = "/api/accounts/addresses/book/add_address";

/// A megabyte that is no password.
fn megabyte() -> String {
    "0123456789abcdef".repeat(64 * 1024)
}

async fn signs_up(app: &TestApp, email: &str, name: &str, password: &str) -> Answer {
    let form =
        [("email", email), ("password", password), ("name", name), ("terms", "true"), ("privacy", "true")];
    let mut browser = app.visitor();
    browser.get("/signup").await;
    browser.submit(SIGN_UP, &form).await
}

#[tokio::test]
async fn unusual_addresses_are_taken_and_written_to_as_they_are() {
    let app = TestApp::start().await;
    let longest = format!("{}@example.kr", "a".repeat(64));

    for email in
        ["kim+dure@example.kr", "k.i.m@sub.example.co.kr", "o'neil@example.kr", "KIM@EXAMPLE.KR", &longest]
    {
        let answer = signs_up(&app, email, "김하늘", PASSWORD).await;
        assert_eq!(answer.address, "/signup?sent=1", "{email}: {:?}", answer.alerts());
        assert_eq!(app.mails(email).await.len(), 1, "{email}");
    }
    assert_eq!(app.count("select count(*) from members").await, 5);
    app.finish().await;
}

#[tokio::test]
async fn addresses_that_no_mail_server_takes_are_told_at_the_field() {
    let app = TestApp::start().await;
    let local = format!("{}@example.kr", "a".repeat(65));
    let korean = format!("{}@example.kr", "가".repeat(22));
    let label = format!("kim@{}.kr", "a".repeat(64));
    let whole = format!("kim@{}kr", "a.".repeat(130));

    for email in [
        &local,
        &korean,
        &label,
        &whole,
        // Valid in the standard, and taken by nobody.
        "\"kim lee\"@example.kr",
        "kim@[127.0.0.1]",
        "kim@localhost",
        ".kim@example.kr",
        "kim.@example.kr",
        "k..im@example.kr",
        "kim@exa_mple.kr",
        "kim@example.kr\r\nBcc: lee@example.kr",
        "kim@example.kr\u{2028}x",
        "ki\u{200b}m@example.kr",
        "kim@example.kr\0",
        "김하늘",
    ] {
        let answer = signs_up(&app, email, "김하늘", PASSWORD).await;
        assert_eq!(answer.status, 422, "{email:?}");
        assert!(
            answer.field_error("email").is_some_and(|fault| fault.contains("이메일 주소를 다시 확인")),
            "{email:?}: {:?}",
            answer.alerts()
        );
    }
    assert_eq!(app.count("select count(*) from members").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn one_mailbox_has_one_account_however_it_is_written() {
    let app = TestApp::start().await;

    for email in ["kim@예시.한국", "kim@xn--vv4b11d.xn--3e0b707e", "Kim@예시.한국", "kim@예시。한국"]
    {
        let answer = signs_up(&app, email, "김하늘", PASSWORD).await;
        assert_eq!(answer.address, "/signup?sent=1", "{email}: {:?}", answer.alerts());
    }

    assert_eq!(app.count("select count(*) from members").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn twenty_who_sign_up_with_one_address_at_the_same_instant_make_one_account() {
    let app = TestApp::start().await;
    let form = [
        ("email", "kim@example.kr"),
        ("password", PASSWORD),
        ("name", "김하늘"),
        ("terms", "true"),
        ("privacy", "true"),
    ];

    // Five mails an hour go to an address: of the twenty so many are answered.
    let answers = join_all((0..20).map(|_| {
        let mut browser = app.visitor();
        async move { browser.call(SIGN_UP, &form).await.status }
    }))
    .await;

    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 5, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 15, "{answers:?}");
    let mails = app.mails("kim@example.kr").await;
    let confirming = mails.iter().filter(|mail| mail.subject.contains("확인해 주세요")).count();
    assert_eq!((mails.len(), confirming), (5, 1));
    assert_eq!(app.count("select count(*) from members").await, 1);
    assert_eq!(app.count("select count(*) from consents").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn names_that_do_not_show_are_refused_and_nothing_is_made() {
    let app = TestApp::start().await;
    let long = "🐰".repeat(100_000);

    for name in [
        "\u{3164}",
        "\u{3164}\u{3164}",
        "김\u{3164}하늘",
        "\u{115f}\u{1160}",
        "김\u{ad}하늘",
        "김\u{202e}늘하",
        "김\u{2066}하늘",
        "김\u{61c}하늘",
        "김\u{e0041}하늘",
        "🐰",
        "",
        " \u{2028}\u{2029} ",
        "김\0하늘",
        &long,
    ] {
        let answer = signs_up(&app, "kim@example.kr", name, PASSWORD).await;
        let shown: String = name.chars().take(8).collect();
        assert_eq!(answer.status, 422, "{shown:?}");
        // A zero byte is left out of what a page shows again.
        assert!(answer.field_error("name").is_some() || name.contains('\0'), "{shown:?}");
    }
    assert_eq!(app.count("select count(*) from members").await, 0);
    assert_eq!(signs_up(&app, "kim@example.kr", "김🐰\u{2028}하늘", PASSWORD).await.status, 200);
    assert_eq!(app.ask::<String>("select name from members").await, "김🐰 하늘");
    app.finish().await;
}

#[tokio::test]
async fn ids_that_look_like_others_are_refused() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    let before = kim.handle.clone();

    for handle in
        ["аdmin", "kim\u{200b}", "ｋim", "달토끼", "🐰🐰🐰", "kim\0kim", "admin", &"a".repeat(100_000)]
    {
        kim.get("/account/profile").await;
        let answer = kim.submit(EDIT_PROFILE, &[("name", "김하늘"), ("handle", handle)]).await;
        assert_eq!(answer.status, 422, "{handle:.20}");
        assert!(answer.field_error("handle").is_some(), "{handle:.20}");
    }
    assert_eq!(app.ask_of::<String>("select handle from members where id = $1", kim.id.uuid()).await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_password_of_a_megabyte_is_refused_everywhere() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let huge = megabyte();

    let sign_up = signs_up(&app, "lee@example.kr", "이", &huge).await;
    assert!(sign_up.field_error("password").is_some_and(|fault| fault.contains("200자까지")));
    for (action, fields) in [
        (LOG_IN, &[("email", "kim@example.kr"), ("password", huge.as_str())][..]),
        (LOG_IN, &[("email", &huge), ("password", &huge)]),
        (PROVE, &[("password", &huge)]),
        (CHANGE_PASSWORD, &[("next_password", &huge)]),
        ("/api/accounts/recover/reset/reset_password", &[("token", &huge), ("password", &huge)]),
        ("/api/accounts/factor/step/second_factor", &[("code", &huge)]),
    ] {
        let status = kim.call(action, fields).await.status;
        assert!(matches!(status, 403 | 413 | 422), "{action}: {status}");
    }
    assert_eq!(app.count("select count(*) from members").await, 1);
    app.finish().await;
}

/// Every text field of accounts with a zero byte, as a script and as a browser sends it.
#[tokio::test]
async fn a_zero_byte_in_any_field_of_accounts_is_refused_or_left_out() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let zero = "a\0b";

    for (action, fields) in [
        (SIGN_UP, &["email", "password", "name", "terms", "privacy", "news"][..]),
        (LOG_IN, &["email", "password", "keep", "next"]),
        (PROVE, &["password", "next"]),
        (CHANGE_PASSWORD, &["next_password"]),
        (CHANGE_EMAIL, &["email"]),
        (EDIT_PROFILE, &["name", "handle", "introduction", "links", "shows_backed"]),
        (ADD_ADDRESS, &["recipient", "phone", "country", "postcode", "road", "detail", "city", "region"]),
        ("/api/accounts/phone/set_phone", &["phone"]),
        ("/api/accounts/recover/find_id/find_id", &["email"]),
        ("/api/accounts/recover/reset/request_reset", &["email"]),
        ("/api/accounts/recover/reset/reset_password", &["token", "password"]),
        ("/api/accounts/security/email/undo_email", &["token"]),
        ("/api/accounts/security/sessions/end_session", &["session"]),
        ("/api/accounts/factor/step/second_factor", &["code"]),
        ("/api/accounts/addresses/book/remove_address", &["address"]),
    ] {
        let form: Vec<_> = fields.iter().map(|name| (*name, zero)).collect();
        let script = kim.call(action, &form).await;
        assert!(script.status < 500, "{action} answered a script with {}: {}", script.status, script.text);
        kim.get("/account").await;
        let page = kim.submit(action, &form).await;
        assert!(page.status < 500, "{action} answered a browser with {}", page.status);
        for alone in fields {
            let status = kim.call(action, &[(*alone, zero)]).await.status;
            assert!(status < 500, "{action} {alone}: {status}");
        }
    }
    assert_eq!(app.count("select count(*) from members").await, 1);
    app.finish().await;
}

async fn sends(browser: &mut Browser, action: &str, body: &[u8]) -> Answer {
    let request = browser
        .post(action)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.to_vec());
    browser.send(request).await
}

#[tokio::test]
async fn forms_that_no_browser_sends_are_refused_whole() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let before: String = app.ask("select md5(string_agg(m::text, ',')) from members m").await;

    for body in [
        &b"email=a@example.kr&email=b@example.kr&name=a&name=b&password=x&password=y"[..],
        b"email[]=a@example.kr&name[]=a&password[]=x",
        b"email[0]=a@example.kr&email[1]=b@example.kr&name[a][b]=c",
        b"form[email]=a@example.kr",
        b"email=%FF%FE@example.kr&name=%C0%80&password=%ED%A0%80",
        b"email=\xff\xfe&name=\xc0\x80",
        b"name=%E2%80%AE&handle=%00&email",
        b"&&&===&&&",
        b"{\"email\":\"a@example.kr\"}",
        b"",
    ] {
        for action in [SIGN_UP, LOG_IN, CHANGE_EMAIL, CHANGE_PASSWORD, EDIT_PROFILE, ADD_ADDRESS, PROVE] {
            kim.get("/account").await;
            let answer = sends(&mut kim, action, body).await;
            let answer = kim.follow(answer).await;
            let shown = String::from_utf8_lossy(body);
            assert!((400..500).contains(&answer.status), "{action} {shown}: {}", answer.status);
        }
    }
    assert_eq!(app.ask::<String>("select md5(string_agg(m::text, ',')) from members m").await, before);
    assert_eq!(app.count("select count(*) from addresses").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_clock_that_moves_back_makes_no_link_or_session_last_longer_than_it_says() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let mut lost = app.visitor();
    lost.submit("/api/accounts/recover/reset/request_reset", &[("email", "kim@example.kr")]).await;
    let link = app.mails("kim@example.kr").await.remove(0).links.remove(0);
    let start = app.now();

    app.set_clock(start - TimeDelta::hours(1));
    assert!(lost.get(&link).await.has("새 비밀번호"));
    assert_eq!(kim.get("/account").await.status, 200);
    app.set_clock(start + TimeDelta::minutes(30));
    assert!(lost.get(&link).await.has("쓸 수 없는 링크예요"));
    app.set_clock(start + TimeDelta::hours(13));
    assert_eq!(kim.get("/account").await.address, "/login?next=%2Faccount");
    app.finish().await;
}
