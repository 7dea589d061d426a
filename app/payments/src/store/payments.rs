//! SQL of payments. All functions run in the caller's transaction.

use super::methods::add_method;
use crate::{attempt::Attempt, gateway::StoredMethod};
use chrono::{DateTime, Utc};
use kernel::{Calendar, Currency, MemberId, Money, PaymentId, PaymentMethodId, PledgeId, ProjectId};
use ledger::Event;
use sqlx::PgConnection;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// No card is stored yet.
    Pending,
    Stored,
    /// A transfer is expected.
    Awaiting,
    /// The transfer came; it is the backer's until the goal is reached.
    Received,
    Voided,
    /// The goal was reached; the card is to be charged.
    Due,
    Collected,
    Failed,
    /// The payer's bank took it back.
    ChargedBack,
}

impl PaymentState {
    fn from_code(code: &str) -> sqlx::Result<Self> {
        match code {
            "pending" => Ok(Self::Pending),
            "stored" => Ok(Self::Stored),
            "awaiting" => Ok(Self::Awaiting),
            "received" => Ok(Self::Received),
            "voided" => Ok(Self::Voided),
            "due" => Ok(Self::Due),
            "collected" => Ok(Self::Collected),
            "failed" => Ok(Self::Failed),
            "charged_back" => Ok(Self::ChargedBack),
            _ => Err(sqlx::Error::Decode("unknown payment state".into())),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Payment {
    pub id: PaymentId,
    /// What it is for.
    pub pledge: PledgeId,
    pub project: ProjectId,
    pub amount: Money,
    pub member: MemberId,
    /// Where its method is kept, or will be.
    pub gateway: String,
    pub state: PaymentState,
    /// `card`, `paypal`, `bank_transfer` or `virtual_account`.
    pub method: String,
    /// Brand and last four digits of the stored card.
    pub card: Option<(String, String)>,
    /// Why the last charge was refused.
    pub decline: Option<String>,
    /// Runs of the schedule that were begun.
    pub run: i16,
    /// When the last run is.
    pub last_run_at: Option<DateTime<Utc>>,
    pub next_run_at: Option<DateTime<Utc>>,
}

impl Payment {
    #[must_use]
    pub fn is_by_transfer(&self) -> bool {
        self.method == "bank_transfer"
    }
}

#[derive(Clone, Copy, Debug)]
pub struct NewPayment {
    pub pledge: PledgeId,
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
        new.pledge.uuid(),
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
pub async fn lock(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Payment> {
    sqlx::query!(
        "select id from payments where purpose = 'pledge' and purpose_id = $1 for update",
        pledge.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    of_pledge(db, pledge).await
}

/// Makes a payment that the caller has locked one of another amount. The database refuses it once the money is
/// asked for.
pub async fn change_amount(db: &mut PgConnection, payment: PaymentId, amount: Money) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments set amount_minor = $2, currency = $3 where id = $1",
        payment.uuid(),
        amount.minor(),
        amount.currency().code()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The payment of a pledge, to look at.
pub async fn of_pledge(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Payment> {
    let row = sqlx::query!(
        r#"select p.id, p.project_id, p.member_id, p.amount_minor, p.currency, p.gateway, p.state, p.method,
                  p.run, p.next_run_at, p.last_run_at, m.brand as "brand?", m.last4 as "last4?",
                  (select a.decline from payment_attempts a where a.payment_id = p.id and a.kind in ('charge', 'pay')
                      and a.state = 'declined' and a.decline_class is distinct from 'abandoned' order by a.created_at desc limit 1) as decline
             from payments p left join payment_methods m on m.id = p.method_id
            where p.purpose = 'pledge' and p.purpose_id = $1"#,
        pledge.uuid()
    )
    .fetch_one(db)
    .await?;
    Ok(Payment {
        id: row.id.into(),
        pledge,
        project: row.project_id.into(),
        amount: Money::new(row.amount_minor, currency(&row.currency)?),
        member: row.member_id.into(),
        gateway: row.gateway,
        state: PaymentState::from_code(&row.state)?,
        method: row.method,
        card: row.brand.zip(row.last4),
        decline: row.decline,
        run: row.run,
        last_run_at: row.last_run_at,
        next_run_at: row.next_run_at,
    })
}

pub(super) fn currency(code: &str) -> sqlx::Result<Currency> {
    code.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// A method was stored for a payment that waited for it.
pub async fn store_method(
    db: &mut PgConnection,
    payment: &Payment,
    gateway: &str,
    stored: &StoredMethod,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let method = add_method(&mut *db, payment, gateway, stored, at).await?;
    sqlx::query!(
        "update payments set state = 'stored', method = 'card', method_id = $2, gateway = $3
          where id = $1 and state in ('pending', 'awaiting')",
        payment.id.uuid(),
        method.uuid(),
        gateway
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Another method takes the place of the one that a due payment had; tells the old one.
pub async fn replace_method(
    db: &mut PgConnection,
    payment: &Payment,
    gateway: &str,
    stored: &StoredMethod,
    at: DateTime<Utc>,
) -> sqlx::Result<Option<PaymentMethodId>> {
    let method = add_method(&mut *db, payment, gateway, stored, at).await?;
    let old = sqlx::query_scalar!(
        r#"update payments y set method_id = $2, gateway = $3 from payments old
            where y.id = $1 and old.id = y.id and y.state = 'due' returning old.method_id as "id?""#,
        payment.id.uuid(),
        method.uuid(),
        gateway
    )
    .fetch_optional(db)
    .await?;
    Ok(old.flatten().map(PaymentMethodId::from_uuid))
}

/// A run has begun, or is over; the next one is at `next`.
pub async fn note_run(
    db: &mut PgConnection,
    payment: PaymentId,
    run: i16,
    next: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments set run = greatest(run, $2), next_run_at = $3 where id = $1",
        payment.uuid(),
        run,
        next
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether the method that the payment has now was charged and refused.
pub async fn card_was_refused(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments y join payment_attempts a on a.payment_id = y.id and a.method_id = y.method_id
                           where y.id = $1 and a.kind = 'charge' and a.state = 'declined'
                             and a.decline_class not in ('ours', 'abandoned')) as "refused!""#,
        payment.uuid()
    )
    .fetch_one(db)
    .await
}

/// A transfer is expected for a payment; tells the card that is not needed any more.
pub async fn await_transfer(
    db: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Option<PaymentMethodId>> {
    let card = sqlx::query_scalar!(
        r#"update payments y set state = 'awaiting', method = 'bank_transfer', method_id = null from payments old
            where y.id = $1 and old.id = y.id and y.state in ('pending', 'stored') returning old.method_id as "id?""#,
        payment.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(card.flatten().map(PaymentMethodId::from_uuid))
}

/// Releases a payment that will never be collected. `arrived` is what came in for it by transfer, and is to
/// go back. False if it has another outcome.
pub async fn void(db: &mut PgConnection, payment: PaymentId, arrived: i64) -> sqlx::Result<bool> {
    let voided = sqlx::query!(
        "update payments set state = 'voided', paid_minor = $2
          where id = $1 and state in ('pending', 'stored', 'awaiting', 'received')",
        payment.uuid(),
        arrived
    )
    .execute(db)
    .await?;
    Ok(voided.rows_affected() == 1)
}

/// The goal was reached: what came in by transfer for a project is its now. Tells the sum.
///
/// Invariant: the ledger has the sum of all of them in one entry. The caller holds the book's chain, and moves
/// the pledges in the same transaction.
pub async fn take_deposits(
    db: &mut PgConnection,
    project: ProjectId,
    currency: Currency,
    at: DateTime<Utc>,
) -> sqlx::Result<Money> {
    let sum = sqlx::query_scalar!(
        r#"with taken as (update payments set state = 'collected' where project_id = $1 and state = 'received'
                          returning paid_minor)
           select coalesce(sum(paid_minor), 0)::bigint as "sum!" from taken"#,
        project.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    let amount = Money::new(sum, currency);
    if sum > 0 {
        ledger::post(db, Event::DepositsTaken { project, amount }, at).await?;
    }
    Ok(amount)
}

/// The stored method of a payment that is over without money, to be removed at its gateway.
pub async fn method_to_forget(
    db: &mut PgConnection,
    payment: PaymentId,
) -> sqlx::Result<Option<PaymentMethodId>> {
    let id = sqlx::query_scalar!(
        "select method_id from payments where id = $1 and state in ('voided', 'failed')",
        payment.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(id.flatten().map(PaymentMethodId::from_uuid))
}

/// Makes the stored payments of a project due, between its first and its last run; tells how many.
pub async fn make_due(
    db: &mut PgConnection,
    project: ProjectId,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let due = sqlx::query!(
        "update payments set state = 'due', next_run_at = $2, last_run_at = $3
          where project_id = $1 and state = 'stored'",
        project.uuid(),
        first,
        last
    )
    .execute(db)
    .await?;
    Ok(due.rows_affected())
}

/// The days on which Korean banks rest, as the operator keeps them.
pub async fn calendar(db: &mut PgConnection) -> sqlx::Result<Calendar> {
    Ok(sqlx::query_scalar!("select day from holidays").fetch_all(db).await?.into_iter().collect())
}

/// The charge succeeded: the payment is collected, and the ledger has it.
///
/// Invariant: a payment is `collected` if and only if the ledger has its entry. The caller has recorded
/// the attempt, and holds the book's chain and the payment.
pub async fn collect(
    db: &mut PgConnection,
    payment: &Payment,
    attempt: &Attempt,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments set state = 'collected', paid_minor = amount_minor where id = $1 and state = 'due'",
        payment.id.uuid()
    )
    .execute(&mut *db)
    .await?;
    let event = Event::ChargeCollected {
        project: payment.project,
        gateway: &attempt.gateway,
        attempt: attempt.id,
        amount: payment.amount,
    };
    ledger::post(db, event, at).await?;
    Ok(())
}

/// Nothing more is tried: the payment failed.
pub async fn fail(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<()> {
    sqlx::query!("update payments set state = 'failed' where id = $1 and state = 'due'", payment.uuid())
        .execute(db)
        .await?;
    Ok(())
}
