//! Whom and what the tables of functions and routes are tried with.

use super::accounts::address;
use crate::harness::{Choice, GOOD_CARD, Held, Person, Plan, Project, TestApp};
use kernel::{PledgeId, site::ReviewPolicy};

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
    /// An account for payouts of the creator, which nobody has checked.
    pub account: uuid::Uuid,
    /// Where a transfer can be paid in.
    pub receiving: kernel::ReceivingAccountId,
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
    let paid_to = super::settlement::account();
    let paid_to: Vec<_> = paid_to.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = creator.call("/api/settlement/account/save_payout_account", &paid_to).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let of_backer = backer.id.uuid();
    let address = app.ask_of("select id from addresses where member_id = $1", of_backer).await;
    let session = app.ask_of("select id from sessions where member_id = $1", of_backer).await;
    World {
        reset: mailed(app, "reset_password").await,
        undo: mailed(app, "undo_email").await,
        address,
        session,
        account: app.ask_of("select id from payout_accounts where member_id = $1", creator.id.uuid()).await,
        passkey: passkey_of(app, &backer).await,
        receiving: app.receiving_account().await,
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
