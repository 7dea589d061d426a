//! What the ledger must be, and what pages say of it.

use super::Law;
use anyhow::Result;
use kernel::ProjectId;
use ledger::{Unhashed, entries_of, genesis};
use sqlx::PgConnection;

pub const LAWS: &[Law] = &[
    Law {
        name: "every ledger entry sums to zero in each currency",
        broken: "select 'entry ' || entry_id || ' is off by ' || sum(amount_minor) || ' ' || currency
                   from ledger_postings group by entry_id, currency having sum(amount_minor) <> 0",
    },
    Law {
        name: "what pages call collected equals the ledger",
        broken: "with booked as (select e.project_id, -sum(p.amount_minor) as minor
                                   from ledger_postings p join ledger_entries e on e.id = p.entry_id
                                  where p.account = 'project_escrow' group by 1)
                 select 'project ' || pr.id || ' shows ' || f.collected_minor || ', the ledger has ' || coalesce(b.minor, 0)
                   from projects pr cross join lateral figures(pr.id) f left join booked b on b.project_id = pr.id
                  where f.collected_minor <> coalesce(b.minor, 0)",
    },
];

/// Recomputes every chain; tells how many entries it saw and what is wrong.
pub async fn chains(db: &mut PgConnection) -> Result<(usize, Vec<String>)> {
    let projects: Vec<uuid::Uuid> =
        sqlx::query_scalar("select distinct project_id from ledger_entries order by 1")
            .fetch_all(&mut *db)
            .await?;
    let (mut seen, mut broken) = (0, Vec::new());
    for project in projects.into_iter().map(ProjectId::from_uuid) {
        let mut previous = genesis(project);
        for (n, entry) in entries_of(&mut *db, project).await?.into_iter().enumerate() {
            seen += 1;
            let unhashed = Unhashed {
                project,
                seq: entry.seq,
                kind: &entry.kind,
                reference: entry.reference,
                occurred_at: entry.occurred_at,
                postings: &entry.postings,
            };
            let right = entry.seq == i64::try_from(n)? + 1
                && entry.prev_hash == previous
                && entry.hash == unhashed.hash(&previous);
            if !right {
                broken.push(format!("entry {} of project {project} does not fit its chain", entry.seq));
            }
            previous = entry.hash;
        }
    }
    Ok((seen, broken))
}
