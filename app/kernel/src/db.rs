//! The database handle: pool, clock, notifier and keys, and how a transaction says who acts and why.

use crate::{MemberId, Refusal, clock::Clock, notify::Notifier, seal::Keys};
use chrono::{DateTime, Utc};
use leptos::prelude::use_context;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, PgPool, Postgres, Transaction, migrate::Migrator,
    postgres::PgPoolOptions,
};
use std::{fmt, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The only copy of the migrations; tests and the program use the same.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// What a use case needs of the data tier. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pub pool: PgPool,
    pub clock: Clock,
    pub notify: Notifier,
    pub keys: Keys,
    /// As many as half of the connections; see [`Db::turn`].
    pub turns: Arc<Semaphore>,
}

impl Db {
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, keys: Keys) -> Self {
        let notify = Notifier::start(pool.clone());
        let half = pool.options().get_max_connections().div_ceil(2);
        let turns = Arc::new(Semaphore::new(usize::try_from(half).unwrap_or(1)));
        Self { pool, clock, notify, keys, turns }
    }

    /// A turn to write what many may want to write at this instant, such as a hot reward's row. They wait for each
    /// other here, in the order in which they came and for longer than for a connection, so that half of
    /// the connections are left to everybody else.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        match timeout(TURN, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => {
                tracing::warn!("Too many wait for their turn to write");
                Err(Refusal::Unavailable)
            }
        }
    }

    /// The handle of the request that is being answered.
    pub fn current() -> Result<Self, Refusal> {
        use_context::<Self>().ok_or_else(|| Refusal::internal(&"no database in the context"))
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Begins a transaction whose state moves are written down as `act` at the clock's time.
    pub async fn begin(&self, act: Act) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.begin_at(act, self.now()).await
    }

    /// As [`Db::begin`], at an instant that the caller knows.
    pub async fn begin_at(
        &self,
        act: Act,
        at: DateTime<Utc>,
    ) -> sqlx::Result<Transaction<'static, Postgres>> {
        // One way to the database and back for both: every change begins here.
        let quoted = |text: &str| text.replace('\'', "''");
        let begin = format!(
            "begin; select set_config('dure.who', '{}', true), set_config('dure.why', '{}', true), set_config('dure.at', '{}', true)",
            quoted(&act.who.to_string()),
            quoted(act.why),
            at.to_rfc3339()
        );
        self.pool.begin_with(AssertSqlSafe(begin)).await
    }

    /// From here on the open transaction's moves are written down as `act`.
    pub async fn go_on_as(&self, tx: &mut PgConnection, act: Act) -> sqlx::Result<()> {
        declare(tx, &act, self.now()).await
    }
}

async fn declare(db: &mut PgConnection, act: &Act, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "select set_config('dure.who', $1, true) as who, set_config('dure.why', $2, true) as why,
                set_config('dure.at', $3, true) as at",
        act.who.to_string(),
        act.why,
        at.to_rfc3339()
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// Who moves a state, and why; stands in each row of `state_moves`.
#[derive(Clone, Debug)]
pub struct Act {
    who: Who,
    why: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Who {
    Member(MemberId),
    Operator,
    System,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "member:{id}"),
            Self::Operator => f.write_str("operator"),
            Self::System => f.write_str("system"),
        }
    }
}

impl Act {
    #[must_use]
    pub const fn by(member: MemberId, why: &'static str) -> Self {
        Self { who: Who::Member(member), why }
    }

    /// What the site's operator decides.
    #[must_use]
    pub const fn operator(why: &'static str) -> Self {
        Self { who: Who::Operator, why }
    }

    /// What the program does by itself: deadlines, expiries, answers of gateways.
    #[must_use]
    pub const fn system(why: &'static str) -> Self {
        Self { who: Who::System, why }
    }
}

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a request waits for its turn: less than browsers and proxies wait.
const TURN: Duration = Duration::from_secs(40);
/// An idle connection that is older is asked whether it still lives.
pub const RESTED: Duration = Duration::from_millis(250);

/// Opens a pool whose connections act as the program's own role, which may not change the ledger.
///
/// Where the role could not be made (an owner without CREATEROLE), the triggers of the ledger
/// still refuse; the caller is told by `false`.
pub async fn connect(url: &str, connections: u32) -> sqlx::Result<(PgPool, bool)> {
    let has_role = {
        let one = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect(url).await?;
        let known = sqlx::query_scalar!(
            r#"select exists (select from pg_roles where rolname = 'dure_app'
                 and pg_has_role(current_user, oid, 'member')) as "known!""#
        )
        .fetch_one(&one)
        .await?;
        one.close().await;
        known
    };
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // A connection that was used a moment ago need not be asked whether it lives.
        .test_before_acquire(false)
        .before_acquire(|db, known| {
            Box::pin(async move {
                if known.idle_for > RESTED {
                    db.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |db, _| {
            Box::pin(async move {
                if has_role {
                    sqlx::query("set role dure_app").execute(&mut *db).await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await?;
    Ok((pool, has_role))
}

/// Names what a violated constraint means to the domain.
pub trait OnConstraint<T> {
    /// Maps the violation of the constraint `name`; everything else stays what it was.
    fn on_constraint<E: From<Refusal>>(self, name: &str, meaning: E) -> Result<T, E>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint<E: From<Refusal>>(self, name: &str, meaning: E) -> Result<T, E> {
        self.map_err(|error| match &error {
            sqlx::Error::Database(refused) if refused.constraint() == Some(name) => meaning,
            _ => Refusal::from(error).into(),
        })
    }
}
