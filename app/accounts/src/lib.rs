//! Members: sign-up, log-in and its second factor, getting back in, the profile, the address book, what
//! guards an account, leaving it, and who runs the site.
//!
//! Tables: `members`, `former_handles`, `consents`, `sessions`, `devices`, `mailed_tokens`, `totp_secrets`,
//! `recovery_codes`, `pending_log_ins`, `addresses`, `operator_roles`, `audit_log`. Rules kept: no answer
//! tells whether an address has an account; secrets are stored hashed, personal data is sealed; sessions
//! are rotated at log-in and when somebody proves who they are.

mod account;
pub mod addresses;
pub mod close;
mod confirm;
mod error;
mod factor;
mod log_in;
mod log_out;
pub mod operators;
mod person;
mod phone;
mod profile;
mod recover;
mod rules;
mod security;
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

pub use addresses::{AddAddress, AddressForm, RemoveAddress, SetDefaultAddress};
pub use error::AccountError;
pub use factor::{BeginTotp, ConfirmTotp, RemoveTotp, SecondFactor};
pub use log_in::{LogIn, LogInForm};
pub use log_out::LogOut;
pub use phone::SetPhone;
pub use profile::{EditProfile, ProfileForm, RemovePicture};
pub use recover::{FindId, RequestReset, ResetPassword};
pub use rules::{CheckedSignUp, safe_next};
pub use security::{ChangeEmail, ChangePassword, EndOtherSessions, EndSession, Prove, UndoEmail};
pub use sign_up::{ResendConfirmation, SignUp, SignUpForm};

#[cfg(feature = "ssr")]
pub use {
    account::account_page,
    addresses::addresses_page,
    confirm::confirm_page,
    factor::{second_factor_page, totp_page},
    log_in::log_in_page,
    password::hash as hash_password,
    person::person_page,
    phone::phone_of,
    profile::{moved_to, profile_page, set_picture, upload_allowed},
    recover::{MailId, MailReset, find_id_page, mail_id, mail_reset, reset_page},
    security::{prove_page, require_proof, require_proof_of, security_page, undo_page},
    sign_up::{create, sign_up_page},
};
