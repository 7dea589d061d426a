//! A transfer that is expected: asked for, called off, given up. What comes in is matched elsewhere.

use crate::{DepositCode, DepositState};
use chrono::{DateTime, Utc};
use kernel::{
    Bank, DepositId, Money, PaymentId, PledgeId, ProjectId, ReceivingAccountId,
    seal::{Keys, Place, SealError},
};
use sqlx::PgConnection;

/// A deposit, with the account into which it is paid.
#[derive(Clone, Debug)]
pub struct Deposit {
    pub id: DepositId,
    pub payment: PaymentId,
    /// What is paid for.
    pub pledge: PledgeId,
    pub account: ReceivingAccountId,
    pub bank: Bank,
    pub number: String,
    pub holder: String,
    pub code: DepositCode,
    pub amount: Money,
    /// What came in for it.
    pub matched: Money,
    pub state: DepositState,
    pub due_at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct NewDeposit<'a> {
    pub payment: PaymentId,
    pub account: ReceivingAccountId,
    pub amount: Money,
    /// The name that will stand on the statement.
    pub depositor: &'a str,
    pub due_at: DateTime<Utc>,
    pub at: DateTime<Utc>,
}

#[must_use]
pub(crate) const fn depositor_place(id: DepositId) -> Place {
    Place { column: "deposits.depositor", row: id.uuid() }
}

fn unsealed(error: SealError) -> sqlx::Error {
    sqlx::Error::Encode(Box::new(error))
}

/// Asks for a transfer.
///
/// Invariant: of a payment at most one deposit is open (`deposit_open_once`), and its code was never used before.
pub async fn issue(db: &mut PgConnection, keys: &Keys, new: &NewDeposit<'_>) -> sqlx::Result<DepositId> {
    let id = DepositId::new();
    let sealed = keys.seal(depositor_place(id), new.depositor).map_err(unsealed)?;
    loop {
        let issued = sqlx::query!(
            "insert into deposits (id, payment_id, account_id, code, amount_minor, currency, depositor, due_at, state, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'issued', $9)
             on conflict on constraint deposit_code_once do nothing",
            id.uuid(),
            new.payment.uuid(),
            new.account.uuid(),
            DepositCode::random().to_string(),
            new.amount.minor(),
            new.amount.currency().code(),
            sealed,
            new.due_at,
            new.at
        )
        .execute(&mut *db)
        .await?;
        // Seven million codes: the next one is free but for the rarest of chances.
        if issued.rows_affected() == 1 {
            return Ok(id);
        }
    }
}

pub async fn get(db: &mut PgConnection, id: DepositId) -> sqlx::Result<Option<Deposit>> {
    find(db, Some(id), None).await
}

/// The newest deposit of a payment, open or not.
pub async fn of_payment(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<Option<Deposit>> {
    find(db, None, Some(payment)).await
}

async fn find(
    db: &mut PgConnection,
    id: Option<DepositId>,
    payment: Option<PaymentId>,
) -> sqlx::Result<Option<Deposit>> {
    let row = sqlx::query!(
        "select d.id, d.payment_id, y.purpose_id, d.code, d.amount_minor, d.matched_minor, d.currency, d.state, d.due_at,
                a.id as account, a.bank, a.number, a.holder
           from deposits d join receiving_accounts a on a.id = d.account_id join payments y on y.id = d.payment_id
          where d.id = $1 or d.payment_id = $2
          order by d.created_at desc, d.id desc limit 1",
        id.map(DepositId::uuid),
        payment.map(PaymentId::uuid)
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Some(Deposit {
        id: row.id.into(),
        payment: row.payment_id.into(),
        pledge: row.purpose_id.into(),
        account: row.account.into(),
        bank: Bank::of(&row.bank).ok_or_else(|| sqlx::Error::Decode("unknown bank".into()))?,
        number: row.number,
        holder: row.holder,
        code: row.code.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        amount: Money::new(row.amount_minor, currency),
        matched: Money::new(row.matched_minor, currency),
        state: row.state.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        due_at: row.due_at,
    }))
}

/// Calls off the open deposit of a payment, if there is one. What came in for it stays matched: whoever ends
/// the payment gives it back.
pub async fn end(db: &mut PgConnection, payment: PaymentId) -> sqlx::Result<()> {
    sqlx::query!(
        "update deposits set state = 'canceled' where payment_id = $1 and state in ('issued', 'short')",
        payment.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives up a deposit that did not come in time; false if it is open no more.
pub async fn mark_expired(db: &mut PgConnection, id: DepositId) -> sqlx::Result<bool> {
    let expired = sqlx::query!(
        "update deposits set state = 'expired' where id = $1 and state in ('issued', 'short')",
        id.uuid()
    )
    .execute(db)
    .await?;
    Ok(expired.rows_affected() == 1)
}

/// Why a deposit whose time is over is not given up yet; nothing if it can be.
///
/// Money that was sent in time may be on a statement that nobody has read in, or on a line that nobody has
/// looked at: neither is the backer's fault.
pub async fn could_still_come(db: &mut PgConnection, id: DepositId) -> sqlx::Result<Option<&'static str>> {
    let open = sqlx::query!(
        r#"select coalesce(a.covered_until < d.due_at, true) as "uncovered!",
                  exists (select from bank_lines l
                           where l.account_id = d.account_id and l.state = 'waiting' and l.amount_minor > 0
                             and l.at between d.created_at - interval '1 day' and d.due_at
                             and coalesce(l.queue, 'unknown') not in ('late', 'double', 'canceled')) as "waiting!"
             from deposits d join receiving_accounts a on a.id = d.account_id where d.id = $1"#,
        id.uuid()
    )
    .fetch_one(db)
    .await?;
    Ok(match (open.uncovered, open.waiting) {
        (true, _) => Some("no statement tells of its time yet"),
        (_, true) => Some("a line that waits may be its money"),
        _ => None,
    })
}

/// How many deposits of a project are waited for.
pub async fn open_of_project(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "open!" from deposits d join payments y on y.id = d.payment_id
            where y.project_id = $1 and d.state in ('issued', 'short')"#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}
