//! Cash receipts (현금영수증) for what was paid by transfer: asked for by the backer, put into a file for the tax
//! office by finance, with its numbers noted, and taken back when the money is.

use crate::{SettlementError, account::is_business_number, store, text};
use accounts::operators::{Operator, audit};
use deposits::{Purpose, Receipt, receipts_file};
use kernel::{Fault, FormState, Money, PledgeId, Refusal, Viewer, db::Db};
use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};
use ui::{
    BackLink, Field, FieldKind, FormMessage, Notice, Page, PageRequest, SelectField, SubmitButton, Tag,
};
use uuid::Uuid;

/// From so much on the file says that a receipt must be issued, asked or not. To be checked with an accountant.
const DUTY_FROM: Money = Money::won(100_000);
/// Lines of the tax office's answer at once.
const MOST_LINES: usize = 5_000;

/// What a backer asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceiptForm {
    pub pledge: String,
    pub purpose: String,
    pub number: String,
}

impl ReceiptForm {
    fn checked(&self) -> Result<(Purpose, String), Refusal> {
        let purpose = match self.purpose.as_str() {
            "income_deduction" => Purpose::IncomeDeduction,
            "business_expense" => Purpose::BusinessExpense,
            _ => return Err(Refusal::field("purpose", Fault::Required)),
        };
        let digits: String = self.number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if digits.is_empty() {
            return Err(Refusal::field("number", Fault::Required));
        }
        let is_phone = (10..=11).contains(&digits.len()) && digits.starts_with("01");
        let good = digits.bytes().all(|b| b.is_ascii_digit())
            && match purpose {
                Purpose::BusinessExpense => is_business_number(&digits),
                Purpose::IncomeDeduction | Purpose::Unasked => is_phone,
            };
        let fault = if purpose == Purpose::BusinessExpense { Fault::NotAllowed } else { Fault::NotAMobile };
        if good { Ok((purpose, digits)) } else { Err(Refusal::field("number", fault)) }
    }
}

/// The backer of a pledge that is paid by transfer, until the receipt is on its way to the tax office.
#[server]
pub async fn want_receipt(#[server(flatten)] form: ReceiptForm) -> Result<(), SettlementError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let pledge: PledgeId = form.pledge.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = db.pool.begin().await?;
    let paid = store::paid_by_transfer(&mut tx, member.id, pledge).await?.ok_or(Refusal::NotFound)?;
    let (purpose, number) = form.checked()?;
    if !store::want_receipt(&mut tx, &db.keys, &paid, purpose.code(), &number, db.now()).await? {
        return Err(SettlementError::WrongState);
    }
    tx.commit().await?;
    ui::lead_to(&format!("/account/pledges/{pledge}/receipt?saved=1"));
    Ok(())
}

/// `/account/pledges/{id}/receipt`
pub async fn receipt_page(req: &PageRequest, id: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let pledge: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut connection = req.db.pool.acquire().await?;
    let paid = store::paid_by_transfer(&mut connection, member, pledge).await?.ok_or(Refusal::NotFound)?;
    let known = store::receipt_of(&mut connection, &req.db.keys, paid.payment).await?;
    drop(connection);
    let form = req.form::<SettlementError>(WantReceipt::PATH);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    Ok(Page::new(text::receipt(l), move || {
        let open = known.as_ref().is_none_or(|known| known.state == "wanted");
        let there = known.as_ref().map(|known| {
            let approval = known.approval.clone();
            view! {
                <dl class="facts">
                    <div><dt>{text::account_state(l)}</dt><dd><Tag text=text::receipt_state(l, &known.state) tone="plain" /></dd></div>
                    <div><dt>{text::receipt_for(l)}</dt><dd>{text::purpose(l, &known.purpose)}</dd></div>
                    <div><dt>{text::receipt_amount(l)}</dt><dd>{paid.left.show(l)}</dd></div>
                    {approval.map(|approval| view! { <div><dt>{text::approval(l)}</dt><dd>{approval}</dd></div> })}
                </dl>
            }
        });
        let number = known.as_ref().map(|known| known.number.clone()).unwrap_or_default();
        let purpose = known.as_ref().map(|known| known.purpose.clone()).unwrap_or_default();
        let way =
            open.then(|| view! { <ReceiptFields form=form pledge=pledge number=number purpose=purpose /> });
        view! {
            <section class="sheet">
                <BackLink href=l.path(&format!("/account/pledges/{pledge}")) label=text::to_pledge(l) />
                <h1>{text::receipt(l)}</h1>
                <p class="quiet">{text::receipt_lead(l)}</p>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                {there}
                {way}
            </section>
        }
    }))
}

