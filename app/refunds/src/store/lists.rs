//! What pages list.

use super::refunds::get;
use crate::Refund;
use kernel::{Currency, Money, PledgeId, RefundId};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A refund in a list, with whom it is for.
#[derive(Clone, Debug)]
pub struct Listed {
    pub refund: Refund,
    /// Name and title; none for a line of a bank.
    pub pledge: Option<(String, String)>,
}

/// Refunds for operators: first what is open, what needs eyes before the rest, then the latest.
pub async fn refunds_listed(pool: &PgPool, most: i64) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select r.id, m.name as "name?", pr.title as "title?"
             from refunds r
             left join payments y on y.id = r.payment_id
             left join members m on m.id = y.member_id
             left join projects pr on pr.id = y.project_id
            order by case r.state when 'failed' then 0 when 'needs_account' then 1 when 'ready' then 2
                                  when 'sending' then 3 else 4 end, r.created_at desc, r.id
            limit $1"#,
        most
    )
    .fetch_all(pool)
    .await?;
    let mut db = pool.acquire().await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(refund) = get(&mut db, row.id.into()).await? {
            listed.push(Listed { refund, pledge: row.name.zip(row.title) });
        }
    }
    Ok(listed)
}

/// The refunds of a pledge, the latest first.
pub async fn of_pledge(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Vec<Refund>> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select r.id from refunds r join payments y on y.id = r.payment_id
          where y.purpose = 'pledge' and y.purpose_id = $1 order by r.created_at desc, r.id desc",
        pledge.uuid()
    )
    .fetch_all(&mut *db)
    .await?;
    let mut refunds = Vec::with_capacity(ids.len());
    for id in ids {
        refunds.extend(get(&mut *db, RefundId::from_uuid(id)).await?);
    }
    Ok(refunds)
}

/// A paid pledge that an operator looks for.
#[derive(Clone, Debug)]
pub struct Found {
    pub pledge: PledgeId,
    pub backer: String,
    pub project: String,
    pub paid: Money,
    pub refunding: Money,
}

/// Paid pledges of a person (address or ID), of a project (its name in the address), or by their own number.
pub async fn find_pledges(pool: &PgPool, words: &str, most: i64) -> sqlx::Result<Vec<Found>> {
    let words = words.trim();
    let rows = sqlx::query!(
        "select p.id, m.name || ' (' || m.handle || ')' as backer, pr.title, y.paid_minor, y.refunding_minor, y.currency
           from payments y join pledges p on p.id = y.purpose_id
           join members m on m.id = p.backer_id join projects pr on pr.id = p.project_id
          where y.purpose = 'pledge' and y.paid_minor > 0
            and (m.email_key = $1 or m.handle = $2 or pr.slug = $2 or p.id::text = $2)
          order by p.created_at desc, p.id limit $3",
        kernel::email_key(words),
        words,
        most
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency =
                row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok(Found {
                pledge: row.id.into(),
                backer: row.backer.unwrap_or_default(),
                project: row.title,
                paid: Money::new(row.paid_minor, currency),
                refunding: Money::new(row.refunding_minor, currency),
            })
        })
        .collect()
}
