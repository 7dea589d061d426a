//! Where a refund by transfer goes: asked of the backer, or typed by an operator for who is not known here.

use crate::{RefundError, store, text};
use accounts::operators::{Role, audit, require_role};
use chrono::{DateTime, Utc};
use deposits::{Transfer, transfers_file};
use kernel::{
    Bank, Fault, Faults, FormState, MemberId, Money, PledgeId, RefundAccountId, RefundId, Refusal, Viewer,
    db::{Act, Db},
    jobs,
    seal::{Place, SealError},
};
use leptos::{prelude::*, server_fn::ServerFn};
use payments::BeginRefund;
use serde::{Deserialize, Serialize};
use ui::{BackLink, Field, FieldKind, FormMessage, Page, PageRequest, SelectField, SubmitButton};

/// Bank, number and holder, as they are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundAccount {
    /// The three-digit code (금융결제원).
    pub bank: String,
    /// Digits.
    pub number: String,
    pub holder: String,
}

impl RefundAccount {
    /// Reads the form; all faults are told at once. What a bank's file could not hold is refused here.
    pub fn read(bank: &str, number: &str, holder: &str) -> Result<Self, Refusal> {
        let mut faults = Faults::default();
        let known = match bank.trim() {
            "" => Err(Fault::Required),
            code => Bank::of(code).ok_or(Fault::NotAllowed),
        };
        let known = faults.keep("bank", known);
        let number = faults.keep("number", read_number(number));
        let holder = faults.keep("holder", read_holder(holder));
        faults.none_or_refuse()?;
        match (known, number, holder) {
            (Some(bank), Some(number), Some(holder)) => {
                Ok(Self { bank: bank.code().to_owned(), number, holder })
            }
            _ => Err(Refusal::Malformed),
        }
    }

    pub fn seal(&self, db: &Db, place: Place) -> Result<Vec<u8>, SealError> {
        db.keys.seal(place, &serde_json::to_string(self).map_err(|_| SealError::Damaged)?)
    }

    pub fn open(db: &Db, place: Place, sealed: &[u8]) -> Result<Self, SealError> {
        serde_json::from_str(&db.keys.open(place, sealed)?).map_err(|_| SealError::Damaged)
    }
}

/// Digits, with blanks and dashes between as people write them.
fn read_number(text: &str) -> Result<String, Fault> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.is_empty() {
        return Err(Fault::Required);
    }
    let right = digits.bytes().all(|b| b.is_ascii_digit());
    match digits.len() {
        _ if !right => Err(Fault::NotAllowed),
        ..8 => Err(Fault::TooShort { min: 8 }),
        17.. => Err(Fault::TooLong { max: 16 }),
        _ => Ok(digits),
    }
}

/// A name that a bank's file can hold.
fn read_holder(text: &str) -> Result<String, Fault> {
    let holder = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if holder.is_empty() {
        return Err(Fault::Required);
    }
    if holder.chars().count() > 40 {
        return Err(Fault::TooLong { max: 40 });
    }
    let bank = Bank::all().next().ok_or(Fault::NotAllowed)?;
    let tried = Transfer {
        bank,
        number: "12345678".to_owned(),
        holder: holder.clone(),
        amount: Money::won(1),
        theirs: "R".to_owned(),
        ours: "R".to_owned(),
    };
    transfers_file(&[tried]).map(|_| holder).map_err(|_| Fault::NotAllowed)
}

/// The backer of a pledge with a refund that waits for an account.
#[server]
pub async fn give_refund_account(
    #[server(default)] pledge: String,
    #[server(default)] bank: String,
    #[server(default)] number: String,
    #[server(default)] holder: String,
) -> Result<(), RefundError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let id: PledgeId = pledge.parse().map_err(|_| Refusal::NotFound)?;
    let waiting = store::waiting_for_account(&mut *db.pool.acquire().await?, member.id, id).await?;
    if waiting.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let account = RefundAccount::read(&bank, &number, &holder)?;
    let act = Act::by(member.id, "the backer gave an account");
    give(&db, act, Some(member.id), &waiting, &account, db.now()).await?;
    ui::lead_to(&format!("/account/pledges/{id}"));
    Ok(())
}

/// Operators for finance and for support: for who cannot be asked here.
#[server]
pub async fn set_refund_account(
    #[server(default)] refund: String,
    #[server(default)] bank: String,
    #[server(default)] number: String,
    #[server(default)] holder: String,
) -> Result<(), RefundError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance, Role::Support]).await?;
    let id: RefundId = refund.parse().map_err(|_| Refusal::NotFound)?;
    let mut connection = db.pool.acquire().await?;
    let known = store::get(&mut connection, id).await?.ok_or(Refusal::NotFound)?;
    let owner = store::payer(&mut connection, known.source).await?;
    let account = RefundAccount::read(&bank, &number, &holder)?;
    let act = Act::by(operator.member.id, "an operator typed the account");
    if give(&db, act, owner, &[id], &account, db.now()).await? == 0 {
        return Err(RefundError::StandsOtherwise);
    }
    let subject = format!("refund:{id}");
    audit(&mut connection, &operator.actor(), "set_refund_account", &subject, "", db.now()).await?;
    ui::lead_to(&format!("/admin/refunds?id={id}"));
    Ok(())
}

