//! Mails and text messages that are to be sent: a row written in the transaction that caused it.

use crate::{Locale, MemberId, MessageId, jobs, letter, undeliverable};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};

/// A mail in the words that the reader will see.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// The event and the person: the same key is never sent twice.
    pub key: String,
    pub member: Option<MemberId>,
    pub to: String,
    pub locale: Locale,
    pub subject: String,
    /// Paragraphs, top to bottom.
    pub paragraphs: Vec<String>,
    /// The one thing to do: label and address.
    pub action: Option<(String, String)>,
    /// Why it was sent, for its foot.
    pub why: String,
    /// Where mails of its kind can be ended without logging in; none for those that are always sent.
    pub unsubscribe: Option<String>,
    /// Whether it asks the owner of an address to confirm it: then it goes also where mails came back
    /// from.
    pub to_confirm: bool,
}

/// A text message to a member's phone. Short: Korean carriers split after 90 bytes.
#[derive(Clone, Debug)]
pub struct Sms {
    /// As for a mail; the two have keys of their own.
    pub key: String,
    pub member: MemberId,
    pub locale: Locale,
    pub text: String,
}

/// Delivers one text message of the outbox.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendSms {
    pub message: MessageId,
}

impl jobs::Job for SendSms {
    const KIND: &'static str = "sms.send";
    const PATIENCE: jobs::Patience = jobs::Patience::TWO_DAYS;

    fn key(&self) -> Option<String> {
        Some(self.message.to_string())
    }
}

/// Delivers one mail of the outbox.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendMail {
    pub message: MessageId,
}

impl jobs::Job for SendMail {
    const KIND: &'static str = "mail.send";
    const PATIENCE: jobs::Patience = jobs::Patience::TWO_DAYS;

    fn key(&self) -> Option<String> {
        Some(self.message.to_string())
    }
}

/// Puts a message into the outbox and enqueues its delivery, in the caller's transaction.
/// A second message with the same key is dropped.
pub async fn post(db: &mut PgConnection, message: &Message, now: DateTime<Utc>) -> sqlx::Result<()> {
    let id = MessageId::new();
    let written = sqlx::query!(
        "insert into outbox (id, key, member_id, recipient, locale, subject, text, html, created_at, unsubscribe,
                             to_confirm)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (key) do nothing",
        id.uuid(),
        message.key,
        message.member.map(MemberId::uuid),
        message.to,
        message.locale.tag(),
        one_line(&message.subject),
        letter::text(message),
        letter::html(message),
        now,
        message.unsubscribe.as_deref().unwrap_or_default(),
        message.to_confirm
    )
    .execute(&mut *db)
    .await?;
    if written.rows_affected() == 1 {
        jobs::enqueue(db, &SendMail { message: id }, now).await?;
    }
    Ok(())
}

/// Puts a text message into the outbox, as [`post`] does with a mail.
pub async fn post_sms(db: &mut PgConnection, sms: &Sms, now: DateTime<Utc>) -> sqlx::Result<()> {
    let id = MessageId::new();
    let written = sqlx::query!(
        "insert into outbox (id, key, channel, member_id, recipient, locale, subject, text, html, created_at)
         values ($1, $2, 'sms', $3, '', $4, '', $5, '', $6)
         on conflict (key) do nothing",
        id.uuid(),
        format!("sms.{}", sms.key),
        sms.member.uuid(),
        sms.locale.tag(),
        sms.text,
        now
    )
    .execute(&mut *db)
    .await?;
    if written.rows_affected() == 1 {
        jobs::enqueue(db, &SendSms { message: id }, now).await?;
    }
    Ok(())
}

/// A mail of the outbox as it leaves.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: MessageId,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub written_at: DateTime<Utc>,
    /// The address of its one-click unsubscribing (RFC 8058), if it has one.
    pub unsubscribe: Option<String>,
    /// Whether mails to its address come back, so that it stays here.
    pub undeliverable: bool,
}

/// A mail that waits; nothing if it was sent or given up.
pub async fn waiting_mail(pool: &PgPool, message: MessageId) -> sqlx::Result<Option<Letter>> {
    let row = sqlx::query!(
        "select recipient, subject, text, html, created_at, unsubscribe, to_confirm
           from outbox
          where id = $1 and channel = 'mail' and sent_at is null and given_up_at is null",
        message.uuid()
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let undeliverable = !row.to_confirm && undeliverable::trouble_of(pool, &row.recipient).await?.is_some();
    Ok(Some(Letter {
        id: message,
        to: row.recipient,
        subject: row.subject,
        text: row.text,
        html: row.html,
        written_at: row.created_at,
        unsubscribe: Some(row.unsubscribe).filter(|address| !address.is_empty()),
        undeliverable,
    }))
}

/// How a message stops waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Sent,
    GivenUp,
}

/// Notes that a message waits no more. Its words, with links that open an account, do not stay; of one to
/// nobody of ours any more not even whom it went to.
pub async fn end(pool: &PgPool, message: MessageId, how: End, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update outbox
            set sent_at = case when $3 then $2::timestamptz end,
                given_up_at = case when $3 then given_up_at else $2::timestamptz end,
                text = '', html = '', unsubscribe = '',
                recipient = case when member_id is null then '' else recipient end,
                subject = case when member_id is null then '' else subject end
          where id = $1 and sent_at is null",
        message.uuid(),
        now,
        how == End::Sent
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Whom a text message that waits is for.
pub async fn waiting_sms(pool: &PgPool, message: MessageId) -> sqlx::Result<Option<MemberId>> {
    let member = sqlx::query_scalar!(
        r#"select member_id as "member!" from outbox
            where id = $1 and channel = 'sms' and sent_at is null and given_up_at is null"#,
        message.uuid()
    )
    .fetch_optional(pool)
    .await?;
    Ok(member.map(MemberId::from_uuid))
}

/// What did not reach its reader.
#[derive(Clone, Copy, Debug)]
pub struct Undelivered {
    pub mails: i64,
    pub texts: i64,
    /// From which mails come back, and to which none go now.
    pub addresses: i64,
}

/// What was given up since an instant.
pub async fn undelivered(pool: &PgPool, since: DateTime<Utc>) -> sqlx::Result<Undelivered> {
    sqlx::query_as!(
        Undelivered,
        r#"select count(*) filter (where channel = 'mail') as "mails!",
                  count(*) filter (where channel = 'sms') as "texts!",
                  (select count(*) from undeliverable where cleared_at is null) as "addresses!"
             from outbox where given_up_at >= $1"#,
        since
    )
    .fetch_one(pool)
    .await
}

/// Gives up what could not be sent for a month, and forgets the words of whatever waits no more.
pub async fn sweep(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update outbox
            set given_up_at = case when sent_at is null then coalesce(given_up_at, $1) end,
                text = '', html = '', unsubscribe = '',
                recipient = case when member_id is null then '' else recipient end,
                subject = case when member_id is null then '' else subject end
          where text <> ''
            and (sent_at is not null or given_up_at is not null
                 or created_at < $1::timestamptz - interval '30 days')",
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A subject never carries a line break into the head of a mail.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
