//! The second factor: codes from an app (RFC 6238), and recovery codes for the day the phone is lost.

mod step;
mod totp;

#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod text;

pub use step::SecondFactor;
pub use totp::{BeginTotp, ConfirmTotp, RemoveTotp};

#[cfg(feature = "ssr")]
pub use {
    step::{begin_step, second_factor_page},
    store::{has_totp, remove as forget_factors},
    totp::totp_page,
};
