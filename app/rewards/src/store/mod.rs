//! SQL of rewards, a file a use.

mod shipping;
mod stock;

use crate::{CheckedReward, LegalClass, NewVariant, Reward, RewardKind, Variant};
use chrono::{DateTime, Utc};
use kernel::{Currency, FormKey, Money, ProjectId, RewardId, VariantId};
use sqlx::PgConnection;
use std::collections::HashMap;

pub use shipping::{add_rate, clear_domestic, rates, remove_rate, zone_of};
pub use stock::{Moved, StockError, move_pieces};

pub async fn add(
    db: &mut PgConnection,
    project: ProjectId,
    new: &CheckedReward,
    at: DateTime<Utc>,
) -> sqlx::Result<RewardId> {
    let id = RewardId::new();
    sqlx::query!(
        "insert into rewards (id, project_id, title, description, price_minor, stock, estimated_delivery, created_at,
                              form_key, kind, per_person, ships, legal_class, options)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        id.uuid(),
        project.uuid(),
        new.title,
        new.description,
        new.price.minor(),
        new.stock,
        new.estimated_delivery,
        at,
        new.key.map(FormKey::uuid),
        new.kind.code(),
        new.per_person,
        new.ships,
        new.legal_class.code(),
        json(new)?
    )
    .execute(&mut *db)
    .await?;
    add_variants(db, id, &new.variants).await?;
    Ok(id)
}

fn json(reward: &CheckedReward) -> sqlx::Result<serde_json::Value> {
    serde_json::to_value(&reward.options).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

async fn add_variants(db: &mut PgConnection, reward: RewardId, variants: &[NewVariant]) -> sqlx::Result<()> {
    for (position, variant) in (1_i16..).zip(variants) {
        sqlx::query!(
            "insert into reward_variants (id, reward_id, label, position, stock) values ($1, $2, $3, $4, $5)",
            VariantId::new().uuid(),
            reward.uuid(),
            variant.label,
            position,
            variant.stock
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
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

/// Changes a reward of a draft, of which nobody holds a piece yet: its variants are made anew.
pub async fn edit(
    db: &mut PgConnection,
    project: ProjectId,
    reward: RewardId,
    edit: &CheckedReward,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update rewards set title = $3, description = $4, price_minor = $5, stock = $6, estimated_delivery = $7,
                kind = $8, per_person = $9, ships = $10, legal_class = $11, options = $12
          where id = $1 and project_id = $2",
        reward.uuid(),
        project.uuid(),
        edit.title,
        edit.description,
        edit.price.minor(),
        edit.stock,
        edit.estimated_delivery,
        edit.kind.code(),
        edit.per_person,
        edit.ships,
        edit.legal_class.code(),
        json(edit)?
    )
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!("delete from reward_variants where reward_id = $1", reward.uuid()).execute(&mut *db).await?;
    add_variants(db, reward, &edit.variants).await?;
    Ok(true)
}

pub async fn remove(db: &mut PgConnection, project: ProjectId, reward: RewardId) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("delete from rewards where id = $1 and project_id = $2", reward.uuid(), project.uuid())
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// The rewards of a project, cheapest first, add-ons after what they go with.
pub async fn of_project(
    db: &mut PgConnection,
    project: ProjectId,
    currency: Currency,
) -> sqlx::Result<Vec<Reward>> {
    let rows = sqlx::query!(
        r#"select id, title, description, price_minor, stock, greatest(stock - taken, 0) as "left?", estimated_delivery,
                  kind, per_person, ships, legal_class, options
             from rewards where project_id = $1 order by kind desc, price_minor, id"#,
        project.uuid()
    )
    .fetch_all(&mut *db)
    .await?;
    let mut variants = variants(db, project).await?;
    let unknown = |what: &str| sqlx::Error::Decode(format!("unknown {what} of a reward").into());
    rows.into_iter()
        .map(|row| {
            Ok(Reward {
                id: row.id.into(),
                kind: RewardKind::from_code(&row.kind).ok_or_else(|| unknown("kind"))?,
                title: row.title,
                description: row.description,
                price: Money::new(row.price_minor, currency),
                left: row.stock.and(row.left),
                stock: row.stock,
                per_person: row.per_person,
                ships: row.ships,
                legal_class: LegalClass::from_code(&row.legal_class).ok_or_else(|| unknown("class"))?,
                options: serde_json::from_value(row.options)
                    .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
                variants: variants.remove(&row.id.into()).unwrap_or_default(),
                estimated_delivery: row.estimated_delivery,
            })
        })
        .collect()
}

async fn variants(
    db: &mut PgConnection,
    project: ProjectId,
) -> sqlx::Result<HashMap<RewardId, Vec<Variant>>> {
    let rows = sqlx::query!(
        r#"select v.id, v.reward_id, v.label, v.stock, greatest(v.stock - v.taken, 0) as "left?"
             from reward_variants v join rewards r on r.id = v.reward_id
            where r.project_id = $1 order by v.reward_id, v.position"#,
        project.uuid()
    )
    .fetch_all(db)
    .await?;
    let mut variants: HashMap<RewardId, Vec<Variant>> = HashMap::new();
    for row in rows {
        variants.entry(row.reward_id.into()).or_default().push(Variant {
            id: row.id.into(),
            label: row.label,
            left: row.stock.and(row.left),
            stock: row.stock,
        });
    }
    Ok(variants)
}
