//! Pieces that are taken and put back: of a reward, of its variants, and of what one person may have.

use kernel::{MemberId, RewardId, VariantId};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// By how many pieces what a backer holds of a reward changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub reward: RewardId,
    pub variant: Option<VariantId>,
    pub backer: MemberId,
    /// Taken if positive, put back if negative.
    pub pieces: i32,
}

/// Why pieces cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    #[error("not enough pieces are left")]
    SoldOut,
    #[error("more pieces of {reward} than one person may have: {most}")]
    OverLimit { reward: RewardId, most: i32 },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[derive(Default)]
struct Change {
    pieces: i32,
    variants: BTreeMap<VariantId, i32>,
    backers: BTreeMap<MemberId, i32>,
}

/// Moves pieces for the caller's transaction; what is put back and taken again stays where it is.
///
/// Invariant: the constraints of the database make taking more than is left, or more than a person may have,
/// fail. Rewards are locked by ascending id and stand for their variants and holdings, so that nobody waits in a ring.
pub async fn move_pieces(db: &mut PgConnection, moves: &[Moved]) -> Result<(), StockError> {
    let mut changes: BTreeMap<RewardId, Change> = BTreeMap::new();
    for moved in moves {
        let change = changes.entry(moved.reward).or_default();
        change.pieces += moved.pieces;
        *change.backers.entry(moved.backer).or_default() += moved.pieces;
        if let Some(variant) = moved.variant {
            *change.variants.entry(variant).or_default() += moved.pieces;
        }
    }
    for (reward, change) in changes {
        move_reward(&mut *db, reward, change).await?;
    }
    Ok(())
}

async fn move_reward(db: &mut PgConnection, reward: RewardId, change: Change) -> Result<(), StockError> {
    if change.pieces == 0
        && change.variants.values().all(|n| *n == 0)
        && change.backers.values().all(|n| *n == 0)
    {
        return Ok(());
    }
    let most = sqlx::query_scalar!(
        "update rewards set taken = taken + $2 where id = $1 returning per_person",
        reward.uuid(),
        change.pieces
    )
    .fetch_one(&mut *db)
    .await
    .map_err(sold_out)?;
    for (variant, pieces) in change.variants.into_iter().filter(|(_, pieces)| *pieces != 0) {
        sqlx::query!(
            "update reward_variants set taken = taken + $2 where id = $1 and reward_id = $3",
            variant.uuid(),
            pieces,
            reward.uuid()
        )
        .execute(&mut *db)
        .await
        .map_err(sold_out)?;
    }
    if let Some(most) = most {
        for (backer, pieces) in change.backers.into_iter().filter(|(_, pieces)| *pieces != 0) {
            // A row that would be added is checked before its conflict is seen, so it is never negative.
            sqlx::query!(
                "insert into reward_holdings as h (reward_id, backer_id, pieces) values ($1, $2, greatest($3, 0))
                 on conflict (reward_id, backer_id) do update set pieces = h.pieces + $3",
                reward.uuid(),
                backer.uuid(),
                pieces
            )
            .execute(&mut *db)
            .await
            .map_err(|error| match constraint(&error) {
                Some("within_person_limit") => StockError::OverLimit { reward, most },
                _ => StockError::Database(error),
            })?;
        }
    }
    Ok(())
}

fn sold_out(error: sqlx::Error) -> StockError {
    match constraint(&error) {
        Some("reward_is_not_oversold" | "variant_is_not_oversold") => StockError::SoldOut,
        _ => StockError::Database(error),
    }
}

fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(|error| error.constraint())
}
