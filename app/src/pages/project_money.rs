//! What became of a project's money, for everybody, as its ledger has it.

use kernel::{Currency, Money, ProjectId};
use leptos::prelude::*;
use sqlx::PgConnection;

kernel::texts! {
    money: "모인 돈" | "The money";
    collected: "결제된 금액" | "Collected";
    refunded: "환불한 금액" | "Refunded";
    taken_back: "카드사가 돌려받은 금액" | "Taken back by banks";
    fees: "수수료" | "Fees";
    paid_out: "창작자에게 보낸 금액" | "Paid out to the creator";
    books: "원장 내려받기" | "Download the ledger";
}

/// Sums of a project's ledger.
#[derive(Clone, Copy, Debug)]
pub struct Sums {
    collected: Money,
    refunded: Money,
    taken_back: Money,
    fees: Money,
    paid_out: Money,
}

/// What the ledger says; nothing before anything was collected.
pub async fn sums(
    db: &mut PgConnection,
    project: ProjectId,
    currency: Currency,
) -> sqlx::Result<Option<Sums>> {
    let row = sqlx::query!(
        r#"select collected_minor as "collected!", refunded_minor as "refunded!", taken_back_minor as "taken_back!",
                  fees_minor as "fees!", paid_out_minor as "paid_out!" from project_money($1)"#,
        project.uuid()
    )
    .fetch_one(db)
    .await?;
    let money = |minor| Money::new(minor, currency);
    Ok((row.collected != 0).then(|| Sums {
        collected: money(row.collected),
        refunded: money(row.refunded),
        taken_back: money(row.taken_back),
        fees: money(row.fees),
        paid_out: money(row.paid_out),
    }))
}

/// What did not happen is left out.
#[component]
pub fn ProjectMoney(sums: Sums, slug: String) -> impl IntoView {
    let l = ui::use_locale();
    let rows = [
        (collected(l), sums.collected),
        (refunded(l), sums.refunded),
        (taken_back(l), sums.taken_back),
        (fees(l), sums.fees),
        (paid_out(l), sums.paid_out),
    ];
    let rows = rows
        .into_iter()
        .filter(|(_, amount)| amount.minor() != 0)
        .map(|(label, amount)| view! { <div><dt>{label}</dt><dd>{amount.show(l)}</dd></div> })
        .collect_view();
    view! {
        <section class="project-money" aria-labelledby="money">
            <h2 id="money">{money(l)}</h2>
            <dl class="facts">{rows}</dl>
            <p><a class="more" href=format!("/projects/{slug}/ledger.jsonl") download=format!("{slug}.jsonl")>{books(l)}</a></p>
        </section>
    }
}
