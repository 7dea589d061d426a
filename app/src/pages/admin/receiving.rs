//! The accounts into which backers pay, for who looks after the money.

use super::{framed, text};
use accounts::{
    AccountError,
    operators::{Role, audit, require_role, require_role_of},
};
use deposits::receiving::{self, NewAccount, ReceivingAccount};
use kernel::{Bank, Currency, Fault, Faults, FormState, ReceivingAccountId, Refusal, db::Act, db::Db};
use leptos::{prelude::*, server_fn::ServerFn};
use ui::{Field, FormMessage, Nothing, Page, PageRequest, SelectField, SubmitButton, Tag};

pub(super) const ROLES: [Role; 1] = [Role::Finance];

const LONGEST_NUMBER: usize = 30;
const LONGEST_HOLDER: u32 = 60;

/// Operators of finance. The account is offered at once.
#[server]
pub async fn add_receiving_account(
    #[server(default)] bank: String,
    #[server(default)] number: String,
    #[server(default)] holder: String,
) -> Result<(), AccountError> {
    let db = Db::current()?;
    let operator = require_role(&db, &ROLES).await?;
    let new = checked(&bank, &number, &holder)?;
    let mut tx = db.begin(Act::by(operator.member.id, "a receiving account was added")).await?;
    let Some(id) = receiving::add(&mut tx, &new, db.now()).await? else {
        return Err(Refusal::field("number", Fault::Taken).into());
    };
    let subject = format!("account:{id}");
    let detail = format!("{} {}", new.bank.name(kernel::Locale::Ko), new.number);
    audit(&mut tx, &operator.actor(), "add_account", &subject, &detail, db.now()).await?;
    tx.commit().await.map_err(Refusal::from)?;
    ui::lead_to("/admin/accounts");
    Ok(())
}

/// Operators of finance. A closed account still takes what was asked for.
#[server]
pub async fn offer_receiving_account(
    account: String,
    #[server(default)] open: String,
) -> Result<(), AccountError> {
    let db = Db::current()?;
    let operator = require_role(&db, &ROLES).await?;
    let id: ReceivingAccountId = account.parse().map_err(|_| Refusal::NotFound)?;
    let open = open == "true";
    let mut tx = db.begin(Act::by(operator.member.id, "a receiving account was offered or closed")).await?;
    if receiving::set_open(&mut tx, id, open).await? {
        let action = if open { "open_account" } else { "close_account" };
        audit(&mut tx, &operator.actor(), action, &format!("account:{id}"), "", db.now()).await?;
    }
    tx.commit().await.map_err(Refusal::from)?;
    ui::lead_to("/admin/accounts");
    Ok(())
}

/// As it is kept: the number in digits and hyphens, in won.
fn checked(bank: &str, number: &str, holder: &str) -> Result<NewAccount, Refusal> {
    let mut faults = Faults::default();
    let bank = faults.keep("bank", Bank::of(bank).ok_or(Fault::NotAllowed));
    let number: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let odd = number.chars().any(|c| !c.is_ascii_digit() && c != '-');
    if number.is_empty() {
        faults.add("number", Fault::Required);
    } else if odd || digits < 6 || number.len() > LONGEST_NUMBER {
        faults.add("number", Fault::NotAllowed);
    }
    let holder = holder.split_whitespace().collect::<Vec<_>>().join(" ");
    if holder.is_empty() {
        faults.add("holder", Fault::Required);
    } else if holder.chars().count() > LONGEST_HOLDER as usize {
        faults.add("holder", Fault::TooLong { max: LONGEST_HOLDER });
    }
    faults.none_or_refuse()?;
    bank.map(|bank| NewAccount { bank, number, holder, currency: Currency::KRW }).ok_or(Refusal::Malformed)
}

/// `/admin/accounts`
pub async fn receiving_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let operator = require_role_of(req, &ROLES).await?;
    let accounts = receiving::all(&req.db.pool).await?;
    let form = req.form::<AccountError>(AddReceivingAccount::PATH);
    Ok(framed(req, &operator, text::receiving(l), move || {
        let none = accounts.is_empty();
        let rows = accounts.into_iter().map(|account| view! { <Account account=account /> }).collect_view();
        view! {
            <p class="quiet">{text::receiving_note(l)}</p>
            {none.then(|| view! { <Nothing text=text::no_receiving(l) /> })}
            <ul class="log">{rows}</ul>
            <h2>{text::add_account(l)}</h2>
            <AddForm form=form />
        }
    }))
}

#[component]
fn Account(account: ReceivingAccount) -> impl IntoView {
    let l = ui::use_locale();
    let (tone, state) =
        if account.open { ("good", text::offered(l)) } else { ("plain", text::not_offered(l)) };
    let (turn, class) =
        if account.open { (text::offer_no_more(l), "button--quiet") } else { (text::offer(l), "") };
    view! {
        <li>
            <p><strong>{account.bank.name(l)} " " {account.number}</strong> " " <Tag text=state tone=tone /></p>
            <p class="quiet">{account.holder}</p>
            <form method="post" action=OfferReceivingAccount::PATH>
                <input type="hidden" name="account" value=account.id.to_string() />
                <input type="hidden" name="open" value=(!account.open).to_string() />
                <SubmitButton label=turn class=class />
            </form>
        </li>
    }
}

#[component]
fn AddForm(form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let banks = Bank::all().map(|bank| (bank.code().to_owned(), bank.name(l).to_owned())).collect();
    view! {
        <form class="form" method="post" action=AddReceivingAccount::PATH>
            <FormMessage form=form.clone() />
            <SelectField form=form.clone() name="bank" label=text::bank(l) choices=banks />
            <Field form=form.clone() name="number" label=text::account_number(l) required=true maxlength=30 />
            <Field form=form name="holder" label=text::account_holder(l) required=true maxlength=60 />
            <SubmitButton label=text::add_account(l) />
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_a_bank_a_number_and_a_holder() {
        let good = checked("004", " 123-456 78-90 ", "두레  주식회사").unwrap();
        assert_eq!((good.number.as_str(), good.holder.as_str()), ("123-45678-90", "두레 주식회사"));
        for (bank, number, holder) in [
            ("999", "123456", "두레"),
            ("004", "12345", "두레"),
            ("004", "12345a7", "두레"),
            ("004", "１２３４５６", "두레"),
            ("004", "", "두레"),
            ("004", "1234567890123456789012345678901", "두레"),
            ("004", "123456", " "),
        ] {
            assert!(
                matches!(checked(bank, number, holder), Err(Refusal::Invalid(_))),
                "{bank} {number} {holder}"
            );
        }
    }
}
