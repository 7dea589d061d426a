//! What tests stand on: an app with its own database, browsers, people who do things.

mod app;
mod bank;
mod browser;
mod bucket;
mod database;
mod device;
pub mod html;
mod line;
mod openid;
mod people;
mod replica;
mod shop;
mod smtp;
mod sql;

pub use app::TestApp;
pub use browser::{Answer, Browser, body_of, part};
pub use bucket::BucketServer;
pub use database::TestDatabase;
pub use device::Device;
pub use line::Line;
pub use openid::{AtProvider, OpenId, free_port};
pub use people::{Choice, Held, PASSWORD, Person, Plan, Project, held, pieces};
pub use replica::{Replica, Stream};
pub use shop::{SEOUL, Shop, shop};
pub use smtp::MailServer;

/// Cards of the sandbox gateway.
pub const GOOD_CARD: &str = "4242424242424242";
pub const REFUSED_AT_ONCE: &str = "4000000000000002";
pub const REFUSED_LATER: &str = "4000000000000341";
/// Refused when charged, because there is no money today.
pub const NO_FUNDS: &str = "4000000000009995";
pub const REFUSED_TWICE: &str = "4000000000009987";
pub const ASKS_TO_AUTHENTICATE: &str = "4000002500003155";
pub const NO_ANSWER: &str = "4000000000005043";
