insert into allowed_moves values
    ('pledge', '', 'held'),
    ('pledge', 'held', 'reserved'),
    ('pledge', 'held', 'canceled'),
    ('pledge', 'held', 'expired'),
    ('pledge', 'reserved', 'canceled'),
    ('pledge', 'reserved', 'voided'),
    ('pledge', 'held', 'voided'),
    ('pledge', 'reserved', 'due'),
    ('pledge', 'due', 'collected'),
    ('pledge', 'due', 'dropped');

create table pledges (
    id              uuid primary key,
    project_id      uuid not null references projects,
    backer_id       uuid not null references members,
    -- Made with the form: the same form sent twice is one pledge.
    form_key        uuid not null constraint pledge_form_once unique,
    currency        text not null references currencies,
    rewards_minor   bigint not null check (rewards_minor >= 0),
    extra_minor     bigint not null check (extra_minor >= 0),
    total_minor     bigint not null check (total_minor > 0),
    state           text not null,
    -- Until then stock is kept for a pledge without a payment method.
    hold_expires_at timestamptz not null,
    created_at      timestamptz not null,
    constraint pledge_total_is_its_lines check (total_minor = rewards_minor + extra_minor)
);
create index pledges_of_project on pledges (project_id, state);
create index pledges_of_backer on pledges (backer_id, created_at desc);
create index pledges_held on pledges (hold_expires_at) where state = 'held';

create trigger pledge_moves after insert or update of state on pledges
    for each row execute function enforce_move('pledge');

-- What was chosen, at the price of that moment.
create table pledge_lines (
    pledge_id        uuid not null references pledges,
    reward_id        uuid not null references rewards,
    quantity         integer not null check (quantity between 1 and 100),
    unit_price_minor bigint not null check (unit_price_minor > 0),
    primary key (pledge_id, reward_id)
);
create index pledge_lines_of_reward on pledge_lines (reward_id);

-- Whether a pledge counts in the raised sum: it stands, or it stood when the deadline came.
create function counts_as_pledged(state text) returns boolean
    language sql immutable parallel safe
as $$ select state in ('reserved', 'due', 'collected', 'dropped', 'voided') $$;

-- Keeps project_tallies. A pledge that was voided before it was reserved never counted.
create function tally_pledge() returns trigger
    language plpgsql
as $$
declare
    counted     boolean := tg_op = 'UPDATE' and counts_as_pledged(old.state);
    counts      boolean := counts_as_pledged(new.state) and not (tg_op = 'UPDATE' and old.state = 'held' and new.state = 'voided');
    step        integer := counts::integer - counted::integer;
    people      integer := 0;
    is_new      boolean;
begin
    if tg_op = 'UPDATE' and old.state = new.state then
        return null;
    end if;
    if step <> 0 then
        -- Two pledges of one person at one instant must see each other.
        perform pg_advisory_xact_lock(hashtextextended(new.project_id::text || new.backer_id::text, 0));
        is_new := not exists (
            select from pledges p
             where p.project_id = new.project_id and p.backer_id = new.backer_id and p.id <> new.id
               and p.state in ('reserved', 'due', 'collected', 'dropped'));
        people := case when is_new then step else 0 end;
    elsif new.state not in ('collected', 'dropped') then
        return null;
    end if;
    insert into project_tallies as t (project_id, shard, pledged_minor, backers, pledges, collected_minor, dropped_minor)
    values (new.project_id, floor(random() * 8)::smallint, step * new.total_minor, people, step,
            case when new.state = 'collected' then new.total_minor else 0 end,
            case when new.state = 'dropped' then new.total_minor else 0 end)
    on conflict (project_id, shard) do update
       set pledged_minor   = t.pledged_minor + excluded.pledged_minor,
           backers         = t.backers + excluded.backers,
           pledges         = t.pledges + excluded.pledges,
           collected_minor = t.collected_minor + excluded.collected_minor,
           dropped_minor   = t.dropped_minor + excluded.dropped_minor;
    return null;
end $$;

create trigger pledge_tally after insert or update of state on pledges
    for each row execute function tally_pledge();
