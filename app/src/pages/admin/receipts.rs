//! Cash receipts: what is wanted goes into a file for the tax office, its numbers are noted, and what went back is
//! canceled there.

use super::{framed, money_text as text};
use accounts::operators::{Role, require_role, require_role_of};
use kernel::{Refusal, db::Db};
use leptos::{prelude::*, server_fn::ServerFn};
use settlement::{
    SettlementError,
    store::{ToCancel, receipt_counts, receipts_to_cancel},
};
use ui::{Field, FieldKind, FormMessage, LinkButton, Nothing, Notice, Page, PageRequest, SubmitButton};
use uuid::Uuid;

/// Finance.
#[server]
pub async fn export_receipts() -> Result<(), SettlementError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    settlement::export_receipts(&db, &operator).await?;
    ui::lead_to("/admin/receipts?saved=1");
    Ok(())
}

/// Finance.
#[server]
pub async fn note_receipts(#[server(default)] lines: String) -> Result<(), SettlementError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    settlement::note_receipts(&db, &operator, &lines).await?;
    ui::lead_to("/admin/receipts?saved=1");
    Ok(())
}

/// Finance.
#[server]
pub async fn cancel_receipt(#[server(default)] receipt: String) -> Result<(), SettlementError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    let id: Uuid = receipt.parse().map_err(|_| Refusal::NotFound)?;
    settlement::cancel_receipt(&db, &operator, id).await?;
    ui::lead_to("/admin/receipts?saved=1");
    Ok(())
}

/// `/admin/receipts`
pub async fn receipts_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let operator = require_role_of(req, &[Role::Finance]).await?;
    let counts = receipt_counts(&req.db).await?;
    let back = receipts_to_cancel(&req.db).await?;
    let form = req.form::<SettlementError>(NoteReceipts::PATH);
    let other = req.form_of::<SettlementError>(&[ExportReceipts::PATH, CancelReceipt::PATH]);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    Ok(framed(req, &operator, text::receipts(l), move || {
        let none = back.is_empty();
        let back = back.into_iter().map(|row| view! { <li><Back row=row /></li> }).collect_view();
        view! {
            {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
            <FormMessage form=other />
            <section>
                <h2>{text::receipts_file(l)}</h2>
                <p class="quiet">{text::receipts_file_lead(l)}</p>
                <dl class="facts">
                    <div><dt>{text::receipts_wanted(l)}</dt><dd>{counts.wanted}</dd></div>
                    <div><dt>{text::receipts_exported(l)}</dt><dd>{counts.exported}</dd></div>
                </dl>
                <div class="ways">
                    <form method="post" action=ExportReceipts::PATH>
                        <SubmitButton label=text::put_into_file(l) />
                    </form>
                    {(counts.exported > 0).then(|| view! {
                        <LinkButton href="/admin/receipts.csv" label=text::download(l) class="button--quiet" />
                    })}
                </div>
            </section>
            <section>
                <h2 id="note">{text::note_numbers(l)}</h2>
                <form class="form" method="post" action=NoteReceipts::PATH aria-labelledby="note">
                    <FormMessage form=form.clone() />
                    <Field form=form name="lines" label=text::numbers(l) hint=text::numbers_hint(l)
                        kind=FieldKind::Area { rows: 6 } />
                    <SubmitButton label=text::note_numbers(l) />
                </form>
            </section>
            <section>
                <h2>{text::to_cancel(l)}</h2>
                <p class="quiet">{text::to_cancel_lead(l)}</p>
                {if none {
                    view! { <Nothing text=text::none_here(l) /> }.into_any()
                } else {
                    view! { <ul class="admin__cards">{back}</ul> }.into_any()
                }}
            </section>
        }
    }))
}

#[component]
fn Back(row: ToCancel) -> impl IntoView {
    let l = ui::use_locale();
    view! {
        <article class="admin__card">
            <dl class="facts">
                <div><dt>{text::tax_number(l)}</dt><dd>{row.approval.unwrap_or_else(|| "–".to_owned())}</dd></div>
                <div><dt>{text::receipt_was(l)}</dt><dd>{row.amount.show(l)}</dd></div>
                <div><dt>{text::receipt_left(l)}</dt><dd>{row.left.show(l)}</dd></div>
            </dl>
            <form method="post" action=CancelReceipt::PATH>
                <input type="hidden" name="receipt" value=row.id.to_string() />
                <SubmitButton label=text::was_canceled(l) class="button--quiet" />
            </form>
        </article>
    }
}
