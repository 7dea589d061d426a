//! PostgreSQL's own measurement, writing as many rows.

use anyhow::{Context, Result, bail};
use sqlx::PgPool;
use std::{fs, process::Command};

/// Rows that one pledge writes.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    pub inserted: f64,
    pub updated: f64,
}

/// Rows inserted and updated since the database began.
pub async fn rows(pool: &PgPool) -> Result<(i64, i64)> {
    sqlx::query("select pg_stat_clear_snapshot()").execute(pool).await?;
    Ok(sqlx::query_as("select sum(n_tup_ins)::bigint, sum(n_tup_upd)::bigint from pg_stat_user_tables")
        .fetch_one(pool)
        .await?)
}

/// Transactions a second of pgbench writing as many rows, each set in one transaction.
pub fn pgbench(url: &str, rows: Written) -> Result<f64> {
    let folder = std::env::temp_dir();
    let script = folder.join(format!("dure-bench-{}.sql", std::process::id()));
    let mut sql = String::from("\\set id random(1, 100000)\nbegin;\n");
    for _ in 0..rows.inserted.round() as u64 {
        sql.push_str("insert into bench.written (a, b, c) values (:id, repeat('x', 100), now());\n");
    }
    for n in 0..rows.updated.round() as u64 {
        sql.push_str(&format!(
            "update bench.changed set n = n + 1 where id = 1 + (:id + {n} * 1009) % 100000;\n"
        ));
    }
    sql.push_str("commit;\n");
    fs::write(&script, sql)?;
    let tools = pg_tools()?;
    let prepare = "create schema bench; create table bench.written (id bigserial primary key, a int, b text, c timestamptz); \
         create table bench.changed (id int primary key, n int); insert into bench.changed select g, 0 from generate_series(1, 100000) g";
    let made = Command::new("psql").args(["-q", "-v", "ON_ERROR_STOP=1", "-c", prepare, url]).status()?;
    if !made.success() {
        bail!("the tables for pgbench could not be made");
    }
    let output = Command::new(tools.join("pgbench"))
        .args(["-n", "-c32", "-j2", "-T8", "-f"])
        .arg(&script)
        .arg(url)
        .output()
        .context("pgbench does not run")?;
    fs::remove_file(&script)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate =
        text.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next());
    let errors = String::from_utf8_lossy(&output.stderr);
    Ok(rate.with_context(|| format!("pgbench told no rate: {errors}"))?.parse()?)
}

fn pg_tools() -> Result<std::path::PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL's programs were not found")?;
    let mut folders: Vec<_> = versions.filter_map(|version| Some(version.ok()?.path().join("bin"))).collect();
    folders.sort();
    folders.pop().context("PostgreSQL's programs were not found")
}
