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
        PoolConfig,
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
            Err(error) if error.is_permanent() => Err(PostError::Never(error.to_string())),
            Err(error) => Err(PostError::Later(error.to_string())),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message> {
        let (local, domain) = letter.to.rsplit_once('@').context("the recipient is no mail address")?;
        let domain = accounts::mail_domain(domain).context("the recipient's domain is none")?;
        let to = Address::new(local, domain).context("the recipient is no mail address")?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            .date(letter.written_at.into())
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain)))
            // RFC 3834: nobody's holiday reply should come back.
            .header(AutoSubmitted);
        Ok(message.multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))?)
    }
}

#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Err("only written, never read".into())
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
