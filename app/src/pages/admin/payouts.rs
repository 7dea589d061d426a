//! Payouts: accounts to check, statements to approve, transfers to make, what creators owe.

use super::{framed, money_text as text};
use accounts::operators::{Role, require_role, require_role_of};
use kernel::{FormKey, FormState, PayoutId, ProjectId, Refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use pledges::Means;
use settlement::{
    PayoutState, SettlementError, StatementLines,
    store::{KeptAccount, Listed, Owed, listed, owed, unchecked},
    text as said,
};
use ui::{Field, FormMessage, Nothing, Notice, Page, PageRequest, SubmitButton, Tag};
use uuid::Uuid;

/// Payouts that are over and shown.
const MOST: i64 = 50;

fn payout_id(text: &str) -> Result<PayoutId, SettlementError> {
    text.parse().map_err(|_| Refusal::NotFound.into())
}

fn done() {
    ui::lead_to("/admin/payouts?saved=1");
}

/// Finance. The sums that are shown must be the ledger's.
#[server]
pub async fn approve_payout(#[server(default)] payout: String) -> Result<(), SettlementError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    settlement::approve(&means, &operator, payout_id(&payout)?).await?;
    done();
    Ok(())
}

/// Finance.
#[server]
pub async fn rewrite_payout(#[server(default)] payout: String) -> Result<(), SettlementError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    settlement::rewrite(&means, &operator, payout_id(&payout)?).await?;
    done();
    Ok(())
}

/// Finance.
#[server]
pub async fn pay_payout(#[server(default)] payout: String) -> Result<(), SettlementError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    settlement::pay(&means, &operator, payout_id(&payout)?).await?;
    done();
    Ok(())
}

/// Finance.
#[server]
pub async fn check_account(#[server(default)] account: String) -> Result<(), SettlementError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    let id: Uuid = account.parse().map_err(|_| Refusal::NotFound)?;
    settlement::check_account(&means, &operator, id).await?;
    done();
    Ok(())
}

/// Finance.
#[server]
pub async fn refuse_account(
    #[server(default)] account: String,
    #[server(default)] why: String,
) -> Result<(), SettlementError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    let id: Uuid = account.parse().map_err(|_| Refusal::NotFound)?;
    settlement::refuse_account(&means, &operator, id, &why).await?;
    done();
    Ok(())
}

/// Finance.
#[server]
pub async fn write_off(
    #[server(default)] project: String,
    #[server(default)] key: String,
    #[server(default)] why: String,
) -> Result<(), SettlementError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    let project: ProjectId = project.parse().map_err(|_| Refusal::NotFound)?;
    let key: FormKey = key.parse().map_err(|_| Refusal::Malformed)?;
    settlement::write_off(&means, &operator, project, key, &why).await?;
    done();
    Ok(())
}

