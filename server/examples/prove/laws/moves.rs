//! 10. State machines: what is not allowed is refused by the database, past our code.

use super::Law;
use crate::site::Site;
use anyhow::Result;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

const MACHINES: [(&str, &str); 10] = [
    ("project", "projects"),
    ("pledge", "pledges"),
    ("payment", "payments"),
    ("attempt", "payment_attempts"),
    ("deposit", "deposits"),
    ("bank_line", "bank_lines"),
    ("refund", "refunds"),
    ("dispute", "disputes"),
    ("transfer", "transfers"),
    ("payout", "payouts"),
];

/// For every state in which the other laws left something: every move that is not in the table, as the owner.
pub async fn prove(site: &Site) -> Result<Law> {
    let mut law = Law::new(10, "the database refuses every move that is not allowed");
    let mut owner = PgConnection::connect(&site.database_url()?).await?;
    for (machine, table) in MACHINES {
        let sql = format!("select distinct on (state) id, state from {table} order by state, id");
        let rows: Vec<(Uuid, String)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut owner).await?;
        for (id, from) in rows {
            let wrong: Vec<String> = sqlx::query_scalar(
                "select distinct to_state from allowed_moves where machine = $1 and to_state <> $2
                 except select to_state from allowed_moves where machine = $1 and from_state = $2",
            )
            .bind(machine)
            .bind(&from)
            .fetch_all(&mut owner)
            .await?;
            for to in wrong {
                let moved = tried(&mut owner, table, id, &to).await?;
                law.case(!moved, || format!("a {machine} moved from {from} to {to}"));
            }
        }
    }
    Ok(law)
}

/// Whether the move could be made; it is taken back.
async fn tried(owner: &mut PgConnection, table: &str, id: Uuid, to: &str) -> Result<bool> {
    let mut tx = owner.begin().await?;
    sqlx::query("select set_config('dure.who', 'prove', true), set_config('dure.why', 'prove', true), set_config('dure.at', now()::text, true)")
        .execute(&mut *tx)
        .await?;
    let sql = format!("update {table} set state = $1 where id = $2");
    let done = sqlx::query(AssertSqlSafe(sql)).bind(to).bind(id).execute(&mut *tx).await;
    tx.rollback().await?;
    Ok(done.is_ok())
}
