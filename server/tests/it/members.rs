//! Profile, address book, leaving, and operators.

use crate::harness::{Choice, GOOD_CARD, PASSWORD, Plan, TestApp};
use accounts::operators::{self, Actor, AuditLine, Role};
use serde_json::Value;

const EDIT_PROFILE: &str = "/api/accounts/profile/edit/edit_profile";
const ADD_ADDRESS: &str = "/api/accounts/addresses/book/add_address";
const REMOVE_ADDRESS: &str = "/api/accounts/addresses/book/remove_address";
const CLOSE: &str = "/api/app/pages/close/close_account";
const LOG_IN: &str = "/api/accounts/log_in/log_in";

#[tokio::test]
async fn a_profile_is_shown_and_a_former_id_leads_to_the_new_one() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    let (mut park, before) = (app.member("박이슬").await, kim.handle.clone());
    let form = [
        ("name", "김하늘빛"),
        ("handle", "Sky_Light"),
        ("introduction", "차를 덖어요.\r\n<b>반가워요</b>"),
        ("links", "https://sky.example/tea"),
    ];
    kim.get("/account/profile").await;
    let saved = kim.submit(EDIT_PROFILE, &form).await;
    assert!(saved.has("저장했어요"), "{:?}", saved.alerts());

    let page = app.page("/people/sky_light").await;
    assert!(page.has("김하늘빛") && page.has("차를 덖어요.") && page.has("&lt;b&gt;반가워요"));
    assert!(page.has("rel=\"nofollow ugc noopener noreferrer\""));
    let moved = app.page(&format!("/people/{before}")).await;
    assert_eq!((moved.status, moved.address.as_str()), (200, "/people/sky_light"));

    // Neither an ID that somebody has nor one that somebody had can be taken, but by its former owner.
    park.get("/account/profile").await;
    for taken in ["sky_light", before.as_str(), "admin"] {
        let refused = park.submit(EDIT_PROFILE, &[("name", "박이슬"), ("handle", taken)]).await;
        assert_eq!((refused.status, refused.field_error("handle").is_some()), (422, true), "{taken}");
        assert_eq!(refused.value_of("handle").as_deref(), Some(taken));
    }
    let back = kim.submit(EDIT_PROFILE, &[("name", "김하늘"), ("handle", &before)]).await;
    assert!(back.has("저장했어요"));
    assert_eq!(app.page("/people/sky_light").await.address, format!("/people/{before}"));
    app.finish().await;
}

#[tokio::test]
async fn what_somebody_backed_is_shown_only_if_they_wish_it() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut kim = app.member("김하늘").await;
    kim.pledges(&project, &Choice::support(500), GOOD_CARD).await;
    let page = format!("/people/{}", kim.handle);
    assert!(!app.page(&page).await.has(&project.page()));

    let (name, handle) = ("김하늘", kim.handle.clone());
    kim.get("/account/profile").await;
    kim.submit(EDIT_PROFILE, &[("name", name), ("handle", &handle), ("shows_backed", "true")]).await;

    assert!(app.page(&page).await.has(&project.page()));
    app.finish().await;
}

#[tokio::test]
async fn two_people_who_want_one_id_at_the_same_instant_do_not_both_get_it() {
    let app = TestApp::start().await;
    let (mut kim, mut park) = (app.member("김하늘").await, app.member("박이슬").await);
    let form = |name| [("name", name), ("handle", "wanted_id")];
    let (one, two) = (form("김하늘"), form("박이슬"));

    let (first, second) = tokio::join!(kim.call(EDIT_PROFILE, &one), park.call(EDIT_PROFILE, &two));

    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    app.finish().await;
}

