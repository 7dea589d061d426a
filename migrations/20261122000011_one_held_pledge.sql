-- A backer has at most one pledge in a project that waits for its card: a newer one takes its place.
-- Of those that wait already, the newest stays.
select set_config('dure.who', 'system', true), set_config('dure.why', 'a newer pledge took its place', true),
       set_config('dure.at', clock_timestamp()::text, true);

create temporary table replaced on commit drop as
    select p.id from pledges p
     where p.state = 'held'
       and exists (select from pledges newer
                    where newer.project_id = p.project_id and newer.backer_id = p.backer_id
                      and newer.state = 'held' and newer.id > p.id);

update pledges set state = 'canceled' where id in (select id from replaced);

update payments set state = 'voided' where purpose = 'pledge' and purpose_id in (select id from replaced);

insert into jobs (kind, payload, dedup_key, run_at)
select 'pledge.forget_card', jsonb_build_object('payment', y.id), y.id::text, clock_timestamp()
  from payments y where y.purpose = 'pledge' and y.purpose_id in (select id from replaced)
on conflict (kind, dedup_key) where dedup_key is not null and dead_at is null do nothing;

update rewards r set taken = r.taken - l.quantity
  from (select reward_id, sum(quantity) as quantity from pledge_lines
         where pledge_id in (select id from replaced) group by reward_id) l
 where l.reward_id = r.id;

create unique index pledge_held_once on pledges (project_id, backer_id) where state = 'held';
