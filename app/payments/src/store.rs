//! SQL of payments. All functions run in the caller's transaction.

use crate::{
    attempt::{Begun, OpenAttempt},
    gateway::{Charge, ChargeOutcome, StoredCard},
};
use chrono::{DateTime, Utc};
use kernel::{Currency, MemberId, Money, PaymentAttemptId, PaymentId, PaymentMethodId, ProjectId};
use ledger::{Account, NewEntry};
use sqlx::PgConnection;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// No card is stored yet.
    Pending,
    Stored,
    Voided,
    /// The goal was reached; the card is to be charged.
    Due,
    Collected,
    Failed,
}

impl PaymentState {
    fn from_code(code: &str) -> sqlx::Result<Self> {
        match code {
            "pending" => Ok(Self::Pending),
            "stored" => Ok(Self::Stored),
            "voided" => Ok(Self::Voided),
            "due" => Ok(Self::Due),
            "collected" => Ok(Self::Collected),
            "failed" => Ok(Self::Failed),
            _ => Err(sqlx::Error::Decode("unknown payment state".into())),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Payment {
    pub id: PaymentId,
    pub project: ProjectId,
    pub amount: Money,
    pub state: PaymentState,
    /// Brand and last four digits of the stored card.
    pub card: Option<(String, String)>,
    /// Why the last charge was refused.
    pub decline: Option<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct NewPayment {
    pub purpose_id: Uuid,
    pub project: ProjectId,
    pub member: MemberId,
    pub amount: Money,
    pub gateway: &'static str,
    pub at: DateTime<Utc>,
}

/// Opens the payment of a pledge. One purpose has one payment.
pub async fn open(db: &mut PgConnection, new: NewPayment) -> sqlx::Result<PaymentId> {
    let id = PaymentId::new();
    sqlx::query!(
        "insert into payments (id, purpose, purpose_id, project_id, member_id, amount_minor, currency, gateway, state, created_at)
         values ($1, 'pledge', $2, $3, $4, $5, $6, $7, 'pending', $8)",
        id.uuid(),
        new.purpose_id,
        new.project.uuid(),
        new.member.uuid(),
        new.amount.minor(),
        new.amount.currency().code(),
        new.gateway,
        new.at
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// The payment of a pledge, locked until the caller's transaction ends.
pub async fn lock(db: &mut PgConnection, purpose_id: Uuid) -> sqlx::Result<Payment> {
    sqlx::query!(
        "select id from payments where purpose = 'pledge' and purpose_id = $1 for update",
        purpose_id
    )
    .fetch_one(&mut *db)
    .await?;
    of_purpose(db, purpose_id).await
}

/// The payment of a pledge, to look at.
pub async fn of_purpose(db: &mut PgConnection, purpose_id: Uuid) -> sqlx::Result<Payment> {
    let row = sqlx::query!(
        r#"select p.id, p.project_id, p.amount_minor, p.currency, p.state, m.brand as "brand?", m.last4 as "last4?",
                  (select a.decline from payment_attempts a where a.payment_id = p.id and a.kind = 'charge'
                    order by a.created_at desc limit 1) as decline
             from payments p left join payment_methods m on m.id = p.method_id
            where p.purpose = 'pledge' and p.purpose_id = $1"#,
        purpose_id
    )
    .fetch_one(db)
    .await?;
    Ok(Payment {
        id: row.id.into(),
        project: row.project_id.into(),
        amount: Money::new(row.amount_minor, currency(&row.currency)?),
        state: PaymentState::from_code(&row.state)?,
        card: row.brand.zip(row.last4),
        decline: row.decline,
    })
}

fn currency(code: &str) -> sqlx::Result<Currency> {
    code.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// The try of a kind that has no outcome, if there is one.
pub async fn open_attempt(
    db: &mut PgConnection,
    payment: PaymentId,
    kind: &str,
) -> sqlx::Result<Option<OpenAttempt>> {
    let row = sqlx::query!(
        "select id, created_at from payment_attempts
          where payment_id = $1 and kind = $2 and state in ('created', 'sent', 'unknown')",
        payment.uuid(),
        kind
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| OpenAttempt { id: row.id.into(), created_at: row.created_at }))
}

async fn add_attempt(
    db: &mut PgConnection,
    payment: &Payment,
    kind: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<PaymentAttemptId> {
    let id = PaymentAttemptId::new();
    sqlx::query!(
        "insert into payment_attempts (id, payment_id, kind, amount_minor, currency, state, created_at)
         values ($1, $2, $3, $4, $5, 'created', $6)",
        id.uuid(),
        payment.id.uuid(),
        kind,
        payment.amount.minor(),
        payment.amount.currency().code(),
        at
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// The attempt under which a card page is opened: the waiting one, or a new row.
pub async fn begin_store_card(
    db: &mut PgConnection,
    payment: &Payment,
    at: DateTime<Utc>,
) -> sqlx::Result<PaymentAttemptId> {
    match open_attempt(&mut *db, payment.id, "store_card").await? {
        Some(open) => Ok(open.id),
        None => add_attempt(db, payment, "store_card", at).await,
    }
}

/// The gateway has been told of the attempt.
pub async fn mark_sent(db: &mut PgConnection, attempt: PaymentAttemptId) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment_attempts set state = 'sent' where id = $1 and state = 'created'",
        attempt.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The gateway gave no answer.
pub async fn mark_unknown(db: &mut PgConnection, attempt: PaymentAttemptId) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment_attempts set state = 'unknown' where id = $1 and state = 'sent'",
        attempt.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn settle(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    state: &str,
    gateway_ref: Option<&str>,
    decline: Option<&str>,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let settled = sqlx::query!(
        "update payment_attempts set state = $2, gateway_ref = $3, decline = $4, settled_at = $5
          where id = $1 and state in ('created', 'sent', 'unknown')",
        attempt.uuid(),
        state,
        gateway_ref,
        decline,
        at
    )
    .execute(db)
    .await?;
    Ok(settled.rows_affected() == 1)
}

/// Books the outcome of a card page: the card is kept and the payment is `stored`, or the attempt
/// is over. False if another writer was first; doing it again changes nothing.
pub async fn record_card(
    db: &mut PgConnection,
    payment: &Payment,
    attempt: PaymentAttemptId,
    card: Option<&StoredCard>,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    mark_sent(&mut *db, attempt).await?;
    let Some(card) = card else {
        return settle(db, attempt, "declined", None, Some("page_closed"), at).await;
    };
    if !settle(&mut *db, attempt, "succeeded", Some(&card.gateway_ref), None, at).await? {
        return Ok(false);
    }
    sqlx::query!(
        "with method as (
             insert into payment_methods (id, member_id, gateway, gateway_ref, brand, last4, created_at)
             select $2, member_id, gateway, $3, $4, $5, $6 from payments where id = $1
             returning id)
         update payments set state = 'stored', method_id = method.id
           from method where payments.id = $1 and payments.state = 'pending'",
        payment.id.uuid(),
        PaymentMethodId::new().uuid(),
        card.gateway_ref,
        card.brand,
        card.last4,
        at
    )
    .execute(db)
    .await?;
    Ok(true)
}

/// Releases a payment that will never be charged. False if it has another outcome.
pub async fn void(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<bool> {
    let voided = sqlx::query!(
        "update payments set state = 'voided' where id = $1 and state in ('pending', 'stored')",
        payment.uuid()
    )
    .execute(db)
    .await?;
    Ok(voided.rows_affected() == 1)
}

/// The stored card of a voided payment, to be removed at the gateway.
pub async fn card_to_forget(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select m.gateway_ref from payments p join payment_methods m on m.id = p.method_id
          where p.id = $1 and p.state = 'voided'",
        payment.uuid()
    )
    .fetch_optional(db)
    .await
}

/// Makes the stored payments of a project due; tells how many.
pub async fn make_due(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<u64> {
    let due = sqlx::query!(
        "update payments set state = 'due' where project_id = $1 and state = 'stored'",
        project.uuid()
    )
    .execute(db)
    .await?;
    Ok(due.rows_affected())
}

/// Begins a charge, or tells that an earlier one must be asked about.
///
/// Invariant: when this says [`Begun::Call`], the caller commits before it calls, so that the
/// attempt's row exists before the gateway hears its key.
pub async fn begin_charge(
    db: &mut PgConnection,
    payment: &Payment,
    at: DateTime<Utc>,
) -> sqlx::Result<Begun> {
    if payment.state != PaymentState::Due {
        return Ok(Begun::Done);
    }
    if let Some(open) = open_attempt(&mut *db, payment.id, "charge").await? {
        return Ok(Begun::Ask(open));
    }
    let card = sqlx::query_scalar!(
        "select m.gateway_ref from payments p join payment_methods m on m.id = p.method_id where p.id = $1",
        payment.id.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    let key = add_attempt(&mut *db, payment, "charge", at).await?;
    mark_sent(db, key).await?;
    Ok(Begun::Call(Charge { key, card, amount: payment.amount }))
}

/// Books the outcome of a charge: attempt, payment and ledger in one transaction. False if it
/// was booked before; doing it again changes nothing.
///
/// Invariant: a payment is `collected` if and only if the ledger has its entry.
pub async fn record_charge(
    db: &mut PgConnection,
    payment: &Payment,
    attempt: PaymentAttemptId,
    outcome: &ChargeOutcome,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let (state, gateway_ref, decline) = match outcome {
        ChargeOutcome::Succeeded { gateway_ref } => ("succeeded", Some(gateway_ref.as_str()), None),
        ChargeOutcome::Declined { code } => ("declined", None, Some(code.as_str())),
    };
    if !settle(&mut *db, attempt, state, gateway_ref, decline, at).await? {
        return Ok(false);
    }
    let payment_state = if decline.is_none() { "collected" } else { "failed" };
    sqlx::query!(
        "update payments set state = $2 where id = $1 and state = 'due'",
        payment.id.uuid(),
        payment_state
    )
    .execute(&mut *db)
    .await?;
    if decline.is_none() {
        let entry = NewEntry {
            project: payment.project,
            kind: "charge_collected",
            reference: attempt.uuid(),
            at,
            debit: Account::GatewayClearing,
            credit: Account::ProjectEscrow,
            amount: payment.amount,
        };
        ledger::post(db, entry).await?;
    }
    Ok(true)
}

/// The gateway has never heard of an attempt that was sent long ago: it can not have charged, and
/// a new attempt may be made. The payment stays due.
pub async fn record_never_arrived(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    settle(db, attempt, "declined", None, Some("never_arrived"), at).await
}

/// A card page was closed for good.
pub async fn record_page_closed(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    mark_sent(&mut *db, attempt).await?;
    settle(db, attempt, "declined", None, Some("page_closed"), at).await
}
