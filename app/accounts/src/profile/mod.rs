//! What a person shows of themselves, and the ID that they are found by.

mod edit;
mod picture;

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
pub use picture::RemovePicture;

#[cfg(feature = "ssr")]
pub use {
    edit::profile_page,
    picture::{set_picture, upload_allowed},
    store::moved_to,
};
