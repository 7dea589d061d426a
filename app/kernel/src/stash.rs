//! Keeps what a person typed between a refused POST and the page that shows it again.
//!
//! So a refused form is shown with its values without JavaScript, a reload repeats nothing, and
//! what was typed survives a log-in on the way. Secrets never get here.

use crate::{Refusal, Typed, db::Db, seal::Place, token};
use uuid::Uuid;

/// How long a form can be found again.
const KEPT_HOURS: i32 = 24;
/// A stash larger than this is not kept (bytes of JSON).
const LARGEST: usize = 512 * 1024;

/// Keeps `typed`, sealed, and returns the secret under which it is found, or nothing if it is too large.
pub async fn keep(db: &Db, typed: &Typed) -> Result<Option<String>, Refusal> {
    let json = serde_json::to_string(typed).map_err(|error| Refusal::internal(&error))?;
    if json.len() > LARGEST {
        return Ok(None);
    }
    let id = Uuid::now_v7();
    let sealed = db.keys.seal(place(id), &json).map_err(|error| Refusal::internal(&error))?;
    let (secret, hash) = token::fresh();
    sqlx::query!(
        "insert into stashed_forms (token_hash, id, typed, expires_at)
         values ($1, $2, $3, clock_timestamp() + make_interval(hours => $4))",
        hash,
        id,
        sealed,
        KEPT_HOURS
    )
    .execute(&db.pool)
    .await?;
    Ok(Some(secret))
}

/// What no key opens any more is as if it had run out: its writer types it again.
pub async fn find(db: &Db, secret: &str) -> sqlx::Result<Option<Typed>> {
    let row = sqlx::query!(
        "select id, typed from stashed_forms where token_hash = $1 and expires_at > clock_timestamp()",
        token::hash(secret)
    )
    .fetch_optional(&db.pool)
    .await?;
    let json = row.and_then(|row| db.keys.open(place(row.id), &row.typed).ok());
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

const fn place(row: Uuid) -> Place {
    Place { column: "stashed_forms.typed", row }
}

pub async fn sweep(db: &Db) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from stashed_forms where expires_at < clock_timestamp()")
        .execute(&db.pool)
        .await?;
    Ok(done.rows_affected())
}
