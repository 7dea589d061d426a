//! Rows of disputes, and what ends with one that is lost.

use chrono::{DateTime, Utc};
use kernel::{Currency, DisputeId, Money, PaymentAttemptId, PaymentId, PledgeId, ProjectId, RefundId};
use payments::{DisputeState, DisputeTold};
use sqlx::{PgConnection, PgPool};

/// The state of a dispute, as in the database.
#[must_use]
pub const fn code(state: DisputeState) -> &'static str {
    match state {
        DisputeState::Opened => "opened",
        DisputeState::Answered => "answered",
        DisputeState::Won => "won",
        DisputeState::Lost => "lost",
    }
}

fn state(code: &str) -> sqlx::Result<DisputeState> {
    let known = [DisputeState::Opened, DisputeState::Answered, DisputeState::Won, DisputeState::Lost];
    known
        .into_iter()
        .find(|state| self::code(*state) == code)
        .ok_or_else(|| sqlx::Error::Decode("unknown state of a dispute".into()))
}

/// The charge that a dispute is about.
#[derive(Clone, Copy, Debug)]
pub struct Charge {
    pub attempt: PaymentAttemptId,
    pub payment: PaymentId,
    pub pledge: PledgeId,
    pub project: ProjectId,
}

/// A charge of ours by its gateway's name for it.
pub async fn charge_of(
    db: &mut PgConnection,
    gateway: &str,
    charge_ref: &str,
) -> sqlx::Result<Option<Charge>> {
    let row = sqlx::query!(
        "select a.id, y.id as payment, y.purpose_id, y.project_id
           from payment_attempts a join payments y on y.id = a.payment_id
          where a.gateway_ref = $2 and coalesce(a.gateway, y.gateway) = $1
            and a.kind in ('charge', 'pay') and a.state = 'succeeded'",
        gateway,
        charge_ref
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Charge {
        attempt: row.id.into(),
        payment: row.payment.into(),
        pledge: row.purpose_id.into(),
        project: row.project_id.into(),
    }))
}

/// A dispute that we know, locked until the caller's transaction ends.
pub async fn lock_dispute(
    db: &mut PgConnection,
    gateway: &str,
    gateway_ref: &str,
) -> sqlx::Result<Option<(DisputeId, DisputeState)>> {
    let row = sqlx::query!(
        "select id, state from disputes where gateway = $1 and gateway_ref = $2 for update",
        gateway,
        gateway_ref
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| Ok((row.id.into(), state(&row.state)?))).transpose()
}

/// Gateway, and the gateway's name, of a dispute that is not over.
pub async fn named(db: &mut PgConnection, id: DisputeId) -> sqlx::Result<Option<(String, String)>> {
    let row = sqlx::query!(
        "select gateway, gateway_ref from disputes where id = $1 and state in ('opened', 'answered')",
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.gateway, row.gateway_ref)))
}

pub async fn add_dispute(
    db: &mut PgConnection,
    of: &Charge,
    gateway: &str,
    told: &DisputeTold,
    at: DateTime<Utc>,
) -> sqlx::Result<DisputeId> {
    let id = DisputeId::new();
    sqlx::query!(
        "insert into disputes (id, payment_id, attempt_id, gateway, gateway_ref, amount_minor, currency, reason,
                               answer_until, state, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'opened', $10)",
        id.uuid(),
        of.payment.uuid(),
        of.attempt.uuid(),
        gateway,
        told.gateway_ref,
        told.amount.minor(),
        told.amount.currency().code(),
        told.reason.chars().take(200).collect::<String>(),
        told.answer_until,
        at
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// Moves a dispute that the caller has locked.
pub async fn move_dispute(
    db: &mut PgConnection,
    id: DisputeId,
    to: DisputeState,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let over = matches!(to, DisputeState::Won | DisputeState::Lost);
    sqlx::query!(
        "update disputes set state = $2, closed_at = case when $3 then $4::timestamptz end where id = $1",
        id.uuid(),
        code(to),
        over,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The day by which it must be answered may move.
pub async fn put_off(db: &mut PgConnection, id: DisputeId, until: Option<DateTime<Utc>>) -> sqlx::Result<()> {
    sqlx::query!(
        "update disputes set answer_until = coalesce($2, answer_until) where id = $1",
        id.uuid(),
        until
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The payer's bank took the payment back.
pub async fn charge_back(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments set state = 'charged_back' where id = $1 and state = 'collected'",
        payment.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Refunds of a payment that nobody has sent yet are called off: its bank gave the payer their money.
pub async fn call_off_waiting(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Vec<RefundId>> {
    let ids = sqlx::query_scalar!(
        "update refunds set state = 'called_off' where payment_id = $1 and state in ('needs_account', 'ready', 'failed')
         returning id",
        payment.uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(RefundId::from_uuid).collect())
}

/// How much of a lost dispute its creator owed then, as the ledger has it.
pub async fn owed_when_lost(db: &mut PgConnection, id: DisputeId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(p.amount_minor), 0)::bigint as "minor!"
             from ledger_entries e join ledger_postings p on p.entry_id = e.id
            where e.kind = 'dispute_lost' and e.reference = $1 and p.account = 'receivable'"#,
        id.uuid()
    )
    .fetch_one(db)
    .await
}

/// A dispute in the operators' list.
#[derive(Clone, Debug)]
pub struct DisputeRow {
    pub pledge: PledgeId,
    pub backer: String,
    pub project: String,
    pub gateway: String,
    pub gateway_ref: String,
    pub amount: Money,
    pub reason: String,
    pub answer_until: Option<DateTime<Utc>>,
    pub state: DisputeState,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// Open ones first, by the day on which they must be answered.
pub async fn all_disputes(pool: &PgPool, most: i64) -> sqlx::Result<Vec<DisputeRow>> {
    let rows = sqlx::query!(
        "select y.purpose_id, m.name, pr.title, d.gateway, d.gateway_ref, d.amount_minor, d.currency, d.reason,
                d.answer_until, d.state, d.opened_at, d.closed_at
           from disputes d join payments y on y.id = d.payment_id join members m on m.id = y.member_id
           join projects pr on pr.id = y.project_id
          order by d.state not in ('opened', 'answered'), d.answer_until, d.opened_at desc limit $1",
        most
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency =
                row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok(DisputeRow {
                pledge: row.purpose_id.into(),
                backer: row.name,
                project: row.title,
                gateway: row.gateway,
                gateway_ref: row.gateway_ref,
                amount: Money::new(row.amount_minor, currency),
                reason: row.reason,
                answer_until: row.answer_until,
                state: state(&row.state)?,
                opened_at: row.opened_at,
                closed_at: row.closed_at,
            })
        })
        .collect()
}
