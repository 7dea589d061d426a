-- Rewards with variants, add-ons, limits and shipping; pledges with all of that as it was.

alter table rewards
    add column kind        text not null default 'reward' check (kind in ('reward', 'add_on')),
    -- Pieces that one person may have; none: no limit.
    add column per_person  integer check (per_person > 0),
    -- Whether pieces are sent, and so cost shipping.
    add column ships       boolean not null default false,
    -- What it is to the law (domain.md 2.6): goods on the market, goods made for this order, goods that
    -- are yet to exist, something that is not goods, or a thank-you for which nothing is owed.
    add column legal_class text not null default 'to_be_made'
        check (legal_class in ('on_the_market', 'made_to_order', 'to_be_made', 'service', 'thanks')),
    -- What is chosen, as the creator wrote it: [{"name": "색상", "choices": ["빨강", "파랑"]}, …].
    add column options     jsonb not null default '[]' check (jsonb_typeof(options) = 'array');

-- Each combination of a reward's options; a reward without options has none.
create table reward_variants (
    id        uuid primary key,
    reward_id uuid not null references rewards on delete cascade,
    label     text not null check (length(label) between 1 and 120),
    position  smallint not null,
    stock     integer check (stock > 0),
    taken     integer not null default 0 check (taken >= 0),
    constraint variant_is_not_oversold check (stock is null or taken <= stock),
    constraint variant_once unique (reward_id, label)
);

-- How many pieces of a reward with a limit a person holds.
create table reward_holdings (
    reward_id uuid not null references rewards,
    backer_id uuid not null references members,
    pieces    integer not null check (pieces >= 0),
    primary key (reward_id, backer_id)
);

create function within_person_limit() returns trigger
    language plpgsql
as $$
begin
    if exists (select from rewards r where r.id = new.reward_id and r.per_person < new.pieces) then
        raise exception 'more pieces than one person may have'
            using errcode = 'check_violation', constraint = 'within_person_limit';
    end if;
    return null;
end $$;
create trigger within_person_limit after insert or update of pieces on reward_holdings
    for each row execute function within_person_limit();

-- What shipping costs, by zone: `KR`, `KR-JEJU` and `KR-ISLAND` (what is added to KR), a country, or `*`
-- for all countries that are not listed.
create table shipping_rates (
    project_id  uuid not null references projects on delete cascade,
    zone        text not null check (zone ~ '^(KR|KR-JEJU|KR-ISLAND|[A-Z]{2}|\*)$'),
    first_minor bigint not null check (first_minor >= 0),
    -- For each further piece.
    more_minor  bigint not null default 0 check (more_minor >= 0),
    primary key (project_id, zone)
);

-- Postcodes where couriers ask for more. From the common couriers' lists; the operator may change it.
create table remote_postcodes (
    first_code text not null check (first_code ~ '^[0-9]{5}$'),
    last_code  text not null check (last_code ~ '^[0-9]{5}$'),
    zone       text not null check (zone in ('KR-JEJU', 'KR-ISLAND')),
    primary key (first_code),
    check (first_code <= last_code)
);
insert into remote_postcodes values
    ('63000', '63644', 'KR-JEJU'),
    ('22386', '22388', 'KR-ISLAND'), ('23004', '23010', 'KR-ISLAND'), ('23100', '23116', 'KR-ISLAND'),
    ('23124', '23136', 'KR-ISLAND'), ('31708', '31708', 'KR-ISLAND'), ('32133', '32133', 'KR-ISLAND'),
    ('33411', '33411', 'KR-ISLAND'), ('40200', '40240', 'KR-ISLAND'), ('46768', '46771', 'KR-ISLAND'),
    ('52570', '52571', 'KR-ISLAND'), ('53031', '53033', 'KR-ISLAND'), ('53089', '53104', 'KR-ISLAND'),
    ('54000', '54000', 'KR-ISLAND'), ('56347', '56349', 'KR-ISLAND'), ('57068', '57069', 'KR-ISLAND'),
    ('58760', '58762', 'KR-ISLAND'), ('58800', '58866', 'KR-ISLAND'), ('58953', '58958', 'KR-ISLAND'),
    ('59102', '59103', 'KR-ISLAND'), ('59106', '59106', 'KR-ISLAND'), ('59127', '59127', 'KR-ISLAND'),
    ('59129', '59129', 'KR-ISLAND'), ('59137', '59166', 'KR-ISLAND'), ('59421', '59421', 'KR-ISLAND'),
    ('59531', '59563', 'KR-ISLAND'), ('59568', '59568', 'KR-ISLAND'), ('59650', '59650', 'KR-ISLAND'),
    ('59766', '59766', 'KR-ISLAND'), ('59781', '59790', 'KR-ISLAND');

