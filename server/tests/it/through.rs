//! Logging in through others, with a real OpenID provider, and with such as lie.

use crate::harness::{Answer, AtProvider, Browser, OpenId, PASSWORD, TestApp, free_port};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use http::Method;
use kernel::site::{Protocol, Provider};
use serde_json::{Value, json};

const LOG_IN: &str = "/api/accounts/log_in/log_in";
const SIGN_UP_THROUGH: &str = "/api/accounts/through/arrive/sign_up_through";
const LINK_ARRIVAL: &str = "/api/accounts/through/arrive/link_arrival";
const UNLINK: &str = "/api/accounts/through/linked/unlink_provider";
const REQUEST_RESET: &str = "/api/accounts/recover/reset/request_reset";
const RESET: &str = "/api/accounts/recover/reset/reset_password";
const FIND_ID: &str = "/api/accounts/recover/find_id/find_id";
const LOG_OUT: &str = "/api/accounts/log_out/log_out";
const CHANGE_PASSWORD: &str = "/api/accounts/security/password/change_password";

fn openid(key: &str, issuer: String) -> Provider {
    Provider {
        key: key.to_owned(),
        name: ("에이크미".to_owned(), "Acme".to_owned()),
        protocol: Protocol::OpenId { issuer, scopes: &["openid", "email", "profile"] },
        client: "dure".to_owned(),
        secret: "hush".to_owned(),
    }
}

/// The app with a provider called `acme`.
async fn start() -> (TestApp, OpenId) {
    let port = free_port();
    let issuer = format!("http://127.0.0.1:{port}");
    let app = TestApp::start_with(|config| config.providers = [openid("acme", issuer)].into()).await;
    let provider = OpenId::start(port, &format!("{}/login/back/acme", app.base)).await;
    (app, provider)
}

/// Leaves for the provider; the address there.
async fn leave(browser: &mut Browser, query: &str) -> String {
    let answer = browser.send(browser.request(Method::GET, &format!("/login/with/acme?{query}"))).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").to_owned()
}

/// To the provider and back, as `login` there.
async fn through(browser: &mut Browser, query: &str, login: &str) -> Answer {
    let there = leave(browser, query).await;
    let back = AtProvider::new().agree(&there, login).await;
    browser.get(&back).await
}

async fn sign_up(browser: &mut Browser, email: &str) -> Answer {
    let form = [("email", email), ("name", "김하늘"), ("terms", "true"), ("privacy", "true")];
    browser.submit(SIGN_UP_THROUGH, &form).await
}

/// Somebody who signed up through the provider and is logged in.
async fn newcomer(app: &TestApp, login: &str) -> Browser {
    let mut browser = app.visitor();
    through(&mut browser, "", login).await;
    assert_eq!(sign_up(&mut browser, &format!("{login}@example.kr")).await.address, "/");
    browser
}

fn identities(app: &TestApp) -> impl Future<Output = i64> {
    app.count("select count(*) from identities")
}

