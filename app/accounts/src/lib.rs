//! Members: sign-up, log-in and its second factor, getting back in, the profile, the address book, what
//! guards an account, leaving it, and who runs the site.
//!
//! Tables: `members`, `former_handles`, `consents`, `sessions`, `devices`, `mailed_tokens`, `passkeys`,
//! `passkey_ceremonies`, `totp_secrets`, `recovery_codes`, `recovery_sheets`, `identities`, `provider_visits`,
//! `provider_arrivals`, `pending_log_ins`, `addresses`, `notifications`, `notification_settings`,
//! `operator_roles`, `audit_log`. Rules kept: no answer
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
pub mod notifications;
pub mod operators;
mod person;
mod phone;
mod profile;
mod recover;
mod security;
mod sign_up;
pub mod text;
mod through;

#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod legal;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
mod mail;
#[cfg(feature = "ssr")]
mod password;
#[cfg(feature = "ssr")]
mod phone_number;
#[cfg(feature = "ssr")]
mod rules;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod store;

pub use addresses::{AddAddress, AddressForm, RemoveAddress, SetDefaultAddress};
pub use confirm::ConfirmEmail;
pub use error::AccountError;
pub use factor::{
    AddPasskey, BeginPasskey, BeginPasskeyLogIn, BeginTotp, ConfirmTotp, KeepRecoveryCodes, LogInByPasskey,
    ProveByPasskey, RemovePasskey, RemoveTotp, RenewRecoveryCodes, SecondFactor, UndoFactor,
};
pub use log_in::{LogIn, LogInForm};
pub use log_out::LogOut;
pub use notifications::{ReadNotifications, SaveNotifications};
pub use phone::SetPhone;
pub use profile::{EditProfile, ProfileForm, RemovePicture};
pub use recover::{FindId, RequestReset, ResetPassword};
pub use security::{
    ChangeEmail, ChangePassword, ConfirmChange, EndOtherSessions, EndSession, Prove, UndoEmail,
};
pub use sign_up::{ResendConfirmation, SignUp, SignUpForm};
pub use through::{ComeBack, LeaveFor, LinkArrival, SignUpThrough, SignUpThroughForm, UnlinkProvider};

#[cfg(feature = "ssr")]
pub use {
    account::account_page,
    addresses::{
        Address, AddressInputs, Kept, addresses_of, addresses_page, countries, country_name, is_country,
    },
    confirm::confirm_page,
    factor::{passkeys_page, recovery_page, second_factor_page, totp_page, undo_factor_page},
    legal::{LegalLinks, TERMS_VERSION},
    log_in::log_in_page,
    notifications::{notifications_page, unsubscribe_page},
    password::{hash as hash_password, may_be_password},
    person::person_page,
    phone::phone_of,
    profile::{moved_to, profile_page, set_picture, upload_allowed},
    recover::{find_id_page, reset_page},
    rules::{CheckedSignUp, safe_next},
    security::{prove_page, require_proof, require_proof_of, security_page, undo_page},
    sign_up::{create, sign_up_page},
    through::{Purpose, arrival_page, providers_page},
};
