-- The sandbox: another party in all but name. Only sandbox code reads or writes these tables.

create schema sandbox;

-- The secret that the merchant shows to the sandbox gateway, as with any other gateway.
create table sandbox.merchant (
    only_row boolean primary key default true check (only_row),
    secret   text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
);
insert into sandbox.merchant default values;

-- Mails as they arrived.
create table sandbox.mails (
    id         bigint generated always as identity primary key,
    recipient  text not null,
    subject    text not null,
    text       text not null,
    html       text not null,
    arrived_at timestamptz not null
);

-- A visit to the card page.
create table sandbox.card_pages (
    id          uuid primary key,
    -- The merchant's idempotency key.
    key         text not null unique,
    amount      text not null,
    merchant    text not null,
    return_url  text not null,
    locale      text not null,
    state       text not null default 'open' check (state in ('open', 'stored', 'closed')),
    card        uuid,
    created_at  timestamptz not null default clock_timestamp()
);

create table sandbox.cards (
    id     uuid primary key,
    brand  text not null,
    last4  text not null,
    -- How the card behaves when it is charged.
    manner text not null check (manner in ('pays', 'declines', 'answers_late')),
    removed boolean not null default false
);

create table sandbox.charges (
    id           uuid primary key,
    key          text not null unique,
    card         uuid not null references sandbox.cards,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null,
    state        text not null check (state in ('succeeded', 'declined')),
    decline      text,
    created_at   timestamptz not null default clock_timestamp()
);

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'grant usage on schema sandbox to dure_app';
        execute 'grant select, insert, update, delete on all tables in schema sandbox to dure_app';
        execute 'grant usage on all sequences in schema sandbox to dure_app';
    end if;
end $$;
