//! The jobs that hand mails and text messages over.

use crate::{post::PostError, worker::Hands};
use kernel::{
    MessageId,
    db::Db,
    jobs::{Job, JobError, Patience, Taken},
    outbox::{self, End, Letter, SendMail, SendSms},
    undeliverable::{self, Report, Trouble},
};

/// Does a job of these; false if it is another.
pub async fn run(hands: &Hands, job: &Taken) -> Result<bool, JobError> {
    match job.kind.as_str() {
        SendMail::KIND => send_mail(hands, job.read::<SendMail>()?.message).await?,
        SendSms::KIND => send_sms(&hands.means.db, job.read::<SendSms>()?.message).await?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// How long these are tried again.
pub fn patience(kind: &str) -> Option<Patience> {
    match kind {
        SendMail::KIND => Some(SendMail::PATIENCE),
        SendSms::KIND => Some(SendSms::PATIENCE),
        _ => None,
    }
}

/// Sends a mail, or gives it up visibly when the mail server will never take it.
///
/// A mail leaves at least once: should we die between the server's answer and our note of it, it leaves
/// again with the same Message-ID.
async fn send_mail(hands: &Hands, message: MessageId) -> Result<(), JobError> {
    let db = &hands.means.db;
    let Some(letter) = outbox::waiting_mail(&db.pool, message).await? else {
        return Ok(());
    };
    let outcome = match &hands.post {
        _ if letter.undeliverable => {
            tracing::info!(message.id = %message, "Mail {message} stays here: mails to its address come back");
            outbox::end(&db.pool, message, End::GivenUp, db.now()).await?;
            "undeliverable"
        }
        None => {
            sandbox::deliver(&db.pool, message, db.now()).await?;
            "sent"
        }
        Some(post) => match post.send(&letter).await {
            Ok(()) => {
                outbox::end(&db.pool, message, End::Sent, db.now()).await?;
                "sent"
            }
            Err(PostError::Never(why)) => {
                tracing::warn!(message.id = %message, why, "Mail {message} is given up: {why}");
                outbox::end(&db.pool, message, End::GivenUp, db.now()).await?;
                "given_up"
            }
            Err(PostError::NoSuchAddress(why)) => {
                give_up_bounced(db, &letter, why).await?;
                "bounced"
            }
            Err(PostError::Later(why)) => return Err(JobError::Retry(why)),
        },
    };
    metrics::counter!("dure_mails_total", "outcome" => outcome).increment(1);
    Ok(())
}

/// The mail server said at once that an address is none.
async fn give_up_bounced(db: &Db, letter: &Letter, reason: String) -> sqlx::Result<()> {
    let report = Report { email: letter.to.clone(), trouble: Trouble::Bounced, at: db.now(), reason };
    let mut tx = db.pool.begin().await?;
    undeliverable::note(&mut tx, &report, None).await?;
    tx.commit().await?;
    outbox::end(&db.pool, letter.id, End::GivenUp, db.now()).await
}

/// Sends a text message to the number that its member has now, if they still have one.
async fn send_sms(db: &Db, message: MessageId) -> Result<(), JobError> {
    let Some(member) = outbox::waiting_sms(&db.pool, message).await? else {
        return Ok(());
    };
    match accounts::phone_of(db, member).await? {
        Some(number) => {
            sandbox::deliver_sms(&db.pool, message, &number, db.now()).await?;
            metrics::counter!("dure_messages_sent_total", "channel" => "sms").increment(1);
        }
        None => outbox::end(&db.pool, message, End::GivenUp, db.now()).await?,
    }
    Ok(())
}
