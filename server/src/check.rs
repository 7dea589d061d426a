//! `dure check`: proves the books. Everything is read in one snapshot, so a running site does not
//! disturb it.

use anyhow::Result;
use kernel::ProjectId;
use ledger::{Unhashed, entries_of, genesis};
use sqlx::{Connection, PgConnection, PgPool};

/// A statement about the books that must hold.
struct Law {
    name: &'static str,
    /// Rows that break it, as text.
    broken: &'static str,
}

const LAWS: &[Law] = &[
    Law {
        name: "every ledger entry sums to zero in each currency",
        broken: "select 'entry ' || entry_id || ' is off by ' || sum(amount_minor) || ' ' || currency
                   from ledger_postings group by entry_id, currency having sum(amount_minor) <> 0",
    },
    Law {
        name: "every pledge is the sum of its lines and its extra support",
        broken: "select 'pledge ' || p.id || ': ' || p.total_minor || ' is not ' || coalesce(l.sum, 0) + p.extra_minor
                   from pledges p
                   left join (select pledge_id, sum(quantity * unit_price_minor) as sum from pledge_lines group by 1) l
                     on l.pledge_id = p.id
                  where p.total_minor <> coalesce(l.sum, 0) + p.extra_minor",
    },
    Law {
        name: "stock taken equals the pieces in pledges that hold or keep them",
        broken: "select 'reward ' || r.id || ': ' || r.taken || ' taken, ' || coalesce(h.pieces, 0) || ' in pledges'
                   from rewards r
                   left join (select l.reward_id, sum(l.quantity) as pieces
                                from pledge_lines l join pledges p on p.id = l.pledge_id
                               where p.state in ('held', 'reserved', 'due', 'collected') group by 1) h
                     on h.reward_id = r.id
                  where r.taken <> coalesce(h.pieces, 0) or (r.stock is not null and r.taken > r.stock)",
    },
    Law {
        name: "the figures on pages equal the sums of the pledges",
        broken: "with counted as (
                     select p.project_id, sum(p.total_minor) as pledged, count(*) as pledges,
                            count(distinct p.backer_id) as backers,
                            coalesce(sum(p.total_minor) filter (where p.state = 'collected'), 0) as collected,
                            coalesce(sum(p.total_minor) filter (where p.state = 'dropped'), 0) as dropped
                       from pledges p
                      where p.state in ('reserved', 'due', 'collected', 'dropped')
                         or (p.state = 'voided' and exists (select from state_moves m
                              where m.entity_id = p.id and m.to_state = 'reserved'))
                      group by 1)
                 select 'project ' || pr.id || ' shows ' || row(f.pledged_minor, f.backers, f.pledges, f.collected_minor, f.dropped_minor)
                        || ', its pledges say ' || row(c.pledged, c.backers, c.pledges, c.collected, c.dropped)
                   from projects pr cross join lateral figures(pr.id) f left join counted c on c.project_id = pr.id
                  where (f.pledged_minor, f.backers, f.pledges, f.collected_minor, f.dropped_minor)
                        <> (coalesce(c.pledged, 0), coalesce(c.backers, 0), coalesce(c.pledges, 0),
                            coalesce(c.collected, 0), coalesce(c.dropped, 0))",
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
    Law {
        name: "every state was reached by an allowed move, signed with who and why",
        broken: "select m.machine || ' ' || m.entity_id || ' moved from ' || m.from_state || ' to ' || m.to_state
                   from state_moves m
                  where m.who = '' or m.why = '' or not exists (select from allowed_moves a
                        where (a.machine, a.from_state, a.to_state) = (m.machine, m.from_state, m.to_state))",
    },
    Law {
        name: "moves follow each other without a gap and end in the present state",
        broken: "with steps as (
                     select machine, entity_id, from_state, to_state,
                            lag(to_state, 1, '') over w as before, lead(id) over w is null as last
                       from state_moves window w as (partition by machine, entity_id order by id)),
                 present as (
                     select 'project' as machine, id, state from projects union all
                     select 'pledge', id, state from pledges union all
                     select 'payment', id, state from payments union all
                     select 'attempt', id, state from payment_attempts)
                 select machine || ' ' || entity_id || ' jumped from ' || before || ' to ' || from_state
                   from steps where before <> from_state
                 union all
                 select p.machine || ' ' || p.id || ' is ' || p.state || ' but moved to ' || coalesce(s.to_state, 'nothing')
                   from present p left join steps s on s.entity_id = p.id and s.machine = p.machine and s.last
                  where s.to_state is distinct from p.state",
    },
    Law {
        name: "pledge and payment agree",
        broken: "select 'pledge ' || p.id || ' is ' || p.state || ', its payment ' || coalesce(y.state, 'is missing')
                   from pledges p left join payments y on y.purpose = 'pledge' and y.purpose_id = p.id
                  where (p.state, coalesce(y.state, '')) not in (
                        ('held', 'pending'), ('reserved', 'stored'), ('due', 'due'), ('collected', 'collected'),
                        ('dropped', 'failed'), ('canceled', 'voided'), ('expired', 'voided'), ('voided', 'voided'))
                     or p.total_minor <> y.amount_minor or p.currency <> y.currency",
    },
    Law {
        name: "a payment is collected by exactly one charge, and booked once",
        broken: "select 'payment ' || y.id || ' is ' || y.state || ' with ' || count(a.id) || ' charges and '
                        || count(e.id) || ' entries'
                   from payments y
                   left join payment_attempts a on a.payment_id = y.id and a.kind = 'charge' and a.state = 'succeeded'
                   left join ledger_entries e on e.kind = 'charge_collected' and e.reference = a.id
                  group by y.id, y.state
                 having (y.state = 'collected')::int <> count(a.id) or count(a.id) <> count(e.id)",
    },
    Law {
        name: "no attempt is without an outcome and without somebody who asks for it",
        broken: "select 'attempt ' || a.id || ' (' || a.kind || ') is ' || a.state
                   from payment_attempts a join payments y on y.id = a.payment_id
                  where a.state in ('created', 'sent', 'unknown')
                    and not exists (select from jobs j where j.dead_at is null and (
                            (j.kind in ('pledge.charge', 'pledge.expire_hold') and j.payload->>'pledge' = y.purpose_id::text)
                         or (j.kind = 'pledge.forget_card' and j.payload->>'payment' = y.id::text)))",
    },
    Law {
        name: "every running project will be judged, every missed one released",
        broken: "select 'project ' || p.id || ' is ' || p.state || ' and has no job'
                   from projects p
                  where (p.state in ('live', 'judging') and not exists (select from jobs j
                            where j.kind = 'project.judge' and j.dead_at is null and j.payload->>'project' = p.id::text))
                     or (p.state in ('unfunded', 'canceled')
                         and exists (select from pledges g where g.project_id = p.id and g.state in ('held', 'reserved'))
                         and not exists (select from jobs j where j.kind = 'project.release_pledges' and j.dead_at is null
                            and j.payload->>'project' = p.id::text))",
    },
    Law {
        name: "the sandbox gateway's books equal ours",
        broken: "select 'charge ' || coalesce(c.key, a.id::text) || ': the gateway says ' || coalesce(c.state, 'nothing')
                        || ', we say ' || coalesce(a.state, 'nothing')
                   from sandbox.charges c
                   full join (select a.* from payment_attempts a join payments y on y.id = a.payment_id
                               where a.kind = 'charge' and y.gateway = 'sandbox') a on a.id::text = c.key
                  where (coalesce(c.state, '') = 'succeeded') <> (coalesce(a.state, '') = 'succeeded')
                        and coalesce(a.state, '') not in ('created', 'sent', 'unknown')
                     or (c.state = 'succeeded' and (c.amount_minor, c.currency) <> (a.amount_minor, a.currency))",
    },
    Law {
        name: "no job was given up",
        broken: "select 'job ' || id || ' (' || kind || ') since ' || dead_at || ': ' || last_error
                   from jobs where dead_at is not null",
    },
];

