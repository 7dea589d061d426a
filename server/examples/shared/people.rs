//! Members with sessions.

use anyhow::Result;
use kernel::{Locale, MemberId, db::Db, token};

/// A member with a confirmed address, logged in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: MemberId,
    pub cookie: String,
}

pub async fn person(db: &Db, handle: &str) -> Result<Person> {
    let id = MemberId::new();
    let new = accounts::store::NewMember {
        id,
        handle,
        email: &format!("{handle}@people.example"),
        name: handle,
        password_hash: Some("!"),
        locale: Locale::Ko,
        consents: &["terms", "privacy"],
        at: db.now(),
    };
    let mut tx = db.pool.begin().await?;
    accounts::store::add(&mut tx, &new).await?;
    accounts::store::confirm_now(&mut tx, id, db.now()).await?;
    tx.commit().await?;
    let (secret, hash) = token::fresh();
    accounts::store::begin_session(
        db,
        id,
        &hash,
        chrono::TimeDelta::days(1),
        &Default::default(),
        accounts::store::Proved::Now,
    )
    .await?;
    Ok(Person { id, cookie: format!("dure={secret}") })
}
