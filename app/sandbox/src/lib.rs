//! The sandbox: stand-ins for the parties outside. A card gateway with its own page, API and
//! books, with signed reports to its merchant, and a mailbox. Only in sandbox mode; server only.
//!
//! Tables: everything in schema `sandbox`, and nothing else. Dure reaches the gateway over HTTP with a
//! secret, as it would any other.

#![cfg(feature = "ssr")]

mod cards;
mod desk;
mod disputes;
mod gateway;
mod mailbox;
mod movements;
mod page;
mod refunds;
mod text;
mod webhooks;

use axum::Router;
use kernel::clock::Clock;
use sqlx::PgPool;

pub use cards::{Brand, Manner, TestCard};
pub use desk::Desk;
pub use mailbox::{deliver, deliver_sms};
pub use page::store_card;
pub use webhooks::{Merchant, deliver_webhooks};

/// What the sandbox's routes work with.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub pool: PgPool,
    /// The secret that the merchant shows.
    pub secret: String,
    /// The address of the site's style sheet.
    pub css: String,
    pub desk: Desk,
    /// The merchant's, so that what happens days later is days later there too.
    pub clock: Clock,
}

/// The secret that this database's sandbox gateway expects.
pub async fn merchant_secret(pool: &PgPool) -> sqlx::Result<String> {
    sqlx::query_scalar!("select secret from sandbox.merchant").fetch_one(pool).await
}

/// What seals personal data on a practice site that has no keys of its own, as `DURE_KEYS` is written.
pub async fn practice_key(pool: &PgPool) -> sqlx::Result<String> {
    let secret = sqlx::query_scalar!("select secret from sandbox.practice_key").fetch_one(pool).await?;
    Ok(format!("1:{secret}"))
}

/// All routes below `/sandbox`.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .merge(gateway::routes())
        .merge(refunds::routes())
        .merge(disputes::routes())
        .merge(movements::routes())
        .merge(page::routes())
        .merge(mailbox::routes())
        .with_state(sandbox)
}
