//! Members: sign-up, confirmation of the address, log-in, log-out, the public page of a person.
//!
//! Tables: `members`, `consents`, `sessions`, `mailed_tokens`. Rules kept: no answer tells whether
//! an address has an account; secrets are stored hashed; sessions are rotated at log-in.

mod account;
mod confirm;
mod error;
mod log_in;
mod log_out;
mod person;
mod phone;
mod rules;
mod sign_up;
pub mod text;

#[cfg(feature = "ssr")]
mod mail;
#[cfg(feature = "ssr")]
mod password;
#[cfg(feature = "ssr")]
mod phone_number;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod store;

pub use error::AccountError;
pub use log_in::{LogIn, LogInForm};
pub use log_out::LogOut;
pub use phone::SetPhone;
pub use rules::{CheckedSignUp, safe_next};
pub use sign_up::{ResendConfirmation, SignUp, SignUpForm};

#[cfg(feature = "ssr")]
pub use {
    account::account_page,
    confirm::confirm_page,
    log_in::log_in_page,
    password::hash as hash_password,
    person::person_page,
    phone::phone_of,
    sign_up::{create, sign_up_page},
};
