//! SQL of logging in through others.

use super::{identity::Identity, leave::Purpose, protocol::Visit};
use chrono::{DateTime, Utc};
use kernel::{
    Locale, MemberId, Refusal,
    seal::{Keys, Place},
};
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

/// Somebody who went to a provider.
#[derive(Debug)]
pub struct Journey {
    pub provider: String,
    pub purpose: Purpose,
    /// Who links or proves.
    pub member: Option<MemberId>,
    pub locale: Locale,
    pub next: String,
    pub visit: Visit,
}

pub async fn add_journey(
    pool: &PgPool,
    state_hash: &[u8],
    browser_hash: &[u8],
    journey: &Journey,
    until: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into provider_visits
                (state_hash, browser_hash, provider, purpose, member_id, nonce, verifier, locale, next, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        state_hash,
        browser_hash,
        journey.provider,
        journey.purpose.name(),
        journey.member.map(MemberId::uuid),
        journey.visit.nonce,
        journey.visit.verifier,
        journey.locale.tag(),
        journey.next,
        until
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Ends a journey: of all that come back from it with the browser that left, one goes on.
pub async fn end_journey(
    pool: &PgPool,
    state_hash: &[u8],
    browser_hash: &[u8],
    provider: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Journey>> {
    let row = sqlx::query!(
        "delete from provider_visits
          where state_hash = $1 and browser_hash = $2 and provider = $3 and expires_at > $4
         returning purpose, member_id, nonce, verifier, locale, next",
        state_hash,
        browser_hash,
        provider,
        now
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| {
        let purpose = Purpose::named(&row.purpose);
        Journey {
            provider: provider.to_owned(),
            purpose,
            member: row.member_id.map(Into::into),
            locale: Locale::from_tag(&row.locale),
            next: row.next,
            visit: Visit { nonce: row.nonce, verifier: row.verifier, fresh: purpose == Purpose::Prove },
        }
    }))
}

/// Who somebody at a provider is here; noted as used.
pub async fn member_of(
    pool: &PgPool,
    provider: &str,
    subject: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<MemberId>> {
    let member = sqlx::query_scalar!(
        "update identities set used_at = $3 where provider = $1 and subject = $2 returning member_id",
        provider,
        subject,
        now
    )
    .fetch_optional(pool)
    .await?;
    Ok(member.map(Into::into))
}

/// Links somebody at a provider to a member; false if either is linked to another already.
pub async fn link(
    db: &mut PgConnection,
    member: MemberId,
    provider: &str,
    subject: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "insert into identities (provider, subject, member_id, linked_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        provider,
        subject,
        member.uuid(),
        now
    )
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// False if it was not linked.
pub async fn unlink(db: &mut PgConnection, member: MemberId, provider: &str) -> sqlx::Result<bool> {
    let gone = sqlx::query!(
        "delete from identities where member_id = $1 and provider = $2",
        member.uuid(),
        provider
    )
    .execute(db)
    .await?;
    Ok(gone.rows_affected() == 1)
}

/// The providers through which a member logs in, and since when.
pub async fn linked(db: impl PgExecutor<'_>, member: MemberId) -> sqlx::Result<Vec<(String, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        "select provider, linked_at from identities where member_id = $1 order by linked_at",
        member.uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.provider, row.linked_at)).collect())
}

/// Somebody who came back and is nobody here yet.
#[derive(Debug)]
pub struct Arrival {
    pub provider: String,
    pub who: Identity,
    pub next: String,
}

const fn place(row: Uuid) -> Place {
    Place { column: "provider_arrivals.who", row }
}

pub async fn add_arrival(
    pool: &PgPool,
    keys: &Keys,
    token_hash: &[u8],
    arrival: &Arrival,
    until: DateTime<Utc>,
) -> Result<(), Refusal> {
    let id = Uuid::now_v7();
    let who = serde_json::to_string(&arrival.who).map_err(|error| Refusal::internal(&error))?;
    let who = keys.seal(place(id), &who).map_err(|error| Refusal::internal(&error))?;
    sqlx::query!(
        "insert into provider_arrivals (token_hash, id, provider, who, next, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        token_hash,
        id,
        arrival.provider,
        who,
        arrival.next,
        until
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn arrival(
    db: impl PgExecutor<'_>,
    keys: &Keys,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Arrival>, Refusal> {
    let row = sqlx::query!(
        "select id, provider, who, next from provider_arrivals where token_hash = $1 and expires_at > $2",
        token_hash,
        now
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let who = keys.open(place(row.id), &row.who).map_err(|error| Refusal::internal(&error))?;
    let who = serde_json::from_str(&who).map_err(|error| Refusal::internal(&error))?;
    Ok(Some(Arrival { provider: row.provider, who, next: row.next }))
}

/// Ends an arrival; false if another request was first.
pub async fn end_arrival(db: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<bool> {
    let ended =
        sqlx::query!("delete from provider_arrivals where token_hash = $1", token_hash).execute(db).await?;
    Ok(ended.rows_affected() == 1)
}
