//! The sandbox: stand-ins for the parties outside. A card gateway with its own page, API and
//! books, and a mailbox. Only in sandbox mode; server only.
//!
//! Tables: everything in schema `sandbox`, and nothing else. Dure reaches the gateway over HTTP with a
//! secret, as it would any other.

#![cfg(feature = "ssr")]

mod cards;
mod gateway;
mod mailbox;
mod page;
mod text;

use axum::Router;
use sqlx::PgPool;

pub use cards::{Brand, Manner, TestCard};
pub use mailbox::deliver;
pub use page::store_card;

/// What the sandbox's routes work with.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub pool: PgPool,
    /// The secret that the merchant shows.
    pub secret: String,
    /// The address of the site's style sheet.
    pub css: String,
}

/// The secret that this database's sandbox gateway expects.
pub async fn merchant_secret(pool: &PgPool) -> sqlx::Result<String> {
    sqlx::query_scalar!("select secret from sandbox.merchant").fetch_one(pool).await
}

/// All routes below `/sandbox`.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new().merge(gateway::routes()).merge(page::routes()).merge(mailbox::routes()).with_state(sandbox)
}
