//! The operators' pages: who may enter them, and what they tell.

use crate::harness::TestApp;
use accounts::operators::{self, Actor, Role, audit};
use chrono::TimeDelta;
use kernel::undeliverable::{self, Report, Trouble};

const FIND_ID: &str = "/api/accounts/recover/find_id/find_id";
const CLOSE: &str = "/api/app/pages/close/close_account";

#[tokio::test]
async fn whoever_has_a_role_finds_the_way_to_the_operators_pages_and_sees_which_role_it_is() {
    let app = TestApp::start().await;
    for (role, korean, english) in [
        (Role::Operator, "운영자", "Operator"),
        (Role::Support, "고객 지원", "Support"),
        (Role::Finance, "재무", "Finance"),
    ] {
        let mut person = app.operator("이남", role).await;

        for page in ["/", "/account", "/admin"] {
            assert!(
                person.get(page).await.text.contains(r#"<a href="/admin" class="site-header__admin">운영"#),
                "{role:?} {page}"
            );
        }
        let (page, other) = (person.get("/admin").await, person.get("/en/admin").await);

        assert_eq!((page.status, other.status), (200, 200));
        assert!(page.has("한눈에 보기") && page.has(korean), "{}", page.words());
        assert!(other.has("Overview") && other.has(english), "{}", other.words());
    }
    app.finish().await;
}

#[tokio::test]
async fn for_others_the_operators_pages_are_not_there() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    for page in ["/admin", "/admin/log"] {
        assert_eq!(kim.get(page).await.status, 404, "{page}");
        let nobody = app.visitor().get(page).await;
        assert!(nobody.address.starts_with("/login?next=%2Fadmin"), "{}", nobody.address);
    }
    assert!(!kim.get("/").await.text.contains(r#"href="/admin""#));

    let mut once = app.operator("이남", Role::Support).await;
    assert_eq!(once.get("/admin").await.status, 200);
    let mut db = app.state.db.pool.acquire().await.unwrap();
    assert!(operators::revoke(&mut db, &Actor::Shell, once.id, Role::Support, app.now()).await.unwrap());

    assert_eq!(once.get("/admin").await.status, 404, "a role that was taken back opens nothing any more");
    drop(db);
    app.finish().await;
}

#[tokio::test]
async fn the_overview_tells_what_is_left_to_be_done_and_what_failed() {
    let app = TestApp::start().await;
    let mut boss = app.operator("이남", Role::Operator).await;
    assert!(boss.get("/admin").await.has("남은 작업이 없어요"));
    sqlx::query(
        "insert into jobs (kind, payload, run_at) values ('old.kind', '{}', $1), ('mail.send', '{}', $2)",
    )
    .bind(app.now())
    .bind(app.now() + TimeDelta::days(1))
    .execute(&app.state.db.pool)
    .await
    .unwrap();

    app.drain().await;

    let words = boss.get("/admin").await.words();
    // Now, later, again, given up.
    assert!(words.contains("old.kind 0 0 0 1") && words.contains("메일 보내기 0 1 0 0"), "{words}");
    assert!(
        words.contains("no worker knows the job old.kind") && words.contains("dure jobs revive"),
        "{words}"
    );
    app.abandon();
}

#[tokio::test]
async fn the_overview_counts_what_was_not_delivered() {
    let app = TestApp::start().await;
    let mut boss = app.operator("이남", Role::Finance).await;
    app.sign_up("김하늘", "kim@example.kr").await;
    let report = Report {
        email: "kim@example.kr".to_owned(),
        trouble: Trouble::Bounced,
        at: app.now(),
        reason: "unknown user".to_owned(),
    };
    let mut db = app.state.db.pool.acquire().await.unwrap();
    undeliverable::note(&mut db, &report, None).await.unwrap();
    drop(db);
    app.visitor().call(FIND_ID, &[("email", "kim@example.kr")]).await;
    app.drain().await;

    let words = boss.get("/en/admin").await.words();

    assert!(words.contains("Mails given up in the last 7 days 1"), "{words}");
    assert!(words.contains("Addresses from which mails come back 1"), "{words}");
    app.advance(TimeDelta::days(8)).await;
    let words = boss.get("/en/admin").await.words();
    assert!(words.contains("Mails given up in the last 7 days 0"), "{words}");
    app.finish().await;
}

#[tokio::test]
async fn the_log_names_who_did_what_to_whom_until_they_leave() {
    let app = TestApp::start().await;
    let mut boss = app.operator("이남", Role::Operator).await;
    let mut kim = app.sign_up("김하늘", "kim@example.kr").await;
    let park = app.member("박이슬").await;
    let (db, actor) = (&app.state.db, Actor::Member(boss.id));
    let mut connection = db.pool.acquire().await.unwrap();
    operators::grant(&mut connection, &actor, kim.id, Role::Finance, app.now()).await.unwrap();
    drop(connection);
    operators::suspend(db, &app.state.site, &actor, park.id, "<b>광고</b>를 퍼뜨렸어요").await.unwrap();

    for page in ["/admin", "/admin/log"] {
        let words = boss.get(page).await.words();
        let by = format!("이남 ({})", boss.handle);
        assert!(
            words.contains(&format!("이용 정지 · 박이슬 ({}) <b>광고</b>를 퍼뜨렸어요", park.handle)),
            "{words}"
        );
        assert!(words.contains(&format!("역할 주기 · 김하늘 ({}) 재무", kim.handle)), "{words}");
        assert!(words.contains(&by) && words.contains("서버 명령"), "{words}");
    }

    assert_eq!(kim.call(CLOSE, &[("sure", "true")]).await.status, 200);
    let words = boss.get("/admin/log").await.words();
    assert!(words.contains("역할 주기 · 탈퇴한 회원 재무") && !words.contains("김하늘"), "{words}");
    app.finish().await;
}

#[tokio::test]
async fn the_log_is_read_to_its_first_line() {
    let app = TestApp::start().await;
    let mut boss = app.operator("이남", Role::Support).await;
    let mut db = app.state.db.pool.acquire().await.unwrap();
    for n in 0..60 {
        audit(&mut db, &Actor::Shell, "tidy", &format!("shelf:{n}"), "", app.now()).await.unwrap();
    }
    drop(db);

    let newest = boss.get("/admin/log").await;
    let older = newest.between("/admin/log?before=", "\"").expect("there is more");
    let oldest = boss.get(&format!("/admin/log?before={older}")).await;

    assert!(newest.has("shelf:59") && newest.has("shelf:10") && !newest.has("shelf:9 "));
    assert!(oldest.has("shelf:9") && oldest.has("역할 주기") && !oldest.has("shelf:10"));
    assert!(newest.has("이전 기록 더 보기") && !oldest.has("이전 기록 더 보기"));
    for odd in ["x", "", "-1", "99999999999999999999"] {
        assert_eq!(boss.get(&format!("/admin/log?before={odd}")).await.status, 200, "{odd}");
    }
    app.finish().await;
}
