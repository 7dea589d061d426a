//! What guards an account: proving who one is, the password, the address, sessions.

mod email;
mod password;
mod prove;
mod sessions;

#[cfg(feature = "ssr")]
mod mail;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
pub(crate) mod text;

pub use email::{ChangeEmail, ConfirmChange, UndoEmail};
pub use password::ChangePassword;
pub use prove::Prove;
pub use sessions::{EndOtherSessions, EndSession};

#[cfg(feature = "ssr")]
pub use {
    email::{MailChange, change_page, mail_change, undo_page},
    mail::{new_device, password_changed},
    prove::{prove_page, require_proof, require_proof_of},
    sessions::{device_of, security_page},
    store::end_others,
};
