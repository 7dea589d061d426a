//! The people of the demo become members.

use super::people;
use crate::life::{Person, Stage};
use accounts::{SignUpForm, store};
use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Locale, MemberId, token};
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
    for (email, name) in [people::MAKER, people::BACKER].into_iter().zip(people::NAMES) {
        creators.insert(email, with_log_in(stage, email, name).await?);
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

/// Signs up as a visitor would, and confirms the address.
async fn with_log_in(stage: &Stage, email: &str, name: &str) -> Result<MemberId> {
    let ticked = || "true".to_owned();
    let form = SignUpForm {
        email: email.to_owned(),
        password: people::PASSWORD.to_owned(),
        name: name.to_owned(),
        terms: ticked(),
        privacy: ticked(),
        news: String::new(),
    };
    let form = form.checked(|_, _| false)?;
    accounts::create(stage.db(), &stage.means.site, Locale::Ko, form).await?;
    let known = store::credentials(stage.db(), email).await?.context("the sign-up left no account")?;
    let (secret, hash) = token::fresh();
    let mut connection = stage.db().pool.acquire().await?;
    store::add_confirmation(&mut connection, known.id, &hash, stage.db().now()).await?;
    drop(connection);
    store::confirm(stage.db(), &token::hash(&secret)).await?;
    Ok(known.id)
}
