//! Securing a pledge with a card: to the gateway's page and back, once.

use crate::{Means, Pledge, PledgeError, PledgeState, goal, mail, release, store, text};
use accounts::notifications::tell;
use chrono::{DateTime, Utc};
use kernel::{Locale, PledgeId, Refusal, db::Act};
use payments::{CardOutcome, CardPage, PaymentState};
use projects::FundingState;

/// What became of a held pledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secured {
    /// A card is stored.
    Yes,
    /// The person has not finished at the gateway.
    NotYet,
    /// The pledge is over.
    Over,
}

/// The address of the gateway's card page for a held pledge. Asking again gives the same page.
pub async fn open_card_page(means: &Means, id: PledgeId, locale: Locale) -> Result<String, PledgeError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin(Act::system("card page opened")).await?;
    let pledge = store::get(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let payment = payments::lock(&mut tx, id.uuid()).await?;
    if pledge.state != PledgeState::Held || payment.state != PaymentState::Pending {
        return Err(PledgeError::TooLate);
    }
    let key = payments::begin_store_card(&mut tx, &payment, now).await?;
    tx.commit().await?;
    let page = CardPage {
        key,
        amount: pledge.total,
        title: bill(locale, &pledge),
        return_url: means.site.address(locale, &format!("/account/pledges/{id}?returned=1")),
        locale,
    };
    let address = means.gateway.open_card_page(page).await.map_err(|error| {
        tracing::warn!(pledge.id = %id, %error, "The card page of pledge {id} could not be opened");
        PledgeError::GatewayAway
    })?;
    let mut tx = db.begin(Act::system("card page opened")).await?;
    payments::mark_sent(&mut tx, key).await?;
    tx.commit().await?;
    Ok(address)
}

/// What the pledge is for, as the gateway's page shows it above the sum.
fn bill(l: Locale, pledge: &Pledge) -> String {
    let extra = pledge.extra.minor() > 0;
    let lines = pledge.lines.iter().map(|line| format!("{} × {}", line.title, line.quantity));
    let lines = lines.chain(extra.then(|| format!("{} {}", text::extra(l), pledge.extra.show(l))));
    format!("{} · {}", pledge.project_title, lines.collect::<Vec<_>>().join(" + "))
}

/// Asks the gateway what became of the card page, and secures the pledge if a card is stored.
/// The return page, the expiry and a second tab may all call this at once; it happens once.
pub async fn secure(means: &Means, id: PledgeId, now: DateTime<Utc>) -> Result<Secured, PledgeError> {
    let mut connection = means.db.pool.acquire().await?;
    let pledge = store::get(&mut connection, id).await?.ok_or(Refusal::NotFound)?;
    if pledge.state != PledgeState::Held {
        return Ok(over_or_secured(pledge.state));
    }
    let payment = payments::of_purpose(&mut connection, id.uuid()).await?;
    let attempt = payments::open_attempt(&mut connection, payment.id, "store_card").await?;
    drop(connection);
    let Some(attempt) = attempt else {
        // No card page is open any more: another call may have settled it since we looked.
        let pledge = store::get(&mut *means.db.pool.acquire().await?, id).await?.ok_or(Refusal::NotFound)?;
        return Ok(over_or_secured(pledge.state));
    };
    let outcome = means.gateway.ask_card_page(attempt.id).await.map_err(|error| {
        tracing::warn!(pledge.id = %id, %error, "The card page of pledge {id} could not be asked about");
        PledgeError::GatewayAway
    })?;
    settle(means, id, attempt.id, &outcome, now).await
}

fn over_or_secured(state: PledgeState) -> Secured {
    match state {
        PledgeState::Held => Secured::NotYet,
        PledgeState::Reserved | PledgeState::Due | PledgeState::Collected => Secured::Yes,
        _ => Secured::Over,
    }
}

/// Books what the gateway said of a card page, in one transaction with the pledge.
///
/// Invariant: a pledge is reserved only with a stored card, while its project is live and before the
/// deadline; otherwise the card is removed again and the stock comes back.
pub(crate) async fn settle(
    means: &Means,
    id: PledgeId,
    attempt: kernel::PaymentAttemptId,
    outcome: &CardOutcome,
    now: DateTime<Utc>,
) -> Result<Secured, PledgeError> {
    let card = match outcome {
        CardOutcome::Open => return Ok(Secured::NotYet),
        CardOutcome::Closed => None,
        CardOutcome::Stored(card) => Some(card),
    };
    let db = &means.db;
    let mut tx = db.begin_at(Act::system("the gateway told of the card"), now).await?;
    // The project first, then the pledge: the order in which everything locks.
    let known = store::get(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let (project_state, deadline) = projects::store::lock(&mut tx, known.project).await?;
    let (state, project) = store::lock(&mut tx, id).await?;
    if state != PledgeState::Held {
        return Ok(over_or_secured(state));
    }
    let payment = payments::lock(&mut tx, id.uuid()).await?;
    if !payments::record_card(&mut tx, &payment, attempt, card, now).await? {
        return Ok(Secured::NotYet);
    }
    if card.is_none() {
        tx.commit().await?;
        return Ok(Secured::NotYet);
    }
    let open = project_state == FundingState::Live && deadline.is_some_and(|deadline| now < deadline);
    let secured = if open {
        store::move_state(&mut tx, id, "reserved").await?;
        let to = mail::addressee(&mut tx, id).await?;
        tell(&mut tx, &means.site, mail::reserved(&means.site, &to), now).await?;
        let backer = mail::new_backer(&mut tx, &means.site, project, &to).await?;
        tell(&mut tx, &means.site, backer, now).await?;
        Secured::Yes
    } else {
        release::end(&mut tx, id, "voided", now).await?;
        Secured::Over
    };
    tx.commit().await?;
    if secured == Secured::Yes {
        // Of pledges at one instant only the last to commit sees the sum of all.
        goal::note_reached(db, project, now).await?;
    }
    db.notify.jobs();
    db.notify.project(project);
    Ok(secured)
}
