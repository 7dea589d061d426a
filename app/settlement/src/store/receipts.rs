//! SQL of cash receipts.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Calendar, MemberId, Money, PaymentId, PledgeId,
    db::Db,
    seal::{Keys, Place},
};
use sqlx::PgConnection;
use uuid::Uuid;

const fn place(row: Uuid) -> Place {
    Place { column: "cash_receipts.sealed", row }
}

fn decode(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

/// What was, or will be, paid by transfer for a pledge.
#[derive(Clone, Copy, Debug)]
pub struct PaidByTransfer {
    pub payment: PaymentId,
    /// Without what went back.
    pub left: Money,
}

/// The payment of a member's own pledge, if it is one by transfer that is not over. Held until the caller's
/// transaction ends.
pub async fn paid_by_transfer(
    db: &mut PgConnection,
    member: MemberId,
    pledge: PledgeId,
) -> sqlx::Result<Option<PaidByTransfer>> {
    let row = sqlx::query!(
        r#"select id, currency, case when paid_minor > 0 then paid_minor else amount_minor end - refunding_minor as "left!"
             from payments where purpose = 'pledge' and purpose_id = $1 and member_id = $2
              and method in ('bank_transfer', 'virtual_account') and state in ('awaiting', 'received', 'due', 'collected')
              for share"#,
        pledge.uuid(),
        member.uuid()
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let left = Money::new(row.left, row.currency.parse().map_err(decode)?);
    Ok(Some(PaidByTransfer { payment: row.id.into(), left }))
}

/// A receipt as its backer sees it.
#[derive(Debug)]
pub struct KeptReceipt {
    pub purpose: String,
    pub number: String,
    pub state: String,
    /// The tax office's number.
    pub approval: Option<String>,
}

pub async fn receipt_of(
    db: &mut PgConnection,
    keys: &Keys,
    payment: PaymentId,
) -> sqlx::Result<Option<KeptReceipt>> {
    let row = sqlx::query!(
        "select id, purpose, sealed, state, approval from cash_receipts where payment_id = $1",
        payment.uuid()
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let number = row.sealed.map(|sealed| keys.open(place(row.id), &sealed)).transpose().map_err(decode)?;
    Ok(Some(KeptReceipt {
        purpose: row.purpose,
        number: number.unwrap_or_default(),
        state: row.state,
        approval: row.approval,
    }))
}

/// Keeps what a backer asks for; false once it was put into a file.
pub async fn want_receipt(
    db: &mut PgConnection,
    keys: &Keys,
    paid: &PaidByTransfer,
    purpose: &str,
    number: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    // One for each payment, so its id can be the payment's: the row is known before it is there.
    let id = paid.payment.uuid();
    let sealed = keys.seal(place(id), number).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let kept = sqlx::query!(
        "insert into cash_receipts (id, payment_id, purpose, sealed, amount_minor, created_at) values ($1, $1, $2, $3, $4, $5)
         on conflict (payment_id) do update
            set purpose = excluded.purpose, sealed = excluded.sealed, amount_minor = excluded.amount_minor
          where cash_receipts.state = 'wanted'",
        id,
        purpose,
        sealed,
        paid.left.minor(),
        at
    )
    .execute(db)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Puts into the file what is wanted and was paid, of its present amount; what went back whole is canceled.
pub async fn export_wanted(db: &mut PgConnection) -> sqlx::Result<u64> {
    sqlx::query!(
        "update cash_receipts r set state = 'canceled' from payments y
          where y.id = r.payment_id and r.state = 'wanted'
            and (y.state in ('voided', 'failed', 'charged_back') or (y.paid_minor > 0 and y.refunding_minor = y.paid_minor))"
    )
    .execute(&mut *db)
    .await?;
    let put = sqlx::query!(
        "update cash_receipts r set state = 'exported', amount_minor = y.paid_minor - y.refunding_minor from payments y
          where y.id = r.payment_id and r.state = 'wanted' and y.state = 'collected' and y.currency = 'KRW'
            and y.refunding_minor < y.paid_minor"
    )
    .execute(db)
    .await?;
    Ok(put.rows_affected())
}

/// A line of the file.
#[derive(Debug)]
pub struct Exported {
    pub id: Uuid,
    pub purpose: String,
    pub number: String,
    pub amount: Money,
    /// The Korean day on which the money came.
    pub day: NaiveDate,
}

/// What is in the file: put into it, and without a number.
pub async fn exported(db: &Db) -> sqlx::Result<Vec<Exported>> {
    let rows = sqlx::query!(
        r#"select r.id, r.purpose, r.sealed, r.amount_minor, y.currency,
                  coalesce((select max(b.at) from deposits d join deposit_matches m on m.deposit_id = d.id and m.undone_at is null
                              join bank_lines b on b.id = m.line_id where d.payment_id = y.id),
                           (select max(e.occurred_at) from ledger_entries e join payment_attempts a on a.id = e.reference
                             where a.payment_id = y.id and e.kind in ('account_paid', 'account_collected')),
                           r.created_at) as "at!"
             from cash_receipts r join payments y on y.id = r.payment_id
            where r.state = 'exported' order by r.id"#
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let number =
                row.sealed.map(|sealed| db.keys.open(place(row.id), &sealed)).transpose().map_err(decode)?;
            Ok(Exported {
                id: row.id,
                purpose: row.purpose,
                number: number.unwrap_or_default(),
                amount: Money::new(row.amount_minor, row.currency.parse().map_err(decode)?),
                day: Calendar::day_of(row.at),
            })
        })
        .collect()
}

/// Keeps the tax office's number; the same number again changes nothing.
pub async fn note_receipt(db: &mut PgConnection, id: Uuid, number: &str) -> sqlx::Result<u64> {
    let noted = sqlx::query!(
        "update cash_receipts set state = 'issued', approval = $2 where id = $1 and state = 'exported'",
        id,
        number
    )
    .execute(db)
    .await?;
    Ok(noted.rows_affected())
}

/// Cancels the receipt of a payment of which something went back.
pub async fn cancel_receipt(db: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update cash_receipts r set state = 'canceled' from payments y
          where r.id = $1 and y.id = r.payment_id and r.state in ('exported', 'issued')
            and (y.refunding_minor > 0 or y.state = 'charged_back')",
        id
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many receipts are in each state that asks for something.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptCounts {
    pub wanted: i64,
    pub exported: i64,
}

pub async fn receipt_counts(db: &Db) -> sqlx::Result<ReceiptCounts> {
    sqlx::query_as!(
        ReceiptCounts,
        r#"select count(*) filter (where r.state = 'wanted' and y.state = 'collected') as "wanted!",
                  count(*) filter (where r.state = 'exported') as "exported!"
             from cash_receipts r join payments y on y.id = r.payment_id"#
    )
    .fetch_one(&db.pool)
    .await
}

/// A receipt whose money went back, in part or whole, after it was put into a file.
#[derive(Debug)]
pub struct ToCancel {
    pub id: Uuid,
    pub approval: Option<String>,
    pub amount: Money,
    /// What is left of the payment now.
    pub left: Money,
}

pub async fn receipts_to_cancel(db: &Db) -> sqlx::Result<Vec<ToCancel>> {
    let rows = sqlx::query!(
        r#"select r.id, r.approval, r.amount_minor, y.currency,
                  case y.state when 'charged_back' then 0 else y.paid_minor - y.refunding_minor end as "left!"
             from cash_receipts r join payments y on y.id = r.payment_id
            where r.state in ('exported', 'issued') and (y.refunding_minor > 0 or y.state = 'charged_back')
              and r.amount_minor <> case y.state when 'charged_back' then 0 else y.paid_minor - y.refunding_minor end
            order by r.id limit 200"#
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency = row.currency.parse().map_err(decode)?;
            Ok(ToCancel {
                id: row.id,
                approval: row.approval,
                amount: Money::new(row.amount_minor, currency),
                left: Money::new(row.left, currency),
            })
        })
        .collect()
}

/// What a member asked the tax office to be told.
pub async fn export_receipts_of(
    db: &mut PgConnection,
    keys: &Keys,
    member: MemberId,
) -> sqlx::Result<serde_json::Value> {
    let rows = sqlx::query!(
        "select r.id, r.purpose, r.sealed, r.amount_minor, r.state, r.approval, y.currency
           from cash_receipts r join payments y on y.id = r.payment_id where y.member_id = $1 order by r.id",
        member.uuid()
    )
    .fetch_all(db)
    .await?;
    let mut receipts = Vec::with_capacity(rows.len());
    for row in rows {
        let number =
            row.sealed.map(|sealed| keys.open(place(row.id), &sealed)).transpose().map_err(decode)?;
        receipts.push(serde_json::json!({
            "purpose": row.purpose, "number": number, "amount": row.amount_minor, "currency": row.currency,
            "state": row.state, "approval": row.approval,
        }));
    }
    Ok(receipts.into())
}
