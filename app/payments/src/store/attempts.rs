//! SQL of attempts. All functions run in the caller's transaction.

use super::payments::{Payment, PaymentState, currency};
use crate::{
    attempt::{Attempt, Begun, SettleAttempt},
    decline::DeclineClass,
    gateway::{AttemptKind, Charge, Opened},
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Money, PaymentAttemptId, PaymentId, jobs};
use sqlx::PgConnection;

/// When a gateway is first asked about a visit by itself: after most people are back.
const FIRST_ASKED: TimeDelta = TimeDelta::seconds(30);

pub async fn get_attempt(db: &mut PgConnection, id: PaymentAttemptId) -> sqlx::Result<Option<Attempt>> {
    find(db, Some(id), None, &[]).await
}

/// The try of one of these kinds that has no outcome, if there is one.
pub async fn open_attempt(
    db: &mut PgConnection,
    payment: PaymentId,
    kinds: &[AttemptKind],
) -> sqlx::Result<Option<Attempt>> {
    find(db, None, Some(payment), kinds).await
}

/// By id whatever its state, or the open one of a payment.
async fn find(
    db: &mut PgConnection,
    id: Option<PaymentAttemptId>,
    payment: Option<PaymentId>,
    kinds: &[AttemptKind],
) -> sqlx::Result<Option<Attempt>> {
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.code().to_owned()).collect();
    let row = sqlx::query!(
        r#"select a.id, a.payment_id, y.purpose_id, a.kind, a.amount_minor, a.currency,
                  coalesce(a.gateway, y.gateway) as "gateway!",
                  a.state in ('created', 'sent', 'unknown') as "open!", a.gateway_ref, a.visit_ref, a.run, a.created_at
             from payment_attempts a join payments y on y.id = a.payment_id
            where a.id = $1
               or (a.payment_id = $2 and a.kind = any($3) and a.state in ('created', 'sent', 'unknown'))"#,
        id.map(PaymentAttemptId::uuid),
        payment.map(PaymentId::uuid),
        &kinds
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Attempt {
        id: row.id.into(),
        payment: row.payment_id.into(),
        pledge: row.purpose_id.into(),
        kind: AttemptKind::from_code(&row.kind)
            .ok_or_else(|| sqlx::Error::Decode("unknown kind of attempt".into()))?,
        amount: Money::new(row.amount_minor, currency(&row.currency)?),
        gateway: row.gateway,
        open: row.open,
        gateway_ref: row.gateway_ref,
        visit_ref: row.visit_ref,
        run: row.run,
        created_at: row.created_at,
    }))
}

struct New<'a> {
    payment: &'a Payment,
    kind: AttemptKind,
    gateway: &'a str,
    run: Option<i16>,
    at: DateTime<Utc>,
}

async fn add(db: &mut PgConnection, new: New<'_>) -> sqlx::Result<Attempt> {
    let id = PaymentAttemptId::new();
    sqlx::query!(
        "insert into payment_attempts (id, payment_id, kind, amount_minor, currency, gateway, method_id, run, state, created_at)
         select $1, y.id, $3, $4, $5, $6, case when $3 = 'charge' then y.method_id end, $7, 'created', $8
           from payments y where y.id = $2",
        id.uuid(),
        new.payment.id.uuid(),
        new.kind.code(),
        new.payment.amount.minor(),
        new.payment.amount.currency().code(),
        new.gateway,
        new.run,
        new.at
    )
    .execute(db)
    .await?;
    Ok(Attempt {
        id,
        payment: new.payment.id,
        pledge: new.payment.pledge,
        kind: new.kind,
        amount: new.payment.amount,
        gateway: new.gateway.to_owned(),
        open: true,
        gateway_ref: None,
        visit_ref: None,
        run: new.run,
        created_at: new.at,
    })
}

