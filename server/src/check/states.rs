//! How states were reached.

use super::Law;

pub const LAWS: &[Law] = &[
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
                     select 'attempt', id, state from payment_attempts union all
                     select 'refund', id, state from refunds union all
                     select 'transfer', id, state from transfers union all
                     select 'dispute', id, state from disputes)
                 select machine || ' ' || entity_id || ' jumped from ' || before || ' to ' || from_state
                   from steps where before <> from_state
                 union all
                 select p.machine || ' ' || p.id || ' is ' || p.state || ' but moved to ' || coalesce(s.to_state, 'nothing')
                   from present p left join steps s on s.entity_id = p.id and s.machine = p.machine and s.last
                  where s.to_state is distinct from p.state",
    },
];
