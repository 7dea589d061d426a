//! Pledges of backers.

use super::{Fields, May, Row, row};
use crate::harness::{Choice, Project};
use kernel::PledgeId;

pub const TABLE: &[Row] = &[
    row("/api/pledges/place/place_pledge", May::Confirmed, |w| pledge_form(&w.live)),
    row("/api/pledges/review/review_pledge", May::Confirmed, |w| pledge_form(&w.live)),
    row("/api/pledges/change/change_pledge", May::BackerOfReserved, |w| {
        let mut form = pledge_form(&w.live);
        form.extend([("pledge", w.reserved.to_string()), ("version", "1".to_owned())]);
        form
    }),
    row("/api/pledges/resume/resume_pledge", May::BackerOfHeld, |w| pledge(w.held.pledge)),
    row("/api/pledges/transfer/choose/choose_transfer", May::BackerOfReserved, |w| {
        vec![
            ("pledge", w.reserved.to_string()),
            ("account", w.receiving.to_string()),
            ("depositor", "이후원".into()),
        ]
    }),
    row("/api/pledges/cancel/cancel_pledge", May::BackerOfReserved, |w| pledge(w.reserved)),
];

fn pledge_form(project: &Project) -> Fields {
    Choice::support(1000).fields(project, &kernel::FormKey::new().to_string())
}

fn pledge(id: PledgeId) -> Fields {
    vec![("pledge", id.to_string())]
}