#[tokio::test]
async fn addresses_are_sealed_in_the_database_and_shown_to_their_owner() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    kim.get("/account/addresses").await;
    let wrong = [("recipient", "김하늘"), ("phone", "전화"), ("postcode", "123"), ("road", "")];
    let refused = kim.submit(ADD_ADDRESS, &wrong).await;
    assert_eq!(refused.status, 422);
    for field in ["phone", "postcode", "road"] {
        assert!(refused.field_error(field).is_some(), "{field}");
    }
    assert_eq!(refused.value_of("recipient").as_deref(), Some("김하늘"));

    let korean = [
        ("recipient", "김하늘"),
        ("phone", "010-1234-5678"),
        ("postcode", "04524"),
        ("road", "서울 중구 세종대로 110"),
        ("detail", "3층"),
    ];
    kim.submit(ADD_ADDRESS, &korean).await;
    let abroad = [
        ("recipient", "Sky Kim"),
        ("phone", "+1 415 555 2671"),
        ("postcode", "94103"),
        ("road", "1 Market St"),
        ("city", "San Francisco"),
        ("region", "CA"),
        ("country", "us"),
    ];
    let page = kim.submit(ADD_ADDRESS, &abroad).await;

    for shown in
        ["(04524) 서울 중구 세종대로 110", "3층", "010-1234-5678", "San Francisco, CA, 94103", "미국"]
    {
        assert!(page.has(shown), "{shown}");
    }
    let rows: Vec<Vec<u8>> = app.ask("select array_agg(sealed) from addresses").await;
    for part in ["세종대로", "Market", "1234"] {
        assert!(
            rows.iter().all(|row| !row.windows(part.len()).any(|bytes| bytes == part.as_bytes())),
            "{part}"
        );
    }
    let default: uuid::Uuid = app.ask("select id from addresses where is_default").await;
    let left = kim.submit(REMOVE_ADDRESS, &[("address", &default.to_string())]).await;
    assert!(!left.has("세종대로") && left.has("기본 배송지"));
    assert!(!left.has("기본 배송지로"), "the one that is left is the default");
    app.finish().await;
}

