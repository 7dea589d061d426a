//! What comes in by bank transfer: statements are read in, lines wait in queues, and are matched.

mod columns;
mod line;
mod list;
mod text;

pub use list::deposits_page;

/// The name of the tile.
pub(super) use text::deposits as deposits_name;

use accounts::operators::Role;

pub(super) const ROLES: [Role; 1] = [Role::Finance];
/// The address to which a statement is sent.
const READ: &str = "/admin/deposits/read";
