//! What pledges, their stock and the figures made of them must be.

use super::Law;

pub const LAWS: &[Law] = &[
    Law {
        name: "every pledge is the sum of its lines, its shipping and its extra support",
        broken: "select 'pledge ' || p.id || ': ' || p.total_minor || ' is not '
                        || coalesce(l.sum, 0) + p.shipping_minor + p.extra_minor
                   from pledges p
                   left join (select pledge_id, sum(quantity * unit_price_minor) as sum from pledge_lines group by 1) l
                     on l.pledge_id = p.id
                  where p.total_minor <> coalesce(l.sum, 0) + p.shipping_minor + p.extra_minor",
    },
    Law {
        name: "stock taken equals the pieces in pledges that hold or keep them",
        broken: "select 'reward ' || r.id || ': ' || r.taken || ' taken, ' || coalesce(h.pieces, 0) || ' in pledges'
                   from rewards r
                   left join (select l.reward_id, sum(l.quantity) as pieces
                                from pledge_lines l join pledges p on p.id = l.pledge_id
                               where holds_stock(p.state) group by 1) h
                     on h.reward_id = r.id
                  where r.taken <> coalesce(h.pieces, 0) or (r.stock is not null and r.taken > r.stock)",
    },
    Law {
        name: "stock taken of a variant equals the pieces in pledges that hold or keep them",
        broken: "select 'variant ' || v.id || ': ' || v.taken || ' taken, ' || coalesce(h.pieces, 0) || ' in pledges'
                   from reward_variants v
                   left join (select l.variant_id, sum(l.quantity) as pieces
                                from pledge_lines l join pledges p on p.id = l.pledge_id
                               where holds_stock(p.state) group by 1) h
                     on h.variant_id = v.id
                  where v.taken <> coalesce(h.pieces, 0) or (v.stock is not null and v.taken > v.stock)",
    },
    Law {
        name: "what a person holds of a reward with a limit is what is in their pledges, and within the limit",
        broken: "with held as (
                     select l.reward_id, p.backer_id, sum(l.quantity) as pieces
                       from pledge_lines l join pledges p on p.id = l.pledge_id join rewards r on r.id = l.reward_id
                      where r.per_person is not null and holds_stock(p.state) group by 1, 2)
                 select 'reward ' || coalesce(h.reward_id, held.reward_id) || ': ' || coalesce(h.pieces, 0) || ' noted, '
                        || coalesce(held.pieces, 0) || ' held by one person'
                   from held full join reward_holdings h using (reward_id, backer_id)
                   join rewards r on r.id = coalesce(h.reward_id, held.reward_id)
                  where coalesce(h.pieces, 0) <> coalesce(held.pieces, 0) or held.pieces > r.per_person",
    },
    Law {
        name: "a pledge has an address exactly if something of it is sent and it is not over",
        broken: "select 'pledge ' || p.id || ' in ' || p.state || case when p.address is null then ' has no address' else ' has an address' end
                   from pledges p
                  where (p.address is not null and not holds_stock(p.state) and p.state not in ('refunded', 'charged_back'))
                     or (p.address is not null and p.zone is null)
                     or (p.address is null and holds_stock(p.state)
                         and exists (select from pledge_lines l where l.pledge_id = p.id and l.ships))",
    },
    Law {
        name: "every pledge of today has its consents and rights",
        broken: "select 'pledge ' || p.id || ' lacks ' || case when c.kind is null then 'a consent' else 'a right' end
                   from pledges p
                   left join pledge_consents c on c.pledge_id = p.id and c.line = 0 and c.kind = 'pledge'
                   left join pledge_rights r on r.pledge_id = p.id and r.line = 0 and r.kind = 'cancel'
                  where (c.kind is null) <> (r.kind is null)
                  union all
                 select 'line ' || l.line || ' of pledge ' || l.pledge_id || ' was not agreed to'
                   from pledge_lines l join pledge_consents w on w.pledge_id = l.pledge_id and w.line = 0 and w.kind = 'pledge'
                  where not exists (select from pledge_consents c where c.pledge_id = l.pledge_id and c.line = l.line
                                       and c.kind = l.legal_class)",
    },
    Law {
        name: "a pledge counts if it stood, however it ended",
        broken: "select 'pledge ' || p.id || ' is ' || p.state || case when p.counted then ' and counts' else ' and does not count' end
                   from pledges p
                  where p.counted <> case
                        when p.state <> 'voided' then counts_as_pledged(p.state)
                        else exists (select from state_moves m where m.machine = 'pledge' and m.entity_id = p.id
                                        and m.to_state in ('reserved', 'deposited')) end",
    },
    Law {
        name: "the figures on pages equal the sums of the pledges",
        broken: "with counted as (
                     select p.project_id,
                            coalesce(sum(p.total_minor) filter (where p.counted), 0) as pledged,
                            count(*) filter (where p.counted) as pledges,
                            count(distinct p.backer_id) filter (where p.counted) as backers,
                            coalesce(sum(p.total_minor) filter (where p.state in ('collected', 'refunded', 'charged_back')), 0)
                                as collected,
                            coalesce(sum(p.total_minor) filter (where p.state = 'dropped'), 0) as dropped,
                            coalesce(sum(p.total_minor) filter (where p.state = 'awaiting_deposit'), 0) as awaiting,
                            coalesce(sum(p.total_minor) filter (where p.state in ('retry_wait', 'action_needed')), 0)
                                as retrying
                       from pledges p group by 1)
                 select 'project ' || pr.id || ' shows ' || f || ', its pledges say ' || c
                   from projects pr cross join lateral figures(pr.id) f
                   left join counted on counted.project_id = pr.id
                  cross join lateral (select coalesce(counted.pledged, 0), coalesce(counted.backers, 0),
                        coalesce(counted.pledges, 0), coalesce(counted.collected, 0), coalesce(counted.dropped, 0),
                        coalesce(counted.awaiting, 0), coalesce(counted.retrying, 0)) c
                  where row(f.*)::text <> row(c.*)::text",
    },
];
