//! Settings of mail.

use super::{Secret, read::read_optional};
use crate::post::PostOffice;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// The address holds a password and is never shown.
pub fn mail() -> Result<Option<PostOffice>> {
    let Some(server) = read_optional::<String>("DURE_SMTP", "an smtp:// or smtps:// address")? else {
        return Ok(None);
    };
    let from: Option<String> = read_optional("DURE_MAIL_FROM", "a mail address")?;
    let from = from.context(
        "DURE_MAIL_FROM is not set and DURE_SMTP is; allowed: an address such as Dure <hello@dure.example>",
    )?;
    let authority: Option<PathBuf> = read_optional("DURE_SMTP_CA", "a file")?;
    let authority = authority.map(|file| {
        std::fs::read(&file)
            .with_context(|| format!("DURE_SMTP_CA is {file:?}; allowed: a file that can be read"))
    });
    let post = PostOffice::open(&server, &from, authority.transpose()?.as_deref());
    post.map(Some)
        .context("DURE_SMTP, DURE_SMTP_CA or DURE_MAIL_FROM cannot be used; allowed: see dure --help")
}

/// The value is a secret and is never shown.
pub fn webhook_secret() -> Result<Option<Secret>> {
    let secret: Option<String> = read_optional("DURE_MAIL_WEBHOOK_SECRET", "a secret")?;
    if secret.as_ref().is_some_and(|secret| secret.len() < 16) {
        bail!("DURE_MAIL_WEBHOOK_SECRET is too short; allowed: 16 letters or more");
    }
    Ok(secret.map(Secret))
}
