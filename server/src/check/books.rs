//! What the ledger must be, and what pages say of it.

use super::Law;
use anyhow::Result;
use ledger::{Book, Unhashed, entries_of, genesis};
use sqlx::PgConnection;

pub const LAWS: &[Law] = &[
    Law {
        name: "every ledger entry sums to zero in each currency",
        broken: "select 'entry ' || entry_id || ' is off by ' || sum(amount_minor) || ' ' || currency
                   from ledger_postings group by entry_id, currency having sum(amount_minor) <> 0",
    },
    Law {
        name: "what pages call collected equals the ledger",
        broken: "select 'project ' || pr.id || ' shows ' || f.collected_minor || ', the ledger has ' || m.collected_minor
                   from projects pr cross join lateral figures(pr.id) f cross join lateral project_money(pr.id) m
                  where f.collected_minor <> m.collected_minor",
    },
    Law {
        name: "the sums by account equal the entries",
        broken: "with booked as (
                     select coalesce(e.project_id, '00000000-0000-0000-0000-000000000000') as book, e.kind, p.account,
                            p.currency, sum(p.amount_minor) as minor, count(*) as entries
                       from ledger_postings p join ledger_entries e on e.id = p.entry_id group by 1, 2, 3, 4)
                 select 'book ' || book || ', ' || kind || ', ' || account || ': ' || coalesce(s.minor, 0) || ' ' || currency
                        || ', its entries ' || coalesce(b.minor, 0)
                   from ledger_sums s full join booked b using (book, kind, account, currency)
                  where (s.minor, s.entries) is distinct from (b.minor, b.entries)",
    },
    Law {
        name: "no project has spent more than it collected",
        broken: "select 'project ' || book || ' is short of ' || sum(minor) || ' ' || currency
                   from ledger_sums where account = 'project_escrow' group by book, currency having sum(minor) > 0",
    },
];

/// Recomputes every chain; tells how many entries it saw and what is wrong.
pub async fn chains(db: &mut PgConnection) -> Result<(usize, Vec<String>)> {
    let books: Vec<Option<uuid::Uuid>> =
        sqlx::query_scalar("select distinct project_id from ledger_entries order by 1")
            .fetch_all(&mut *db)
            .await?;
    let (mut seen, mut broken) = (0, Vec::new());
    for project in books {
        let book = project.map_or(Book::Platform, |id| Book::Project(id.into()));
        let mut previous = genesis(book);
        for (n, entry) in entries_of(&mut *db, book).await?.into_iter().enumerate() {
            seen += 1;
            let unhashed = Unhashed {
                book,
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
                broken.push(format!("entry {} of book {} does not fit its chain", entry.seq, book.id()));
            }
            previous = entry.hash;
        }
    }
    Ok((seen, broken))
}
