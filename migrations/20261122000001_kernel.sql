-- What every domain shares: the program's role, currencies, the sandbox clock, state moves,
-- jobs, the outbox, rate limits and stashed forms.

-- The program acts as this role, so that rights removed from it hold against the program itself.
-- An owner without CREATEROLE gets no role; the triggers of the ledger refuse all the same.
do $$
begin
    create role dure_app nologin;
exception
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then raise notice 'role dure_app was not made';
end $$;

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute format('grant dure_app to %I', current_user);
        execute 'grant usage on schema public to dure_app';
        -- What is there already: the table of migrations, which the program reads at its start.
        execute 'grant select on all tables in schema public to dure_app';
        execute 'alter default privileges in schema public grant select, insert, update, delete on tables to dure_app';
        execute 'alter default privileges in schema public grant usage on sequences to dure_app';
    end if;
exception
    when insufficient_privilege or invalid_grant_operation then raise notice 'rights of dure_app were not set';
end $$;

create table currencies (
    code     text primary key check (code ~ '^[A-Z]{3}$'),
    -- Minor digits of ISO 4217: 0 for the won.
    exponent smallint not null check (exponent between 0 and 4)
);

insert into currencies
select code, 0 from unnest(string_to_array('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF', ' ')) code
union all
select code, 3 from unnest(string_to_array('BHD IQD JOD KWD LYD OMR TND', ' ')) code
union all
select code, 2 from unnest(string_to_array('AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG', ' ')) code;

-- The sandbox clock: one row, followed by every replica.
create table clock (
    only_row     boolean primary key default true check (only_row),
    ahead_micros bigint not null default 0
);
insert into clock default values;

-- State machines: an empty from_state is the beginning.
create table allowed_moves (
    machine    text not null,
    from_state text not null,
    to_state   text not null,
    primary key (machine, from_state, to_state)
);

-- Each move that happened: who, when, why. Written by the trigger below and by nothing else.
create table state_moves (
    id         bigint generated always as identity primary key,
    machine    text not null,
    entity_id  uuid not null,
    from_state text not null,
    to_state   text not null,
    at         timestamptz not null,
    who        text not null,
    why        text not null
);
create index state_moves_of_entity on state_moves (entity_id, id);

-- Refuses a move that is not in allowed_moves, and writes down one that is.
create function enforce_move() returns trigger
    language plpgsql
    security definer
    set search_path = public
as $$
declare
    before text := case when tg_op = 'INSERT' then '' else old.state end;
    who    text := coalesce(current_setting('dure.who', true), '');
begin
    if tg_op = 'UPDATE' and before = new.state then
        return null;
    end if;
    if not exists (select from allowed_moves m
                    where m.machine = tg_argv[0] and m.from_state = before and m.to_state = new.state) then
        raise exception 'a % may not move from "%" to "%"', tg_argv[0], before, new.state
            using errcode = 'check_violation', constraint = 'allowed_move';
    end if;
    if who = '' then
        raise exception 'a % moved without saying who and why', tg_argv[0]
            using errcode = 'check_violation', constraint = 'move_is_signed';
    end if;
    insert into state_moves (machine, entity_id, from_state, to_state, at, who, why)
    values (tg_argv[0], new.id, before, new.state, current_setting('dure.at')::timestamptz, who,
            current_setting('dure.why'));
    return null;
end $$;

create function refuse_change() returns trigger
    language plpgsql
as $$
begin
    raise exception 'rows of % are never changed', tg_table_name
        using errcode = 'check_violation', constraint = 'append_only';
end $$;

create trigger state_moves_are_kept before update or delete on state_moves
    for each row execute function refuse_change();

create table jobs (
    id          bigint generated always as identity primary key,
    kind        text not null,
    payload     jsonb not null,
    dedup_key   text,
    run_at      timestamptz not null,
    tries       integer not null default 0,
    lease_until timestamptz,
    lease_token uuid,
    last_error  text,
    dead_at     timestamptz
);
create unique index jobs_waiting_once on jobs (kind, dedup_key) where dedup_key is not null and dead_at is null;
-- A worker asks for what is due, oldest first.
create index jobs_due on jobs (run_at, id) where dead_at is null;

create table outbox (
    id         uuid primary key,
    -- The event and the person: what was posted once is never posted again.
    key        text not null unique,
    member_id  uuid,
    recipient  text not null,
    locale     text not null check (locale in ('ko', 'en')),
    subject    text not null,
    text       text not null,
    html       text not null,
    created_at timestamptz not null,
    sent_at    timestamptz
);

create table rate_limits (
    key       text primary key,
    tokens    double precision not null,
    filled_at timestamptz not null
);

create table stashed_forms (
    token_hash bytea primary key,
    typed      jsonb not null,
    expires_at timestamptz not null
);
