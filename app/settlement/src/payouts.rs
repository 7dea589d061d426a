//! What a creator sees of their money: every statement, line by line, and what became of it.

use crate::{Payout, PayoutState, Share, books_of, store, text};
use kernel::{Money, Refusal};
use leptos::prelude::*;
use projects::{FundingState, owned_project, studio_nav};
use ui::{LinkButton, Nothing, Notice, Page, PageRequest, Tag};

/// `/studio/{slug}/payouts`
pub async fn payouts_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let (l, zone) = (req.locale, req.zone());
    let project = owned_project(req, slug).await?;
    let mut connection = req.db.pool.acquire().await?;
    let books = books_of(&mut connection, project.id, project.currency).await?;
    let payouts = store::of_project(&mut connection, project.id).await?;
    let account = store::account_of(&mut connection, &req.db.keys, project.creator_id).await?;
    drop(connection);
    Ok(Page::new(text::payouts(l), move || {
        let funded = project.state == FundingState::Funded;
        let standing = [
            (text::kept_net(l), books.net, true),
            (text::still_here(l), books.escrow, true),
            (text::held_back(l), books.held, books.held.minor() > 0),
            (text::you_owe(l), books.receivable, books.receivable.minor() > 0),
        ];
        let standing = standing
            .into_iter()
            .filter(|(.., shown)| *shown)
            .map(|(label, money, _)| view! { <div><dt>{label}</dt><dd>{money.show(l)}</dd></div> })
            .collect_view();
        let owes =
            (books.receivable.minor() > 0).then(|| view! { <p class="quiet">{text::you_owe_note(l)}</p> });
        let (tone, sentence) = match &account {
            None => ("bad", text::no_account(l)),
            Some(kept) if kept.checked_at.is_some() => ("good", text::account_is_checked(l)),
            Some(kept) if kept.refused_why.is_empty() => ("plain", text::account_is_waiting(l)),
            Some(_) => ("bad", text::account_is_refused(l)),
        };
        let list = if payouts.is_empty() {
            let sentence = if funded { text::no_statements(l) } else { text::not_funded(l) };
            view! { <Nothing text=sentence /> }.into_any()
        } else {
            let items = payouts.into_iter().rev().map(|payout| {
                let day = zone.date(l, payout.drafted_at);
                view! { <li><Statement payout=payout day=day /></li> }
            });
            view! { <ol class="statements">{items.collect_view()}</ol> }.into_any()
        };
        view! {
            {studio_nav(l, &project, "payouts")}
            <section class="sheet sheet--wide">
                <h1>{text::payouts(l)}</h1>
                <p class="quiet">{text::payouts_lead(l)}</p>
                {funded.then(|| view! { <dl class="facts">{standing}</dl> })}
                {owes}
                <Notice tone=tone text=sentence />
                <p><LinkButton href=l.path("/account/payout") label=text::account(l) class="button--quiet" /></p>
                {list}
            </section>
        }
    }))
}

#[component]
fn Statement(payout: Payout, day: String) -> impl IntoView {
    let l = ui::use_locale();
    let tone = match payout.state {
        PayoutState::Paid => "good",
        PayoutState::Failed => "bad",
        _ => "plain",
    };
    view! {
        <article class="statement">
            <h2>{text::statement_no(l, payout.number)} " · " {payout.kind.label(l)}</h2>
            <p><Tag text=payout.state.label(l) tone=tone /> " " <span class="quiet">{text::written_on(l, day)}</span></p>
            <StatementLines share=payout.share />
        </article>
    }
}

/// Every line of a statement; together they are its first.
#[component]
pub fn StatementLines(share: Share) -> impl IntoView {
    let l = ui::use_locale();
    let minus = |money: Money| Money::new(-money.minor(), money.currency());
    let rows = [
        (text::gross(l), share.gross, false),
        (text::platform_fee(l), minus(share.fees.platform), false),
        (text::payment_fee(l), minus(share.fees.payment), false),
        (text::vat(l), minus(share.fees.vat), false),
        (text::netted(l), minus(share.netted), share.netted.minor() == 0),
        (text::net(l), share.net, false),
    ];
    let rows = rows
        .into_iter()
        .filter(|(.., hidden)| !hidden)
        .map(|(label, money, _)| view! { <div><dt>{label}</dt><dd>{money.show(l)}</dd></div> });
    view! { <dl class="facts">{rows.collect_view()}</dl> }
}
