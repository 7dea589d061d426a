//! Every server function is a public address: each stands in the table of its crate with who may call it,
//! and is tried by everybody.

mod accounts;
mod app;
mod deposits;
mod pledges;
mod projects;
mod refunds;
mod rewards;
mod settlement;
mod world;

use crate::harness::{Browser, TestApp};
use ::accounts::operators::Role;
pub use settlement::{BASIC, account};
use std::collections::BTreeSet;
pub use world::{World, world};

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
    /// Who has one of these roles, or is the operator.
    Operators(&'static [Role]),
}

struct Row {
    path: &'static str,
    may: May,
    /// A call that succeeds for who may call.
    fields: fn(&World) -> Fields,
    /// What that call is answered with. Some need what only a person has: a password, a code.
    answer: u16,
}

type Fields = Vec<(&'static str, String)>;

const fn row(path: &'static str, may: May, fields: fn(&World) -> Fields) -> Row {
    Row { path, may, fields, answer: 200 }
}

impl Row {
    const fn answering(self, answer: u16) -> Self {
        Self { answer, ..self }
    }
}

/// What ends the member stands last; what needs them before what logs them out.
fn table() -> impl Iterator<Item = &'static Row> {
    [
        deposits::TABLE,
        refunds::TABLE,
        settlement::TABLE,
        accounts::TABLE,
        projects::TABLE,
        rewards::TABLE,
        pledges::TABLE,
        app::TABLE,
    ]
    .into_iter()
    .flatten()
}

async fn status(browser: &Browser, row: &Row, world: &World) -> u16 {
    let fields = (row.fields)(world);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.clone().call(row.path, &fields).await.status
}

#[test]
fn every_server_function_is_listed_with_who_may_call_it() {
    let there: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let listed: BTreeSet<_> = table().map(|row| row.path).collect();

    assert_eq!(listed, there);
    assert_eq!(listed.len(), table().count(), "each is listed once");
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

    for row in table() {
        let expected = if row.may == May::Anybody { row.answer } else { 401 };
        assert_eq!(status(&app.visitor(), row, &world).await, expected, "{}", row.path);
    }
    nothing_changed(&app, &world).await;
    app.finish().await;
}

#[tokio::test]
async fn somebody_else_is_refused() {
    let app = TestApp::start().await;
    let world = world(&app).await;

    for row in table() {
        let expected = match row.may {
            May::Anybody | May::Member | May::Confirmed => continue,
            // What is not public is not even there.
            May::CreatorOfDraft
            | May::CreatorOfReviewed
            | May::BackerOfHeld
            | May::BackerOfReserved
            | May::Owner
            | May::Operators(_) => 404,
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

    for row in table().filter(|row| row.may == May::Confirmed) {
        assert_eq!(status(&world.unconfirmed, row, &world).await, 403, "{}", row.path);
    }
    for row in table().filter(|row| row.may == May::Member) {
        let expected = if row.path.ends_with("confirm_totp") { 422 } else { row.answer };
        assert_eq!(status(&world.unconfirmed, row, &world).await, expected, "{}", row.path);
    }
    app.finish().await;
}

/// A role opens what is listed for it, and closes nothing.
#[tokio::test]
async fn a_role_opens_the_functions_that_are_listed_for_it_and_no_others() {
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
        for row in table() {
            theirs.push((row.path, status(&caller, row, &world).await));
        }
        answers.push(theirs);
    }

    let member = answers.remove(0);
    for (role, theirs) in Role::ALL.into_iter().zip(answers) {
        for ((row, theirs), member) in table().zip(theirs).zip(&member) {
            let expected = match row.may {
                May::Operators(roles) if role == Role::Operator || roles.contains(&role) => row.answer,
                _ => member.1,
            };
            assert_eq!(theirs, (row.path, expected), "{role:?}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn who_may_call_a_function_is_answered() {
    let app = TestApp::start().await;

    for row in table().filter(|row| row.may != May::Anybody) {
        // Some calls end what others need.
        let world = world(&app).await;
        let caller = match row.may {
            May::Anybody | May::Member | May::Confirmed => &world.stranger,
            May::CreatorOfDraft | May::CreatorOfLive | May::CreatorOfReviewed => &world.creator,
            May::BackerOfHeld | May::BackerOfReserved | May::Owner => &world.backer,
            // Each role is tried above.
            May::Operators(_) => continue,
        };
        assert_eq!(status(caller, row, &world).await, row.answer, "{}", row.path);
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
