//! A database for each test, copied from a template that is migrated once.

use kernel::db::MIGRATOR;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{env, thread};
use url::Url;
use uuid::Uuid;

/// Guards the making of the template: tests run in processes of their own.
const TEMPLATE_LOCK: i64 = 0x6475_7265;

/// Dropped with everything in it when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    server: Url,
}

impl TestDatabase {
    pub async fn create() -> Self {
        let server = env::var("DATABASE_URL").expect(
            "DATABASE_URL names the tests' PostgreSQL: `cargo xtask with-database -- cargo nextest run --package server`",
        );
        let server: Url = server.parse().expect("DATABASE_URL is an address");
        let mut maintenance = open(&server, "postgres").await;
        let template = template(&server, &mut maintenance).await;
        let name = format!("dure_test_{}", Uuid::now_v7().simple());
        run(&mut maintenance, format!("create database {name} template {template}")).await;
        maintenance.close().await.expect("the server is there");
        Self { name, server }
    }

    pub fn url(&self) -> String {
        address(&self.server, &self.name)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection with all rights, which the program never has.
    pub async fn owner(&self) -> PgConnection {
        open(&self.server, &self.name).await
    }

    /// A connection with all rights to another database of the same server.
    pub async fn neighbour(&self) -> PgConnection {
        open(&self.server, "postgres").await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // The test's own runtime may be ending; what is left behind disturbs nobody.
        let dropping = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut maintenance = open(&server, "postgres").await;
                run(&mut maintenance, format!("drop database if exists {name} with (force)")).await;
            });
        });
        if dropping.join().is_err() {
            eprintln!("The database {} is left behind", self.name);
        }
    }
}

fn address(server: &Url, database: &str) -> String {
    let mut address = server.clone();
    address.set_path(database);
    address.into()
}

async fn open(server: &Url, database: &str) -> PgConnection {
    PgConnection::connect(&address(server, database)).await.expect("the PostgreSQL of DATABASE_URL answers")
}

async fn run(db: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(db).await.expect("the statement is right");
}

/// The name of the migrated template; made by whichever test comes first.
async fn template(server: &Url, maintenance: &mut PgConnection) -> String {
    let mut digest = Sha256::new();
    for migration in MIGRATOR.iter() {
        digest.update(&migration.checksum);
    }
    let hash: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("dure_template_{hash}");
    run(maintenance, format!("select pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(&name)
        .fetch_one(&mut *maintenance)
        .await
        .expect("pg_database can be read");
    if !there {
        // Only a whole template gets the name.
        let raw = format!("{name}_raw");
        run(maintenance, format!("drop database if exists {raw} with (force)")).await;
        run(maintenance, format!("create database {raw}")).await;
        let mut owner = open(server, &raw).await;
        MIGRATOR.run(&mut owner).await.expect("the migrations are right");
        owner.close().await.expect("the server is there");
        run(maintenance, format!("alter database {raw} rename to {name}")).await;
    }
    run(maintenance, format!("select pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}