/// Gives refunds that wait for it an account, and sends them on their way; tells how many.
///
/// Invariant: an account is kept sealed, and each refund is given one once.
pub async fn give(
    db: &Db,
    act: Act,
    owner: Option<MemberId>,
    refunds: &[RefundId],
    account: &RefundAccount,
    now: DateTime<Utc>,
) -> Result<usize, RefundError> {
    let mut tx = db.begin_at(act, now).await?;
    let id = RefundAccountId::new();
    let place = Place { column: "refund_accounts.sealed", row: id.uuid() };
    let sealed = account.seal(db, place).map_err(|error| Refusal::internal(&error))?;
    store::add_account(&mut tx, id, owner, &sealed, now).await?;
    let mut given = 0;
    for refund in refunds {
        let Some(refund) = store::lock(&mut tx, *refund).await? else {
            continue;
        };
        if store::set_account(&mut tx, refund.id, id).await? {
            jobs::enqueue(&mut tx, &BeginRefund { refund: refund.id, again: refund.tries }, now).await?;
            given += 1;
        }
    }
    if given > 0 {
        tx.commit().await?;
        db.notify.jobs();
    }
    Ok(given)
}

/// `/account/pledges/{id}/refund-account`
pub async fn refund_account_page(req: &PageRequest, id: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let id: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut db = req.db.pool.acquire().await?;
    let pledge = pledges::store::get(&mut db, id).await?.filter(|pledge| pledge.backer == member);
    let title = pledge.ok_or(Refusal::NotFound)?.project_title;
    let waiting = store::waiting_for_account(&mut db, member, id).await?;
    let form = req.form::<RefundError>(GiveRefundAccount::PATH);
    let back = l.path(&format!("/account/pledges/{id}"));
    Ok(Page::new(text::give_account(l), move || {
        let body = if waiting.is_empty() {
            view! { <p>{text::no_account_needed(l)}</p> }.into_any()
        } else {
            view! {
                <p>{text::account_for(l, &title)}</p>
                <form class="form" method="post" action=GiveRefundAccount::PATH>
                    <FormMessage form=form.clone() />
                    <input type="hidden" name="pledge" value=id.to_string() />
                    <AccountFields form=form />
                    <SubmitButton label=text::keep_account(l) class="button--wide" />
                </form>
                <p class="quiet">{text::account_is_sealed(l)}</p>
            }
            .into_any()
        };
        view! {
            <section class="sheet">
                <BackLink href=back label=text::to_pledge(l) />
                <h1>{text::give_account(l)}</h1>
                {body}
            </section>
        }
    }))
}

/// Bank, number and holder.
#[component]
pub fn AccountFields(form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let mut banks = vec![(String::new(), text::choose_bank(l).to_owned())];
    banks.extend(Bank::all().map(|bank| (bank.code().to_owned(), bank.name(l).to_owned())));
    view! {
        <SelectField form=form.clone() name="bank" label=text::bank(l) choices=banks required=true />
        <Field form=form.clone() name="number" label=text::number(l) hint=text::number_hint(l) kind=FieldKind::Number
            required=true maxlength=30 />
        <Field form=form name="holder" label=text::holder(l) hint=text::holder_hint(l) required=true maxlength=60 />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bank: &str, number: &str, holder: &str) -> Vec<(String, Fault)> {
        match RefundAccount::read(bank, number, holder) {
            Err(Refusal::Invalid(faults)) => {
                faults.into_iter().map(|fault| (fault.field, fault.fault)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_account_is_a_bank_a_number_and_a_name() {
        let account = RefundAccount::read("090", " 3333-01-1234567 ", " 홍  길동 ").unwrap();
        assert_eq!((account.number.as_str(), account.holder.as_str()), ("3333011234567", "홍 길동"));
    }

    #[test]
    fn what_no_bank_would_take_is_told_at_its_field() {
        assert_eq!(fault("", "", "").len(), 3);
        assert_eq!(fault("999", "33330112", "홍"), [("bank".to_owned(), Fault::NotAllowed)]);
        assert_eq!(fault("090", "1234567", "홍"), [("number".to_owned(), Fault::TooShort { min: 8 })]);
        assert_eq!(
            fault("090", "12345678901234567", "홍"),
            [("number".to_owned(), Fault::TooLong { max: 16 })]
        );
        assert_eq!(fault("090", "1234567a", "홍"), [("number".to_owned(), Fault::NotAllowed)]);
        for holder in ["=1+1", "Zoë", "@홍"] {
            assert_eq!(
                fault("090", "33330112", holder),
                [("holder".to_owned(), Fault::NotAllowed)],
                "{holder}"
            );
        }
    }
}