/// What was checked, and what was found.
#[derive(Debug, Default)]
pub struct Report {
    pub checked: Vec<(&'static str, Vec<String>)>,
    pub entries: usize,
    pub dead_jobs: usize,
}

impl Report {
    #[must_use]
    pub fn faults(&self) -> usize {
        self.checked.iter().map(|(_, rows)| rows.len()).sum()
    }

    /// One line for each law, and under it the rows that break it.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (law, rows) in &self.checked {
            lines.push(format!("{}  {law}", if rows.is_empty() { "holds " } else { "BROKEN" }));
            lines.extend(rows.iter().map(|row| format!("        {row}")));
        }
        lines.push(format!(
            "{} ledger entries, {} laws, {} faults",
            self.entries,
            self.checked.len(),
            self.faults()
        ));
        lines
    }
}

/// Checks all laws in one snapshot.
pub async fn run(pool: &PgPool) -> Result<Report> {
    let mut connection = pool.acquire().await?;
    let mut snapshot = connection.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *snapshot).await?;
    let mut report = Report::default();
    for law in LAWS {
        let rows: Vec<String> = sqlx::query_scalar(law.broken).fetch_all(&mut *snapshot).await?;
        if law.name == "no job was given up" {
            report.dead_jobs = rows.len();
        }
        report.checked.push((law.name, rows));
    }
    let (entries, rows) = chains(&mut snapshot).await?;
    report.entries = entries;
    report.checked.push(("every project's entries are an unbroken chain of hashes", rows));
    Ok(report)
}

/// Recomputes every chain; tells how many entries it saw and what is wrong.
async fn chains(db: &mut PgConnection) -> Result<(usize, Vec<String>)> {
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