/// `/admin/payouts`
pub async fn payouts_page(req: &PageRequest) -> Result<Page, Refusal> {
    use PayoutState::{Approved, Failed, Issued, Paid, Paying};
    let (l, pool) = (req.locale, &req.db.pool);
    let operator = require_role_of(req, &[Role::Finance]).await?;
    let accounts = unchecked(&req.db).await?;
    let issued = listed(pool, &[Issued], 200).await?;
    let ready = listed(pool, &[Approved, Failed], 200).await?;
    let paying = listed(pool, &[Paying], 200).await?;
    let paid = listed(pool, &[Paid], MOST).await?;
    let owing = owed(pool).await?;
    let zone = req.zone();
    let form = req.form_of::<SettlementError>(&[
        ApprovePayout::PATH,
        RewritePayout::PATH,
        PayPayout::PATH,
        CheckAccount::PATH,
    ]);
    let refusing = req.form::<SettlementError>(RefuseAccount::PATH);
    let giving_up = req.form::<SettlementError>(WriteOff::PATH);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    Ok(framed(req, &operator, text::payouts(l), move || {
        let accounts_empty = accounts.is_empty();
        let accounts = accounts
            .into_iter()
            .map(|(kept, name)| view! { <li><AccountRow kept=kept name=name form=refusing.clone() /></li> })
            .collect_view();
        let list = |rows: Vec<Listed>| {
            if rows.is_empty() {
                return view! { <Nothing text=text::none_here(l) /> }.into_any();
            }
            let rows = rows
                .into_iter()
                .map(|row| {
                    let day = zone.date_time(l, row.payout.drafted_at);
                    view! { <li><PayoutRow row=row day=day /></li> }
                })
                .collect_view();
            view! { <ul class="admin__cards">{rows}</ul> }.into_any()
        };
        let owing_empty = owing.is_empty();
        let owing = owing
            .into_iter()
            .map(|owed| view! { <li><OwedRow owed=owed form=giving_up.clone() /></li> })
            .collect_view();
        view! {
            {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
            <FormMessage form=form />
            <section>
                <h2>{text::accounts(l)}</h2>
                {if accounts_empty {
                    view! { <Nothing text=text::none_here(l) /> }.into_any()
                } else {
                    view! { <ul class="admin__cards">{accounts}</ul> }.into_any()
                }}
            </section>
            <section><h2>{text::to_approve(l)}</h2>{list(issued)}</section>
            <section><h2>{text::to_pay(l)}</h2>{list(ready)}</section>
            <section><h2>{text::being_paid(l)}</h2>{list(paying)}</section>
            <section>
                <h2>{text::owing(l)}</h2>
                <p class="quiet">{text::owing_note(l)}</p>
                {if owing_empty {
                    view! { <Nothing text=text::none_here(l) /> }.into_any()
                } else {
                    view! { <ul class="admin__cards">{owing}</ul> }.into_any()
                }}
            </section>
            <section><h2>{text::paid(l)}</h2>{list(paid)}</section>
        }
    }))
}

#[component]
fn AccountRow(kept: KeptAccount, name: String, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let id = kept.id.to_string();
    // Of several forms of this kind on the page, the one that was sent shows what was wrong.
    let form = if form.typed("account") == Some(id.as_str()) { form } else { FormState::default() };
    view! {
        <article class="admin__card">
            <h3>{name}</h3>
            <dl class="facts">
                <div><dt>{said::bank(l)}</dt><dd>{kept.account.bank_name(l)}</dd></div>
                <div><dt>{said::account_number(l)}</dt><dd>{kept.account.number.clone()}</dd></div>
                <div><dt>{said::holder(l)}</dt><dd>{kept.account.holder.clone()}</dd></div>
                {(!kept.account.business.is_empty()).then(|| view! {
                    <div><dt>{text::business(l)}</dt><dd>{kept.account.business.clone()}</dd></div>
                })}
            </dl>
            <form method="post" action=CheckAccount::PATH>
                <input type="hidden" name="account" value=id.clone() />
                <SubmitButton label=text::account_is_right(l) />
            </form>
            <details>
                <summary>{text::something_wrong(l)}</summary>
                <form class="form" method="post" action=RefuseAccount::PATH>
                    <input type="hidden" name="account" value=id.clone() />
                    <Field form=form name="why" label=text::why(l) hint=text::why_hint(l) required=true maxlength=200 id_prefix=id />
                    <SubmitButton label=text::refuse(l) class="button--danger" />
                </form>
            </details>
        </article>
    }
}

#[component]
fn PayoutRow(row: Listed, day: String) -> impl IntoView {
    let l = ui::use_locale();
    let Listed { payout, project, slug, creator, why, transfer } = row;
    let id = payout.id.to_string();
    let button = |action: &'static str, label: &'static str, class: &'static str| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="payout" value=id.clone() />
                <SubmitButton label=label class=class />
            </form>
        }
    };
    let ways = match payout.state {
        PayoutState::Issued => view! {
            {button(ApprovePayout::PATH, text::approve(l), "")} {button(RewritePayout::PATH, text::rewrite(l), "button--quiet")}
        }
        .into_any(),
        PayoutState::Approved => button(PayPayout::PATH, text::pay(l), "").into_any(),
        PayoutState::Failed => button(PayPayout::PATH, text::pay_again(l), "").into_any(),
        _ => ().into_any(),
    };
    let tone = match payout.state {
        PayoutState::Failed => "bad",
        PayoutState::Paid => "good",
        _ => "plain",
    };
    view! {
        <article class="admin__card">
            <h3>
                <a href=l.path(&format!("/projects/{slug}"))>{project}</a> " · "
                {said::statement_no(l, payout.number)} " · " {payout.kind.label(l)}
            </h3>
            <p>
                <Tag text=payout.state.label(l) tone=tone /> " " {creator} " · " <span class="quiet">{day}</span>
                {transfer.map(|state| view! { " · " <span class="quiet">{text::transfer_state(l, &state)}</span> })}
            </p>
            {(!why.is_empty()).then(|| view! { <p class="notice notice--bad">{why}</p> })}
            <StatementLines share=payout.share />
            <div class="ways">{ways}</div>
        </article>
    }
}

#[component]
fn OwedRow(owed: Owed, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let project = owed.project.to_string();
    let form = if form.typed("project") == Some(project.as_str()) { form } else { FormState::default() };
    let key = form.value_or("key", &FormKey::new().to_string());
    view! {
        <article class="admin__card">
            <h3><a href=l.path(&format!("/projects/{}", owed.slug))>{owed.title}</a> " · " {owed.amount.show(l)}</h3>
            <p>{owed.creator}</p>
            <details>
                <summary>{text::give_up(l)}</summary>
                <form class="form" method="post" action=WriteOff::PATH>
                    <FormMessage form=form.clone() />
                    <input type="hidden" name="project" value=project.clone() />
                    <input type="hidden" name="key" value=key />
                    <Field form=form name="why" label=text::why(l) required=true maxlength=300 id_prefix=project />
                    <SubmitButton label=text::give_up(l) class="button--danger" />
                </form>
            </details>
        </article>
    }
}