#[tokio::test]
async fn leaving_cancels_what_is_open_erases_the_person_and_keeps_the_books() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000).reward(500, 3)).await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let pledge = kim.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await;
    kim.drafts(&app, &Plan::with_goal(700).reward(100, 1)).await;
    kim.call("/api/accounts/phone/set_phone", &[("phone", "010-9876-5432")]).await;
    let address = [
        ("recipient", "김하늘"),
        ("phone", "010-1234-5678"),
        ("postcode", "04524"),
        ("road", "세종대로 110"),
    ];
    kim.call(ADD_ADDRESS, &address).await;
    let mut connection = app.state.db.pool.acquire().await.unwrap();
    operators::grant(&mut connection, &Actor::Shell, kim.id, Role::Finance, app.now()).await.unwrap();
    drop(connection);
    let data: Value = serde_json::from_str(&kim.get("/account/data.json").await.text).expect("JSON");
    assert_eq!(data["account"]["person"]["email"], "kim@example.kr");
    assert_eq!(data["account"]["person"]["last_log_in"]["by"], "password");
    assert_eq!(data["account"]["roles"][0]["role"], "finance");
    assert_eq!(data["addresses"][0]["address"]["road"], "세종대로 110");
    assert_eq!(data["phone"], "+821098765432");
    assert_eq!(data["pledges"][0]["total_minor"], 500);
    assert_eq!(data["projects"][0]["state"], "draft");

    let page = kim.get("/account/close").await;
    assert!(page.has("후원 1건을 취소해요") && page.has("초안 1개를 지워요"), "{}", page.words());
    assert_eq!(kim.submit(CLOSE, &[]).await.status, 422);
    let closed = kim.submit(CLOSE, &[("sure", "true")]).await;
    assert!(closed.has("탈퇴했어요"), "{}", closed.words());

    assert_eq!(app.pledge_state(pledge).await, "canceled");
    assert_eq!(app.count("select taken::bigint from rewards where price_minor = 500").await, 0);
    assert_eq!(kim.get("/account").await.address, "/login?next=%2Faccount");
    let again = [("email", "kim@example.kr"), ("password", PASSWORD), ("next", "")];
    assert_eq!(app.visitor().call(LOG_IN, &again).await.status, 422);
    assert_eq!(app.page(&format!("/people/{}", kim.handle)).await.status, 404);
    let mails = app.mails("kim@example.kr").await;
    assert_eq!(mails[0].subject, "두레: 탈퇴했어요");
    // Nothing in our own tables names them: not the row, not what waited, not what was sent.
    for table in ["members", "outbox", "sessions", "mailed_tokens", "stashed_forms", "jobs", "projects"] {
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select count(*) from {table} t where t::text ~ '김하늘|kim@example|98765432|{}'",
            kim.handle
        )))
        .fetch_one(&app.state.db.pool)
        .await
        .expect("the table can be read");
        assert_eq!(found, 0, "{table}");
    }
    app.sign_up("김하늘", "kim@example.kr").await;
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_begun_in_the_name_of_somebody_who_leaves_meanwhile() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;
    let mut kim = app.member("김하늘").await;
    let leaver = kim.id;
    // The leaving has locked the row and is not done; a pledge of another tab waits for it.
    let mut leaving = app.state.db.pool.begin().await.unwrap();
    accounts::close::lock(&mut leaving, kim.id).await.unwrap();
    let form = Choice::support(500).fields(&project, &kernel::FormKey::new().to_string());
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let end = async {
        app.until_somebody_waits().await;
        accounts::close::erase(&mut leaving, leaver, app.now()).await.unwrap();
        leaving.commit().await.unwrap();
    };
    let (pledged, ()) = tokio::join!(kim.call("/api/pledges/place/place_pledge", &form), end);

    assert_eq!(pledged.status, 401, "{}", pledged.text);
    assert_eq!(app.count("select count(*) from pledges").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_written_about_somebody_who_leaves_meanwhile() {
    for (action, form) in [
        (
            ADD_ADDRESS,
            &[
                ("recipient", "김하늘"),
                ("phone", "010-1234-5678"),
                ("postcode", "04524"),
                ("road", "서울 중구 세종대로 110"),
                ("country", "kr"),
            ][..],
        ),
        ("/api/accounts/phone/set_phone", &[("phone", "010-9876-5432")]),
        ("/api/accounts/profile/edit/edit_profile", &[("name", "김바다"), ("handle", "kim_bada")]),
    ] {
        let app = TestApp::start().await;
        let mut kim = app.member("김하늘").await;
        let leaver = kim.id;
        let mut leaving = app.state.db.pool.begin().await.unwrap();
        accounts::close::lock(&mut leaving, leaver).await.unwrap();
        let end = async {
            app.until_somebody_waits().await;
            accounts::close::erase(&mut leaving, leaver, app.now()).await.unwrap();
            leaving.commit().await.unwrap();
        };

        let (written, ()) = tokio::join!(kim.call(action, form), end);

        assert_eq!(written.status, 401, "{action}: {}", written.text);
        assert_eq!(app.count("select count(*) from addresses").await, 0);
        let named =
            "select count(*) from members where closed_at is not null and (phone is not null or name <> '')";
        assert_eq!(app.count(named).await, 0, "{action}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_running_project_stands_in_the_way_of_leaving() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.launches(&app, &Plan::with_goal(1000)).await;

    let page = kim.get("/account/close").await;
    assert!(page.has("프로젝트가 진행되고 있어요") && !page.has(CLOSE), "{}", page.words());
    assert_eq!(kim.call(CLOSE, &[("sure", "true")]).await.status, 409);

    assert_eq!(app.project_state(project.id).await, "live");
    assert_eq!(app.count("select count(*) from members where closed_at is not null").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_suspended_member_is_logged_out_told_why_and_let_in_again() {
    let app = TestApp::start().await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let (db, site) = (&app.state.db, &app.state.site);

    assert!(operators::suspend(db, &app.state.site, &Actor::Shell, kim.id, "가짜 후기").await.unwrap());
    assert!(!operators::suspend(db, &app.state.site, &Actor::Shell, kim.id, "again").await.unwrap());

    assert_eq!(kim.get("/account").await.address, "/login?next=%2Faccount");
    assert!(app.mails("kim@example.kr").await[0].text.contains("이유: 가짜 후기"));
    kim.get("/login").await;
    let form = [("email", "kim@example.kr"), ("password", PASSWORD), ("next", "")];
    let refused = kim.submit(LOG_IN, &form).await;
    assert_eq!(refused.status, 403);
    assert!(refused.alerts().iter().any(|alert| alert.contains("가짜 후기")));
    // Only who knows the password learns that.
    let guess = [("email", "kim@example.kr"), ("password", "틀린 비밀번호예요"), ("next", "")];
    assert_eq!(app.visitor().call(LOG_IN, &guess).await.status, 422);

    assert!(operators::readmit(db, site, &Actor::Shell, kim.id).await.unwrap());
    assert_eq!(kim.call(LOG_IN, &form).await.status, 200);
    let log = AuditLine::last(&db.pool, None, 10).await.unwrap();
    let actions: Vec<_> = log.iter().map(|line| (line.actor.as_str(), line.action.as_str())).collect();
    assert_eq!(actions, [("shell", "readmit"), ("shell", "suspend")]);
    app.finish().await;
}

#[tokio::test]
async fn roles_are_granted_and_revoked_and_the_log_of_it_cannot_be_changed() {
    let app = TestApp::start().await;
    let kim = app.member("김하늘").await;
    let db = &app.state.db;
    let mut connection = db.pool.acquire().await.unwrap();

    assert!(operators::grant(&mut connection, &Actor::Shell, kim.id, Role::Finance, db.now()).await.unwrap());
    assert!(
        !operators::grant(&mut connection, &Actor::Shell, kim.id, Role::Finance, db.now()).await.unwrap()
    );
    assert_eq!(operators::roles_of(&db.pool, kim.id).await.unwrap(), [Role::Finance]);
    assert!(
        operators::revoke(&mut connection, &Actor::Shell, kim.id, Role::Finance, db.now()).await.unwrap()
    );
    assert!(operators::roles_of(&db.pool, kim.id).await.unwrap().is_empty());

    for change in ["update audit_log set actor = 'x'", "delete from audit_log", "truncate audit_log"] {
        let program = sqlx::query(change).execute(&mut *connection).await;
        let owner = sqlx::query(change).execute(&mut app.database.owner().await).await;
        assert!(program.is_err() && owner.is_err(), "{change}");
    }
    drop(connection);
    assert_eq!(app.count("select count(*) from audit_log").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn browsers_dead_requests_and_words_of_mails_are_forgotten_by_age() {
    let app = TestApp::start().await;
    app.member("김하늘").await;
    let db = &app.state.db;
    for written in [
        "insert into devices (token_hash, member_id, seen_at)
         select 'old', id, $1::timestamptz - interval '366 days' from members",
        "insert into devices (token_hash, member_id, seen_at)
         select 'new', id, $1::timestamptz - interval '364 days' from members",
        "insert into jobs (kind, payload, run_at, dead_at)
         values ('account.mail_id', '{}', $1, $1::timestamptz - interval '31 days'),
                ('pledge.charge', '{}', $1, $1::timestamptz - interval '31 days')",
        "insert into outbox (id, key, recipient, locale, subject, text, html, created_at)
         values (gen_random_uuid(), 'old', 'kim@example.kr', 'ko', 'A', 'B', 'C', $1::timestamptz - interval '31 days'),
                (gen_random_uuid(), 'new', 'kim@example.kr', 'ko', 'A', 'B', 'C', $1)",
    ] {
        sqlx::query(written).bind(app.now()).execute(&db.pool).await.unwrap();
    }

    accounts::store::sweep(db).await.unwrap();
    kernel::outbox::sweep(&db.pool, app.now()).await.unwrap();

    assert_eq!(app.count("select count(*) from devices where token_hash = 'old'").await, 0);
    assert_eq!(app.count("select count(*) from devices where token_hash = 'new'").await, 1);
    assert_eq!(
        app.ask::<String>("select string_agg(kind, ' ') from jobs where dead_at is not null").await,
        "pledge.charge"
    );
    let words = "select string_agg(recipient || subject || text || html, '|' order by key desc) from outbox where key in ('old', 'new')";
    assert_eq!(app.ask::<String>(words).await, "|kim@example.krABC");
    // A dead job is a fault of the books, which are looked at in the end.
    sqlx::query("delete from jobs where dead_at is not null").execute(&db.pool).await.unwrap();
    app.finish().await;
}
