//! What guards an account: proving who one is, the password, the address, sessions.

mod email;
mod password;
mod prove;
mod sessions;
mod text;

#[cfg(feature = "ssr")]
mod mail;
#[cfg(feature = "ssr")]
mod store;

pub use email::{ChangeEmail, UndoEmail};
pub use password::ChangePassword;
pub use prove::Prove;
pub use sessions::{EndOtherSessions, EndSession};

#[cfg(feature = "ssr")]
pub use {
    email::{change_page, undo_page},
    prove::prove_page,
    sessions::{device_of, security_page},
};
