//! Mail over SMTP, to a real server: what leaves, and that nothing is lost or doubled.

use crate::harness::{Choice, GOOD_CARD, MailServer, PASSWORD, Plan, TestApp};
use accounts::operators::{self, Actor};
use chrono::TimeDelta;
use kernel::{
    Locale,
    outbox::{self, Message},
};
use server::{
    post::PostOffice,
    worker::{self, Hands},
};
use std::process::Command;

const SIGN_UP: &str = "/api/accounts/sign_up/sign_up";

/// The app's worker with a way to a mail server.
fn hands(app: &TestApp, server: &str, authority: Option<&[u8]>) -> Hands {
    let post =
        PostOffice::open(server, "두레 <hello@dure.example>", authority).expect("a mail server's address");
    Hands { means: app.means.clone(), post: Some(post) }
}

async fn post(app: &TestApp, key: &str) {
    let message = Message {
        key: key.to_owned(),
        member: None,
        to: "kim+tag@example.kr".to_owned(),
        locale: Locale::Ko,
        subject: "두레: 한글 제목\r\nBcc: everybody@example.kr".to_owned(),
        paragraphs: vec!["김하늘 님, 안녕하세요.".to_owned(), ".한 점으로 시작하는 줄".to_owned()],
        action: Some(("열기".to_owned(), "https://dure.example/?a=1&b=2".to_owned())),
        ..Message::default()
    };
    let mut connection = app.state.db.pool.acquire().await.expect("the database answers");
    outbox::post(&mut connection, &message, app.now()).await.expect("the database answers");
}

#[tokio::test]
async fn a_mail_leaves_whole_with_both_twins_and_the_heads_of_a_machine() {
    let app = TestApp::start().await;
    let mut server = MailServer::start(0, None).await;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{}", server.port), None);
    post(&app, "one").await;
    post(&app, "one").await;

    worker::drain(&hands, app.now()).await.unwrap();

    let mail = server.next().await.expect("it came");
    assert_eq!(mail["to"], serde_json::json!(["kim+tag@example.kr"]));
    assert_eq!(mail["subject"], "두레: 한글 제목 Bcc: everybody@example.kr");
    assert!(mail["from"].as_str().unwrap().contains("hello@dure.example"));
    let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
    assert!(
        text.contains("김하늘 님")
            && text.contains("\n.한 점으로")
            && text.contains("https://dure.example/?a=1&b=2")
    );
    assert!(html.contains("김하늘 님") && html.contains("?a=1&amp;b=2"));
    let id: uuid::Uuid = app.ask("select id from outbox").await;
    assert_eq!(mail["heads"]["message-id"], format!("Message-ID: <{id}@dure.example>"));
    assert_eq!(mail["heads"]["auto-submitted"], "Auto-Submitted: auto-generated");
    for head in ["bcc", "list-unsubscribe", "list-unsubscribe-post"] {
        assert!(mail["heads"].get(head).is_none(), "{head}");
    }
    assert_eq!(app.count("select count(*) from outbox where sent_at is not null").await, 1);
    // Nothing in it works for whoever reads our tables later, nor says to whom it went.
    let kept: String =
        app.ask("select concat(recipient, subject, text, html, unsubscribe) from outbox").await;
    assert_eq!(kept, "");
    assert!(server.is_silent().await, "posted twice, sent once");
    app.finish().await;
}

