//! What a backer agrees to: one text for the pledge, one for the way of the address, and one for each legal
//! class of what is chosen.

use crate::{bill::Bill, store, text};
use kernel::{FormState, Locale};
use leptos::prelude::*;
use rewards::LegalClass;
use sqlx::PgConnection;
use store::LegalText;
use ui::TickField;

/// The kinds of text that a bill asks for: the whole pledge first.
pub fn kinds(bill: &Bill) -> Vec<&'static str> {
    let mut kinds = vec!["pledge"];
    kinds.extend(bill.parcel.is_some().then_some("address"));
    for line in &bill.lines {
        let kind = line.legal_class.code();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// What is written down, by line; `numbered` are the numbers of the bill's lines, in their order.
pub fn of(bill: &Bill, numbered: &[i16]) -> Vec<(i16, &'static str)> {
    let whole =
        ["pledge"].into_iter().chain(bill.parcel.is_some().then_some("address")).map(|kind| (0, kind));
    let lines = numbered.iter().zip(&bill.lines).map(|(number, line)| (*number, line.legal_class.code()));
    whole.chain(lines).collect()
}

/// Whether the separate consent of goods made to order is needed.
pub fn made_to_order(bill: &Bill) -> bool {
    bill.lines.iter().any(|line| line.legal_class == LegalClass::MadeToOrder)
}

pub async fn shown(db: &mut PgConnection, bill: &Bill, l: Locale) -> sqlx::Result<Vec<LegalText>> {
    store::texts(db, &kinds(bill), l).await
}

/// The name of a kind of text, above its words.
pub fn title(l: Locale, kind: &str) -> &'static str {
    match kind {
        "address" => text::about_address(l),
        "on_the_market" => text::about_on_the_market(l),
        "made_to_order" => text::about_made_to_order(l),
        "to_be_made" => text::about_to_be_made(l),
        "service" => text::about_service(l),
        "thanks" => text::about_thanks(l),
        _ => text::about_pledge(l),
    }
}

/// The texts and the boxes to tick.
#[component]
pub fn Consents(texts: Vec<LegalText>, made_to_order: bool, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let texts = texts
        .into_iter()
        .map(|shown| view! { <dt>{title(l, &shown.kind)}</dt> <dd>{shown.body}</dd> })
        .collect_view();
    view! {
        <fieldset class="consents">
            <legend class="field__label">{text::please_read(l)}</legend>
            <dl class="consents__texts">{texts}</dl>
            <TickField form=form.clone() name="agree" label=text::agree(l) required=true />
            {made_to_order.then(|| view! {
                <TickField form=form name="agree_made_to_order" label=text::agree_made_to_order(l) required=true />
            })}
        </fieldset>
    }
}
