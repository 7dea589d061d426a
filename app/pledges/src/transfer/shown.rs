//! What a backer chooses and sees of a transfer.

use crate::{ChooseTransfer, Pledge, PledgeState, text, transfer::form};
use chrono::{DateTime, Utc};
use deposits::{
    expected::{self, Deposit},
    receiving::{self, ReceivingAccount},
};
use kernel::{FormState, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use payments::Payment;
use projects::FundingState;
use sqlx::PgConnection;
use ui::{Field, SelectField, SubmitButton, use_locale};

/// What the page of a pledge shows of transfers.
#[derive(Debug)]
pub struct TransferOfPage {
    /// The one that is waited for.
    pub deposit: Option<Deposit>,
    /// Where it could be paid in, if a transfer can be chosen now.
    pub offered: Vec<ReceivingAccount>,
}

impl TransferOfPage {
    pub async fn find(
        db: &mut PgConnection,
        pledge: &Pledge,
        payment: &Payment,
        now: DateTime<Utc>,
    ) -> sqlx::Result<Self> {
        let deposit = match pledge.state {
            PledgeState::AwaitingDeposit => expected::of_payment(&mut *db, payment.id).await?,
            _ => None,
        };
        let untouched = deposit.as_ref().is_none_or(|deposit| deposit.matched.minor() == 0);
        let can_choose = pledge.state.waits_for_deadline()
            && pledge.state != PledgeState::Deposited
            && pledge.project_state == FundingState::Live
            && form::in_time(now, pledge.deadline)
            && untouched;
        let offered = match can_choose {
            true => receiving::offered(db, pledge.total.currency()).await?,
            false => Vec::new(),
        };
        Ok(Self { deposit, offered })
    }
}

/// The other ways: by transfer, or into another account.
#[component]
pub fn TransferWays(
    pledge: Pledge,
    offered: Vec<ReceivingAccount>,
    payer: String,
    form: FormState,
) -> impl IntoView {
    let l = use_locale();
    let (title, submit) = match pledge.state {
        PledgeState::AwaitingDeposit => (text::other_account(l), text::other_account(l)),
        PledgeState::Reserved => (text::pay_by_transfer_instead(l), text::pay_by_transfer_instead(l)),
        _ => (text::by_transfer(l), text::choose_transfer(l)),
    };
    let one = offered.len() == 1;
    let useless = offered.is_empty() || (pledge.state == PledgeState::AwaitingDeposit && one);
    (!useless).then(|| {
        let open = form.fault("account").is_some() || form.fault("depositor").is_some();
        view! {
            <details class="transfer-ways" open=open>
                <summary>{title}</summary>
                <form class="form" method="post" action=ChooseTransfer::PATH>
                    <input type="hidden" name="pledge" value=pledge.id.to_string() />
                    <TransferInputs offered=offered name=payer form=form />
                    <SubmitButton label=submit class="button--wide button--quiet" />
                </form>
            </details>
        }
    })
}

/// The bank to pay at, and the name that will stand on its statement.
#[component]
pub fn TransferInputs(offered: Vec<ReceivingAccount>, name: String, form: FormState) -> impl IntoView {
    let l = use_locale();
    let choices = offered
        .into_iter()
        .map(|account| (account.id.to_string(), format!("{} · {}", account.bank.name(l), account.holder)))
        .collect();
    view! {
        <SelectField form=form.clone() name="account" label=text::which_bank(l) choices=choices />
        <Field form=form name="depositor" label=text::depositor(l) hint=text::depositor_hint(l) value=name maxlength=20
            autocomplete="name" />
    }
}

/// What a person holds beside their banking app.
#[component]
pub fn Instructions(deposit: Deposit, zone: Zone) -> impl IntoView {
    let l = use_locale();
    let left = deposit.amount.checked_sub(deposit.matched).unwrap_or(deposit.amount);
    let came = (deposit.matched.minor() > 0).then(|| {
        view! { <p class="notice notice--plain" role="status">{text::transfer_short(l, deposit.matched.show(l))}</p> }
    });
    view! {
        <section class="transfer" aria-labelledby="transfer">
            <h2 id="transfer">{text::transfer_here(l)}</h2>
            {came}
            <dl class="facts transfer__facts">
                <div><dt>{text::bank(l)}</dt><dd>{deposit.bank.name(l)}</dd></div>
                <div><dt>{text::account_number(l)}</dt><dd class="transfer__number">{deposit.number}</dd></div>
                <div><dt>{text::account_holder(l)}</dt><dd>{deposit.holder}</dd></div>
                <div class="facts__total"><dt>{text::transfer_amount(l)}</dt><dd>{left.show(l)}</dd></div>
                <div><dt>{text::transfer_code(l)}</dt><dd class="transfer__number">{deposit.code.shown()}</dd></div>
                <div><dt>{text::transfer_until(l)}</dt><dd>{zone.date_time(l, deposit.due_at)}</dd></div>
            </dl>
            <p class="quiet">{text::transfer_how(l)}</p>
        </section>
    }
}
