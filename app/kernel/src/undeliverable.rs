//! Addresses from which mails come back: nothing is mailed there until their owner confirms them again.

use crate::{MailReportId, email_key};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

/// What went wrong with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It came back for good.
    Bounced,
    /// It was not taken for now; only written down.
    Delayed,
    /// Its reader called it spam.
    Complained,
}

impl Trouble {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Delayed => "delayed",
            Self::Complained => "complained",
        }
    }

    fn from_code(code: &str) -> Self {
        match code {
            "complained" => Self::Complained,
            "delayed" => Self::Delayed,
            _ => Self::Bounced,
        }
    }
}

/// A mail that made trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub email: String,
    pub trouble: Trouble,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// Writes down a trouble, and stops mails to the address unless it was only a delay.
///
/// Invariant: what happened before the owner last confirmed the address stops nothing.
pub async fn note(db: &mut PgConnection, report: &Report, source: Option<MailReportId>) -> sqlx::Result<()> {
    let email_key = email_key(&report.email);
    let reason: String = report.reason.replace('\0', "").chars().take(500).collect();
    sqlx::query!(
        "insert into mail_troubles (email_key, trouble, at, reason, report_id) values ($1, $2, $3, $4, $5)",
        email_key,
        report.trouble.code(),
        report.at,
        reason,
        source.map(MailReportId::uuid)
    )
    .execute(&mut *db)
    .await?;
    if report.trouble != Trouble::Delayed {
        sqlx::query!(
            "insert into undeliverable as u (email_key, trouble, since) values ($1, $2, $3)
             on conflict (email_key) do update set trouble = excluded.trouble, since = excluded.since, cleared_at = null
              where u.cleared_at < excluded.since",
            email_key,
            report.trouble.code(),
            report.at
        )
        .execute(db)
        .await?;
    }
    let trouble = report.trouble.code();
    metrics::counter!("dure_mail_troubles_total", "trouble" => trouble).increment(1);
    tracing::warn!(trouble, "A mail was {trouble}");
    Ok(())
}

/// Why nothing is mailed to an address, if nothing is.
pub async fn trouble_of(pool: &PgPool, email: &str) -> sqlx::Result<Option<Trouble>> {
    let trouble = sqlx::query_scalar!(
        "select trouble from undeliverable where email_key = $1 and cleared_at is null",
        email_key(email)
    )
    .fetch_optional(pool)
    .await?;
    Ok(trouble.map(|code| Trouble::from_code(&code)))
}

/// Its owner has confirmed an address: mails go there again.
pub async fn clear(db: &mut PgConnection, email: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let cleared = sqlx::query!(
        "update undeliverable set cleared_at = $2 where email_key = $1 and cleared_at is null",
        email_key(email),
        now
    )
    .execute(db)
    .await?;
    Ok(cleared.rows_affected() == 1)
}

/// Forgets raw reports and delays after three months, other troubles after a year, also those that were cleared.
pub async fn sweep(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("delete from mail_reports where received_at < $1::timestamptz - interval '90 days'", now)
        .execute(pool)
        .await?;
    sqlx::query!(
        "delete from mail_troubles
          where at < $1::timestamptz - interval '1 year'
             or trouble = 'delayed' and at < $1::timestamptz - interval '90 days'",
        now
    )
    .execute(pool)
    .await?;
    sqlx::query!("delete from undeliverable where cleared_at < $1::timestamptz - interval '1 year'", now)
        .execute(pool)
        .await?;
    Ok(())
}
