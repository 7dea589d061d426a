//! The lines of pledges, and the pieces that they keep.

use crate::{PledgeLine, bill::BillLine};
use kernel::{Currency, Money, PledgeId};
use rewards::{
    LegalClass,
    store::{Moved, StockError, move_pieces},
};
use sqlx::PgConnection;
use uuid::Uuid;

pub async fn lines(
    db: &mut PgConnection,
    pledge: PledgeId,
    currency: Currency,
) -> sqlx::Result<Vec<PledgeLine>> {
    let rows = sqlx::query!(
        "select line, reward_id, variant_id, title, variant, quantity, unit_price_minor, ships, legal_class,
                estimated_delivery
           from pledge_lines where pledge_id = $1 order by line",
        pledge.uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| PledgeLine {
            line: row.line,
            reward: row.reward_id.into(),
            variant: row.variant_id.map(Into::into),
            title: row.title,
            label: row.variant,
            quantity: row.quantity,
            unit_price: Money::new(row.unit_price_minor, currency),
            ships: row.ships,
            legal_class: row.legal_class.as_deref().and_then(LegalClass::from_code),
            estimated_delivery: row.estimated_delivery,
        })
        .collect())
}

pub async fn add_line(
    db: &mut PgConnection,
    pledge: PledgeId,
    number: i16,
    line: &BillLine,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into pledge_lines (pledge_id, line, reward_id, variant_id, title, variant, quantity, unit_price_minor,
                                   ships, legal_class, estimated_delivery)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        pledge.uuid(),
        number,
        line.reward.uuid(),
        line.variant.map(|variant| variant.uuid()),
        line.title,
        line.label,
        line.quantity,
        line.unit_price.minor(),
        line.ships,
        line.legal_class.code(),
        line.estimated_delivery
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What putting the pieces of pledges back moves.
pub async fn put_back(db: &mut PgConnection, pledges: &[PledgeId]) -> sqlx::Result<Vec<Moved>> {
    let pledges: Vec<Uuid> = pledges.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select l.reward_id, l.variant_id, p.backer_id, sum(l.quantity)::int as "quantity!"
             from pledge_lines l join pledges p on p.id = l.pledge_id
            where l.pledge_id = any($1) group by 1, 2, 3"#,
        &pledges
    )
    .fetch_all(db)
    .await?;
    let moved = rows.into_iter().map(|row| Moved {
        reward: row.reward_id.into(),
        variant: row.variant_id.map(Into::into),
        backer: row.backer_id.into(),
        pieces: -row.quantity,
    });
    Ok(moved.collect())
}

/// Puts the pieces of pledges that end back into stock, by ascending reward as everywhere, and forgets where
/// they would have gone.
pub async fn return_stock(db: &mut PgConnection, pledges: &[PledgeId]) -> sqlx::Result<()> {
    super::forget_addresses(&mut *db, pledges).await?;
    let moves = put_back(&mut *db, pledges).await?;
    move_pieces(db, &moves).await.map_err(|error| match error {
        StockError::Database(error) => error,
        other => sqlx::Error::Protocol(other.to_string()),
    })
}
