//! What of a pledge can go back, line by line.

use kernel::{Currency, Money, PaymentId, PledgeId, ProjectId, RefundId};
use payments::RefundWay;
use sqlx::PgConnection;

/// A line of a pledge, and what of it did not go back.
#[derive(Clone, Debug)]
pub struct RefundableLine {
    /// 0 is extra support, -1 shipping.
    pub line: i16,
    pub title: String,
    pub quantity: i32,
    pub total: Money,
    pub left: Money,
}

/// A pledge that was paid, as far as refunds go.
#[derive(Clone, Debug)]
pub struct Refundable {
    pub payment: PaymentId,
    pub project: ProjectId,
    /// Whether the project has the money.
    pub collected: bool,
    /// Whether the payer's bank disputes it now.
    pub disputed: bool,
    pub way: RefundWay,
    pub paid: Money,
    /// Gone back, or on its way.
    pub refunding: Money,
    pub lines: Vec<RefundableLine>,
}

impl Refundable {
    /// What of all did not go back.
    #[must_use]
    pub fn left(&self) -> Money {
        self.paid.checked_sub(self.refunding).unwrap_or(Money::zero(self.paid.currency()))
    }

    #[cfg(test)]
    pub(crate) fn for_tests(lines: Vec<RefundableLine>) -> Self {
        Self {
            payment: PaymentId::new(),
            project: ProjectId::new(),
            collected: true,
            disputed: false,
            way: RefundWay::Gateway,
            paid: Money::won(2500),
            refunding: Money::won(0),
            lines,
        }
    }
}

/// With its payment locked until the caller's transaction ends.
pub async fn lock_refundable(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Option<Refundable>> {
    sqlx::query!(
        "select id from payments where purpose = 'pledge' and purpose_id = $1 for update",
        pledge.uuid()
    )
    .fetch_optional(&mut *db)
    .await?;
    refundable(db, pledge).await
}

/// To look at.
pub async fn refundable(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Option<Refundable>> {
    let row = sqlx::query!(
        r#"select y.id, y.project_id, y.state, y.method, y.paid_minor, y.refunding_minor, y.currency,
                  exists (select from disputes d where d.payment_id = y.id and d.state in ('opened', 'answered')) as "disputed!"
             from payments y where y.purpose = 'pledge' and y.purpose_id = $1"#,
        pledge.uuid()
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let currency: Currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    let lines = sqlx::query!(
        r#"with parts as (
               select l.line, coalesce(nullif(l.title, ''), r.title) || coalesce(' · ' || nullif(l.variant, ''), '') as title,
                      l.quantity, l.quantity * l.unit_price_minor as total
                 from pledge_lines l join rewards r on r.id = l.reward_id where l.pledge_id = $1
               union all select -1, '', 1, shipping_minor from pledges where id = $1 and shipping_minor > 0
               union all select 0, '', 1, extra_minor from pledges where id = $1 and extra_minor > 0)
           select line as "line!", title as "title!", quantity as "quantity!", total as "total!",
                  coalesce((select sum(g.amount_minor) from refund_lines g join refunds f on f.id = g.refund_id
                             where f.payment_id = $2 and f.state <> 'called_off' and g.line = parts.line), 0)::bigint as "back!"
             from parts"#,
        pledge.uuid(),
        row.id
    )
    .fetch_all(db)
    .await?;
    let mut lines: Vec<_> = lines
        .into_iter()
        .map(|line| RefundableLine {
            line: i16::try_from(line.line).unwrap_or_default(),
            title: line.title,
            quantity: line.quantity,
            total: Money::new(line.total, currency),
            left: Money::new((line.total - line.back).max(0), currency),
        })
        .collect();
    lines.sort_by_key(|line| if line.line > 0 { line.line } else { i16::MAX + line.line });
    Ok(Some(Refundable {
        payment: row.id.into(),
        project: row.project_id.into(),
        collected: row.state == "collected",
        disputed: row.disputed,
        // A bank transfer has no way back but another one.
        way: if matches!(row.method.as_str(), "card" | "paypal") {
            RefundWay::Gateway
        } else {
            RefundWay::Transfer
        },
        paid: Money::new(row.paid_minor, currency),
        refunding: Money::new(row.refunding_minor, currency),
        lines,
    }))
}

/// Writes what a refund is for. A part of a piece counts as a piece.
pub async fn add_lines(
    db: &mut PgConnection,
    refund: RefundId,
    of: &Refundable,
    amounts: &[(i16, Money)],
) -> sqlx::Result<()> {
    for (line, amount) in amounts {
        let known = of.lines.iter().find(|known| known.line == *line);
        let (quantity, total) =
            known.map_or((1, 1), |known| (known.quantity.max(1), known.total.minor().max(1)));
        let (amount_of, total) = (i128::from(amount.minor()), i128::from(total));
        let pieces = (amount_of * i128::from(quantity) + total - 1) / total;
        let pieces = i32::try_from(pieces).unwrap_or(quantity).clamp(1, quantity);
        sqlx::query!(
            "insert into refund_lines (refund_id, line, quantity, amount_minor) values ($1, $2, $3, $4)",
            refund.uuid(),
            line,
            pieces,
            amount.minor()
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
