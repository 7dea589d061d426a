//! One's own pledges.

#![cfg(feature = "ssr")]

use crate::{
    CancelPledge, ChooseTransfer, Means, Pledge, PledgeError, PledgeState, ResumePledge,
    lines::{Parcel, Sums},
    mine_rights::{Agreed, Rights},
    returned, store, text,
    transfer::{Instructions, TransferOfPage, TransferWays},
};
use chrono::{DateTime, Utc};
use kernel::{Locale, PledgeId, Refusal, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use payments::Payment;
use projects::FundingState;
use ui::{BackLink, FormMessage, LinkButton, Nothing, Notice, Page, PageRequest, SubmitButton, Tag};

pub async fn pledges_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let (member, zone) = (req.member()?.id, req.zone());
    let pledges = store::of_backer(&mut *req.db.pool.acquire().await?, member).await?;
    Ok(Page::new(text::my_pledges(l), move || {
        let empty = pledges.is_empty();
        let rows = pledges
            .into_iter()
            .map(|pledge| {
                let href = l.path(&format!("/account/pledges/{}", pledge.id));
                view! {
                    <li>
                        <a class="row-link pledge-row" href=href>
                            <span class="pledge-row__title">{pledge.project_title.clone()}</span>
                            <span class="pledge-row__sum">{pledge.total.show(l)}</span>
                            <span class="pledge-row__line">
                                <Tag text=pledge.state.label(l) tone=tone(pledge.state) />
                                " " {text::pledged_on(l, zone.date(l, pledge.created_at))}
                            </span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="sheet sheet--wide">
                <h1>{text::my_pledges(l)}</h1>
                {empty.then(|| view! { <Nothing text=text::no_pledges(l) href=l.path("/discover") label=text::discover(l) /> })}
                <ul class="row-links">{rows}</ul>
            </section>
        }
    }))
}

fn tone(state: PledgeState) -> &'static str {
    match state {
        PledgeState::Reserved | PledgeState::Deposited | PledgeState::Collected => "good",
        PledgeState::Held | PledgeState::AwaitingDeposit | PledgeState::Due | PledgeState::RetryWait => {
            "open"
        }
        PledgeState::ActionNeeded | PledgeState::Dropped => "bad",
        PledgeState::Canceled
        | PledgeState::Expired
        | PledgeState::Voided
        | PledgeState::Refunded
        | PledgeState::ChargedBack => "plain",
    }
}

/// A pledge of the viewer. Coming back from the card page asks the gateway what became of it.
pub async fn pledge_page(req: &PageRequest, means: &Means, id: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let (member, zone) = (req.member()?.id, req.zone());
    let id: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut pledge = own(req, member, id).await?;
    let back = req.query("returned").is_some();
    if back {
        // No answer is no disaster: the pledge stands as it stood, and the page says what to do.
        let _ = returned(means, id, req.db.now()).await;
        pledge = own(req, member, id).await?;
    }
    let mut db = req.db.pool.acquire().await?;
    let payment = payments::of_pledge(&mut db, id).await?;
    let address = store::address_of(&req.db, &mut db, id).await?;
    let (rights, consents) = (store::rights(&mut db, id).await?, store::consents(&mut db, id).await?);
    let transfer = TransferOfPage::find(&mut db, &pledge, &payment, req.db.now()).await?;
    drop(db);
    let can_change = pledge.can_be_changed(req.db.now());
    let changed = (req.query("changed").is_some() && req.typed.is_none()).then_some(text::changed(l));
    let thanks = (back && pledge.state == PledgeState::Reserved).then_some(text::thanks(l));
    let form = req.form_of::<PledgeError>(&[CancelPledge::PATH, ResumePledge::PATH, ChooseTransfer::PATH]);
    let note = note(l, zone, &pledge, &payment, &transfer);
    let payer = req.member()?.name.clone();
    Ok(Page::new(text::pledge(l), move || {
        view! {
            <section class="sheet sheet--wide">
                <BackLink href=l.path("/account/pledges") label=text::my_pledges(l) />
                <h1>{pledge.project_title.clone()}</h1>
                {thanks.map(|thanks| view! { <Notice tone="good" text=thanks /> })}
                {changed.map(|changed| view! { <Notice tone="good" text=changed /> })}
                <FormMessage form=form.clone() />
                <p><Tag text=pledge.state.label(l) tone=tone(pledge.state) /> " " {note}</p>
                {transfer.deposit.map(|deposit| view! { <Instructions deposit=deposit zone=zone /> })}
                <Sums bill=(&pledge).into()>{card(l, payment.card)}</Sums>
                {address.map(|address| view! { <Parcel address=address /> })}
                <Ways pledge=pledge.clone() can_change=can_change />
                <TransferWays pledge=pledge.clone() offered=transfer.offered payer=payer form=form />
                <Rights rights=rights lines=pledge.lines zone=zone />
                <Agreed consents=consents zone=zone />
            </section>
        }
    }))
}

async fn own(req: &PageRequest, member: kernel::MemberId, id: PledgeId) -> Result<Pledge, Refusal> {
    let pledge = store::get(&mut *req.db.pool.acquire().await?, id).await?;
    pledge.filter(|pledge| pledge.backer == member).ok_or(Refusal::NotFound)
}

fn note(l: Locale, zone: Zone, pledge: &Pledge, payment: &Payment, transfer: &TransferOfPage) -> String {
    let time = |at: Option<DateTime<Utc>>| at.map(|at| zone.date_time(l, at)).unwrap_or_default();
    let deadline = pledge.deadline.map(|at| zone.deadline(l, at)).unwrap_or_default();
    let due = time(transfer.deposit.as_ref().map(|deposit| deposit.due_at));
    match pledge.state {
        PledgeState::Held => text::held_note(l, zone.date_time(l, pledge.hold_expires_at)),
        PledgeState::Reserved => text::reserved_note(l, deadline),
        PledgeState::AwaitingDeposit => text::awaiting_note(l, due),
        PledgeState::Deposited => text::deposited_note(l, deadline),
        PledgeState::Canceled => text::canceled_note(l).to_owned(),
        PledgeState::Expired if payment.is_by_transfer() => text::missed_note(l).to_owned(),
        PledgeState::Expired if pledge.project_state == FundingState::Live => {
            format!("{} {}", text::expired_note(l), text::pledge_again(l))
        }
        PledgeState::Expired => text::expired_note(l).to_owned(),
        PledgeState::Voided => match pledge.project_state {
            FundingState::Unfunded | FundingState::Canceled => text::voided_note(l).to_owned(),
            _ => text::late_note(l).to_owned(),
        },
        PledgeState::Due => text::due_note(l).to_owned(),
        PledgeState::RetryWait => text::retry_note(l, reason(l, payment), time(payment.next_run_at)),
        PledgeState::ActionNeeded => text::action_note(l, reason(l, payment), time(payment.last_run_at)),
        PledgeState::Collected => text::collected_note(l).to_owned(),
        PledgeState::Dropped => text::dropped_note(l).to_owned(),
        PledgeState::Refunded => text::refunded_note(l).to_owned(),
        PledgeState::ChargedBack => text::charged_back_note(l).to_owned(),
    }
}

/// Why the last charge was refused, in words.
fn reason(l: Locale, payment: &Payment) -> &'static str {
    match payment.decline.as_deref() {
        Some("insufficient_funds") => text::no_funds(l),
        Some("expired_card") => text::card_expired(l),
        Some("authentication_required") => text::needs_authentication(l),
        _ => text::card_refused(l),
    }
}

