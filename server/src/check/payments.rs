//! What payments must be: beside their pledges, in the books, and at the gateway.

use super::Law;

pub const LAWS: &[Law] = &[
    Law {
        name: "pledge and payment agree",
        broken: "select 'pledge ' || p.id || ' is ' || p.state || ', its payment ' || coalesce(y.state, 'is missing')
                   from pledges p left join payments y on y.purpose = 'pledge' and y.purpose_id = p.id
                  where (p.state, coalesce(y.state, '')) not in (
                        ('held', 'pending'), ('reserved', 'stored'), ('due', 'due'), ('retry_wait', 'due'),
                        ('action_needed', 'due'), ('collected', 'collected'), ('refunded', 'collected'),
                        ('charged_back', 'charged_back'), ('awaiting_deposit', 'awaiting'), ('deposited', 'received'),
                        ('dropped', 'failed'), ('canceled', 'voided'), ('expired', 'voided'), ('voided', 'voided'))
                     or p.total_minor <> y.amount_minor or p.currency <> y.currency",
    },
    Law {
        name: "a payment is collected by exactly one charge, and booked once",
        broken: "select 'payment ' || y.id || ' is ' || y.state || ' with ' || count(a.id) || ' charges and '
                        || count(e.id) || ' entries'
                   from payments y
                   left join payment_attempts a on a.payment_id = y.id and a.kind in ('charge', 'pay') and a.state = 'succeeded'
                   left join ledger_entries e on e.kind = 'charge_collected' and e.reference = a.id
                  where y.method in ('card', 'paypal')
                  group by y.id, y.state
                 having (y.state in ('collected', 'charged_back'))::int <> count(a.id) or count(a.id) <> count(e.id)",
    },
    Law {
        name: "the sandbox gateway's books equal ours",
        broken: "select 'charge ' || coalesce(c.key, a.id::text) || ': the gateway says ' || coalesce(c.state, 'nothing')
                        || ', we say ' || coalesce(a.state, 'nothing')
                   from sandbox.charges c
                   full join (select a.* from payment_attempts a join payments y on y.id = a.payment_id
                               where a.kind in ('charge', 'pay') and coalesce(a.gateway, y.gateway) = 'sandbox') a on a.id::text = c.key
                  where (coalesce(c.state, '') = 'succeeded') <> (coalesce(a.state, '') = 'succeeded')
                        and coalesce(a.state, '') not in ('created', 'sent', 'unknown')
                     or (c.state = 'succeeded' and (c.amount_minor, c.currency) <> (a.amount_minor, a.currency))",
    },
];
