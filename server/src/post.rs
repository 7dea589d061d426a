//! Mail over SMTP: the way of the outbox when a mail server is configured.

use anyhow::{Context, Result};
use kernel::outbox::Letter;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    address::Address,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError, PoolConfig,
        client::{Certificate, Tls, TlsParameters},
    },
};
use std::time::Duration;

/// Some servers hold mails back for a while on purpose (tarpits); longer than this is no answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Open connections to the mail server, kept between mails.
const CONNECTIONS: u32 = 4;

/// A connection to a mail server, and who writes.
#[derive(Clone, Debug)]
pub struct PostOffice {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The right side of Message-IDs.
    domain: String,
}

/// Why a mail did not leave.
#[derive(Debug)]
pub enum PostError {
    /// Worth trying again: no connection, or a 4xx answer.
    Later(String),
    /// A 5xx answer, or an address that cannot be written to.
    Never(String),
    /// A 5xx answer that says that there is no such mailbox.
    NoSuchAddress(String),
}

impl PostOffice {
    /// `server` is `smtp://` or `smtps://` with user, password, host and port; `?tls=required` asks for
    /// STARTTLS. `from` is an address, with a name if wished. `authority` is a certificate (PEM) to trust
    /// instead of the public ones.
    pub fn open(server: &str, from: &str, authority: Option<&[u8]>) -> Result<Self> {
        let from: Mailbox = from.parse().context("the sender is no mail address")?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .context("the mail server's address cannot be read")?
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if let Some(pem) = authority {
            let address = url::Url::parse(server).context("the mail server's address cannot be read")?;
            let host = address.host_str().context("the mail server's address has no host")?.to_owned();
            let certificate = Certificate::from_pem(pem).context("the certificate cannot be read")?;
            let trust = TlsParameters::builder(host).add_root_certificate(certificate).build_rustls()?;
            builder = builder.tls(match address.scheme() {
                "smtps" => Tls::Wrapper(trust),
                _ => Tls::Required(trust),
            });
        }
        Ok(Self { server: builder.build(), domain: from.email.domain().to_owned(), from })
    }

    /// Hands a letter to the mail server. The same letter always has the same Message-ID, so that a mail
    /// that went out twice (we died between the server's answer and our note of it) is seen as one.
    pub async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        let message = self.message(letter).map_err(|error| PostError::Never(error.to_string()))?;
        match self.server.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() && is_about_recipient(&error) => {
                Err(PostError::NoSuchAddress(error.to_string()))
            }
            Err(error) if error.is_permanent() => Err(PostError::Never(error.to_string())),
            Err(error) => Err(PostError::Later(error.to_string())),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message> {
        let (local, domain) = letter.to.rsplit_once('@').context("the recipient is no mail address")?;
        let domain = kernel::mail_domain(domain).context("the recipient's domain is none")?;
        let to = Address::new(local, domain).context("the recipient is no mail address")?;
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            .date(letter.written_at.into())
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain)))
            // RFC 3834: nobody's holiday reply should come back.
            .header(AutoSubmitted("auto-generated".to_owned()));
        if let Some(address) = letter.unsubscribe.as_ref().filter(|address| is_plain(address)) {
            // RFC 8058: the reader's mail program ends mails of this kind with one click.
            message = message
                .header(ListUnsubscribe(format!("<{address}>")))
                .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
        }
        Ok(message.multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))?)
    }
}

/// Whether a refusal is about the mailbox and not about us: RFC 3463's codes for addresses that are none
/// and mailboxes that are closed, or where there is none of them, RFC 5321's.
fn is_about_recipient(error: &SmtpError) -> bool {
    const OF_RECIPIENT: [&str; 7] = ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

    let code = error.status().map_or(0, u16::from);
    let told = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let words = told.split(|c: char| !c.is_ascii_digit() && c != '.');
    let enhanced = words.map(|word| word.trim_matches('.')).find(|word| {
        word.starts_with("5.") && word.split('.').count() == 3 && word.split('.').all(|part| !part.is_empty())
    });
    match enhanced {
        Some(enhanced) => OF_RECIPIENT.contains(&enhanced),
        None => matches!(code, 550 | 551 | 553),
    }
}

/// A head that is only written, with a value known to be one line of ASCII.
macro_rules! written_head {
    ($name:ident, $head:literal) => {
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($head)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("only written, never read".into())
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
            }
        }
    };
}

written_head!(AutoSubmitted, "Auto-Submitted");
written_head!(ListUnsubscribe, "List-Unsubscribe");
written_head!(ListUnsubscribePost, "List-Unsubscribe-Post");

/// Whether an address can stand in a head as it is.
fn is_plain(address: &str) -> bool {
    address.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}
