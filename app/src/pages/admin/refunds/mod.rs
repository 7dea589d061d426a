//! Money that goes back, and charges that are disputed, for operators.

mod disputes;
mod list;
mod one;
mod pledge;
mod text;

pub use disputes::disputes_page;
pub use list::refunds_page;
pub use pledge::refund_pledge_page;

/// The names of the tiles.
pub(super) use text::{disputes as disputes_name, refunds as refunds_name};

use accounts::operators::Role;

/// Who may see and make refunds.
pub(super) const ROLES: [Role; 2] = [Role::Finance, Role::Support];
