//! What every domain of Dure shares and no domain owns: ids, money, time, languages, refusals and,
//! on the server, the database handle, jobs, the outbox and rate limits.
//!
//! Tables: `currencies`, `clock`, `allowed_moves`, `state_moves`, `jobs`, `outbox`, `rate_limits`,
//! `stashed_forms` (`migrations/*_kernel.sql`), `mail_reports`, `mail_troubles`, `undeliverable`.

mod currency;
mod form;
mod format;
mod ids;
mod locale;
mod money;
mod rate;
mod refusal;
mod text;

pub use currency::Currency;
pub use form::{FormState, Typed};
pub use format::{count, date, deadline, hours_and_minutes, month, percent};
pub use ids::*;
pub use locale::Locale;
pub use money::{Money, MoneyError};
pub use rate::{NotARate, Rate};
pub use refusal::{DomainError, Fault, Faults, FieldFault, Refusal, RefusalJson};

#[cfg(feature = "ssr")]
mod banks;
#[cfg(feature = "ssr")]
mod business_days;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod db;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod letter;
#[cfg(feature = "ssr")]
pub mod limits;
#[cfg(feature = "ssr")]
mod mail_address;
#[cfg(feature = "ssr")]
pub mod notify;
#[cfg(feature = "ssr")]
pub mod outbound;
#[cfg(feature = "ssr")]
pub mod outbox;
#[cfg(feature = "ssr")]
pub mod seal;
#[cfg(feature = "ssr")]
pub mod signature;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub mod stash;
#[cfg(feature = "ssr")]
pub mod token;
#[cfg(feature = "ssr")]
pub mod undeliverable;
#[cfg(feature = "ssr")]
mod viewer;
#[cfg(feature = "ssr")]
mod zone;

#[cfg(feature = "ssr")]
pub use {
    banks::Bank,
    business_days::Calendar,
    mail_address::{email_key, mail_domain},
    viewer::{Member, Viewer},
    zone::Zone,
};
