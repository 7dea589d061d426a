//! What operators do about refunds.

use super::{Fields, May, Row, row};
use ::accounts::operators::Role;

const ROLES: &[Role] = &[Role::Finance, Role::Support];

const FINANCE: &[Role] = &[Role::Finance];

fn nothing(name: &'static str) -> Fields {
    vec![(name, uuid::Uuid::nil().to_string())]
}

pub const TABLE: &[Row] = &[
    // No refund of theirs waits for an account.
    row("/api/refunds/account/give_refund_account", May::Owner, |w| vec![("pledge", w.reserved.to_string())])
        .answering(404),
    // Nothing is there: whoever may is told the same.
    row("/api/refunds/account/set_refund_account", May::Operators(ROLES), |_| nothing("refund"))
        .answering(404),
    row("/api/refunds/transfers/batch/make_batch", May::Operators(FINANCE), |_| nothing("account"))
        .answering(404),
    row("/api/refunds/transfers/batch/send_batch", May::Operators(FINANCE), |_| nothing("batch"))
        .answering(404),
    row("/api/refunds/transfers/outcome/fail_transfer", May::Operators(FINANCE), |_| nothing("transfer"))
        .answering(404),
    row("/api/refunds/transfers/outcome/confirm_transfers", May::Operators(FINANCE), |_| Vec::new()),
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
