//! SQL of rewards.

use crate::{CheckedReward, Reward};
use chrono::{DateTime, Utc};
use kernel::{Currency, FormKey, Money, ProjectId, RewardId};
use sqlx::PgConnection;

pub async fn add(
    db: &mut PgConnection,
    project: ProjectId,
    new: &CheckedReward,
    at: DateTime<Utc>,
) -> sqlx::Result<RewardId> {
    let id = RewardId::new();
    sqlx::query!(
        "insert into rewards (id, project_id, title, description, price_minor, stock, estimated_delivery, created_at, form_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.uuid(),
        project.uuid(),
        new.title,
        new.description,
        new.price.minor(),
        new.stock,
        new.estimated_delivery,
        at,
        new.key.map(FormKey::uuid)
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// The reward that a form has already added.
pub async fn by_form(
    db: &mut PgConnection,
    project: ProjectId,
    key: Option<FormKey>,
) -> sqlx::Result<Option<RewardId>> {
    let id = sqlx::query_scalar!(
        "select id from rewards where project_id = $1 and form_key = $2",
        project.uuid(),
        key.map(FormKey::uuid)
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(RewardId::from_uuid))
}

pub async fn count(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from rewards where project_id = $1"#, project.uuid())
        .fetch_one(db)
        .await
}

pub async fn edit(
    db: &mut PgConnection,
    project: ProjectId,
    reward: RewardId,
    edit: &CheckedReward,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update rewards set title = $3, description = $4, price_minor = $5, stock = $6, estimated_delivery = $7
          where id = $1 and project_id = $2",
        reward.uuid(),
        project.uuid(),
        edit.title,
        edit.description,
        edit.price.minor(),
        edit.stock,
        edit.estimated_delivery
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn remove(db: &mut PgConnection, project: ProjectId, reward: RewardId) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("delete from rewards where id = $1 and project_id = $2", reward.uuid(), project.uuid())
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// The rewards of a project, cheapest first.
pub async fn of_project(
    db: &mut PgConnection,
    project: ProjectId,
    currency: Currency,
) -> sqlx::Result<Vec<Reward>> {
    let rows = sqlx::query!(
        r#"select id, title, description, price_minor, stock, greatest(stock - taken, 0) as "left?", estimated_delivery
             from rewards where project_id = $1 order by price_minor, id"#,
        project.uuid()
    )
    .fetch_all(db)
    .await?;
    let rewards = rows.into_iter().map(|row| Reward {
        id: row.id.into(),
        title: row.title,
        description: row.description,
        price: Money::new(row.price_minor, currency),
        left: row.stock.and(row.left),
        stock: row.stock,
        estimated_delivery: row.estimated_delivery,
    });
    Ok(rewards.collect())
}

/// Takes pieces out of the stock for the caller's transaction.
///
/// Invariant: the constraint `reward_is_not_oversold` makes taking more than is left fail. Callers
/// that take several rewards go by ascending id, so that they never wait for each other in a ring.
pub async fn take(
    db: &mut PgConnection,
    project: ProjectId,
    reward: RewardId,
    pieces: i32,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update rewards set taken = taken + $3 where id = $1 and project_id = $2",
        reward.uuid(),
        project.uuid(),
        pieces
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts pieces back; in ascending order of id as well.
pub async fn put_back(db: &mut PgConnection, reward: RewardId, pieces: i32) -> sqlx::Result<()> {
    sqlx::query!("update rewards set taken = taken - $2 where id = $1", reward.uuid(), pieces)
        .execute(db)
        .await?;
    Ok(())
}
