//! What a person shows of themselves, and the ID that they are found by.

mod edit;

#[cfg(feature = "ssr")]
mod handle;
#[cfg(feature = "ssr")]
mod rules;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod text;
#[cfg(feature = "ssr")]
mod zones;

pub use edit::{EditProfile, ProfileForm};

#[cfg(feature = "ssr")]
pub use {edit::profile_page, store::moved_to};
