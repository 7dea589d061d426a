//! What opens an account besides the password, or instead of it: passkeys, codes from an app (RFC 6238),
//! and recovery codes for the day that the phone is lost.
//!
//! A second factor is on as soon as there is a passkey or an app: then the password alone opens nothing.

mod by_passkey;
mod passkeys;
mod recovery;
mod step;
mod totp;
mod undo;

#[cfg(feature = "ssr")]
mod ceremony;
#[cfg(feature = "ssr")]
mod changed;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub(crate) mod text;

pub use by_passkey::{BeginPasskeyLogIn, LogInByPasskey, ProveByPasskey};
pub use passkeys::{AddPasskey, BeginPasskey, RemovePasskey};
pub use recovery::{KeepRecoveryCodes, RenewRecoveryCodes};
pub use step::SecondFactor;
pub use totp::{BeginTotp, ConfirmTotp, RemoveTotp};
pub use undo::UndoFactor;

#[cfg(feature = "ssr")]
pub use {
    by_passkey::PasskeyButton,
    ceremony::are_possible as passkeys_are_possible,
    changed::{Change, changed},
    passkeys::passkeys_page,
    recovery::recovery_page,
    step::{begin_step, second_factor_page},
    store::{factors, forget as forget_factors},
    totp::totp_page,
    undo::{forget_since, undo_factor_page},
};
