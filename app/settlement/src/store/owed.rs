//! SQL of what creators owe, and of what is still owed to them.

use kernel::{MemberId, Money, ProjectId};
use sqlx::{PgConnection, PgPool};

/// A creator owes the platform for a project.
#[derive(Debug)]
pub struct Owed {
    pub project: ProjectId,
    pub title: String,
    pub slug: String,
    pub creator: String,
    pub amount: Money,
}

/// Projects whose creators owe something.
pub async fn owed(pool: &PgPool) -> sqlx::Result<Vec<Owed>> {
    let rows = sqlx::query!(
        r#"select p.id, p.title, p.slug, m.name, s.currency, sum(s.minor)::bigint as "minor!"
             from ledger_sums s join projects p on p.id = s.book join members m on m.id = p.creator_id
            where s.account = 'receivable' group by p.id, p.title, p.slug, m.name, s.currency
           having sum(s.minor) > 0 order by p.id"#
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let currency = row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok(Owed {
                project: row.id.into(),
                title: row.title,
                slug: row.slug,
                creator: row.name,
                amount: Money::new(row.minor, currency),
            })
        })
        .collect()
}

/// Titles of a creator's projects in whose books is something that is theirs, or that they owe.
pub async fn ties_of(db: &mut PgConnection, member: MemberId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select p.title from projects p
          where p.creator_id = $1 and p.state = 'funded'
            and (balance(p.id, 'project_escrow') <> 0 or balance(p.id, 'creator_payable') <> 0
                 or balance(p.id, 'receivable') <> 0)
          order by p.id",
        member.uuid()
    )
    .fetch_all(db)
    .await
}