/// The attempt under which a gateway's page is opened: the waiting one of this kind, or a new row, with
/// the job that asks about it should its person never come back.
pub async fn begin_visit(
    db: &mut PgConnection,
    payment: &Payment,
    kind: AttemptKind,
    gateway: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<Attempt> {
    if let Some(open) = open_attempt(&mut *db, payment.id, &[kind]).await? {
        return Ok(open);
    }
    let attempt = add(&mut *db, New { payment, kind, gateway, run: None, at }).await?;
    jobs::enqueue(db, &SettleAttempt { attempt: attempt.id }, at + FIRST_ASKED).await?;
    Ok(attempt)
}

/// Begins a charge, or tells that an earlier try must be asked about.
///
/// Invariant: when this says [`Begun::Call`], the caller commits before it calls, so that the
/// attempt's row exists before the gateway hears its key.
pub async fn begin_charge(
    db: &mut PgConnection,
    payment: &Payment,
    run: i16,
    at: DateTime<Utc>,
) -> sqlx::Result<Begun> {
    if payment.state != PaymentState::Due {
        return Ok(Begun::Done);
    }
    if let Some(open) = open_attempt(&mut *db, payment.id, &[AttemptKind::Charge, AttemptKind::Pay]).await? {
        return Ok(Begun::Ask(open));
    }
    let method = sqlx::query!(
        "select m.gateway, m.gateway_ref from payments p join payment_methods m on m.id = p.method_id where p.id = $1",
        payment.id.uuid()
    )
    .fetch_one(&mut *db)
    .await?;
    let new = New { payment, kind: AttemptKind::Charge, gateway: &method.gateway, run: Some(run), at };
    let attempt = add(db, new).await?;
    let charge =
        Charge { key: attempt.id, method: method.gateway_ref, amount: payment.amount, gateway_ref: None };
    Ok(Begun::Call(attempt, charge))
}

/// The gateway gave a charge its name.
pub async fn prepared(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    gateway_ref: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment_attempts set gateway_ref = $2 where id = $1 and state in ('created', 'sent')",
        attempt.uuid(),
        gateway_ref
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The gateway is being told of the attempt, or has opened its page.
pub async fn mark_sent(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    opened: Option<&Opened>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment_attempts set state = 'sent', visit_ref = coalesce($2::text, visit_ref)
          where id = $1 and state in ('created', 'sent') and (state = 'created' or $2::text is not null)",
        attempt.uuid(),
        opened.and_then(|opened| opened.visit_ref.as_deref())
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

/// Books that an attempt succeeded. False if another writer was first; doing it again changes nothing.
pub async fn record_succeeded(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    gateway_ref: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    record(db, attempt, "succeeded", Some(gateway_ref), None, at).await
}

/// Books that an attempt did not happen and never will. False if another writer was first.
pub async fn record_declined(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    code: &str,
    class: DeclineClass,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    record(db, attempt, "declined", None, Some((code, class)), at).await
}

async fn record(
    db: &mut PgConnection,
    attempt: PaymentAttemptId,
    state: &str,
    gateway_ref: Option<&str>,
    decline: Option<(&str, DeclineClass)>,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    // A person who is back before the opening was noted.
    mark_sent(&mut *db, attempt, None).await?;
    let recorded = sqlx::query!(
        "update payment_attempts
            set state = $2, gateway_ref = coalesce($3, gateway_ref), decline = $4, decline_class = $5, settled_at = $6
          where id = $1 and state in ('created', 'sent', 'unknown')",
        attempt.uuid(),
        state,
        gateway_ref,
        decline.map(|(code, _)| code),
        decline.map(|(_, class)| class.code()),
        at
    )
    .execute(db)
    .await?;
    Ok(recorded.rows_affected() == 1)
}

/// An attempt has its outcome: the job that asks about it is not needed any more.
pub async fn asked_enough(db: &mut PgConnection, attempt: PaymentAttemptId) -> sqlx::Result<()> {
    jobs::drop_waiting(db, &SettleAttempt { attempt }).await
}
