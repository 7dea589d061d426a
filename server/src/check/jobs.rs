//! Whatever is open has a job that sees to it.

use super::Law;

pub const GIVEN_UP: &str = "no job was given up";

pub const LAWS: &[Law] = &[
    Law {
        name: "no attempt is without an outcome and without somebody who asks for it",
        broken: "select 'attempt ' || a.id || ' (' || a.kind || ') is ' || a.state
                   from payment_attempts a join payments y on y.id = a.payment_id
                  where a.state in ('created', 'sent', 'unknown')
                    and not exists (select from jobs j where j.dead_at is null and (
                            (j.kind = 'payment.settle' and j.dedup_key = a.id::text)
                         or (j.kind = 'refund.ask' and j.payload->>'attempt' = a.id::text)
                         or (j.kind in ('pledge.charge', 'pledge.expire_hold') and j.payload->>'pledge' = y.purpose_id::text)
                         or (j.kind = 'pledge.forget_card' and j.payload->>'payment' = y.id::text)))",
    },
    Law {
        name: "every hold will end",
        broken: "select 'pledge ' || p.id || ' is held and has no job' from pledges p
                  where p.state = 'held' and not exists (select from jobs j where j.kind = 'pledge.expire_hold'
                        and j.dead_at is null and j.payload->>'pledge' = p.id::text)",
    },
    Law {
        name: "every transfer that is waited for will come to an end",
        broken: "select 'deposit ' || d.id || ' is ' || d.state || ' and has no job' from deposits d
                  where d.state in ('issued', 'short') and not exists (select from jobs j
                        where j.kind = 'pledge.expire_deposit' and j.dead_at is null and j.dedup_key = d.id::text)
                 union all
                 select 'pledge ' || p.id || ' waits for ' || count(d.id) || ' transfers'
                   from pledges p join payments y on y.purpose = 'pledge' and y.purpose_id = p.id
                   left join deposits d on d.payment_id = y.id and d.state in ('issued', 'short')
                  where p.state = 'awaiting_deposit' group by p.id having count(d.id) <> 1",
    },
    Law {
        name: "every due pledge will be charged, every finished collection closed",
        broken: "select 'pledge ' || p.id || ' is ' || p.state || ' and has no job' from pledges p
                  where p.state in ('due', 'retry_wait', 'action_needed')
                    and not exists (select from jobs j where j.kind = 'pledge.charge' and j.dead_at is null
                            and j.payload->>'pledge' = p.id::text)
                 union all
                 select 'project ' || p.id || ' is collecting and has no job' from projects p
                  where p.state = 'collecting'
                    and not exists (select from pledges g where g.project_id = p.id
                            and g.state in ('due', 'retry_wait', 'action_needed'))
                    and not exists (select from jobs j where j.kind = 'project.finish_collection' and j.dead_at is null
                            and j.dedup_key = p.id::text)",
    },
    Law {
        name: "every running project will be judged, every missed one released",
        broken: "select 'project ' || p.id || ' is ' || p.state || ' and has no job'
                   from projects p
                  where (p.state in ('live', 'judging') and not exists (select from jobs j
                            where j.kind = 'project.judge' and j.dead_at is null and j.payload->>'project' = p.id::text))
                     or (p.state in ('unfunded', 'canceled')
                         and exists (select from pledges g where g.project_id = p.id and g.state in ('held', 'reserved', 'awaiting_deposit', 'deposited'))
                         and not exists (select from jobs j where j.kind = 'project.release_pledges' and j.dead_at is null
                            and j.payload->>'project' = p.id::text))",
    },
    Law {
        name: GIVEN_UP,
        broken: "select 'job ' || id || ' (' || kind || ') since ' || dead_at || ': ' || last_error
                   from jobs where dead_at is not null",
    },
];
