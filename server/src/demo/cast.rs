//! The people of the demo become members.

use super::people;
use crate::life::{Person, Stage};
use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Locale, MemberId};
use std::collections::HashMap;

/// Sign-ups that run at once.
const AT_ONCE: usize = 16;

/// Who is there, by what the script calls them.
pub struct Cast {
    /// By handle; the two with a log-in by their address.
    pub creators: HashMap<&'static str, MemberId>,
    pub crowd: Vec<MemberId>,
}

/// Everybody signs up and confirms their address.
pub async fn cast(stage: &Stage) -> Result<Cast> {
    let mut creators = HashMap::new();
    let password_hash = accounts::hash_password(people::PASSWORD.to_owned()).await?;
    for (handle, email, name) in people::LOG_INS {
        let person = Person { handle, email, name, locale: Locale::Ko };
        creators.insert(email, stage.member(&person, &password_hash).await?);
    }
    let made =
        stream::iter(people::CREATORS)
            .map(|(handle, name, locale)| async move {
                Ok((*handle, member(stage, handle, name, *locale).await?))
            })
            .buffered(AT_ONCE)
            .try_collect::<Vec<_>>();
    creators.extend(made.await.map_err(|error: anyhow::Error| error.context("a creator"))?);
    let crowd = stream::iter(0..people::CROWD)
        .map(|n| async move {
            let (name, locale) = people::of_the_crowd(n);
            let handle = format!("{}_{n}", projects::slugify(&name).replace('-', "_"));
            member(stage, &handle, &name, locale).await
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(Cast { creators, crowd })
}

/// Somebody who never logs in: the hash is of no password.
async fn member(stage: &Stage, handle: &str, name: &str, locale: Locale) -> Result<MemberId> {
    let email = format!("{handle}@people.example");
    stage.member(&Person { handle, email: &email, name, locale }, "!").await
}
