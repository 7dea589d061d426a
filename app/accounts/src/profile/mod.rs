//! What a person shows of themselves, and the ID that they are found by.

mod edit;
mod handle;
mod text;

#[cfg(feature = "ssr")]
mod store;

pub use edit::{EditProfile, ProfileForm};
pub use handle::parse_handle;

#[cfg(feature = "ssr")]
pub use {edit::profile_page, store::moved_to};
