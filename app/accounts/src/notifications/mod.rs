//! What members are told, and how: by mail, in the product, by text message. Every message to a member
//! goes through [`tell`], which asks its kind and their settings.

mod settings;

#[cfg(feature = "ssr")]
mod kinds;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod tell;
#[cfg(feature = "ssr")]
mod text;
#[cfg(feature = "ssr")]
mod unsubscribe;

pub use settings::{ReadNotifications, SaveNotifications};

#[cfg(feature = "ssr")]
pub use {
    kinds::{BACKED, BACKERS, Kind, MILESTONES, NEWS, PLEDGES, PROJECTS, SECURITY},
    settings::notifications_page,
    store::sweep,
    tell::{Notification, tell},
    unsubscribe::{unsubscribe, unsubscribe_page},
};
