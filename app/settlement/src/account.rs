//! Where a creator is paid: entered by them after a proof of who they are, checked by finance.

use crate::{SettlementError, mail, store, text};
use accounts::{
    notifications::tell,
    operators::{Operator, audit},
};
use kernel::{Bank, Fault, Faults, Locale, Refusal, db::Db, site::Site};
use leptos::{prelude::*, server_fn::ServerFn};
use pledges::Means;
use serde::{Deserialize, Serialize};
use ui::{
    BackLink, Field, FieldKind, FormMessage, Notice, Page, PageRequest, SelectField, SubmitButton, Tag,
};
use uuid::Uuid;

/// An account at a bank, sealed as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutAccount {
    /// The three-digit code (금융결제원).
    pub bank: String,
    /// Digits.
    pub number: String,
    pub holder: String,
    /// Ten digits, of who has one: for the tax invoice of the fees.
    #[serde(default)]
    pub business: String,
}

impl PayoutAccount {
    #[must_use]
    pub fn bank_name(&self, l: Locale) -> &'static str {
        Bank::of(&self.bank).map_or("", |bank| bank.name(l))
    }

    /// The number without what a glance over the shoulder needs.
    #[must_use]
    pub fn masked(&self) -> String {
        let shown = self.number.len().saturating_sub(4);
        format!("••••{}", self.number.get(shown..).unwrap_or_default())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    pub bank: String,
    pub number: String,
    pub holder: String,
    pub business: String,
}

fn digits(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    text.bytes().all(|b| b.is_ascii_digit()).then_some(text)
}

/// The check digit of a business number (사업자등록번호).
pub(crate) fn is_business_number(digits: &str) -> bool {
    let numbers: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let [n0, n1, n2, n3, n4, n5, n6, n7, n8, check] = *numbers.as_slice() else { return false };
    let sum = n0 + n1 * 3 + n2 * 7 + n3 + n4 * 3 + n5 * 7 + n6 + n7 * 3 + n8 * 5 + n8 * 5 / 10;
    // The ninth counts five times, and once more its tens.
    (10 - sum % 10) % 10 == check
}

impl AccountForm {
    /// Tells all faults at once.
    pub fn checked(self) -> Result<PayoutAccount, Refusal> {
        let mut faults = Faults::default();
        if Bank::of(&self.bank).is_none() {
            faults.add("bank", Fault::Required);
        }
        let number = digits(&self.number).filter(|number| (6..=20).contains(&number.len()));
        if number.is_none() {
            let fault = if self.number.trim().is_empty() { Fault::Required } else { Fault::NotAllowed };
            faults.add("number", fault);
        }
        let holder = self.holder.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
        if holder.is_empty() {
            faults.add("holder", Fault::Required);
        } else if holder.chars().count() > 40 {
            faults.add("holder", Fault::TooLong { max: 40 });
        }
        let business = digits(&self.business).unwrap_or_else(|| "x".to_owned());
        if !business.is_empty() && !is_business_number(&business) {
            faults.add("business", Fault::NotAllowed);
        }
        faults.none_or_refuse()?;
        Ok(PayoutAccount { bank: self.bank, number: number.unwrap_or_default(), holder, business })
    }
}

