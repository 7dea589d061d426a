//! Rows of refunds and their states.

use crate::{Refund, RefundState};
use kernel::{BankLineId, Currency, FormKey, Money, PaymentId, PledgeId, ProjectId, RefundId};
use payments::{RefundReason, RefundSource, RefundWay};
use sqlx::PgConnection;
use uuid::Uuid;

fn unknown(what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(format!("unknown {what}").into())
}

fn source(payment: Option<Uuid>, line: Option<Uuid>) -> sqlx::Result<RefundSource> {
    match (payment, line) {
        (Some(payment), _) => Ok(RefundSource::Payment(payment.into())),
        (None, Some(line)) => Ok(RefundSource::Line(line.into())),
        (None, None) => Err(unknown("source of a refund")),
    }
}

/// A refund, locked together with what it is taken from, until the caller's transaction ends.
pub async fn lock(db: &mut PgConnection, id: RefundId) -> sqlx::Result<Option<Refund>> {
    let from = sqlx::query!("select payment_id, line_id from refunds where id = $1", id.uuid())
        .fetch_optional(&mut *db)
        .await?;
    let Some(from) = from else {
        return Ok(None);
    };
    sqlx::query!("select id from payments where id = $1 for update", from.payment_id)
        .fetch_optional(&mut *db)
        .await?;
    sqlx::query!("select id from bank_lines where id = $1 for update", from.line_id)
        .fetch_optional(&mut *db)
        .await?;
    sqlx::query!("select id from refunds where id = $1 for update", id.uuid())
        .fetch_optional(&mut *db)
        .await?;
    get(db, id).await
}

/// A refund, to look at.
pub async fn get(db: &mut PgConnection, id: RefundId) -> sqlx::Result<Option<Refund>> {
    let row = sqlx::query!(
        r#"select r.id, r.payment_id, r.line_id, y.purpose_id as "pledge?", y.project_id as "project?", r.amount_minor,
                  r.currency, r.way, r.reason, r.note, r.receivable_minor, r.state, r.tries, r.created_at
             from refunds r left join payments y on y.id = r.payment_id where r.id = $1"#,
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let currency: Currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Some(Refund {
        id,
        source: source(row.payment_id, row.line_id)?,
        pledge: row.pledge.zip(row.project).map(|(pledge, project)| (pledge.into(), project.into())),
        amount: Money::new(row.amount_minor, currency),
        way: RefundWay::from_code(&row.way).ok_or_else(|| unknown("way of a refund"))?,
        reason: RefundReason::from_code(&row.reason).ok_or_else(|| unknown("reason of a refund"))?,
        note: row.note,
        receivable: Money::new(row.receivable_minor, currency),
        state: RefundState::from_code(&row.state).ok_or_else(|| unknown("state of a refund"))?,
        tries: row.tries,
        created_at: row.created_at,
    }))
}

/// The refund that was made with a form, and the payment that it is of.
pub async fn by_form(
    db: &mut PgConnection,
    key: FormKey,
) -> sqlx::Result<Option<(RefundId, Option<PaymentId>)>> {
    let row = sqlx::query!("select id, payment_id from refunds where form_key = $1", key.uuid())
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| (row.id.into(), row.payment_id.map(PaymentId::from_uuid))))
}

/// Moves a refund that the caller has locked. The database refuses what is not allowed.
pub async fn move_state(db: &mut PgConnection, id: RefundId, to: RefundState) -> sqlx::Result<()> {
    let code = RefundState::ALL.iter().find(|(state, _)| *state == to).map_or("", |(_, code)| code);
    sqlx::query!("update refunds set state = $2 where id = $1", id.uuid(), code).execute(db).await?;
    Ok(())
}

/// It is being sent, once more.
pub async fn begin_try(db: &mut PgConnection, id: RefundId) -> sqlx::Result<()> {
    sqlx::query!(
        "update refunds set state = 'sending', tries = tries + 1 where id = $1 and state = 'ready'",
        id.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The money left; so much of it the creator owes.
pub async fn succeeded(db: &mut PgConnection, id: RefundId, receivable_minor: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update refunds set state = 'succeeded', receivable_minor = $2 where id = $1",
        id.uuid(),
        receivable_minor
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The money came back.
pub async fn failed_after_all(db: &mut PgConnection, id: RefundId) -> sqlx::Result<()> {
    sqlx::query!("update refunds set state = 'failed', receivable_minor = 0 where id = $1", id.uuid())
        .execute(db)
        .await?;
    Ok(())
}

/// A failed refund goes to an account instead, which is asked for.
pub async fn by_transfer(db: &mut PgConnection, id: RefundId) -> sqlx::Result<()> {
    sqlx::query!(
        "update refunds set state = 'needs_account', way = 'transfer' where id = $1 and state = 'failed'",
        id.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The pledge that a refund is of, and its project.
pub async fn pledge_of(db: &mut PgConnection, id: RefundId) -> sqlx::Result<(PledgeId, ProjectId)> {
    let row = sqlx::query!(
        "select y.purpose_id, y.project_id from refunds r join payments y on y.id = r.payment_id where r.id = $1",
        id.uuid()
    )
    .fetch_one(db)
    .await?;
    Ok((row.purpose_id.into(), row.project_id.into()))
}

fn parts(source: RefundSource) -> (Option<Uuid>, Option<Uuid>) {
    match source {
        RefundSource::Payment(payment) => (Some(payment.uuid()), None),
        RefundSource::Line(line) => (None, Some(BankLineId::uuid(line))),
    }
}

/// Whether the payer's bank disputes what a refund is taken from.
pub async fn is_disputed(db: &mut PgConnection, source: RefundSource) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from disputes where payment_id = $1 and state in ('opened', 'answered')) as "is!""#,
        parts(source).0
    )
    .fetch_one(db)
    .await
}

/// Whether the project had the money, and not only its backer at us.
pub async fn is_collected(db: &mut PgConnection, source: RefundSource) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments where id = $1 and state in ('collected', 'charged_back')) as "is!""#,
        parts(source).0
    )
    .fetch_one(db)
    .await
}

/// Whether the payer must get their money: the pledge is over, or it belongs to nothing here.
pub async fn is_owed(db: &mut PgConnection, source: RefundSource) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments y join pledges p on p.id = y.purpose_id
                           where y.id = $1 and p.state in ('refunded', 'canceled', 'expired', 'voided')) as "is!""#,
        parts(source).0
    )
    .fetch_one(db)
    .await
}

/// Whether everything that was paid for a pledge went back.
pub async fn is_all_back(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select y.paid_minor > 0 and y.paid_minor = coalesce((select sum(r.amount_minor) from refunds r
                   where r.payment_id = y.id and r.state = 'succeeded'), 0) as "is!"
             from payments y where y.purpose = 'pledge' and y.purpose_id = $1"#,
        pledge.uuid()
    )
    .fetch_one(db)
    .await
}
