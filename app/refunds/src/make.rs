//! An operator gives back what was paid for a pledge, all of it or a part, line by line.

use crate::{
    RefundError,
    form::{LineAmount, read_amounts, read_reason},
    store::{self, Refundable},
};
use accounts::operators::{Operator, Role, audit, require_role};
use chrono::{DateTime, Utc};
use kernel::{
    FormKey, Money, PledgeId, RefundId, Refusal,
    db::{Act, Db, OnConstraint},
};
use leptos::prelude::*;
use payments::{NewRefund, RefundReason, RefundSource};
use pledges::Means;

/// The reasons that an operator may give; the others belong to what the program does by itself.
pub const REASONS: [RefundReason; 7] = [
    RefundReason::Withdrawn,
    RefundReason::NotAsDescribed,
    RefundReason::Late,
    RefundReason::BackerCanceled,
    RefundReason::Double,
    RefundReason::Goodwill,
    RefundReason::Other,
];

/// A refund of a pledge as an operator wants it.
#[derive(Clone, Debug)]
pub struct WantedRefund {
    pub key: FormKey,
    pub amounts: Amounts,
    pub reason: RefundReason,
    pub note: String,
}

/// How much goes back.
#[derive(Clone, Debug)]
pub enum Amounts {
    /// All that is left.
    All,
    Lines(Vec<LineAmount>),
}

/// Operators for finance and for support.
#[server]
pub async fn make_refund(
    #[server(default)] pledge: String,
    #[server(default)] key: String,
    #[server(default)] reason: String,
    #[server(default)] note: String,
    #[server(default)] all: String,
    #[server(default)] lines: Vec<LineAmount>,
) -> Result<(), RefundError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance, Role::Support]).await?;
    let pledge: PledgeId = pledge.parse().map_err(|_| Refusal::NotFound)?;
    let key = key.parse().map_err(|_| Refusal::Malformed)?;
    let (reason, note) = read_reason(&reason, &note)?;
    let amounts = if all == "true" { Amounts::All } else { Amounts::Lines(lines) };
    let wanted = WantedRefund { key, amounts, reason, note };
    make(&means.db, &operator, pledge, &wanted, means.db.now()).await?;
    ui::lead_to(&format!("/admin/refunds/pledges/{pledge}?made=1"));
    Ok(())
}

/// Sets the money apart and has it sent. The same form again changes nothing.
///
/// Invariant: refunds of a pledge never sum to more than was paid, and of no line to more than it cost, whoever asks
/// at once: its payment is locked, and the database refuses.
pub async fn make(
    db: &Db,
    operator: &Operator,
    pledge: PledgeId,
    wanted: &WantedRefund,
    now: DateTime<Utc>,
) -> Result<RefundId, RefundError> {
    let mut tx = db.begin_at(Act::by(operator.member.id, "refunded by an operator"), now).await?;
    let of = store::lock_refundable(&mut tx, pledge).await?.ok_or(Refusal::NotFound)?;
    if let Some((before, payment)) = store::by_form(&mut tx, wanted.key).await? {
        return if payment == Some(of.payment) { Ok(before) } else { Err(RefundError::FormUsed) };
    }
    if !of.collected || of.left().minor() == 0 {
        return Err(RefundError::NotCollected);
    }
    let (amount, lines) = amounts(&of, &wanted.amounts)?;
    let new = NewRefund {
        source: RefundSource::Payment(of.payment),
        key: wanted.key,
        amount,
        way: of.way,
        account: None,
        reason: wanted.reason,
        note: &wanted.note,
        by: Some(operator.member.id),
        at: now,
    };
    let made = match payments::open_refund(&mut tx, &new).await {
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("refund_waits_for_dispute") => {
            return Err(RefundError::Disputed);
        }
        made => made.on_constraint("refunds_stay_within_payment", RefundError::TooMuch)?,
    };
    let id = made.ok_or(RefundError::FormUsed)?;
    store::add_lines(&mut tx, id, &of, &lines).await?;
    let detail = format!("{} {} ({})", amount.plain(), amount.currency(), wanted.reason.code());
    audit(&mut tx, &operator.actor(), "refund", &format!("pledge:{pledge}"), &detail, now).await?;
    tx.commit().await?;
    db.notify.jobs();
    metrics::counter!("dure_refunds_made_total").increment(1);
    Ok(id)
}

/// The sum that goes back, and what it is for as far as that is known.
fn amounts(of: &Refundable, wanted: &Amounts) -> Result<(Money, Vec<(i16, Money)>), RefundError> {
    match wanted {
        Amounts::All => {
            let lines: Vec<_> = of
                .lines
                .iter()
                .filter(|line| line.left.minor() > 0)
                .map(|line| (line.line, line.left))
                .collect();
            // What went back earlier without saying of which line is not told apart now either.
            let whole = sum(of, &lines)? == of.left();
            Ok((of.left(), if whole { lines } else { Vec::new() }))
        }
        Amounts::Lines(typed) => {
            let lines = read_amounts(typed, of)?;
            Ok((sum(of, &lines)?, lines))
        }
    }
}

fn sum(of: &Refundable, lines: &[(i16, Money)]) -> Result<Money, RefundError> {
    let zero = Money::zero(of.paid.currency());
    lines.iter().try_fold(zero, |sum, (_, amount)| sum.checked_add(*amount)).map_err(|_| RefundError::TooMuch)
}
