//! What backers agreed to, and until when which right is open.

use chrono::{DateTime, Utc};
use kernel::{Locale, PledgeId};
use sqlx::PgConnection;

/// A text as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalText {
    pub kind: String,
    pub version: String,
    pub body: String,
}

/// The newest texts of some kinds.
pub async fn texts(db: &mut PgConnection, kinds: &[&str], l: Locale) -> sqlx::Result<Vec<LegalText>> {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    sqlx::query_as!(
        LegalText,
        "select distinct on (array_position($1, kind)) kind, version, body from legal_texts
          where kind = any($1) and locale = $2 order by array_position($1, kind), version desc",
        &kinds,
        l.tag()
    )
    .fetch_all(db)
    .await
}

/// Writes down what was agreed to, with the newest version of each text: kinds by line, 0 for the whole pledge.
pub async fn record_consents(
    db: &mut PgConnection,
    pledge: PledgeId,
    agreed: &[(i16, &str)],
    l: Locale,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let lines: Vec<i16> = agreed.iter().map(|(line, _)| *line).collect();
    let kinds: Vec<String> = agreed.iter().map(|(_, kind)| (*kind).to_owned()).collect();
    sqlx::query!(
        "insert into pledge_consents (pledge_id, line, kind, version, locale, given_at)
         select $1, a.line, a.kind, (select max(version) from legal_texts t where t.kind = a.kind and t.locale = $4), $4, $5
           from unnest($2::smallint[], $3::text[]) as a (line, kind)
         on conflict do nothing",
        pledge.uuid(),
        &lines,
        &kinds,
        l.tag(),
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What somebody agreed to, word for word.
#[derive(Clone, Debug)]
pub struct Consent {
    pub line: i16,
    pub kind: String,
    pub version: String,
    pub body: String,
    pub given_at: DateTime<Utc>,
}

pub async fn consents(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Vec<Consent>> {
    sqlx::query_as!(
        Consent,
        "select c.line, c.kind, c.version, t.body, c.given_at
           from pledge_consents c join legal_texts t using (kind, version, locale)
          where c.pledge_id = $1 order by c.line, c.given_at, c.kind",
        pledge.uuid()
    )
    .fetch_all(db)
    .await
}

/// A right of a backer and until when it is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Right {
    pub line: i16,
    /// `cancel`, `withdraw`, `not_as_described` or `late_delivery`.
    pub kind: String,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    /// `delivery`, if its end hangs on that.
    pub hangs_on: String,
    pub days: Option<i32>,
    /// The legal class that takes it away.
    pub excluded: String,
}

/// Opens rights; those that are open already stay as they are.
pub async fn open_rights(db: &mut PgConnection, pledge: PledgeId, rights: &[Right]) -> sqlx::Result<()> {
    let of = |read: fn(&Right) -> String| rights.iter().map(read).collect::<Vec<_>>();
    let at = |read: fn(&Right) -> Option<DateTime<Utc>>| rights.iter().map(read).collect::<Vec<_>>();
    let lines: Vec<i16> = rights.iter().map(|right| right.line).collect();
    let days: Vec<Option<i32>> = rights.iter().map(|right| right.days).collect();
    sqlx::query!(
        "insert into pledge_rights (pledge_id, line, kind, opens_at, closes_at, hangs_on, days, excluded)
         select $1, * from unnest($2::smallint[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::int[],
                                  $8::text[])
         on conflict do nothing",
        pledge.uuid(),
        &lines,
        &of(|right| right.kind.clone()),
        &at(|right| right.opens_at) as &[Option<DateTime<Utc>>],
        &at(|right| right.closes_at) as &[Option<DateTime<Utc>>],
        &of(|right| right.hangs_on.clone()),
        &days as &[Option<i32>],
        &of(|right| right.excluded.clone())
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn rights(db: &mut PgConnection, pledge: PledgeId) -> sqlx::Result<Vec<Right>> {
    sqlx::query_as!(
        Right,
        "select line, kind, opens_at, closes_at, hangs_on, days, excluded from pledge_rights
          where pledge_id = $1
          order by line, array_position(array['cancel', 'withdraw', 'not_as_described', 'late_delivery'], kind)",
        pledge.uuid()
    )
    .fetch_all(db)
    .await
}