/// Whoever is logged in and has proved who they are: their own account.
#[server]
pub async fn save_payout_account(#[server(flatten)] form: AccountForm) -> Result<(), SettlementError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let member = accounts::require_proof(&db, &site).await?.0.id;
    let account = form.checked()?;
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let id = store::add_account(&mut tx, &db.keys, member, &account, now).await?;
    let words = |l: Locale| {
        let body = text::mail_account(l, account.bank_name(l), account.masked());
        (text::mail_account_subject(l), body)
    };
    let told = mail::account(&mut tx, &site, member, &format!("saved:{id}"), words).await?;
    tell(&mut tx, &site, told, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    ui::lead_to("/account/payout?saved=1");
    Ok(())
}

/// Finance has seen that the account is its holder's.
pub async fn check_account(means: &Means, operator: &Operator, id: Uuid) -> Result<(), SettlementError> {
    let now = means.db.now();
    let mut tx = means.db.pool.begin().await?;
    let kept = store::account_by_id(&mut tx, &means.db.keys, id).await?.ok_or(Refusal::NotFound)?;
    if !store::check(&mut tx, id, operator.member.id, now).await? {
        return Err(SettlementError::WrongState);
    }
    audit(&mut tx, &operator.actor(), "check_account", &format!("member:{}", kept.member), "", now).await?;
    let words = |l: Locale| (text::mail_checked_subject(l), text::mail_checked(l, kept.account.masked()));
    let told = mail::account(&mut tx, &means.site, kept.member, &format!("checked:{id}"), words).await?;
    tell(&mut tx, &means.site, told, now).await?;
    tx.commit().await?;
    means.db.notify.jobs();
    Ok(())
}

/// Finance found something wrong, which the creator is told.
pub async fn refuse_account(
    means: &Means,
    operator: &Operator,
    id: Uuid,
    why: &str,
) -> Result<(), SettlementError> {
    let why = why.replace('\0', "").trim().to_owned();
    if why.is_empty() {
        return Err(Refusal::field("why", Fault::Required).into());
    }
    if why.chars().count() > 200 {
        return Err(Refusal::field("why", Fault::TooLong { max: 200 }).into());
    }
    let now = means.db.now();
    let mut tx = means.db.pool.begin().await?;
    let kept = store::account_by_id(&mut tx, &means.db.keys, id).await?.ok_or(Refusal::NotFound)?;
    if !store::refuse(&mut tx, id, &why).await? {
        return Err(SettlementError::WrongState);
    }
    audit(&mut tx, &operator.actor(), "refuse_account", &format!("member:{}", kept.member), &why, now)
        .await?;
    let words =
        |l: Locale| (text::mail_refused_subject(l), text::mail_refused(l, kept.account.masked(), &why));
    let told = mail::account(&mut tx, &means.site, kept.member, &format!("refused:{id}"), words).await?;
    tell(&mut tx, &means.site, told, now).await?;
    tx.commit().await?;
    means.db.notify.jobs();
    Ok(())
}

/// `/account/payout`
pub async fn account_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = accounts::require_proof_of(req).await?.id;
    let kept = store::account_of(&mut *req.db.pool.acquire().await?, &req.db.keys, member).await?;
    let form = req.form::<SettlementError>(SavePayoutAccount::PATH);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    Ok(Page::new(text::account(l), move || {
        let mut banks = vec![(String::new(), text::choose_bank(l).to_owned())];
        banks.extend(Bank::all().map(|bank| (bank.code().to_owned(), bank.name(l).to_owned())));
        let there = kept.map(|kept| {
            let (tone, state) = match (&kept.checked_at, kept.refused_why.is_empty()) {
                (Some(_), _) => ("good", text::account_checked(l)),
                (None, true) => ("plain", text::account_waits(l)),
                (None, false) => ("bad", text::account_refused(l)),
            };
            view! {
                <dl class="facts">
                    <div><dt>{text::bank(l)}</dt><dd>{kept.account.bank_name(l)}</dd></div>
                    <div><dt>{text::account_number(l)}</dt><dd>{kept.account.masked()}</dd></div>
                    <div><dt>{text::holder(l)}</dt><dd>{kept.account.holder.clone()}</dd></div>
                    <div><dt>{text::account_state(l)}</dt><dd><Tag text=state tone=tone /></dd></div>
                </dl>
                {(!kept.refused_why.is_empty()).then(|| view! { <p class="notice notice--bad">{kept.refused_why.clone()}</p> })}
                <h2>{text::change_account(l)}</h2>
            }
        });
        view! {
            <section class="sheet">
                <BackLink href=l.path("/studio") label=projects::text::my_projects(l) />
                <h1>{text::account(l)}</h1>
                <p class="quiet">{text::account_lead(l)}</p>
                {saved.then(|| view! { <Notice tone="good" text=text::account_saved(l) /> })}
                {there}
                <form class="form" method="post" action=SavePayoutAccount::PATH>
                    <FormMessage form=form.clone() />
                    <SelectField form=form.clone() name="bank" label=text::bank(l) choices=banks required=true />
                    <Field form=form.clone() name="number" label=text::account_number(l) kind=FieldKind::Number
                        hint=text::number_hint(l) required=true maxlength=30 autocomplete="off" />
                    <Field form=form.clone() name="holder" label=text::holder(l) hint=text::holder_hint(l) required=true
                        maxlength=40 />
                    <Field form=form name="business" label=text::business(l) hint=text::business_hint(l)
                        kind=FieldKind::Number maxlength=14 />
                    <SubmitButton label=text::save(l) class="button--wide" />
                </form>
            </section>
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_with_its_dashes_and_told_what_is_wrong() {
        let form = |number: &str, business: &str| AccountForm {
            bank: "090".to_owned(),
            number: number.to_owned(),
            holder: "  김  창작 ".to_owned(),
            business: business.to_owned(),
        };
        let good = form("3333-01-234 5678", "124-81-00998").checked().unwrap();
        assert_eq!(
            (good.number.as_str(), good.holder.as_str(), good.business.as_str()),
            ("3333012345678", "김 창작", "1248100998")
        );
        assert_eq!(good.masked(), "••••5678");
        for (number, business) in [
            ("12345", ""),
            ("", ""),
            ("12345678901234567890123", ""),
            ("계좌번호", ""),
            ("3333012345678", "1248100997"),
            ("3333012345678", "12"),
            ("3333012345678", "abc"),
        ] {
            assert!(form(number, business).checked().is_err(), "{number} {business}");
        }
        assert!(AccountForm { bank: "999".to_owned(), ..form("3333012345678", "") }.checked().is_err());
    }
}
