//! A paid pledge, what of it went back, and the form that gives back more.

use super::{ROLES, text};
use crate::pages::admin::framed;
use accounts::{operators::require_role_of, store::recipient};
use kernel::{FormKey, FormState, Locale, PledgeId, Refusal, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use payments::RefundWay;
use refunds::{
    MakeRefund, REASONS, Refund, RefundError,
    store::{self, Refundable, RefundableLine},
};
use ui::{
    BackLink, Field, FieldKind, FormMessage, Notice, Page, PageRequest, SelectField, SubmitButton, Tag,
};

/// `/admin/refunds/pledges/{id}`
pub async fn refund_pledge_page(req: &PageRequest, id: &str) -> Result<Page, Refusal> {
    let (l, zone) = (req.locale, req.zone());
    let operator = require_role_of(req, &ROLES).await?;
    let id: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut db = req.db.pool.acquire().await?;
    let pledge = pledges::store::get(&mut db, id).await?.ok_or(Refusal::NotFound)?;
    let of = store::refundable(&mut db, id).await?.ok_or(Refusal::NotFound)?;
    let backer = recipient(&mut db, pledge.backer).await?;
    let before = store::of_pledge(&mut db, id).await?;
    let form = req.form::<RefundError>(MakeRefund::PATH);
    let made = req.query("made").is_some() && req.typed.is_none();
    Ok(framed(req, &operator, text::refund_pledge(l), move || {
        let zero = of.left().minor() == 0;
        let form = if of.disputed {
            view! { <Notice tone="bad" text=text::is_disputed(l) /> }.into_any()
        } else if zero || !of.collected {
            view! { <FormMessage form=form /> <p>{text::nothing_to_refund(l)}</p> }.into_any()
        } else {
            view! { <RefundForm pledge=id of=of.clone() form=form /> }.into_any()
        };
        view! {
            <BackLink href=l.path("/admin/refunds") label=text::refunds(l) />
            {made.then(|| view! { <Notice tone="good" text=text::made(l) /> })}
            <section class="sheet sheet--wide" aria-labelledby="pledge">
                <h2 id="pledge">{pledge.project_title.clone()} " " <Tag text=pledge.state.label(l) /></h2>
                <dl class="facts facts--bill">
                    <div><dt>{text::backer(l)}</dt><dd>{backer.name.clone()}</dd></div>
                    <div><dt>{text::paid(l)}</dt><dd>{of.paid.show(l)}</dd></div>
                    <div><dt>{text::gone_back(l)}</dt><dd>{of.refunding.show(l)}</dd></div>
                    <div class="facts__total"><dt>{text::left(l)}</dt><dd>{of.left().show(l)}</dd></div>
                </dl>
                {earlier(l, zone, before)}
            </section>
            <section class="sheet sheet--wide">{form}</section>
        }
    }))
}

fn earlier(l: Locale, zone: Zone, refunds: Vec<Refund>) -> impl IntoView {
    let rows: Vec<_> = refunds
        .into_iter()
        .map(|refund| {
            view! {
                <li class="refund-row">
                    <strong>{refund.amount.show(l)}</strong> " "
                    <Tag text=refund.state.label(l) tone=refund.state.tone() />
                    <span class="quiet">
                        {zone.date(l, refund.created_at)} " · " {refunds::reason_label(l, refund.reason)} " · "
                        <a href=l.path(&format!("/admin/refunds?id={}", refund.id))>{text::see(l)}</a>
                    </span>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="refund-rows">{rows}</ul> })
}

#[component]
fn RefundForm(pledge: PledgeId, of: Refundable, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let key = form.value_or("key", &FormKey::new().to_string());
    let mut reasons = vec![(String::new(), text::choose_reason(l).to_owned())];
    reasons.extend(
        REASONS
            .into_iter()
            .map(|reason| (reason.code().to_owned(), refunds::reason_label(l, reason).to_owned())),
    );
    let where_to = match of.way {
        RefundWay::Gateway => text::to_card(l),
        RefundWay::Transfer => text::to_account(l),
    };
    let left = of.left();
    let unit = if l == Locale::Ko && left.currency() == kernel::Currency::KRW { "원" } else { "" };
    let fields = of
        .lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            view! {
                <input type="hidden" name=format!("lines[{n}][line]") value=line.line.to_string() />
                <Field form=form.clone() name=format!("lines[{n}][amount]") label=name(l, line)
                    hint=text::still(l, line.left.show(l)) kind=FieldKind::Number unit=unit maxlength=20 />
            }
        })
        .collect_view();
    view! {
        <h2 id="refund">{text::amounts(l)}</h2>
        <form class="form" method="post" action=MakeRefund::PATH aria-labelledby="refund">
            <FormMessage form=form.clone() />
            <p class="quiet">{where_to}</p>
            <input type="hidden" name="pledge" value=pledge.to_string() />
            <input type="hidden" name="key" value=key />
            {fields}
            <SelectField form=form.clone() name="reason" label=text::reason(l) choices=reasons required=true />
            <Field form=form name="note" label=text::note(l) hint=text::note_hint(l) kind=FieldKind::Area { rows: 3 } maxlength=500 />
            <SubmitButton label=text::refund_amounts(l) class="button--wide" />
            <SubmitButton label=text::refund_all(l, left.show(l)) class="button--wide button--quiet" name="all" value="true" />
        </form>
    }
}

fn name(l: Locale, line: &RefundableLine) -> String {
    match line.line {
        -1 => text::shipping(l).to_owned(),
        0 => text::extra(l).to_owned(),
        _ => text::line(l, &line.title, line.quantity),
    }
}
