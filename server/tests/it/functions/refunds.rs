//! What operators do about refunds.

use super::{May, Row, row};
use ::accounts::operators::Role;

const ROLES: &[Role] = &[Role::Finance, Role::Support];

pub const TABLE: &[Row] = &[
    // Nothing was paid for this pledge.
    row("/api/refunds/make/make_refund", May::Operators(ROLES), |w| {
        let key = kernel::FormKey::new().to_string();
        vec![
            ("pledge", w.reserved.to_string()),
            ("key", key),
            ("reason", "goodwill".into()),
            ("all", "true".into()),
        ]
    })
    .answering(409),
    // No refund is there: whoever may is told what else is wrong.
    row("/api/refunds/steer/steer_refund", May::Operators(ROLES), |_| {
        vec![("refund", uuid::Uuid::nil().to_string()), ("turn", "sideways".into())]
    })
    .answering(400),
];