alter table projects
    -- The creator's choice before the launch: everybody is refunded if less than this part of the goal (in
    -- hundredths of a per cent) was really collected after the last run. None: what is collected is kept.
    add column collected_share_bp integer check (collected_share_bp between 1 and 10000);

create or replace function freeze_live_terms() returns trigger
    language plpgsql
as $$
begin
    if old.state not in ('draft', 'in_review')
       and (new.goal_minor, new.deadline, new.currency, new.creator_id, new.collected_share_bp)
           is distinct from (old.goal_minor, old.deadline, old.currency, old.creator_id, old.collected_share_bp) then
        raise exception 'goal, deadline and currency of a launched project are frozen'
            using errcode = 'check_violation', constraint = 'live_terms_are_frozen';
    end if;
    return new;
end $$;

insert into allowed_moves values
    -- Less came in than the creator wanted as the least: everybody gets theirs back.
    ('project', 'collecting', 'unfunded'),
    ('pledge', 'held', 'awaiting_deposit'),
    ('pledge', 'awaiting_deposit', 'deposited'),
    ('pledge', 'awaiting_deposit', 'expired'),
    ('pledge', 'awaiting_deposit', 'canceled'),
    ('pledge', 'awaiting_deposit', 'voided'),
    ('pledge', 'awaiting_deposit', 'reserved'),
    ('pledge', 'reserved', 'awaiting_deposit'),
    ('pledge', 'deposited', 'awaiting_deposit'),
    ('pledge', 'deposited', 'canceled'),
    ('pledge', 'deposited', 'voided'),
    ('pledge', 'deposited', 'collected'),
    ('pledge', 'due', 'retry_wait'),
    ('pledge', 'due', 'action_needed'),
    ('pledge', 'retry_wait', 'due'),
    ('pledge', 'retry_wait', 'collected'),
    ('pledge', 'retry_wait', 'dropped'),
    ('pledge', 'action_needed', 'due'),
    ('pledge', 'action_needed', 'collected'),
    ('pledge', 'action_needed', 'dropped'),
    ('pledge', 'collected', 'refunded'),
    ('pledge', 'collected', 'charged_back');

-- Whether a pledge keeps its pieces from others.
create function holds_stock(state text) returns boolean
    language sql immutable parallel safe
as $$
    select state in ('held', 'reserved', 'awaiting_deposit', 'deposited', 'due', 'retry_wait', 'action_needed', 'collected')
$$;

create or replace function counts_as_pledged(state text) returns boolean
    language sql immutable parallel safe
as $$
    select state in ('reserved', 'deposited', 'due', 'retry_wait', 'action_needed', 'collected', 'dropped', 'refunded',
                     'charged_back', 'voided')
$$;

alter table pledges
    add column shipping_minor bigint not null default 0 check (shipping_minor >= 0),
    -- Where it goes: sealed, as it was when it was pledged or last changed; none for what is not sent.
    add column address        bytea,
    add column zone           text check (zone ~ '^(KR|KR-JEJU|KR-ISLAND|[A-Z]{2})$'),
    -- Raised by one with each change by its backer.
    add column version        integer not null default 1,
    -- Whether it stands in the raised sum: kept by the trigger below.
    add column counted        boolean not null default false,
    drop constraint pledge_total_is_its_lines,
    add constraint pledge_total_is_its_lines check (total_minor = rewards_minor + shipping_minor + extra_minor);

