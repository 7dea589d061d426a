//! Logging in through others: Kakao, Naver, Google, or any OpenID provider that the site is set up with.
//!
//! Somebody leaves for the provider (`leave.rs`) and comes back (`come_back.rs`): known, they are logged in;
//! unknown, they arrive (`arrive.rs`) to sign up, or to log in as they did before and link the two. An address
//! that has an account is never linked by the address alone.

mod arrive;
mod come_back;
mod leave;
mod linked;

#[cfg(feature = "ssr")]
mod identity;
#[cfg(feature = "ssr")]
mod protocol;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub(crate) mod text;

pub use arrive::{LinkArrival, SignUpThrough, SignUpThroughForm};
pub use come_back::ComeBack;
pub use leave::LeaveFor;
pub use linked::UnlinkProvider;

#[cfg(feature = "ssr")]
pub use {
    arrive::arrival_page,
    leave::{ProviderLinks, Purpose, note},
    linked::providers_page,
    store::linked,
};
