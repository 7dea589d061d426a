//! 8. The ledger: sums to zero, is only added to, and pages say what it says, at any instant.

use super::Law;
use crate::site::Site;
use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// What nobody may do, not even the database's owner.
const CHANGES: [&str; 8] = [
    "update ledger_entries set occurred_at = now()",
    "update ledger_postings set amount_minor = amount_minor * 2",
    "delete from ledger_postings",
    "delete from ledger_entries",
    "truncate ledger_postings",
    "truncate ledger_entries, ledger_postings",
    "update state_moves set who = 'somebody else'",
    "delete from state_moves",
];

pub struct Books {
    pub law: Law,
    seen: i64,
}

impl Books {
    pub const fn begin() -> Self {
        let name = "entries sum to zero and are never changed; pages equal the ledger at any instant";
        Self { law: Law::new(8, name), seen: 0 }
    }

    /// At one instant, while charges are booked.
    pub async fn look(&mut self, site: &Site) -> Result<()> {
        let (entries, off, differing): (i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from ledger_entries),
                    (select count(*) from (select from ledger_postings group by entry_id, currency
                                           having sum(amount_minor) <> 0) as unbalanced),
                    (select count(*) from projects pr cross join lateral figures(pr.id) f
                            cross join lateral project_money(pr.id) m where f.collected_minor <> m.collected_minor)",
        )
        .fetch_one(&site.db().pool)
        .await?;
        self.seen = self.seen.max(entries);
        self.law.case((off, differing) == (0, 0), || {
            format!("at {entries} entries {off} were off, and pages of {differing} projects differed")
        });
        Ok(())
    }

    /// When all is booked: what anybody can download, and what nobody can do.
    pub async fn end(&mut self, site: &Site) -> Result<()> {
        self.look(site).await?;
        let http = kernel::outbound::client(std::time::Duration::from_secs(60))?;
        let slugs: Vec<(String, i64)> = sqlx::query_as(
            "select pr.slug, count(e.id) from projects pr join ledger_entries e on e.project_id = pr.id group by 1",
        )
        .fetch_all(&site.db().pool)
        .await?;
        for (n, (slug, entries)) in slugs.iter().enumerate() {
            let file = http.get(site.address(n, &format!("/projects/{slug}/ledger.jsonl"))).send().await?;
            let file = file.error_for_status()?.bytes().await?;
            let verified = ledger::verify(file.as_ref(), None);
            let whole =
                verified.as_ref().is_ok_and(|found| i64::try_from(found.head.entries) == Ok(*entries));
            self.law.case(whole, || format!("the public book of {slug} does not hold: {verified:?}"));
        }
        let mut owner = PgConnection::connect(&site.database_url()?).await.context("as the owner")?;
        let mut program = site.db().pool.acquire().await?;
        for sql in CHANGES {
            for (who, db) in [("the owner", &mut owner), ("the program", &mut *program)] {
                let mut tx = db.begin().await?;
                let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await;
                tx.rollback().await?;
                self.law.case(done.is_err(), || format!("{who} may: {sql}"));
            }
        }
        self.law.cases += usize::try_from(self.seen)?;
        Ok(())
    }
}
