//! Every server function is a public address: each stands here with who may call it, and is tried by
//! everybody.

use crate::harness::{Browser, Choice, GOOD_CARD, Held, PASSWORD, Person, Plan, Project, TestApp};
use accounts::operators::Role;
use kernel::{PledgeId, site::ReviewPolicy};
use std::collections::BTreeSet;

/// Who may call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    Anybody,
    Member,
    /// A member with a confirmed address.
    Confirmed,
    /// The creator of a draft.
    CreatorOfDraft,
    CreatorOfLive,
    /// The creator of a project that the operator reviews.
    CreatorOfReviewed,
    /// The backer of a pledge whose card page is open.
    BackerOfHeld,
    BackerOfReserved,
    /// Whose address or session it is: here the backer.
    Owner,
}

struct Row {
    path: &'static str,
    may: May,
    /// A call that succeeds for who may call.
    fields: fn(&World) -> Vec<(&'static str, String)>,
}

const TABLE: &[Row] = &[
    Row { path: "/api/accounts/sign_up/sign_up", may: May::Anybody, fields: |_| sign_up() },
    Row { path: "/api/accounts/log_in/log_in", may: May::Anybody, fields: |_| log_in() },
    Row { path: "/api/accounts/log_out/log_out", may: May::Anybody, fields: |_| vec![] },
    Row { path: "/api/accounts/sign_up/resend_confirmation", may: May::Member, fields: |_| vec![] },
    Row {
        path: "/api/accounts/notifications/settings/save_notifications",
        may: May::Member,
        fields: |_| vec![("mail_backers", "true".into())],
    },
    Row {
        path: "/api/accounts/notifications/settings/read_notifications",
        may: May::Member,
        fields: |_| vec![("newest", kernel::NotificationId::new().to_string())],
    },
    Row { path: "/api/accounts/phone/set_phone", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/recover/find_id/find_id", may: May::Anybody, fields: |_| email() },
    Row { path: "/api/accounts/recover/reset/request_reset", may: May::Anybody, fields: |_| email() },
    // Whoever holds the mailed link.
    Row { path: "/api/accounts/confirm/confirm_email", may: May::Anybody, fields: |_| vec![] },
    Row { path: "/api/accounts/security/email/confirm_change", may: May::Anybody, fields: |_| vec![] },
    Row { path: "/api/accounts/factor/undo/undo_factor", may: May::Anybody, fields: |_| vec![] },
    Row {
        path: "/api/accounts/recover/reset/reset_password",
        may: May::Anybody,
        fields: |w| vec![("token", w.reset.clone()), ("password", PASSWORD.into())],
    },
    Row {
        path: "/api/accounts/security/email/undo_email",
        may: May::Anybody,
        fields: |w| vec![("token", w.undo.clone())],
    },
    Row { path: "/api/accounts/factor/step/second_factor", may: May::Anybody, fields: |_| code() },
    Row { path: "/api/accounts/profile/edit/edit_profile", may: May::Member, fields: |_| profile() },
    Row { path: "/api/accounts/profile/picture/remove_picture", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/security/prove/prove", may: May::Member, fields: |_| vec![] },
    Row {
        path: "/api/accounts/security/password/change_password",
        may: May::Member,
        fields: |_| vec![("next_password", "조용한 바다 위 노란 배".into())],
    },
    Row { path: "/api/accounts/security/email/change_email", may: May::Member, fields: |_| email() },
    Row { path: "/api/accounts/security/sessions/end_other_sessions", may: May::Member, fields: |_| vec![] },
    Row {
        path: "/api/accounts/security/sessions/end_session",
        may: May::Owner,
        fields: |w| vec![("session", w.session.to_string())],
    },
    // Out to a provider and back: the site under test has none.
    Row { path: "/api/accounts/through/leave/leave_for", may: May::Anybody, fields: |_| provider() },
    Row { path: "/api/accounts/through/come_back/come_back", may: May::Anybody, fields: |_| provider() },
    Row { path: "/api/accounts/through/arrive/sign_up_through", may: May::Anybody, fields: |_| vec![] },
    Row { path: "/api/accounts/through/arrive/link_arrival", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/through/linked/unlink_provider", may: May::Owner, fields: |_| provider() },
    Row { path: "/api/accounts/factor/passkeys/begin_passkey", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/factor/passkeys/add_passkey", may: May::Member, fields: |_| passkey() },
    Row {
        path: "/api/accounts/factor/passkeys/remove_passkey",
        may: May::Owner,
        fields: |w| vec![("passkey", w.passkey.to_string())],
    },
    Row {
        path: "/api/accounts/factor/by_passkey/begin_passkey_log_in",
        may: May::Anybody,
        fields: |_| vec![],
    },
    Row {
        path: "/api/accounts/factor/by_passkey/log_in_by_passkey",
        may: May::Anybody,
        fields: |_| passkey(),
    },
    Row { path: "/api/accounts/factor/by_passkey/prove_by_passkey", may: May::Member, fields: |_| passkey() },
    Row { path: "/api/accounts/factor/recovery/keep_recovery_codes", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/factor/recovery/renew_recovery_codes", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/factor/totp/remove_totp", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/factor/totp/begin_totp", may: May::Member, fields: |_| vec![] },
    Row { path: "/api/accounts/factor/totp/confirm_totp", may: May::Member, fields: |_| code() },
    Row { path: "/api/accounts/addresses/book/add_address", may: May::Member, fields: |_| address() },
    Row {
        path: "/api/accounts/addresses/book/set_default_address",
        may: May::Owner,
        fields: |w| vec![("address", w.address.to_string())],
    },
    Row {
        path: "/api/accounts/addresses/book/remove_address",
        may: May::Owner,
        fields: |w| vec![("address", w.address.to_string())],
    },
    Row { path: "/api/projects/draft/create_project", may: May::Member, fields: |_| project_form() },
    Row {
        path: "/api/projects/draft/edit_project",
        may: May::CreatorOfDraft,
        fields: |w| edit_form(&w.draft),
    },
    Row {
        path: "/api/projects/editor/preview_story",
        may: May::Member,
        fields: |_| vec![("story", "# 가".into())],
    },
    Row { path: "/api/projects/editor/preview_project", may: May::Member, fields: |_| project_form() },
    Row {
        path: "/api/projects/review/withdraw_project",
        may: May::CreatorOfReviewed,
        fields: |w| slug(&w.reviewed),
    },
    Row { path: "/api/projects/launch/launch_project", may: May::CreatorOfDraft, fields: |w| slug(&w.draft) },
    Row { path: "/api/projects/cancel/cancel_project", may: May::CreatorOfLive, fields: |w| sure(&w.live) },
    Row { path: "/api/projects/cover/remove_cover", may: May::CreatorOfLive, fields: |w| slug(&w.live) },
    Row { path: "/api/rewards/manage/add_reward", may: May::CreatorOfLive, fields: |w| reward_form(&w.live) },
    Row {
        path: "/api/rewards/manage/edit_reward",
        may: May::CreatorOfDraft,
        fields: |w| edit_reward(&w.draft),
    },
    Row { path: "/api/rewards/manage/remove_reward", may: May::CreatorOfDraft, fields: |w| reward(&w.draft) },
    Row { path: "/api/pledges/place/place_pledge", may: May::Confirmed, fields: |w| pledge_form(&w.live) },
    Row {
        path: "/api/pledges/resume/resume_pledge",
        may: May::BackerOfHeld,
        fields: |w| pledge(w.held.pledge),
    },
    Row {
        path: "/api/pledges/cancel/cancel_pledge",
        may: May::BackerOfReserved,
        fields: |w| pledge(w.reserved),
    },
    // The last one: after it the member is nobody.
    Row {
        path: "/api/app/pages/close/close_account",
        may: May::Member,
        fields: |_| vec![("sure", "true".into())],
    },
];

fn sign_up() -> Vec<(&'static str, String)> {
    let password = crate::harness::PASSWORD.to_owned();
    let form = [("email", "new@example.kr"), ("name", "새 사람"), ("terms", "true"), ("privacy", "true")];
    form.map(|(name, value)| (name, value.to_owned())).into_iter().chain([("password", password)]).collect()
}

fn log_in() -> Vec<(&'static str, String)> {
    vec![("email", "nobody@example.kr".to_owned()), ("password", "아무도 모르는 말".to_owned())]
}

fn project_form() -> Vec<(&'static str, String)> {
    vec![("title", "새 프로젝트".to_owned()), ("category", "crafts".to_owned())]
}

fn edit_form(project: &Project) -> Vec<(&'static str, String)> {
    let mut form = project_form();
    form.extend([("slug", project.slug.clone()), ("version", "1".to_owned())]);
    form
}

fn email() -> Vec<(&'static str, String)> {
    vec![("email", "wer@example.kr".to_owned())]
}

fn provider() -> Vec<(&'static str, String)> {
    vec![("provider", "acme".to_owned())]
}

fn passkey() -> Vec<(&'static str, String)> {
    ["name", "ceremony", "answer"].map(|name| (name, "x".to_owned())).to_vec()
}

fn code() -> Vec<(&'static str, String)> {
    vec![("code", "123456".to_owned())]
}

fn profile() -> Vec<(&'static str, String)> {
    let unique = kernel::FormKey::new().uuid().simple().to_string();
    vec![("name", "새 이름".to_owned()), ("handle", format!("new_{}", &unique[20..]))]
}

fn address() -> Vec<(&'static str, String)> {
    [("recipient", "김보람"), ("phone", "02-123-4567"), ("postcode", "04524"), ("road", "세종대로 110")]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
}

/// What a call with [`Row::fields`] is answered with when its caller may call it. Some need what only a
/// person has: a password, a code.
fn answer_of(row: &Row) -> u16 {
    match row.path.rsplit('/').next().unwrap_or_default() {
        "log_in" | "prove" => 422,
        "second_factor" => 403,
        // The tests' site has no name that passkeys could belong to.
        "begin_passkey"
        | "begin_passkey_log_in"
        | "add_passkey"
        | "log_in_by_passkey"
        | "prove_by_passkey" => 422,
        "leave_for" | "come_back" => 404,
        // Nobody came from a provider.
        "sign_up_through" | "link_arrival" => 403,
        // Without a link.
        "confirm_email" | "confirm_change" | "undo_factor" => 410,
        // There is no second factor.
        "renew_recovery_codes" => 404,
        // Nothing was begun, or the code is wrong.
        "confirm_totp" => 404,
        _ => 200,
    }
}

fn slug(project: &Project) -> Vec<(&'static str, String)> {
    vec![("slug", project.slug.clone())]
}

fn sure(project: &Project) -> Vec<(&'static str, String)> {
    vec![("slug", project.slug.clone()), ("sure", "true".to_owned())]
}

fn reward_form(project: &Project) -> Vec<(&'static str, String)> {
    let delivery = project.deadline.format("%Y-%m").to_string();
    vec![
        ("slug", project.slug.clone()),
        ("title", "찻잔".to_owned()),
        ("price", "1000".to_owned()),
        ("delivery", delivery),
    ]
}

fn reward(project: &Project) -> Vec<(&'static str, String)> {
    vec![("slug", project.slug.clone()), ("reward", project.rewards[0].to_string())]
}

fn edit_reward(project: &Project) -> Vec<(&'static str, String)> {
    let mut form = reward_form(project);
    form.push(("reward", project.rewards[0].to_string()));
    form
}

fn pledge_form(project: &Project) -> Vec<(&'static str, String)> {
    Choice::support(1000).fields(project, &kernel::FormKey::new().to_string())
}

fn pledge(id: PledgeId) -> Vec<(&'static str, String)> {
    vec![("pledge", id.to_string())]
}

/// A creator with a draft and a live project, a backer with a held and a reserved pledge, and people
/// who have nothing to do with them.
pub struct World {
    pub creator: Person,
    pub backer: Person,
    pub stranger: Person,
    pub unconfirmed: Person,
    pub draft: Project,
    pub live: Project,
    pub reviewed: Project,
    pub held: Held,
    pub reserved: PledgeId,
    /// The secrets of links that were mailed to somebody else again.
    pub reset: String,
    pub undo: String,
    /// Of the backer.
    pub address: uuid::Uuid,
    pub session: uuid::Uuid,
    pub passkey: uuid::Uuid,
    /// Of the draft.
    pub cover: uuid::Uuid,
}

/// A passkey of a member, which no device has.
async fn passkey_of(app: &TestApp, member: &Person) -> uuid::Uuid {
    let id = uuid::Uuid::now_v7();
    sqlx::query("insert into passkeys (id, member_id, credential_id, key, name, added_at) values ($1, $2, $3, '{}', 'x', now())")
        .bind(id)
        .bind(member.id.uuid())
        .bind(id.as_bytes().as_slice())
        .execute(&app.state.db.pool)
        .await
        .expect("a passkey can be kept");
    id
}

/// A link of this purpose to somebody who is not in the world otherwise.
async fn mailed(app: &TestApp, purpose: &str) -> String {
    let member = app.member("먼 사람").await;
    let (secret, hash) = kernel::token::fresh();
    sqlx::query(
        "insert into mailed_tokens (token_hash, member_id, purpose, email, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $5::timestamptz + interval '10 minutes')",
    )
    .bind(hash)
    .bind(member.id.uuid())
    .bind(purpose)
    .bind(format!("{}@before.example", member.handle))
    .bind(app.now())
    .execute(&app.state.db.pool)
    .await
    .expect("a link can be kept");
    secret
}

pub async fn world(app: &TestApp) -> World {
    let (mut creator, mut backer) = (app.member("김창작").await, app.member("박후원").await);
    sqlx::query("insert into identities (provider, subject, member_id, linked_at) values ('acme', $1::text, $1, now())")
        .bind(backer.id.uuid())
        .execute(&app.state.db.pool)
        .await
        .expect("somebody can be known at a provider");
    let unconfirmed = app.member("새 사람").await;
    sqlx::query("update members set email_confirmed_at = null where id = $1")
        .bind(unconfirmed.id.uuid())
        .execute(&app.state.db.pool)
        .await
        .expect("a member can be changed");
    let draft = creator.drafts(app, &Plan::with_goal(1000).reward(1000, 5)).await;
    creator.get(&draft.studio("")).await;
    let cover = crate::routes::cover(app, &mut creator, &draft.studio("/cover")).await;
    let live = creator.launches(app, &Plan::with_goal(1000)).await;
    let reserved = backer.pledges(&live, &Choice::support(700), GOOD_CARD).await;
    let reviewed = creator.drafts(app, &Plan::with_goal(1000)).await;
    projects::submit(&app.state.db, creator.id, reviewed.id, ReviewPolicy::Operator)
        .await
        .expect("the draft is whole");
    let held = backer.holds(&live, &Choice::support(500)).await;
    let own = address();
    let own: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let added = backer.call("/api/accounts/addresses/book/add_address", &own).await;
    assert_eq!(added.status, 200, "{}", added.text);
    let of_backer = backer.id.uuid();
    let address = app.ask_of("select id from addresses where member_id = $1", of_backer).await;
    let session = app.ask_of("select id from sessions where member_id = $1", of_backer).await;
    World {
        reset: mailed(app, "reset_password").await,
        undo: mailed(app, "undo_email").await,
        address,
        session,
        passkey: passkey_of(app, &backer).await,
        cover,
        stranger: app.member("이남").await,
        creator,
        backer,
        unconfirmed,
        draft,
        live,
        reviewed,
        held,
        reserved,
    }
}

async fn status(browser: &Browser, row: &Row, world: &World) -> u16 {
    let fields = (row.fields)(world);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.clone().call(row.path, &fields).await.status
}

#[test]
fn every_server_function_is_listed_with_who_may_call_it() {
    let there: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let listed: BTreeSet<_> = TABLE.iter().map(|row| row.path).collect();

    assert_eq!(listed, there);
    assert_eq!(listed.len(), TABLE.len(), "each is listed once");
}

#[test]
fn no_server_function_can_be_called_by_following_a_link() {
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, http::Method::POST, "{path}");
    }
}

#[tokio::test]
async fn nobody_calls_what_is_for_members() {
    let app = TestApp::start().await;
    let world = world(&app).await;

    for row in TABLE {
        let expected = if row.may == May::Anybody { answer_of(row) } else { 401 };
        assert_eq!(status(&app.visitor(), row, &world).await, expected, "{}", row.path);
    }
    nothing_changed(&app, &world).await;
    app.finish().await;
}

#[tokio::test]
async fn somebody_else_is_refused() {
    let app = TestApp::start().await;
    let world = world(&app).await;

    for row in TABLE {
        let expected = match row.may {
            May::Anybody | May::Member | May::Confirmed => continue,
            // What is not public is not even there.
            May::CreatorOfDraft
            | May::CreatorOfReviewed
            | May::BackerOfHeld
            | May::BackerOfReserved
            | May::Owner => 404,
            May::CreatorOfLive => 403,
        };
        assert_eq!(status(&world.stranger, row, &world).await, expected, "{}", row.path);
        // Nor does the one help with the other's things.
        let other = match row.may {
            May::CreatorOfDraft | May::CreatorOfLive | May::CreatorOfReviewed => &world.backer,
            _ => &world.creator,
        };
        assert_eq!(status(other, row, &world).await, expected, "{}", row.path);
    }
    nothing_changed(&app, &world).await;
    app.finish().await;
}

#[tokio::test]
async fn a_member_without_a_confirmed_address_is_told_to_confirm_it() {
    let app = TestApp::start().await;
    let world = world(&app).await;

    for row in TABLE.iter().filter(|row| row.may == May::Confirmed) {
        assert_eq!(status(&world.unconfirmed, row, &world).await, 403, "{}", row.path);
    }
    for row in TABLE.iter().filter(|row| row.may == May::Member) {
        let expected = if row.path.ends_with("confirm_totp") { 422 } else { answer_of(row) };
        assert_eq!(status(&world.unconfirmed, row, &world).await, expected, "{}", row.path);
    }
    app.finish().await;
}

/// Operators have no functions yet: a role opens nothing, and closes nothing.
#[tokio::test]
async fn a_role_opens_no_function_that_a_member_may_not_call() {
    let app = TestApp::start().await;
    let mut answers = Vec::new();

    for role in [None].into_iter().chain(Role::ALL.map(Some)) {
        // What works once is there for each of them.
        let world = world(&app).await;
        let caller = match role {
            Some(role) => app.operator("이남", role).await,
            None => app.member("이남").await,
        };
        let mut theirs = Vec::new();
        for row in TABLE {
            theirs.push((row.path, status(&caller, row, &world).await));
        }
        answers.push(theirs);
    }

    let member = answers.remove(0);
    for (role, theirs) in Role::ALL.into_iter().zip(answers) {
        assert_eq!(theirs, member, "{role:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn who_may_call_a_function_is_answered() {
    let app = TestApp::start().await;

    for row in TABLE.iter().filter(|row| row.may != May::Anybody) {
        // Some calls end what others need.
        let world = world(&app).await;
        let caller = match row.may {
            May::Anybody | May::Member | May::Confirmed => &world.stranger,
            May::CreatorOfDraft | May::CreatorOfLive | May::CreatorOfReviewed => &world.creator,
            May::BackerOfHeld | May::BackerOfReserved | May::Owner => &world.backer,
        };
        assert_eq!(status(caller, row, &world).await, answer_of(row), "{}", row.path);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cover_is_uploaded_by_the_creator_alone() {
    let app = TestApp::start().await;
    let mut world = world(&app).await;
    let picture = crate::pictures::png(600, 300);

    for (project, refused) in [(&world.draft, 404), (&world.live, 403)] {
        let action = project.studio("/cover");
        assert_eq!(world.stranger.upload(&action, "picture", &picture).await.status, refused);
        let nobody = app.visitor().upload(&action, "picture", &picture).await;
        assert!(nobody.address.starts_with("/login?next="), "{}", nobody.address);
    }

    assert_eq!(app.count("select count(*) from pictures").await, 1);
    app.finish().await;
}

async fn nothing_changed(app: &TestApp, world: &World) {
    assert_eq!(app.project_state(world.draft.id).await, "draft");
    assert_eq!(app.project_state(world.live.id).await, "live");
    assert_eq!(app.project_state(world.reviewed.id).await, "in_review");
    assert_eq!(app.pledge_state(world.held.pledge).await, "held");
    assert_eq!(app.pledge_state(world.reserved).await, "reserved");
    assert_eq!(app.count("select count(*) from projects").await, 3);
    assert_eq!(app.count("select count(*) from rewards").await, 1);
    assert_eq!(app.count("select count(*) from pledges").await, 2);
    assert_eq!(app.count("select sum(version) from projects").await, 3);
}
