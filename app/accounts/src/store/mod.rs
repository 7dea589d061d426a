//! SQL of accounts, a file a table.

mod devices;
mod links;
mod members;
mod sessions;
mod sweep;

pub use devices::{Seen, is_device, see_device};
pub use links::{Confirmation, confirm, confirmation, end_ways_in};
pub use members::{
    Credentials, NewMember, Person, Recipient, Standing, add, confirm_now, credentials, email, has_way_in,
    is_taken, lock, person, phone, recipient, recipient_by_email, set_last_way, set_phone, standing,
};
pub use sessions::{Browser, Proved, begin_session, end_session, member_of_session, renew_session};
pub use sweep::sweep;
