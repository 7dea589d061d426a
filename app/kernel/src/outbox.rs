//! Mails and text messages that are to be sent: a row written in the transaction that caused it.

use crate::{Locale, MemberId, MessageId, jobs};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};

/// A mail in the words that the reader will see.
#[derive(Clone, Debug)]
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

crate::texts! {
    footer: "이 메일은 두레에서 보냈어요." | "This mail was sent by Dure.";
}

/// Puts a message into the outbox and enqueues its delivery, in the caller's transaction.
/// A second message with the same key is dropped.
pub async fn post(db: &mut PgConnection, message: &Message, now: DateTime<Utc>) -> sqlx::Result<()> {
    let id = MessageId::new();
    let written = sqlx::query!(
        "insert into outbox (id, key, member_id, recipient, locale, subject, text, html, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (key) do nothing",
        id.uuid(),
        message.key,
        message.member.map(MemberId::uuid),
        message.to,
        message.locale.tag(),
        one_line(&message.subject),
        message.text(),
        message.html(),
        now
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
}

/// A mail that waits; nothing if it was sent or given up.
pub async fn waiting_mail(pool: &PgPool, message: MessageId) -> sqlx::Result<Option<Letter>> {
    let row = sqlx::query!(
        "select recipient, subject, text, html, created_at from outbox
          where id = $1 and channel = 'mail' and sent_at is null and given_up_at is null",
        message.uuid()
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Letter {
        id: message,
        to: row.recipient,
        subject: row.subject,
        text: row.text,
        html: row.html,
        written_at: row.created_at,
    }))
}

/// Notes that a mail has left.
pub async fn mark_sent(pool: &PgPool, message: MessageId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update outbox set sent_at = $2 where id = $1 and sent_at is null", message.uuid(), now)
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

/// Notes that a message cannot be sent any more.
pub async fn give_up(pool: &PgPool, message: MessageId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update outbox set given_up_at = $2 where id = $1 and sent_at is null", message.uuid(), now)
        .execute(pool)
        .await?;
    Ok(())
}

/// A subject never carries a line break into the head of a mail.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Message {
    fn text(&self) -> String {
        let mut text = self.paragraphs.join("\n\n");
        if let Some((label, address)) = &self.action {
            text.push_str(&format!("\n\n{label}\n{address}"));
        }
        text.push_str(&format!("\n\n--\n{}\n", footer(self.locale)));
        text
    }

    fn html(&self) -> String {
        let mut body = String::new();
        for paragraph in &self.paragraphs {
            body.push_str(&format!("<p style=\"margin:0 0 16px\">{}</p>", escape(paragraph)));
        }
        if let Some((label, address)) = &self.action {
            body.push_str(&format!(
                "<p style=\"margin:24px 0\"><a href=\"{}\" style=\"display:inline-block;padding:12px 20px;\
                 border-radius:10px;background:#1f6f54;color:#ffffff;font-weight:600;text-decoration:none\">{}</a></p>",
                escape(address),
                escape(label)
            ));
        }
        format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title></head>\
             <body style=\"margin:0;padding:24px;font:16px/1.6 -apple-system,'Apple SD Gothic Neo','Malgun Gothic',sans-serif\">\
             <div style=\"max-width:560px;margin:0 auto\"><p style=\"font-weight:800;font-size:20px;color:#1f6f54\">두레</p>\
             {body}<p style=\"margin-top:32px;font-size:13px;opacity:.7\">{}</p></div></body></html>",
            self.locale.tag(),
            escape(&one_line(&self.subject)),
            footer(self.locale)
        )
    }
}

/// Text as HTML shows it, in elements and in attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_markup_shows_as_text_in_a_mail() {
        let message = Message {
            key: "k".to_owned(),
            member: None,
            to: "a@example.kr".to_owned(),
            locale: Locale::Ko,
            subject: "hi\r\nBcc: x@example.kr".to_owned(),
            paragraphs: vec!["<script>alert(1)</script>".to_owned()],
            action: Some(("열기".to_owned(), "https://dure.example/?a=1&b=\"2".to_owned())),
        };
        assert!(!message.html().contains("<script>"));
        assert!(message.html().contains("?a=1&amp;b=&quot;2"));
        assert_eq!(one_line(&message.subject), "hi Bcc: x@example.kr");
    }
}
