//! To the gateway's own page: to have a card kept for a pledge, or to pay a pledge whose card was refused.

use crate::{Means, Pledge, PledgeError, PledgeState, store, text};
use kernel::{Locale, PledgeId, Refusal, db::Act};
use payments::{AttemptKind, PaymentState, Visit, Wish};

/// The address of the gateway's page for a pledge that waits for a card or for money. Asking again gives
/// the same page.
///
/// Invariant: while a charge has no outcome nobody is led to pay beside it.
pub async fn visit(means: &Means, id: PledgeId, locale: Locale) -> Result<String, PledgeError> {
    let db = &means.db;
    let now = db.now();
    let mut tx = db.begin(Act::system("the gateway's page opens")).await?;
    let pledge = store::get(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let (state, _) = store::lock(&mut tx, id).await?;
    let payment = payments::lock(&mut tx, id).await?;
    let wish = match (state, payment.state) {
        (PledgeState::Held, PaymentState::Pending)
        | (PledgeState::AwaitingDeposit, PaymentState::Awaiting) => Wish::Store,
        (PledgeState::RetryWait | PledgeState::ActionNeeded, PaymentState::Due) => {
            let card = means.till.gateway(means.till.for_cards()).map_err(|_| PledgeError::GatewayAway)?;
            if card.takes_visits_to_pay() { Wish::Pay } else { Wish::Store }
        }
        (PledgeState::Due, _) => return Err(PledgeError::BeingCharged),
        _ => return Err(PledgeError::TooLate),
    };
    let gateway = if state == PledgeState::Held { payment.gateway.as_str() } else { means.till.for_cards() };
    let kind = match wish {
        Wish::Store => AttemptKind::StoreCard,
        Wish::Pay => AttemptKind::Pay,
    };
    let attempt = payments::begin_visit(&mut tx, &payment, kind, gateway, now).await?;
    tx.commit().await?;
    let visit = Visit {
        key: attempt.id,
        wish,
        amount: pledge.total,
        title: bill(locale, &pledge),
        return_url: means.site.address(locale, &format!("/account/pledges/{id}?returned=1")),
        locale,
    };
    let away = |error| {
        tracing::warn!(pledge.id = %id, %error, "The gateway's page for pledge {id} could not be opened");
        PledgeError::GatewayAway
    };
    let gateway = means.till.gateway(&attempt.gateway).map_err(away)?;
    let opened = gateway.open_visit(&visit).await.map_err(away)?;
    let mut tx = db.begin(Act::system("the gateway's page opens")).await?;
    payments::mark_sent(&mut tx, attempt.id, Some(&opened)).await?;
    tx.commit().await?;
    Ok(opened.address)
}

/// What the pledge is for, as the gateway's page shows it above the sum.
fn bill(l: Locale, pledge: &Pledge) -> String {
    let extra = pledge.extra.minor() > 0;
    let lines = pledge.lines.iter().map(|line| format!("{} × {}", line.name(), line.quantity));
    let shipping =
        (pledge.shipping.minor() > 0).then(|| format!("{} {}", text::shipping(l), pledge.shipping.show(l)));
    let lines =
        lines.chain(shipping).chain(extra.then(|| format!("{} {}", text::extra(l), pledge.extra.show(l))));
    format!("{} · {}", pledge.project_title, lines.collect::<Vec<_>>().join(" + "))
}
