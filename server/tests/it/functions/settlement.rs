//! Creators' money, and finance's.

use super::{Fields, May, Row, row};
use ::accounts::operators::Role;
use kernel::{FormKey, PayoutId, PlanId, ProjectId};

pub const TABLE: &[Row] = &[
    row("/api/settlement/account/save_payout_account", May::Member, |_| account()),
    row("/api/settlement/terms/choose_terms", May::CreatorOfDraft, |w| {
        vec![("slug", w.draft.slug.clone()), ("plan", BASIC.to_owned())]
    }),
    row("/api/app/pages/admin/plans/close_plan", FINANCE, |_| vec![("plan", PlanId::new().to_string())])
        .answering(409),
    row("/api/app/pages/admin/plans/add_plan", FINANCE, |_| plan()),
    row("/api/app/pages/admin/payouts/check_account", FINANCE, |w| vec![("account", w.account.to_string())]),
    // `settlement.rs` tries it with an account that is there.
    row("/api/app/pages/admin/payouts/refuse_account", FINANCE, |_| {
        vec![("account", FormKey::new().to_string()), ("why", "예금주가 달라요".to_owned())]
    })
    .answering(404),
    row("/api/app/pages/admin/reconciliation/reconcile_days", FINANCE, |_| {
        [("gateway", "sandbox"), ("from", "2026-11-20"), ("to", "2026-11-21")]
            .map(|(name, value)| (name, value.to_owned()))
            .into()
    }),
    // `reconciliation.rs` tries this with a difference that is there.
    row("/api/app/pages/admin/reconciliation/explain_difference", FINANCE, |_| {
        vec![("difference", "1".to_owned()), ("explanation", "시험".to_owned())]
    })
    .answering(409),
    // A pledge that is paid by card has no receipt of this kind.
    row("/api/settlement/receipts/want_receipt", May::Owner, |w| {
        let number = ("number", "010-1234-5678".to_owned());
        vec![("pledge", w.reserved.to_string()), ("purpose", "income_deduction".to_owned()), number]
    })
    .answering(404),
    row("/api/app/pages/admin/receipts/export_receipts", FINANCE, |_| Vec::new()),
    row("/api/app/pages/admin/receipts/note_receipts", FINANCE, |_| {
        vec![("lines", format!("{},12345", FormKey::new()))]
    }),
    row("/api/app/pages/admin/receipts/cancel_receipt", FINANCE, |_| {
        vec![("receipt", FormKey::new().to_string())]
    })
    .answering(409),
    // `settlement.rs` tries these with payouts that are there.
    row("/api/app/pages/admin/payouts/approve_payout", FINANCE, |_| payout()).answering(404),
    row("/api/app/pages/admin/payouts/rewrite_payout", FINANCE, |_| payout()).answering(404),
    row("/api/app/pages/admin/payouts/pay_payout", FINANCE, |_| payout()).answering(404),
    row("/api/app/pages/admin/payouts/write_off", FINANCE, |_| {
        let key = FormKey::new().to_string();
        vec![
            ("project", ProjectId::new().to_string()),
            ("key", key),
            ("why", "연락이 닿지 않아요".to_owned()),
        ]
    })
    .answering(404),
];

const FINANCE: May = May::Operators(&[Role::Finance]);

/// The plan that a site begins with.
pub const BASIC: &str = "01930000-0000-7000-8000-000000000001";

pub fn account() -> Fields {
    vec![
        ("bank", "090".to_owned()),
        ("number", "3333-01-2345678".to_owned()),
        ("holder", "김창작".to_owned()),
    ]
}

fn payout() -> Fields {
    vec![("payout", PayoutId::new().to_string())]
}

fn plan() -> Fields {
    // Another plan each time.
    let code = format!("p{}", &FormKey::new().uuid().simple().to_string()[12..]);
    let mut fields: Fields = [
        ("name_ko", "프로"),
        ("name_en", "Pro"),
        ("platform", "7"),
        ("payment", "3"),
        ("vat", "10"),
        ("early", "80"),
        ("early_days", "7"),
        ("final_days", "60"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    fields.push(("code", code));
    fields
}