#[tokio::test]
async fn what_the_server_refuses_for_now_leaves_later_and_once() {
    let app = TestApp::start().await;
    let mut server = MailServer::start(0, None).await;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{}", server.port), None);
    server.be("later").await;
    post(&app, "one").await;

    worker::drain(&hands, app.now()).await.unwrap();
    assert_eq!(app.count("select count(*) from jobs where tries = 1 and last_error like '%451%'").await, 1);
    server.be("slow").await;
    app.set_clock(app.now() + TimeDelta::minutes(10));
    worker::drain(&hands, app.now()).await.unwrap();

    assert!(server.next().await.is_some());
    assert!(server.is_silent().await);
    assert_eq!(app.count("select count(*) from outbox where sent_at is not null").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn what_the_server_will_never_take_is_given_up_and_not_tried_again() {
    let app = TestApp::start().await;
    let mut server = MailServer::start(0, None).await;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{}", server.port), None);
    server.be("never").await;
    post(&app, "one").await;

    worker::drain(&hands, app.now()).await.unwrap();

    assert_eq!(
        app.count("select count(*) from outbox where given_up_at is not null and sent_at is null").await,
        1
    );
    assert_eq!(app.count("select count(*) from jobs").await, 0);
    assert_eq!(app.ask::<String>("select email_key from undeliverable").await, "kim+tag@example.kr");

    // Nothing more is tried at an address that is none.
    server.be("accept").await;
    post(&app, "two").await;
    worker::drain(&hands, app.now()).await.unwrap();
    assert!(server.is_silent().await);
    assert_eq!(app.count("select count(*) from outbox where given_up_at is not null").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_server_that_refuses_us_says_nothing_about_an_address() {
    let app = TestApp::start().await;
    let mut server = MailServer::start(0, None).await;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{}", server.port), None);
    server.be("policy").await;
    post(&app, "one").await;

    worker::drain(&hands, app.now()).await.unwrap();

    assert_eq!(app.count("select count(*) from outbox where given_up_at is not null").await, 1);
    assert_eq!(app.count("select count(*) from undeliverable").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_mail_that_can_be_ended_says_so_in_its_head() {
    let app = TestApp::start().await;
    let mut server = MailServer::start(0, None).await;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{}", server.port), None);
    let message = Message {
        key: "one".to_owned(),
        to: "kim@example.kr".to_owned(),
        unsubscribe: Some("https://dure.example/unsubscribe?token=abc".to_owned()),
        ..Message::default()
    };
    let mut connection = app.state.db.pool.acquire().await.unwrap();
    outbox::post(&mut connection, &message, app.now()).await.unwrap();

    worker::drain(&hands, app.now()).await.unwrap();

    let mail = server.next().await.expect("it came");
    let head = |name: &str| mail["heads"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(head("list-unsubscribe"), "List-Unsubscribe: <https://dure.example/unsubscribe?token=abc>");
    assert_eq!(head("list-unsubscribe-post"), "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    app.finish().await;
}

#[tokio::test]
async fn a_mail_server_that_goes_and_comes_back_gets_every_mail_once() {
    let app = TestApp::start().await;
    let server = MailServer::start(0, None).await;
    let port = server.port;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{port}"), None);
    drop(server);
    for n in 0..20 {
        post(&app, &format!("mail {n}")).await;
    }
    worker::drain(&hands, app.now()).await.unwrap();
    assert_eq!(app.count("select count(*) from outbox where sent_at is null").await, 20);

    let mut server = MailServer::start(port, None).await;
    app.set_clock(app.now() + TimeDelta::minutes(10));
    worker::drain(&hands, app.now()).await.unwrap();

    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let mail = server.next().await.expect("it came");
        ids.insert(mail["heads"]["message-id"].to_string());
    }
    assert_eq!(ids.len(), 20);
    assert!(server.is_silent().await);
    assert_eq!(app.count("select count(*) from outbox where sent_at is not null").await, 20);
    app.finish().await;
}

#[tokio::test]
async fn mails_are_encrypted_and_a_strange_certificate_gets_none() {
    let app = TestApp::start().await;
    let folder = std::env::temp_dir().join(format!("dure-mail-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut server = MailServer::start(0, Some((&key, &certificate))).await;
    // A slash in the password is written as in every address.
    let address = format!("smtp://postman:rings%2Ftwice@localhost:{}?tls=required", server.port);
    post(&app, "one").await;

    worker::drain(&hands(&app, &address, None), app.now()).await.unwrap();
    assert_eq!(
        app.count("select count(*) from outbox where sent_at is null").await,
        1,
        "nobody vouches for it"
    );
    app.set_clock(app.now() + TimeDelta::minutes(10));
    let authority = std::fs::read(&certificate).unwrap();
    worker::drain(&hands(&app, &address, Some(&authority)), app.now()).await.unwrap();

    assert_eq!(app.ask::<Option<String>>("select max(last_error) from jobs").await, None);
    let mail = server.next().await.expect("it came");
    assert_eq!(mail["secure"], true);
    std::fs::remove_dir_all(folder).unwrap();
    app.finish().await;
}

/// Every field that people fill in and that mails repeat, as forms take it.
#[tokio::test]
async fn no_field_of_a_form_adds_a_head_or_a_reader_to_a_mail() {
    let app = TestApp::start().await;
    let mut server = MailServer::start(0, None).await;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{}", server.port), None);
    let evil = [
        "\r\nBcc: all@evil.example",
        "\nX-Evil: 1",
        "\rX-Evil: 1",
        "\u{85}X-Evil: 1",
        "\u{2028}Bcc: all@evil.example",
        "\u{2029}\r\n\r\n<b>",
    ];
    let name = format!("김하늘{}", evil[4]);
    let form = |email: &str, name: &str| {
        [("email", email), ("password", PASSWORD), ("name", name), ("terms", "true"), ("privacy", "true")]
            .map(|(name, value)| (name, value.to_owned()))
    };
    for (n, end) in evil.iter().enumerate() {
        let mut visitor = app.visitor();
        let refused = visitor.post(SIGN_UP).form(&form(&format!("kim@example.kr{end}"), "김"));
        assert_eq!(visitor.send(refused).await.status, 303);
        let name = format!("김{end}");
        let taken = visitor.post(SIGN_UP).form(&form(&format!("kim{n}@example.kr"), &name));
        assert_eq!(visitor.send(taken).await.status, 303);
    }
    let mut creator = app.member(&name).await;
    let mut plan = Plan::with_goal(1000).reward(1000, 5);
    plan.title = format!("두레{}", evil.concat());
    let project = creator.launches(&app, &plan).await;
    let mut backer = app.member(&name).await;
    backer.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await;
    let why = format!("이유{}", evil.concat());
    assert!(
        operators::suspend(&app.state.db, &app.state.site, &Actor::Shell, creator.id, &why).await.unwrap()
    );

    worker::drain(&hands, app.now()).await.unwrap();

    let expected = app.count("select count(*) from outbox where sent_at is not null").await;
    assert_eq!(app.count("select count(*) from outbox where sent_at is null").await, 0);
    // Of the names two were refused: a line break in the middle is a space, a control character none.
    assert!(expected >= 6, "{expected} mails");
    for _ in 0..expected {
        let mail = server.next().await.expect("it came");
        let to = mail["to"].as_array().expect("readers");
        assert_eq!(to.len(), 1, "{mail}");
        assert!(to[0].as_str().is_some_and(|to| to.ends_with("@example.kr")), "{mail}");
        let heads = mail["heads"].as_object().expect("heads");
        for head in heads.keys() {
            assert!(HEADS.contains(&head.as_str()), "{head} in {mail}");
        }
    }
    assert!(server.is_silent().await);
    app.finish().await;
}

/// All that a mail of ours has.
const HEADS: [&str; 11] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];

#[tokio::test]
async fn a_mail_to_a_korean_domain_goes_to_what_mail_servers_call_it() {
    let app = TestApp::start().await;
    let mut server = MailServer::start(0, None).await;
    let hands = hands(&app, &format!("smtp://127.0.0.1:{}", server.port), None);
    let message = Message {
        key: "one".to_owned(),
        member: None,
        to: "kim@예시.한국".to_owned(),
        locale: Locale::Ko,
        subject: "두레".to_owned(),
        ..Message::default()
    };
    let mut connection = app.state.db.pool.acquire().await.expect("the database answers");
    outbox::post(&mut connection, &message, app.now()).await.expect("the database answers");

    worker::drain(&hands, app.now()).await.unwrap();

    let mail = server.next().await.expect("it came");
    assert_eq!(mail["heads"]["to"], "To: kim@xn--vv4b11d.xn--3e0b707e");
    app.finish().await;
}
