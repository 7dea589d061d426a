//! Keeps what a person typed between a refused POST and the page that shows it again.
//!
//! So a refused form is shown with its values without JavaScript, a reload repeats nothing, and
//! what was typed survives a log-in on the way. Secrets never get here.

use crate::{Typed, db::Db, token};

/// How long a form can be found again.
const KEPT_HOURS: i32 = 24;
/// A stash larger than this is not kept (bytes of JSON).
const LARGEST: usize = 512 * 1024;

/// Keeps `typed` and returns the secret under which it is found, or nothing if it is too large.
pub async fn keep(db: &Db, typed: &Typed) -> sqlx::Result<Option<String>> {
    let json = serde_json::to_value(typed).map_err(|error| sqlx::Error::Encode(error.into()))?;
    if json.to_string().len() > LARGEST {
        return Ok(None);
    }
    let (secret, hash) = token::fresh();
    sqlx::query!(
        "insert into stashed_forms (token_hash, typed, expires_at)
         values ($1, $2, clock_timestamp() + make_interval(hours => $3))",
        hash,
        json,
        KEPT_HOURS
    )
    .execute(&db.pool)
    .await?;
    Ok(Some(secret))
}

pub async fn find(db: &Db, secret: &str) -> sqlx::Result<Option<Typed>> {
    let json = sqlx::query_scalar!(
        "select typed from stashed_forms where token_hash = $1 and expires_at > clock_timestamp()",
        token::hash(secret)
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(json.and_then(|json| serde_json::from_value(json).ok()))
}

pub async fn sweep(db: &Db) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from stashed_forms where expires_at < clock_timestamp()")
        .execute(&db.pool)
        .await?;
    Ok(done.rows_affected())
}