fn card(l: Locale, card: Option<(String, String)>) -> Option<impl IntoView> {
    card.map(|(brand, last4)| view! { <div><dt>{text::card(l)}</dt><dd>{brand} " ···· " {last4}</dd></div> })
}

/// What can be done now.
#[component]
fn Ways(pledge: Pledge, can_change: bool) -> impl IntoView {
    let l = ui::use_locale();
    let id = pledge.id.to_string();
    let open = pledge.state.waits_for_deadline();
    let to_gateway = match pledge.state {
        PledgeState::Held => Some(text::add_card(l)),
        PledgeState::AwaitingDeposit => Some(text::pay_by_card_instead(l)),
        PledgeState::RetryWait | PledgeState::ActionNeeded => Some(text::pay_again(l)),
        _ => None,
    };
    let weight = if pledge.state == PledgeState::AwaitingDeposit {
        "button--wide button--quiet"
    } else {
        "button--wide"
    };
    view! {
        {to_gateway.map(|label| view! {
            <form method="post" action=ResumePledge::PATH>
                <input type="hidden" name="pledge" value=id.clone() />
                <SubmitButton label=label class=weight />
            </form>
        })}
        <div class="ways">
            <LinkButton href=l.path(&format!("/projects/{}", pledge.project_slug)) label=text::back_to_project(l) class="button--quiet" />
            {can_change.then(|| view! {
                <LinkButton href=l.path(&format!("/account/pledges/{id}/change")) label=text::change(l) class="button--quiet" />
            })}
            {open.then(|| view! {
                <form method="post" action=CancelPledge::PATH>
                    <input type="hidden" name="pledge" value=id />
                    <SubmitButton label=text::cancel(l) class="button--danger" />
                </form>
            })}
        </div>
        {open.then(|| view! { <p class="quiet">{text::cancel_note(l)}</p> })}
    }
}
