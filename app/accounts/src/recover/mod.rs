//! Getting back in: find the ID, set a new password.
//!
//! What a page does with a typed address is the same for one that is known and one that is not: it
//! enqueues a job, and only the worker looks the address up.

mod find_id;
mod reset;

#[cfg(feature = "ssr")]
mod mail;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod text;

pub use find_id::FindId;
pub use reset::{RequestReset, ResetPassword};

#[cfg(feature = "ssr")]
pub use {
    find_id::{MailId, find_id_page, mail_id},
    reset::{MailReset, mail_reset, reset_page},
};