#[tokio::test]
async fn somebody_new_signs_up_and_is_known_the_next_time() {
    let (app, _provider) = start().await;
    let mut browser = app.visitor();
    let page = browser.get("/login?next=/studio").await;
    assert!(page.has("에이크미 계정으로 계속하기") && page.has("/signup?next=%2Fstudio"));
    let page = browser.get("/signup?next=/studio").await;
    assert!(page.has("purpose=log_in&amp;next=%2Fstudio") && page.has("/login?next=%2Fstudio"));
    let page = through(&mut browser, "next=/studio", "kim").await;
    assert_eq!((page.status, page.address.as_str()), (200, "/signup/with"));
    assert_eq!(page.value_of("email").as_deref(), Some("kim@example.kr"));
    assert_eq!(page.value_of("name").as_deref(), Some("kim 님"));

    let refused = browser.submit(SIGN_UP_THROUGH, &[("email", "kim@example.kr"), ("name", "김하늘")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.field_error("terms").is_some());
    let page = sign_up(&mut browser, "kim@example.kr").await;
    assert_eq!((page.status, page.address.as_str()), (200, "/studio"));
    let confirmed: bool = app.ask("select email_confirmed_at is not null from members").await;
    assert!(confirmed, "the provider vouches for the address");
    let consents: i64 = app.ask("select count(*) from consents").await;
    assert_eq!(consents, 2);

    browser.submit(LOG_OUT, &[]).await;
    let page = through(&mut browser, "next=/en/studio", "kim").await;
    assert_eq!((page.status, page.address.as_str()), (200, "/en/studio"));
    assert_eq!(app.count("select count(*) from members").await, 1);
    let kept: bool =
        app.ask("select bool_and(expires_at - created_at > interval '1 day') from sessions").await;
    assert!(kept, "a log-in through a provider lasts");
    browser.submit(FIND_ID, &[("email", "kim@example.kr")]).await;
    let mail = app.mails("kim@example.kr").await.remove(0);
    assert!(
        mail.text.contains("에이크미 계정으로 로그인할 수 있어요")
            && mail.text.contains("에 에이크미 계정으로 로그인했어요")
            && !mail.text.contains("비밀번호로 로그인"),
        "{}",
        mail.text
    );
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_has_an_account_is_linked_only_after_proving_it() {
    let (app, _provider) = start().await;
    app.sign_up("김하늘", "kim@example.kr").await;
    let mut browser = app.visitor();
    let page = through(&mut browser, "next=/studio", "kim").await;
    assert!(page.has("이미 가입하셨어요"));
    assert!(!browser.cookies.contains_key("dure"));
    assert_eq!(sign_up(&mut browser, "kim@example.kr").await.status, 409);
    assert_eq!(browser.call(LINK_ARRIVAL, &[]).await.status, 401);
    assert_eq!(identities(&app).await, 0);

    browser.get("/login?next=/signup/with").await;
    let log_in = [("email", "kim@example.kr"), ("password", PASSWORD), ("next", "/signup/with")];
    let page = browser.submit(LOG_IN, &log_in).await;
    assert!(page.has("에이크미 연결하기"));
    let page = browser.submit(LINK_ARRIVAL, &[]).await;
    assert_eq!(page.address, "/studio");
    let told = app.mails("kim@example.kr").await;
    assert!(told.iter().any(|mail| mail.subject == "두레: 로그인 방법이 바뀌었어요"));

    let mut elsewhere = app.visitor();
    assert_eq!(through(&mut elsewhere, "", "kim").await.address, "/");
    assert_eq!(elsewhere.get("/account").await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_nobody_vouches_for_is_confirmed_by_mail_and_tells_nothing() {
    let (app, _provider) = start().await;
    app.sign_up("박이슬", "unna@example.kr").await;
    let mut answers = Vec::new();
    for login in ["unna", "uno"] {
        let mut browser = app.visitor();
        let page = through(&mut browser, "", login).await;
        assert!(!page.has("이미 가입하셨어요"));
        let sent = sign_up(&mut browser, &format!("{login}@example.kr")).await;
        assert!(!browser.cookies.contains_key("dure"));
        answers.push((sent.status, sent.address, sent.text));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(app.mails("unna@example.kr").await[0].subject, "두레: 이미 가입한 주소예요");
    assert_eq!(app.mails("uno@example.kr").await[0].subject, "두레: 이메일 주소를 확인해 주세요");
    assert_eq!(identities(&app).await, 1);

    // Another address than the provider's is not vouched for either.
    let mut browser = app.visitor();
    through(&mut browser, "", "kim").await;
    assert_eq!(sign_up(&mut browser, "other@example.kr").await.address, "/signup?sent=1");
    let confirmed = app.count("select count(*) from members where email_confirmed_at is not null").await;
    assert_eq!(confirmed, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_address_is_written_to_as_rarely_through_a_provider_as_without() {
    let (app, _provider) = start().await;
    let mut browser = app.visitor();
    through(&mut browser, "", "uno").await;
    let email = "uno@example.kr";
    let form = [
        ("email", email),
        ("password", PASSWORD),
        ("name", "김하늘"),
        ("terms", "true"),
        ("privacy", "true"),
    ];
    for _ in 0..5 {
        assert_eq!(app.visitor().call("/api/accounts/sign_up/sign_up", &form).await.status, 200);
    }
    assert_eq!(sign_up(&mut browser, email).await.status, 429);
    assert_eq!(identities(&app).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_way_back_is_good_once_in_time_and_in_the_browser_that_left() {
    let (app, _provider) = start().await;
    drop(newcomer(&app, "kim").await);
    let mut browser = app.visitor();
    let there = leave(&mut browser, "").await;
    let back = AtProvider::new().agree(&there, "kim").await;

    let mut thief = app.visitor();
    assert_eq!(thief.get(&back).await.address, "/login?through=failed");
    leave(&mut thief, "").await;
    assert_eq!(thief.get(&back).await.address, "/login?through=failed", "a journey of its own helps nobody");
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let (first, second) = tokio::join!(one.get(&back), two.get(&back));
    let mut ends = [first.address, second.address];
    ends.sort();
    assert_eq!(ends, ["/", "/login?through=failed"], "raced twice, logged in once");

    let there = leave(&mut browser, "").await;
    let back = AtProvider::new().agree(&there, "kim").await;
    app.advance(TimeDelta::minutes(15)).await;
    assert_eq!(browser.get(&back).await.address, "/login?through=failed");
    for nonsense in ["", "?state=x&code=y", "?state=%00&code=%ff", "?error=%3Cscript%3E"] {
        let page = browser.get(&format!("/login/back/acme{nonsense}")).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/login?through=failed"));
    }
    assert_eq!(browser.get("/login/back/nobody?state=x").await.status, 404);
    assert_eq!(browser.get("/login/with/nobody").await.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_sent_to_a_provider_by_another_site() {
    let (app, _provider) = start().await;
    let mut browser = app.visitor();
    let request = browser.request(Method::GET, "/login/with/acme").header("sec-fetch-site", "cross-site");
    let answer = browser.send(request).await;
    assert_eq!(answer.header("location"), "/login");
    assert_eq!(app.count("select count(*) from provider_visits").await, 0);
    // Nor from there to somebody else's site.
    let there = leave(&mut browser, "next=https://evil.example").await;
    drop(there);
    let next: String = app.ask("select next from provider_visits").await;
    assert_eq!(next, "/");
    app.finish().await;
}

#[tokio::test]
async fn whoever_changes_their_mind_or_meets_a_closed_door_is_told_so() {
    let (app, provider) = start().await;
    let mut browser = app.visitor();
    let there = leave(&mut browser, "").await;
    let back = AtProvider::new().cancel(&there).await;
    let page = browser.get(&back).await;
    assert!(page.has("취소했어요"), "{}", page.words());

    let there = leave(&mut browser, "").await;
    let back = AtProvider::new().agree(&there, "kim").await;
    provider.end().await;
    let page = browser.get(&back).await;
    assert_eq!((page.status, page.address.as_str()), (200, "/login?through=failed"));
    assert!(page.has("지금은 이 방법을 쓸 수 없어요"));
    app.finish().await;
}

#[tokio::test]
async fn a_member_connects_and_disconnects_but_keeps_one_way_in() {
    let (app, _provider) = start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let page = through(&mut kim, "purpose=link", "work").await;
    assert!(page.has("연결했어요"), "{}", page.words());
    // The same person at the provider is one person here.
    let mut park = app.sign_up("박이슬", "park@example.kr").await;
    assert!(through(&mut park, "purpose=link", "work").await.has("이미 다른 두레 계정에 연결돼"));
    // And one here is one there.
    assert!(through(&mut kim, "purpose=link", "home").await.has("이미 다른 두레 계정에 연결돼"));
    assert_eq!(identities(&app).await, 1);

    assert_eq!(park.call(UNLINK, &[("provider", "acme")]).await.status, 404);
    kim.get("/account/security/providers").await;
    kim.submit(UNLINK, &[("provider", "acme")]).await;
    assert_eq!(identities(&app).await, 0);
    let told = app.mails("kim@example.kr").await;
    assert_eq!(told.iter().filter(|mail| mail.subject == "두레: 로그인 방법이 바뀌었어요").count(), 2);

    let mut lee = newcomer(&app, "lee").await;
    lee.get("/account/security/providers").await;
    assert_eq!(lee.call(UNLINK, &[("provider", "acme")]).await.status, 409, "there is no password");
    lee.get("/account/security").await;
    assert!(lee.get("/account/security").await.has("비밀번호 정하기"));
    assert_eq!(lee.call(CHANGE_PASSWORD, &[("next_password", PASSWORD)]).await.status, 200);
    assert_eq!(lee.call(UNLINK, &[("provider", "acme")]).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn who_one_is_can_be_proved_by_logging_in_at_the_provider_again() {
    let (app, _provider) = start().await;
    let mut kim = newcomer(&app, "kim").await;
    app.advance(TimeDelta::minutes(11)).await;
    assert!(kim.get("/account/security").await.has("에이크미 계정으로 계속하기"));
    let refused = kim.send(kim.request(Method::GET, "/login/with/acme?purpose=link")).await;
    assert!(refused.header("location").starts_with("/account/prove"));
    let before = kim.cookies["dure"].clone();

    assert_eq!(through(&mut kim, "purpose=prove", "lee").await.address, "/account/prove?through=other");
    let mut there = AtProvider::new();
    there.agree(&leave(&mut kim, "purpose=prove").await, "kim").await;
    let address = leave(&mut kim, "purpose=prove&next=/account/security").await;
    let back = there.agree(&address, "kim").await;
    assert!(there.asked, "although they were logged in there");
    assert_eq!(kim.get(&back).await.address, "/account/security");
    assert_ne!(kim.cookies["dure"], before);
    app.finish().await;
}

#[tokio::test]
async fn whoever_confirms_an_address_by_a_reset_shuts_out_who_signed_up_with_it() {
    let (app, _provider) = start().await;
    // Somebody signs up with an address that is not theirs.
    let mut early = app.visitor();
    through(&mut early, "", "mallory").await;
    sign_up(&mut early, "victim@example.kr").await;
    app.drain().await;
    let mut owner = app.visitor();
    owner.get("/reset-password").await;
    owner.submit(REQUEST_RESET, &[("email", "victim@example.kr")]).await;
    let mail = app.mails("victim@example.kr").await.remove(0);
    let token = mail.links[0].split_once("token=").expect("a token").1.to_owned();
    assert_eq!(owner.call(RESET, &[("token", &token), ("password", PASSWORD)]).await.status, 200);

    assert_eq!(identities(&app).await, 0);
    assert_eq!(through(&mut early, "", "mallory").await.address, "/signup/with");
    app.finish().await;
}

/// A provider that is wrong in one way, told by the first part of its address.
async fn liar(
    State(base): State<String>,
    axum::extract::Path(lie): axum::extract::Path<String>,
) -> Json<Value> {
    let issuer = format!("{base}/{lie}");
    let issuer_said = if lie == "issuer" { base.clone() } else { issuer.clone() };
    Json(json!({
        "issuer": issuer_said,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
    }))
}

/// The code that it gave is the nonce.
async fn lying_token(
    State(base): State<String>,
    axum::extract::Path(lie): axum::extract::Path<String>,
    axum::Form(form): axum::Form<Vec<(String, String)>>,
) -> (http::StatusCode, Json<Value>) {
    let code = form.iter().find(|(name, _)| name == "code").map(|(_, value)| value.clone());
    let mut claims = json!({
        "iss": format!("{base}/{lie}"), "sub": "7", "aud": "dure", "exp": 4_000_000_000_i64, "nonce": code,
        "email": "kim@example.kr", "email_verified": true,
    });
    match lie.as_str() {
        "nonce" => claims["nonce"] = json!("another"),
        "audience" => claims["aud"] = json!("somebody-else"),
        "expired" => claims["exp"] = json!(1_000_000_000),
        "subject" => claims["sub"] = json!(""),
        "userinfo" => claims["email_verified"] = json!(false),
        _ => {}
    }
    let token = format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let answer = match lie.as_str() {
        "tokenless" => json!({ "access_token": "a", "token_type": "bearer" }),
        "garbage" => json!({ "access_token": "a", "token_type": "bearer", "id_token": "x.!.y" }),
        "refusal" => json!({ "error": "invalid_grant" }),
        "endless" => json!({ "access_token": "a", "id_token": token, "more": "x".repeat(200_000) }),
        _ => json!({ "access_token": "a", "token_type": "bearer", "id_token": token }),
    };
    let status = if lie == "refusal" { http::StatusCode::BAD_REQUEST } else { http::StatusCode::OK };
    (status, Json(answer))
}

/// Serves providers that lie, and one that is as Naver's documentation says.
async fn serve_liars() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("the port is open"));
    let naver = |profile: Value| get(move || async move { Json(profile) });
    let known = json!({
        "resultcode": "00", "message": "success",
        "response": { "id": "32742776", "email": "kim@example.kr", "nickname": "하늘", "name": "김하늘" },
    });
    let router = Router::new()
        .route("/{lie}/.well-known/openid-configuration", get(liar))
        .route("/{lie}/token", post(lying_token))
        .route("/{lie}/userinfo", get(|| async { Json(json!({ "sub": "somebody else" })) }))
        .route("/naver/oauth2.0/token", post(|| async {
            // Naver writes the number as text.
            Json(json!({ "access_token": "a", "refresh_token": "r", "token_type": "bearer", "expires_in": "3600" }))
        }))
        .route("/naver/v1/nid/me", naver(known))
        .with_state(base.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.expect("liars are served") });
    base
}

/// To `provider` and back with the nonce as the code, without a page there.
async fn short_way(browser: &mut Browser, provider: &str) -> Answer {
    let answer = browser.send(browser.request(Method::GET, &format!("/login/with/{provider}"))).await;
    let there = answer.header("location").to_owned();
    let query = there.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let of = |name: &str| {
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or("none").to_owned()
    };
    browser.get(&format!("/login/back/{provider}?state={}&code={}", of("state"), of("nonce"))).await
}

#[tokio::test]
async fn a_provider_that_lies_logs_nobody_in() {
    const LIES: [&str; 10] = [
        "issuer",
        "nonce",
        "audience",
        "expired",
        "subject",
        "userinfo",
        "tokenless",
        "garbage",
        "refusal",
        "endless",
    ];
    let base = serve_liars().await;
    let honest = std::iter::once("honest").chain(LIES);
    let providers: Vec<_> = honest.map(|lie| openid(lie, format!("{base}/{lie}"))).collect();
    let app = TestApp::start_with(|config| config.providers = providers.into()).await;

    for lie in LIES {
        let mut browser = app.visitor();
        let page = short_way(&mut browser, lie).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/login?through=failed"), "{lie}");
        assert!(!browser.cookies.contains_key("dure-arrival"), "{lie}");
    }
    assert_eq!(short_way(&mut app.visitor(), "honest").await.address, "/signup/with", "so it was the lies");
    app.finish().await;
}

#[tokio::test]
async fn naver_tells_who_somebody_is_but_not_that_the_address_is_theirs() {
    let base = serve_liars().await;
    let naver = Provider {
        protocol: Protocol::Naver {
            log_in: format!("{base}/naver"),
            profile: format!("{base}/naver/v1/nid/me"),
        },
        ..openid("naver", String::new())
    };
    let app = TestApp::start_with(|config| config.providers = [naver].into()).await;
    let mut browser = app.visitor();
    let page = short_way(&mut browser, "naver").await;
    assert_eq!(page.address, "/signup/with");
    assert_eq!(page.value_of("name").as_deref(), Some("김하늘"));

    assert_eq!(sign_up(&mut browser, "kim@example.kr").await.address, "/signup?sent=1");

    assert_eq!(short_way(&mut browser, "naver").await.address, "/", "known from now on");
    let person: String = app.ask("select subject from identities").await;
    assert_eq!(person, "32742776");
    let unconfirmed: bool = app.ask("select email_confirmed_at is null from members").await;
    assert!(unconfirmed);
    app.finish().await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_after_the_provider_too() {
    let (app, _provider) = start().await;
    let mut kim = newcomer(&app, "kim").await;
    sqlx::query(
        "insert into totp_secrets (member_id, secret, confirmed_at) select id, 'x', now() from members",
    )
    .execute(&app.state.db.pool)
    .await
    .expect("an app can be kept");
    kim.submit(LOG_OUT, &[]).await;
    assert_eq!(through(&mut kim, "", "kim").await.address, "/login/code");
    assert!(!kim.cookies.contains_key("dure"));
    app.finish().await;
}

#[tokio::test]
async fn a_suspended_member_does_not_get_in_through_a_provider_either() {
    let (app, _provider) = start().await;
    let mut kim = newcomer(&app, "kim").await;
    kim.submit(LOG_OUT, &[]).await;
    sqlx::query("update members set suspended_at = now(), suspended_why = '사칭'")
        .execute(&app.state.db.pool)
        .await
        .expect("a member can be changed");
    let page = through(&mut kim, "", "kim").await;
    assert_eq!(page.status, 403);
    assert!(page.has("사칭"));
    app.finish().await;
}

#[tokio::test]
async fn leaving_forgets_who_somebody_is_at_the_provider() {
    let (app, _provider) = start().await;
    let mut kim = newcomer(&app, "kim").await;
    kim.get("/account/close").await;
    assert_eq!(kim.call("/api/app/pages/close/close_account", &[("sure", "true")]).await.status, 200);
    assert_eq!(identities(&app).await, 0);
    assert_eq!(through(&mut kim, "", "kim").await.address, "/signup/with");
    app.finish().await;
}

#[tokio::test]
async fn a_log_in_through_a_provider_is_no_proof_of_who_one_is() {
    let (app, _provider) = start().await;
    let mut kim = newcomer(&app, "kim").await;
    kim.submit(LOG_OUT, &[]).await;
    assert_eq!(through(&mut kim, "", "kim").await.address, "/");

    assert_eq!(kim.call(CHANGE_PASSWORD, &[("next_password", PASSWORD)]).await.status, 401);

    through(&mut kim, "purpose=prove", "kim").await;
    assert_eq!(kim.call(CHANGE_PASSWORD, &[("next_password", PASSWORD)]).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn a_log_in_leads_nobody_on_to_a_provider() {
    let (app, _provider) = start().await;
    app.sign_up("김하늘", "kim@example.kr").await;
    for next in ["/login/with/acme?purpose=link", "/en/login/with/acme?purpose=link", "/login/back/acme"] {
        let mut browser = app.visitor();
        browser.get("/login").await;
        let form = [("email", "kim@example.kr"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.submit(LOG_IN, &form).await.address, "/", "{next}");
    }
    app.finish().await;
}
