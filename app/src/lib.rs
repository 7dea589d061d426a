//! The site: every address, the frame around every page, and the pages that join domains.
//! Server only; what moves in the browser is islands of the domains.

#![cfg(feature = "ssr")]

mod error_page;
mod frame;
mod pages;
mod routes;
mod shell;
mod text;

pub use error_page::{FormAgain, again_page, error_page};
pub use frame::{Assets, Personal, render, splice};
pub use pages::close::export;
pub use routes::{Found, PATTERNS, find, pattern, shared_query};
