//! What the end of a collection asks: who paid, and what is left of it.

use kernel::{Money, PaymentId, PledgeId, ProjectId};
use sqlx::PgConnection;

/// Collected pledges of which something is left that no refund has set apart and no bank disputes.
pub async fn to_return(db: &mut PgConnection, project: ProjectId, most: i64) -> sqlx::Result<Vec<PledgeId>> {
    let ids = sqlx::query_scalar!(
        "select p.id from pledges p join payments y on y.purpose = 'pledge' and y.purpose_id = p.id
          where p.project_id = $1 and p.state = 'collected' and y.state = 'collected' and y.refunding_minor < y.paid_minor
            and not exists (select from refunds r where r.form_key = y.id)
            and not exists (select from disputes d where d.payment_id = y.id and d.state in ('opened', 'answered'))
          order by p.id limit $2",
        project.uuid(),
        most
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(PledgeId::from_uuid).collect())
}

/// Whether a payment waits for what its payer's bank decides.
pub async fn any_disputed(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments y join disputes d on d.payment_id = y.id
             where y.project_id = $1 and y.state = 'collected' and y.refunding_minor < y.paid_minor
               and d.state in ('opened', 'answered')) as "any!""#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}

/// What is left of a payment.
#[derive(Debug)]
pub struct Left {
    pub payment: PaymentId,
    pub amount: Money,
    /// Whether its gateway took it, and gives it back.
    pub by_gateway: bool,
}

/// Holds the payment of a pledge until the caller's transaction ends; nothing if nothing is left of it.
pub async fn lock_left(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Option<Left>> {
    let row = sqlx::query!(
        r#"select id, currency, method in ('card', 'paypal') as "by_gateway!", paid_minor - refunding_minor as "left!"
             from payments where purpose = 'pledge' and purpose_id = $1 and state = 'collected' for no key update"#,
        pledge.uuid()
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row.filter(|row| row.left > 0) else {
        return Ok(None);
    };
    let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Some(Left {
        payment: row.id.into(),
        amount: Money::new(row.left, currency),
        by_gateway: row.by_gateway,
    }))
}
