//! Rate limits as rows, so that they hold across replicas.

use crate::{Refusal, db::Db};

/// A token bucket: at most `burst` at once, refilled evenly so that `burst` fit in `seconds`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Name in the table, in front of the key.
    pub name: &'static str,
    pub burst: u32,
    pub seconds: u32,
}

impl Limit {
    /// Takes one token for `key` (a member id, an address), or refuses.
    ///
    /// Counts in the database's own time: moving the sandbox clock does not lift a limit.
    pub async fn take(&self, db: &Db, key: &str) -> Result<(), Refusal> {
        let allowed = sqlx::query_scalar!(
            r#"insert into rate_limits as l (key, tokens, filled_at)
               values ($1, $2::float8 - 1, clock_timestamp())
               on conflict (key) do update
                  set tokens = least($2, l.tokens + extract(epoch from clock_timestamp() - l.filled_at)::float8 * $2 / $3) - 1,
                      filled_at = clock_timestamp()
                where l.tokens + extract(epoch from clock_timestamp() - l.filled_at)::float8 * $2 / $3 >= 1
               returning true as "allowed!""#,
            format!("{}:{key}", self.name),
            f64::from(self.burst),
            f64::from(self.seconds)
        )
        .fetch_optional(&db.pool)
        .await?;
        allowed.map(|_| ()).ok_or(Refusal::TooMany)
    }

    /// Gives the token back that was taken for something that need not count after all.
    pub async fn give_back(&self, db: &Db, key: &str) -> Result<(), Refusal> {
        sqlx::query!(
            "update rate_limits set tokens = least($2, tokens + 1) where key = $1",
            format!("{}:{key}", self.name),
            f64::from(self.burst)
        )
        .execute(&db.pool)
        .await?;
        Ok(())
    }
}

/// Forgets buckets that have long been full again.
pub async fn sweep(db: &Db) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("delete from rate_limits where filled_at < clock_timestamp() - interval '2 days'")
            .execute(&db.pool)
            .await?;
    Ok(done.rows_affected())
}
