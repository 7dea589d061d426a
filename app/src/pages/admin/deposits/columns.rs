//! Which column of a bank's file is what, asked once and remembered.

use super::text;
use deposits::{AskedColumns, SaveColumns, statement::Column};
use kernel::FormState;
use leptos::{prelude::*, server_fn::ServerFn};
use ui::{FormMessage, SelectField, SubmitButton};

/// The field of each column.
const fn field(column: Column) -> &'static str {
    match column {
        Column::At => "at",
        Column::Time => "time",
        Column::Credit => "credit",
        Column::Debit => "debit",
        Column::Amount => "amount",
        Column::Kind => "kind",
        Column::Name => "name",
        Column::Memo => "memo",
        Column::Balance => "balance",
    }
}

#[component]
pub fn ColumnsForm(asked: AskedColumns, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let full = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
    // The first of the fullest rows is mostly the one with the headings.
    let widest = asked.rows.iter().map(|row| full(&row.cells)).max().unwrap_or_default();
    let mut rows: Vec<_> = asked.rows.iter().collect();
    rows.sort_by_key(|row| full(&row.cells) != widest);
    let headings = rows.first().map(|row| row.cells.clone()).unwrap_or_default();
    let choices = rows
        .iter()
        .map(|row| (row.hash.clone(), text::head_row(l, row.line, row.cells.join(" | "))))
        .collect::<Vec<_>>();
    let columns = Column::ALL
        .into_iter()
        .map(|column| {
            let mut choices = vec![(String::new(), text::no_column(l).to_owned())];
            choices.extend(
                headings
                    .iter()
                    .enumerate()
                    .map(|(n, cell)| ((n + 1).to_string(), text::nth_column(l, n + 1, cell))),
            );
            let required = column == Column::At;
            view! {
                <SelectField form=form.clone() name=format!("columns[{}]", field(column)) label=column.name(l)
                    choices=choices required=required />
            }
        })
        .collect_view();
    view! {
        <section class="sheet sheet--wide" aria-labelledby="columns">
            <h2 id="columns">{text::which_columns(l)}</h2>
            <p class="quiet">{text::which_columns_note(l)}</p>
            <form class="form" method="post" action=SaveColumns::PATH aria-labelledby="columns">
                <FormMessage form=form.clone() />
                <input type="hidden" name="account" value=asked.account.to_string() />
                <SelectField form=form.clone() name="headings" label=text::headings(l) choices=choices required=true />
                {columns}
                <SubmitButton label=text::remember(l) class="button--wide" />
            </form>
        </section>
    }
}
