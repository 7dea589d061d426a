//! Members with passwords and sessions, and client addresses.

use crate::site::Site;
use anyhow::Result;
use kernel::{
    Locale, MemberId,
    clock::Clock,
    db::{Db, connect},
    seal::Keys,
    token,
};
use std::{ops::Range, time::Duration};

pub struct People {
    db: Db,
    sessions: Vec<String>,
}

/// The n-th client.
pub fn address(n: usize) -> String {
    format!("10.{}.{}.{}", (n >> 16) & 255, (n >> 8) & 255, n & 255)
}

impl People {
    pub fn email(n: usize) -> String {
        format!("known{n}@bench.example")
    }

    /// Members who share one password, each with a session.
    pub async fn make(site: &Site, count: usize, password_hash: &str) -> Result<Self> {
        let (pool, _) = connect(&site.database_url()?, 4).await?;
        let mut people =
            Self { db: Db::new(pool, Clock::system(), Keys::none()), sessions: Vec::with_capacity(count) };
        for member in people.add(0..count, password_hash).await? {
            let (secret, hash) = token::fresh();
            let lasts = chrono::TimeDelta::days(1);
            accounts::store::begin_session(
                &people.db,
                member,
                &hash,
                lasts,
                &Default::default(),
                accounts::store::Proved::Now,
            )
            .await?;
            people.sessions.push(secret);
        }
        Ok(people)
    }

    pub async fn add(&self, numbers: Range<usize>, password_hash: &str) -> Result<Vec<MemberId>> {
        let mut made = Vec::new();
        let mut tx = self.db.pool.begin().await?;
        for n in numbers {
            let id = MemberId::new();
            let new = accounts::store::NewMember {
                id,
                handle: &format!("known_{n}"),
                email: &Self::email(n),
                name: "김하늘",
                password_hash: Some(password_hash),
                locale: Locale::Ko,
                consents: &["terms", "privacy"],
                at: self.db.now(),
            };
            accounts::store::add(&mut tx, &new).await?;
            made.push(id);
        }
        tx.commit().await?;
        Ok(made)
    }

    pub async fn set_password(&self, n: usize, password_hash: &str) -> Result<()> {
        sqlx::query("update members set password_hash = $2 where handle = $1")
            .bind(format!("known_{n}"))
            .bind(password_hash)
            .execute(&self.db.pool)
            .await?;
        Ok(())
    }

    pub fn cookie(&self, n: usize) -> String {
        format!("dure={}", self.sessions[n])
    }

    /// Waits until the worker has nothing to do.
    pub async fn quiet(&self) -> Result<()> {
        let waiting = "select count(*) from jobs where run_at <= now()";
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&self.db.pool).await? > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }
}
