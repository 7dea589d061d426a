//! What pledges, their stock and the figures made of them must be.

use super::Law;

pub const LAWS: &[Law] = &[
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
];
