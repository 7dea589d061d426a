//! What operators do about transfers, and the accounts into which they are paid.

use super::{May, Row, row};
use ::accounts::operators::Role;

const ROLES: &[Role] = &[Role::Finance];

fn nil() -> String {
    uuid::Uuid::nil().to_string()
}

/// No account, line or match is there: whoever may is told what else is wrong.
pub const TABLE: &[Row] = &[
    row("/api/deposits/columns/save_columns", May::Operators(ROLES), |_| vec![("account", nil())])
        .answering(400),
    row("/api/deposits/steer/steer_line", May::Operators(ROLES), |_| {
        vec![("line", nil()), ("turn", "sideways".into())]
    })
    .answering(400),
    row("/api/deposits/give_back/return_line", May::Operators(ROLES), |_| {
        vec![("line", nil()), ("key", nil()), ("reason", "goodwill".into())]
    })
    .answering(422),
    row("/api/pledges/transfer/matched/match_line", May::Operators(ROLES), |_| {
        vec![("line", nil()), ("deposit", nil())]
    })
    .answering(404),
    row("/api/pledges/transfer/confirm/confirm_certain", May::Operators(ROLES), |_| vec![("account", nil())])
        .answering(400),
    row("/api/pledges/transfer/undo/undo_match", May::Operators(ROLES), |_| {
        vec![("matched", nil()), ("why", "boredom".into())]
    })
    .answering(422),
    row("/api/app/pages/admin/receiving/add_receiving_account", May::Operators(ROLES), |_| {
        // Another number each time.
        let number = uuid::Uuid::now_v7().as_u128() % 1_000_000_000_000;
        vec![("bank", "004".into()), ("number", format!("{number:012}")), ("holder", "두레".into())]
    }),
    row("/api/app/pages/admin/receiving/offer_receiving_account", May::Operators(ROLES), |w| {
        vec![("account", w.receiving.to_string()), ("open", "true".into())]
    }),
];
