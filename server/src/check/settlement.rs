//! What creators are paid: statements, what is owed to them, and what they owe.

use super::Law;

pub const LAWS: &[Law] = &[
    Law {
        name: "every launched project has a plan of fees",
        broken: "select 'project ' || id || ' has no plan' from projects
                  where plan_id is null and state not in ('draft', 'in_review')",
    },
    Law {
        name: "an approved statement is in the ledger with its sums, and no other is",
        broken: "with booked as (
                     select e.reference, e.project_id,
                            coalesce(sum(p.amount_minor) filter (where p.account = 'project_escrow'), 0) as gross,
                            coalesce(-sum(p.amount_minor) filter (where p.account = 'platform_fee'), 0) as platform,
                            coalesce(-sum(p.amount_minor) filter (where p.account = 'gateway_fee'), 0) as gateway,
                            coalesce(-sum(p.amount_minor) filter (where p.account = 'vat'), 0) as vat,
                            coalesce(-sum(p.amount_minor) filter (where p.account = 'receivable'), 0) as netted,
                            coalesce(-sum(p.amount_minor) filter (where p.account = 'creator_payable'), 0) as net
                       from ledger_entries e join ledger_postings p on p.entry_id = e.id
                      where e.kind = 'statement_approved' group by 1, 2),
                 stated as (select * from payouts where state in ('approved', 'paying', 'paid', 'failed'))
                 select 'payout ' || coalesce(s.id, b.reference) || ' says ' || coalesce(s.net_minor, 0) || ' of '
                        || coalesce(s.gross_minor, 0) || ', the ledger ' || coalesce(b.net, 0) || ' of ' || coalesce(b.gross, 0)
                   from stated s full join booked b on b.reference = s.id
                  where (s.project_id, s.gross_minor, s.platform_fee_minor, s.gateway_fee_minor, s.vat_minor, s.netted_minor,
                         s.net_minor)
                        is distinct from (b.project_id, b.gross, b.platform, b.gateway, b.vat, b.netted, b.net)",
    },
    Law {
        name: "a project has one statement of each share",
        broken: "select 'project ' || project_id || ' has ' || count(*) || ' statements of kind ' || kind from payouts
                  where kind <> 'later' and state <> 'withdrawn' group by project_id, kind having count(*) > 1",
    },
    Law {
        name: "creators are owed what was approved and did not leave",
        broken: "with stated as (
                     select project_id, sum(net_minor) as net from payouts
                      where state in ('approved', 'paying', 'paid', 'failed') group by 1),
                 left_us as (
                     select p.project_id, sum(case e.kind when 'payout_sent' then t.amount_minor else -t.amount_minor end) as sent
                       from payouts p join transfers t on t.payout_id = p.id
                       join ledger_entries e on e.reference = t.id and e.kind in ('payout_sent', 'payout_returned') group by 1),
                 owed as (
                     select book, -sum(minor) as minor from ledger_sums where account = 'creator_payable' group by 1)
                 select 'project ' || coalesce(s.project_id, o.book) || ' owes ' || coalesce(o.minor, 0) || ', its statements say '
                        || coalesce(s.net, 0) - coalesce(l.sent, 0)
                   from stated s left join left_us l using (project_id) full join owed o on o.book = s.project_id
                  where coalesce(o.minor, 0) <> coalesce(s.net, 0) - coalesce(l.sent, 0)",
    },
    Law {
        name: "what is owed on either side is never less than nothing",
        broken: "select 'book ' || book || ': ' || account || ' holds ' || sum(minor) from ledger_sums
                  where account in ('creator_payable', 'receivable') group by book, account, currency
                 having case account when 'receivable' then sum(minor) else -sum(minor) end < 0",
    },
    Law {
        name: "every payout that is paid or under way has its transfer, of its amount",
        broken: "select 'payout ' || p.id || ' is ' || p.state || ', its transfer ' || coalesce(t.state, 'is missing')
                   from payouts p
                   left join lateral (select * from transfers t where t.payout_id = p.id order by t.id desc limit 1) t on true
                  where p.state in ('paying', 'paid') and p.net_minor > 0
                    and (t.id is null or t.amount_minor <> p.net_minor
                         or (not case p.state when 'paid' then t.state = 'done' else t.state <> 'failed' end
                             and not exists (select from jobs j where j.kind = 'payout.follow' and j.dead_at is null
                                                and j.payload->>'transfer' = t.id::text)))",
    },
    Law {
        name: "every statement that is to come will be written",
        broken: "select 'project ' || p.id || ' is funded and has no job' from projects p join fee_plans f on f.id = p.plan_id
                  where p.state = 'funded' and balance(p.id, 'project_escrow') < 0
                    and not exists (select from payouts s where s.project_id = p.id
                                       and (s.kind = 'final' or s.state in ('draft', 'issued')))
                    and not exists (select from jobs j where j.kind = 'project.draft_statement' and j.dead_at is null
                                       and j.payload->>'project' = p.id::text)",
    },
    Law {
        name: "where too little was collected, everything is on its way back",
        broken: "select 'payment ' || y.id || ': ' || y.paid_minor - y.refunding_minor || ' of it stay'
                   from payments y join projects p on p.id = y.project_id
                  where p.state = 'unfunded' and y.state = 'collected' and y.refunding_minor < y.paid_minor
                    and not exists (select from jobs j where j.kind = 'project.return_collected' and j.dead_at is null
                                       and j.payload->>'project' = p.id::text)",
    },
];