update pledges p set counted = true
 where p.state in ('reserved', 'due', 'collected', 'dropped')
    or (p.state = 'voided' and exists (select from state_moves m
         where m.machine = 'pledge' and m.entity_id = p.id and m.to_state = 'reserved'));

-- Several lines may be of one reward, in different variants.
alter table pledge_lines
    add column line        smallint not null default 1 check (line > 0),
    add column variant_id  uuid references reward_variants,
    -- As it was then, whatever becomes of the reward.
    add column title       text not null default '',
    add column variant     text not null default '',
    add column legal_class text,
    add column ships       boolean not null default false,
    add column estimated_delivery date,
    drop constraint pledge_lines_pkey;
update pledge_lines l
   set line = n.line, title = r.title, legal_class = r.legal_class, estimated_delivery = r.estimated_delivery
  from (select pledge_id, reward_id, row_number() over (partition by pledge_id order by reward_id) as line
          from pledge_lines) n
  join rewards r on r.id = n.reward_id
 where (l.pledge_id, l.reward_id) = (n.pledge_id, n.reward_id);
alter table pledge_lines
    add primary key (pledge_id, line),
    add constraint line_once unique nulls not distinct (pledge_id, reward_id, variant_id);

-- What a backer changed: as it was before, and after. Rows are kept.
create table pledge_changes (
    pledge_id uuid not null references pledges,
    version   integer not null,
    at        timestamptz not null,
    before    jsonb not null,
    after     jsonb not null,
    primary key (pledge_id, version)
);
create trigger pledge_changes_are_kept before update or delete on pledge_changes
    for each row execute function refuse_change();

-- Texts to which people agree, word for word, in both languages. A change is a new version.
create table legal_texts (
    kind    text not null,
    version text not null,
    locale  text not null check (locale in ('ko', 'en')),
    body    text not null,
    primary key (kind, version, locale)
);
create trigger legal_texts_are_kept before update or delete on legal_texts
    for each row execute function refuse_change();

-- What a backer agreed to with a pledge, or with one line of it.
create table pledge_consents (
    pledge_id uuid not null references pledges,
    line      smallint not null default 0,
    kind      text not null,
    version   text not null,
    locale    text not null,
    given_at  timestamptz not null,
    primary key (pledge_id, line, kind, version),
    foreign key (kind, version, locale) references legal_texts
);

-- Until when which right is open. An end that hangs on an event yet to come (delivery) is empty and
-- says so in `hangs_on`; fulfilment fills it in.
create table pledge_rights (
    pledge_id uuid not null references pledges,
    line      smallint not null default 0,
    kind      text not null check (kind in ('cancel', 'withdraw', 'not_as_described', 'late_delivery')),
    opens_at  timestamptz,
    closes_at timestamptz,
    hangs_on  text not null default '' check (hangs_on in ('', 'delivery')),
    -- Days after the event.
    days      integer check (days > 0),
    -- Why the right is not there, such as goods made to order with consent.
    excluded  text not null default '',
    primary key (pledge_id, line, kind),
    check (excluded <> '' or closes_at is not null or hangs_on <> '' or kind = 'late_delivery')
);

alter table project_tallies
    -- Pledged by transfers that are yet to come: not in the raised sum.
    add column awaiting_minor bigint not null default 0,
    -- Of the pledges that are due: refused so far, and not given up.
    add column retrying_minor bigint not null default 0;

drop function figures(uuid);
create function figures(project uuid)
    returns table (pledged_minor bigint, backers bigint, pledges bigint, collected_minor bigint, dropped_minor bigint,
                   awaiting_minor bigint, retrying_minor bigint)
    language sql stable
