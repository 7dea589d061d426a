//! What shipping costs, and to which zone an address belongs.

use crate::{Fee, ISLANDS, JEJU, KOREA, Rate, Rates};
use kernel::{Currency, Money, ProjectId};
use sqlx::PgConnection;

pub async fn rates(db: &mut PgConnection, project: ProjectId, currency: Currency) -> sqlx::Result<Rates> {
    let rows = sqlx::query!(
        "select zone, first_minor, more_minor from shipping_rates where project_id = $1 order by zone",
        project.uuid()
    )
    .fetch_all(db)
    .await?;
    let rates = rows.into_iter().map(|row| Rate {
        zone: row.zone,
        fee: Fee { first: Money::new(row.first_minor, currency), more: Money::new(row.more_minor, currency) },
    });
    Ok(Rates { none: Money::zero(currency), rates: rates.collect() })
}

/// Takes the rates within Korea away, for a caller that writes them anew.
pub async fn clear_domestic(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from shipping_rates where project_id = $1 and zone in ($2, $3, $4)",
        project.uuid(),
        KOREA,
        JEJU,
        ISLANDS
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds the rate of a zone, or changes it.
pub async fn add_rate(db: &mut PgConnection, project: ProjectId, rate: &Rate) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into shipping_rates (project_id, zone, first_minor, more_minor) values ($1, $2, $3, $4)
         on conflict (project_id, zone) do update
            set first_minor = excluded.first_minor, more_minor = excluded.more_minor",
        project.uuid(),
        rate.zone,
        rate.fee.first.minor(),
        rate.fee.more.minor()
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn remove_rate(db: &mut PgConnection, project: ProjectId, zone: &str) -> sqlx::Result<()> {
    sqlx::query!("delete from shipping_rates where project_id = $1 and zone = $2", project.uuid(), zone)
        .execute(db)
        .await?;
    Ok(())
}

/// The zone of an address: its country, or a remote part of Korea.
pub async fn zone_of(db: &mut PgConnection, country: &str, postcode: &str) -> sqlx::Result<String> {
    if country != KOREA {
        return Ok(country.to_owned());
    }
    let remote = sqlx::query_scalar!(
        "select zone from remote_postcodes where first_code <= $1 and last_code >= $1 order by first_code desc limit 1",
        postcode
    )
    .fetch_optional(db)
    .await?;
    Ok(remote.unwrap_or_else(|| KOREA.to_owned()))
}