#[component]
fn ReceiptFields(form: FormState, pledge: PledgeId, number: String, purpose: String) -> impl IntoView {
    let l = ui::use_locale();
    let purposes = ["income_deduction", "business_expense"]
        .map(|code| (code.to_owned(), text::purpose(l, code).to_owned()))
        .to_vec();
    view! {
        <form class="form" method="post" action=WantReceipt::PATH>
            <FormMessage form=form.clone() />
            <input type="hidden" name="pledge" value=pledge.to_string() />
            <SelectField form=form.clone() name="purpose" label=text::receipt_for(l) value=purpose choices=purposes required=true />
            <Field form=form name="number" label=text::receipt_number(l) hint=text::receipt_number_hint(l) value=number
                kind=FieldKind::Number required=true maxlength=20 autocomplete="off" />
            <SubmitButton label=text::ask_receipt(l) class="button--wide" />
        </form>
    }
}

/// Puts every receipt that is wanted, and whose money came in, into the file; tells how many.
pub async fn export_receipts(db: &Db, operator: &Operator) -> Result<u64, SettlementError> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let put = store::export_wanted(&mut tx).await?;
    let detail = put.to_string();
    audit(&mut tx, &operator.actor(), "export_receipts", "receipts", &detail, now).await?;
    tx.commit().await?;
    Ok(put)
}

/// The file of all receipts that were put into it and have no number yet: the same again until then.
pub async fn receipts_csv(db: &Db) -> Result<Vec<u8>, Refusal> {
    let rows = store::exported(db).await?;
    let receipts: Vec<Receipt> = rows
        .into_iter()
        .filter_map(|row| {
            let purpose = row.purpose.parse().ok()?;
            Some(Receipt {
                day: row.day,
                purpose,
                number: row.number,
                amount: row.amount,
                reference: row.id.to_string(),
            })
        })
        .collect();
    receipts_file(&receipts, DUTY_FROM).map_err(|error| Refusal::internal(&error))
}

/// Notes the tax office's numbers: a line for each receipt, `reference,number`. Tells how many were noted.
pub async fn note_receipts(db: &Db, operator: &Operator, lines: &str) -> Result<u64, SettlementError> {
    let wrong = || SettlementError::from(Refusal::field("lines", Fault::NotAllowed));
    let mut numbers = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (reference, number) = line.split_once([',', '\t']).ok_or_else(wrong)?;
        let reference: Uuid = reference.trim().parse().map_err(|_| wrong())?;
        let number = number.trim();
        if number.is_empty() || number.len() > 40 || !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(wrong());
        }
        numbers.push((reference, number.to_owned()));
    }
    if numbers.is_empty() || numbers.len() > MOST_LINES {
        return Err(wrong());
    }
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let mut noted = 0;
    for (reference, number) in &numbers {
        noted += store::note_receipt(&mut tx, *reference, number).await?;
    }
    audit(&mut tx, &operator.actor(), "note_receipts", "receipts", &noted.to_string(), now).await?;
    tx.commit().await?;
    Ok(noted)
}

/// The tax office has taken back the receipt of money that went back.
pub async fn cancel_receipt(db: &Db, operator: &Operator, id: Uuid) -> Result<(), SettlementError> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !store::cancel_receipt(&mut tx, id).await? {
        return Err(SettlementError::WrongState);
    }
    audit(&mut tx, &operator.actor(), "cancel_receipt", &format!("receipt:{id}"), "", now).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_gives_a_phone_and_a_business_its_number() {
        let form = |purpose: &str, number: &str| ReceiptForm {
            purpose: purpose.to_owned(),
            number: number.to_owned(),
            ..ReceiptForm::default()
        };
        assert_eq!(form("income_deduction", "010-1234-5678").checked().unwrap().1, "01012345678");
        assert_eq!(form("business_expense", "124-81-00998").checked().unwrap().1, "1248100998");
        for (purpose, number) in [
            ("", "01012345678"),
            ("unasked", "01012345678"),
            ("income_deduction", ""),
            ("income_deduction", "02-123-4567"),
            ("income_deduction", "010-1234-567x"),
            ("income_deduction", "1248100998"),
            ("business_expense", "01012345678"),
            ("business_expense", "1248100997"),
        ] {
            assert!(form(purpose, number).checked().is_err(), "{purpose} {number}");
        }
    }
}
