insert into allowed_moves values
    ('project', '', 'draft'),
    ('project', 'draft', 'in_review'),
    ('project', 'in_review', 'draft'),
    ('project', 'in_review', 'live'),
    ('project', 'live', 'judging'),
    ('project', 'live', 'canceled'),
    ('project', 'live', 'suspended'),
    ('project', 'suspended', 'live'),
    ('project', 'suspended', 'canceled'),
    ('project', 'judging', 'collecting'),
    ('project', 'judging', 'unfunded'),
    ('project', 'collecting', 'funded');

create table pictures (
    id         uuid primary key,
    owner_id   uuid not null references members,
    width      integer not null check (width > 0),
    height     integer not null check (height > 0),
    -- A CSS colour that stands in until the picture is there.
    tint       text not null check (tint ~ '^#[0-9a-f]{6}$'),
    created_at timestamptz not null
);

-- The stored widths of a picture; the content type is kept here, not in the store.
create table picture_files (
    picture_id   uuid not null references pictures,
    width        integer not null check (width > 0),
    height       integer not null check (height > 0),
    key          text not null unique,
    content_type text not null,
    bytes        integer not null check (bytes > 0),
    primary key (picture_id, width)
);

create table projects (
    id               uuid primary key,
    slug             text not null constraint project_slug_is_taken unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
    creator_id       uuid not null references members,
    title            text not null check (length(title) between 1 and 100),
    summary          text not null default '' check (length(summary) <= 200),
    story            text not null default '' check (length(story) <= 100000),
    category         text not null check (category in
        ('tech', 'fashion', 'living', 'beauty', 'food', 'games', 'comics', 'publishing', 'music', 'film', 'art',
         'stage', 'design', 'crafts', 'photo', 'journalism', 'pets', 'social')),
    currency         text not null references currencies,
    goal_minor       bigint check (goal_minor > 0),
    deadline         timestamptz,
    cover_id         uuid references pictures,
    state            text not null,
    production_state text not null default 'idea'
        check (production_state in ('idea', 'prototype', 'producing', 'shipping', 'delivered')),
    -- Raised by one with each edit; an edit of an older version is refused.
    version          integer not null default 1,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    launched_at      timestamptz,
    closed_at        timestamptz,
    constraint launched_projects_are_whole check (
        state in ('draft', 'in_review') or (goal_minor is not null and deadline is not null and launched_at is not null))
);
create index projects_of_creator on projects (creator_id, created_at desc);
-- The browse pages: newest first, ending first, within a state and often within a category.
create index projects_by_launch on projects (state, launched_at desc, id desc);
create index projects_by_deadline on projects (state, deadline, id);

create trigger project_moves after insert or update of state on projects
    for each row execute function enforce_move('project');

-- What a person promised to fund is frozen at launch.
create function freeze_live_terms() returns trigger
    language plpgsql
as $$
begin
    if old.state not in ('draft', 'in_review')
       and (new.goal_minor, new.deadline, new.currency, new.creator_id)
           is distinct from (old.goal_minor, old.deadline, old.currency, old.creator_id) then
        raise exception 'goal, deadline and currency of a launched project are frozen'
            using errcode = 'check_violation', constraint = 'live_terms_are_frozen';
    end if;
    return new;
end $$;

create trigger live_terms_are_frozen before update on projects
    for each row execute function freeze_live_terms();

-- Search: pairs of neighbouring letters, because Korean words are short and carry particles.
create function bigrams(t text) returns text[]
    language sql immutable parallel safe strict
as $$
    select coalesce(array_agg(distinct substr(s, i, 2)), '{}')
      from (select regexp_replace(lower(normalize(t, NFKC)), '\s+', ' ', 'g') as s) x,
           generate_series(1, greatest(length(s) - 1, 1)) as i
     where substr(s, i, 2) !~ ' '
$$;
create index projects_by_letters on projects using gin (bigrams(title || ' ' || summary));

create table rewards (
    id                 uuid primary key,
    project_id         uuid not null references projects,
    title              text not null check (length(title) between 1 and 80),
    description        text not null default '' check (length(description) <= 1000),
    price_minor        bigint not null check (price_minor > 0),
    -- No stock means without limit.
    stock              integer check (stock > 0),
    -- Pieces in pledges that hold or keep them.
    taken              integer not null default 0 check (taken >= 0),
    -- The first day of the month in which delivery is expected.
    estimated_delivery date not null,
    created_at         timestamptz not null,
    constraint reward_is_not_oversold check (stock is null or taken <= stock)
);
create index rewards_of_project on rewards (project_id, price_minor, id);

-- Figures of a project in several rows, so that pledges of one project do not wait for each
-- other; a figure is the sum of its rows. Kept by the trigger on pledges.
create table project_tallies (
    project_id      uuid not null references projects,
    shard           smallint not null,
    -- Promised by pledges that stood at the deadline or stand now.
    pledged_minor   bigint not null default 0,
    -- People, not pledges.
    backers         bigint not null default 0,
    pledges         bigint not null default 0,
    collected_minor bigint not null default 0,
    dropped_minor   bigint not null default 0,
    primary key (project_id, shard)
);

create function figures(project uuid)
    returns table (pledged_minor bigint, backers bigint, pledges bigint, collected_minor bigint, dropped_minor bigint)
    language sql stable
as $$
    select coalesce(sum(t.pledged_minor), 0)::bigint, coalesce(sum(t.backers), 0)::bigint,
           coalesce(sum(t.pledges), 0)::bigint, coalesce(sum(t.collected_minor), 0)::bigint,
           coalesce(sum(t.dropped_minor), 0)::bigint
      from project_tallies t
     where t.project_id = project
$$;
