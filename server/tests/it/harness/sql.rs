//! Looking into the database as the program's role.

use crate::harness::TestApp;
use sqlx::{Decode, Postgres, Type};
use uuid::Uuid;

impl TestApp {
    /// The only value of a query.
    pub async fn ask<T>(&self, sql: &'static str) -> T
    where
        T: for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin,
    {
        sqlx::query_scalar(sql).fetch_one(&self.state.db.pool).await.expect("the query is right")
    }

    /// The only value of a query about `$1`.
    pub async fn ask_of<T>(&self, sql: &'static str, id: Uuid) -> T
    where
        T: for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin,
    {
        sqlx::query_scalar(sql).bind(id).fetch_one(&self.state.db.pool).await.expect("the query is right")
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        self.ask(sql).await
    }

    /// Until a statement waits for the lock of another, or clearly none will.
    pub async fn until_somebody_waits(&self) {
        let waiting = "select count(*) from pg_locks l join pg_stat_activity a using (pid)
                        where not l.granted and a.datname = current_database()";
        for _ in 0..3000 {
            if self.count(waiting).await > 0 {
                return;
            }
        }
    }

    pub async fn pledge_state(&self, pledge: kernel::PledgeId) -> String {
        self.ask_of("select state from pledges where id = $1", pledge.uuid()).await
    }

    pub async fn project_state(&self, project: kernel::ProjectId) -> String {
        self.ask_of("select state from projects where id = $1", project.uuid()).await
    }

    pub async fn payment_state(&self, pledge: kernel::PledgeId) -> String {
        self.ask_of("select state from payments where purpose_id = $1", pledge.uuid()).await
    }

    pub async fn pieces_taken(&self, reward: kernel::RewardId) -> i32 {
        self.ask_of("select taken from rewards where id = $1", reward.uuid()).await
    }

    /// Charges that the sandbox gateway made for a pledge, whatever we believe.
    pub async fn charges_at_gateway(&self, pledge: kernel::PledgeId) -> i64 {
        self.ask_of(
            "select count(*) from sandbox.charges c
               join payment_attempts a on a.id::text = c.key join payments p on p.id = a.payment_id
              where p.purpose_id = $1 and c.state = 'succeeded'",
            pledge.uuid(),
        )
        .await
    }

    /// What the ledger holds for a project.
    pub async fn escrow(&self, project: kernel::ProjectId) -> i64 {
        self.ask_of(
            "select coalesce(-sum(p.amount_minor), 0)::bigint
               from ledger_postings p join ledger_entries e on e.id = p.entry_id
              where p.account = 'project_escrow' and e.project_id = $1",
            project.uuid(),
        )
        .await
    }
}
