//! One refund, and what an operator can do about it.

use super::text;
use kernel::{FormState, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use payments::RefundWay;
use refunds::{AccountFields, Refund, RefundState, SetRefundAccount, SteerRefund};
use ui::{FormMessage, SubmitButton, Tag};

#[component]
pub fn One(refund: Refund, form: FormState, account: FormState, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    let way = match refund.way {
        RefundWay::Gateway => text::by_card(l),
        RefundWay::Transfer => text::by_transfer(l),
    };
    let turn = |turn: &'static str, label: &'static str, class: &'static str| {
        view! { <SubmitButton label=label class=class name="turn" value=turn /> }
    };
    let failed = refund.state == RefundState::Failed;
    let waits = matches!(refund.state, RefundState::Ready | RefundState::NeedsAccount);
    let to_account = failed && refund.way == RefundWay::Gateway;
    view! {
        <section class="sheet sheet--wide refund" aria-labelledby="one">
            <h2 id="one">{refund.amount.show(l)} " " <Tag text=refund.state.label(l) tone=refund.state.tone() /></h2>
            <FormMessage form=form />
            <FormMessage form=account.clone() />
            <p class="quiet">
                {zone.date_time(l, refund.created_at)} " · " {way} " · " {refunds::reason_label(l, refund.reason)}
            </p>
            {(!refund.note.is_empty()).then(|| view! { <p class="refund__note">{refund.note.clone()}</p> })}
            {(refund.receivable.minor() > 0).then(|| view! { <p>{text::owed(l, refund.receivable.show(l))}</p> })}
            {failed.then(|| view! { <p>{text::failed_note(l)}</p> })}
            {(failed || waits).then(|| view! {
                <form class="ways" method="post" action=SteerRefund::PATH>
                    <input type="hidden" name="refund" value=refund.id.to_string() />
                    {failed.then(|| turn("again", text::again(l), ""))}
                    {to_account.then(|| turn("by_transfer", text::switch_to_transfer(l), "button--quiet"))}
                    {turn("call_off", text::call_off(l), "button--danger")}
                </form>
            })}
            {(refund.state == RefundState::NeedsAccount).then(|| view! {
                <details open=account.was_sent()>
                    <summary>{text::type_account(l)}</summary>
                    <form class="form" method="post" action=SetRefundAccount::PATH>
                        <input type="hidden" name="refund" value=refund.id.to_string() />
                        <AccountFields form=account.clone() />
                        <SubmitButton label=text::keep_account(l) />
                    </form>
                </details>
            })}
            {refund.pledge.map(|(pledge, _)| view! {
                <p><a class="more" href=l.path(&format!("/admin/refunds/pledges/{pledge}"))>{text::refund_pledge(l)}</a></p>
            })}
        </section>
    }
}
