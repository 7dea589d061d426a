//! What refunds and disputes must be: beside what was paid, at the gateway, and in the books.

use super::Law;

/// Holds only where the practice gateway is this site's own.
pub const OWN_GATEWAY: &str = "the sandbox gateway's refunds and disputes equal ours";

pub const LAWS: &[Law] = &[
    Law {
        name: "what is set apart of a payment equals its refunds",
        broken: "select 'payment ' || y.id || ' has ' || y.refunding_minor || ' set apart, its refunds are ' || coalesce(r.minor, 0)
                   from payments y
                   left join (select payment_id, sum(amount_minor) as minor from refunds
                               where state <> 'called_off' group by 1) r on r.payment_id = y.id
                  where y.refunding_minor <> coalesce(r.minor, 0) or y.refunding_minor > y.paid_minor",
    },
    Law {
        name: "no refund has more lines than it has money",
        broken: "select 'refund ' || r.id || ' is ' || r.amount_minor || ', its lines are ' || sum(l.amount_minor)
                   from refunds r join refund_lines l on l.refund_id = r.id
                  group by r.id having sum(l.amount_minor) <> r.amount_minor",
    },
    Law {
        name: "a refund through a gateway went by exactly one try, and is booked once",
        broken: "select 'refund ' || r.id || ' is ' || r.state || ' with ' || a.good || ' tries, ' || a.sent || ' entries out and '
                        || a.back || ' back'
                   from refunds r
                  cross join lateral (
                        select count(*) filter (where a.state = 'succeeded') as good,
                               count(*) filter (where a.state = 'reversed') as reversed,
                               count(*) filter (where a.state in ('created', 'sent', 'unknown')) as open,
                               count(s.id) as sent, count(b.id) as back
                          from payment_attempts a
                          left join ledger_entries s on s.kind = 'refund_sent' and s.reference = a.id
                          left join ledger_entries b on b.kind = 'refund_returned' and b.reference = a.id
                         where a.refund_id = r.id) a
                  where r.way = 'gateway'
                    and ((r.state = 'succeeded')::int <> a.good or (r.state = 'sending')::int <> a.open
                         or a.sent <> a.good + a.reversed or a.back <> a.reversed)",
    },
    Law {
        name: "what the ledger sent back to payers equals the refunds that went",
        broken: "with booked as (
                     select book, sum(minor) as minor from ledger_sums
                      where kind in ('refund_sent', 'refund_returned')
                        and account in ('project_escrow', 'receivable', 'backer_deposits') group by 1),
                 gone as (
                     select y.project_id as book, sum(r.amount_minor) as minor from refunds r join payments y on y.id = r.payment_id
                      where r.state = 'succeeded' group by 1)
                 select 'project ' || book || ' has ' || coalesce(b.minor, 0) || ' in its ledger, its refunds are ' || coalesce(g.minor, 0)
                   from booked b full join gone g using (book) where coalesce(b.minor, 0) <> coalesce(g.minor, 0)",
    },
    Law {
        name: "a refund by transfer went by exactly one transfer",
        broken: "select 'refund ' || r.id || ' is ' || r.state || ' with ' || t.open || ' transfers to be sent and ' || t.gone || ' sent'
                   from refunds r
                  cross join lateral (select count(*) filter (where state in ('ready', 'batched')) as open,
                                             count(*) filter (where state in ('sent', 'done')) as gone
                                        from transfers where refund_id = r.id) t
                  where r.way = 'transfer'
                    and ((r.state = 'sending')::int <> t.open or (r.state = 'succeeded')::int <> t.gone)",
    },
    Law {
        name: "what the books call sent back by transfer is what no statement has shown yet",
        broken: "select 'the books say ' || b.minor || ', the transfers ' || t.minor
                   from (select coalesce(-sum(minor), 0) as minor from ledger_sums
                          where account = 'transfers' and kind not in ('payout_sent', 'payout_returned')) b,
                        (select coalesce(sum(amount_minor), 0) as minor from transfers
                          where state = 'sent' and refund_id is not null) t
                  where b.minor <> t.minor",
    },
    Law {
        name: "a refunded pledge has nothing left, a charged back one was lost",
        broken: "select 'pledge ' || p.id || ' is ' || p.state || ' with ' || y.refunding_minor || ' of ' || y.paid_minor
                   from pledges p join payments y on y.purpose = 'pledge' and y.purpose_id = p.id
                  where (p.state = 'refunded' and y.refunding_minor <> y.paid_minor
                         and not exists (select from disputes d where d.payment_id = y.id and d.state in ('lost', 'won')))
                     or (p.state = 'collected' and y.paid_minor > 0 and y.paid_minor = (select sum(r.amount_minor) from refunds r
                             where r.payment_id = y.id and r.state = 'succeeded'))
                     or (p.state = 'charged_back' and not exists (select from state_moves m join disputes d on d.id = m.entity_id
                             where m.machine = 'dispute' and m.to_state = 'lost' and d.payment_id = y.id))",
    },
    Law {
        name: "every dispute is booked as it stands",
        broken: "select 'dispute ' || d.id || ' is ' || d.state || ', its entries are ' || coalesce(string_agg(e.kind, ', '), 'none')
                   from disputes d left join ledger_entries e on e.reference = d.id
                  group by d.id, d.state
                 having count(*) filter (where e.kind = 'dispute_opened') <> 1
                     or count(*) filter (where e.kind = 'dispute_won') <> (d.state = 'won')::int
                     or count(*) filter (where e.kind = 'dispute_lost') <> (select count(*) from state_moves m
                            where m.machine = 'dispute' and m.entity_id = d.id and m.to_state = 'lost')",
    },
    Law {
        name: "what gateways hold for disputes equals those that are open",
        broken: "with held as (select substr(account, 10) as gateway, sum(minor) as minor from ledger_sums
                                where account like 'disputed:%' group by 1),
                 open as (select gateway, sum(amount_minor) as minor from disputes
                           where state in ('opened', 'answered') group by 1)
                 select gateway || ' holds ' || coalesce(h.minor, 0) || ', open disputes are ' || coalesce(o.minor, 0)
                   from held h full join open o using (gateway) where coalesce(h.minor, 0) <> coalesce(o.minor, 0)",
    },
    Law {
        name: "every refund and dispute under way has somebody who sees to it",
        broken: "select 'refund ' || r.id || ' is ' || r.state || ' and has no job' from refunds r
                  where (r.state = 'ready' or (r.way = 'gateway' and r.state = 'sending'))
                    and not exists (select from jobs j where j.dead_at is null
                            and ((j.kind = 'refund.begin' and j.payload->>'refund' = r.id::text)
                              or (j.kind = 'refund.ask' and j.payload->>'attempt' in (select a.id::text from payment_attempts a
                                      where a.refund_id = r.id and a.state in ('created', 'sent', 'unknown')))))
                 union all
                 select 'dispute ' || d.id || ' is ' || d.state || ' and has no job' from disputes d
                  where d.state in ('opened', 'answered')
                    and not exists (select from jobs j where j.kind = 'dispute.ask' and j.dead_at is null
                            and j.payload->>'dispute' = d.id::text)",
    },
    Law {
        name: OWN_GATEWAY,
        broken: "select 'refund ' || coalesce(s.key, a.id::text) || ': the gateway says ' || coalesce(s.state, 'nothing')
                        || ', we say ' || coalesce(a.state, 'nothing')
                   from sandbox.refunds s
                   full join (select * from payment_attempts where kind = 'refund' and gateway = 'sandbox') a on a.id::text = s.key
                  where coalesce(a.state, '') not in ('created', 'sent', 'unknown')
                    and (((coalesce(s.state, '') = 'succeeded') <> (coalesce(a.state, '') = 'succeeded')
                          -- What came back is told, or asked about days later.
                          and not (s.state = 'failed' and a.state = 'succeeded' and exists (select from jobs j
                                where j.kind = 'refund.ask' and j.dead_at is null and j.payload->>'attempt' = a.id::text)))
                         or (s.state = 'succeeded' and s.amount_minor <> a.amount_minor))
                 union all
                 select 'dispute ' || d.gateway_ref || ': the gateway says ' || coalesce(s.state, 'nothing') || ', we say ' || d.state
                   from disputes d left join sandbox.disputes s on s.id::text = d.gateway_ref
                  where d.gateway = 'sandbox' and (s.id is null or s.amount_minor <> d.amount_minor
                        or (s.state <> d.state and d.state in ('won', 'lost') and not (s.state = 'won' and d.state = 'lost')))",
    },
];