as $$
    select coalesce(sum(t.pledged_minor), 0)::bigint, coalesce(sum(t.backers), 0)::bigint,
           coalesce(sum(t.pledges), 0)::bigint, coalesce(sum(t.collected_minor), 0)::bigint,
           coalesce(sum(t.dropped_minor), 0)::bigint, coalesce(sum(t.awaiting_minor), 0)::bigint,
           coalesce(sum(t.retrying_minor), 0)::bigint
      from project_tallies t
     where t.project_id = project
$$;

-- A pledge that ends before it stood never counted; one that stood counts on.
create function note_counted() returns trigger
    language plpgsql
as $$
begin
    new.counted := case when new.state = 'voided' and tg_op = 'UPDATE' then old.counted
                        when new.state = 'voided' then false
                        else counts_as_pledged(new.state) end;
    return new;
end $$;
create trigger pledge_is_counted before insert or update of state on pledges
    for each row execute function note_counted();

create or replace function tally_pledge() returns trigger
    language plpgsql
as $$
declare
    was        boolean := false;
    was_minor  bigint := 0;
    was_in     text := '';
    delta      project_tallies;
begin
    if tg_op = 'UPDATE' then
        was := old.counted;
        was_minor := old.total_minor;
        was_in := old.state;
    end if;
    delta.pledges := new.counted::integer - was::integer;
    delta.pledged_minor := new.counted::integer * new.total_minor - was::integer * was_minor;
    delta.collected_minor := (new.state in ('collected', 'refunded', 'charged_back'))::integer * new.total_minor
                             - (was_in in ('collected', 'refunded', 'charged_back'))::integer * was_minor;
    delta.dropped_minor := (new.state = 'dropped')::integer * new.total_minor - (was_in = 'dropped')::integer * was_minor;
    delta.awaiting_minor := (new.state = 'awaiting_deposit')::integer * new.total_minor
                            - (was_in = 'awaiting_deposit')::integer * was_minor;
    delta.retrying_minor := (new.state in ('retry_wait', 'action_needed'))::integer * new.total_minor
                            - (was_in in ('retry_wait', 'action_needed'))::integer * was_minor;
    delta.backers := 0;
    if (delta.pledges, delta.pledged_minor, delta.collected_minor, delta.dropped_minor, delta.awaiting_minor,
        delta.retrying_minor) = (0, 0, 0, 0, 0, 0) then
        return null;
    end if;
    if delta.pledges <> 0 then
        -- Two pledges of one person at one instant must see each other.
        perform pg_advisory_xact_lock(hashtextextended(new.project_id::text || new.backer_id::text, 0));
        if not exists (select from pledges p
                        where p.project_id = new.project_id and p.backer_id = new.backer_id and p.id <> new.id
                          and p.counted) then
            delta.backers := delta.pledges;
        end if;
    end if;
    insert into project_tallies as t (project_id, shard, pledged_minor, backers, pledges, collected_minor,
                                      dropped_minor, awaiting_minor, retrying_minor)
    values (new.project_id, floor(random() * 8)::smallint, delta.pledged_minor, delta.backers, delta.pledges,
            delta.collected_minor, delta.dropped_minor, delta.awaiting_minor, delta.retrying_minor)
    on conflict (project_id, shard) do update
       set pledged_minor   = t.pledged_minor + excluded.pledged_minor,
           backers         = t.backers + excluded.backers,
           pledges         = t.pledges + excluded.pledges,
           collected_minor = t.collected_minor + excluded.collected_minor,
           dropped_minor   = t.dropped_minor + excluded.dropped_minor,
           awaiting_minor  = t.awaiting_minor + excluded.awaiting_minor,
           retrying_minor  = t.retrying_minor + excluded.retrying_minor;
    return null;
end $$;
drop trigger pledge_tally on pledges;
create trigger pledge_tally after insert or update of state, total_minor on pledges
    for each row execute function tally_pledge();

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'revoke update, delete on legal_texts, pledge_changes from dure_app';
    end if;
end $$;
