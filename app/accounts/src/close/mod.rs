//! Leaving: what is kept of a person is shown to them, and erased. What stands in the way (pledges,
//! projects) other domains know; `app/src/pages/close.rs` joins them.

#![cfg(feature = "ssr")]

mod mail;
mod store;
pub mod text;

pub use crate::store::lock;
pub use mail::closed as closed_mail;
pub use store::{erase, export};
