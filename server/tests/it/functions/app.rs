//! What joins domains.

use super::{May, Row, row};

pub const TABLE: &[Row] = &[
    // The last one: after it the member is nobody.
    row("/api/app/pages/close/close_account", May::Member, |_| vec![("sure", "true".into())]),
];
