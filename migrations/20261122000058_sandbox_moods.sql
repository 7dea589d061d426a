-- The practice gateway can misbehave in every way that real ones do.

alter table sandbox.cards
    drop constraint cards_manner_check,
    add constraint cards_manner_check check (manner in ('pays', 'declines', 'declines_for_now', 'declines_twice',
        'asks_to_authenticate', 'slow', 'answers_late', 'hangs_and_fails', 'expired', 'refund_fails', 'refund_fails_later',
        'is_disputed'));

-- A visit to pay at once, with its authentication.
alter table sandbox.card_pages
    add column wish         text not null default 'store' check (wish in ('store', 'pay')),
    add column amount_minor bigint,
    add column currency     text;

-- A key that the merchant closed: a charge that comes later is refused.
alter table sandbox.charges
    drop constraint charges_state_check,
    add constraint charges_state_check check (state in ('succeeded', 'declined', 'closed')),
    alter column card drop not null,
    drop constraint charges_amount_minor_check,
    add constraint charges_amount_minor_check check (amount_minor > 0 or state = 'closed'),
    -- In the merchant's virtual time, for reports by day.
    add column at timestamptz not null default clock_timestamp();

create table sandbox.refunds (
    id           uuid primary key,
    key          text not null unique,
    charge       uuid not null references sandbox.charges,
    amount_minor bigint not null check (amount_minor > 0),
    state        text not null check (state in ('succeeded', 'failed')),
    reason       text,
    at           timestamptz not null default clock_timestamp()
);

create table sandbox.disputes (
    id           uuid primary key,
    charge       uuid not null references sandbox.charges,
    amount_minor bigint not null check (amount_minor > 0),
    state        text not null default 'opened' check (state in ('opened', 'won', 'lost')),
    at           timestamptz not null default clock_timestamp()
);

-- Virtual accounts.
create table sandbox.accounts (
    id           uuid primary key,
    key          text not null unique,
    number       text not null,
    holder       text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null,
    secret       text not null,
    due_at       timestamptz not null,
    state        text not null default 'waiting' check (state in ('waiting', 'paid', 'expired', 'canceled')),
    paid_at      timestamptz
);

-- How it behaves now, beside what a card brings with it. Set on its own page for the operator.
create table sandbox.mood (
    only_row    boolean primary key default true check (only_row),
    -- Milliseconds before each answer.
    slow_ms     integer not null default 0 check (slow_ms between 0 and 60000),
    -- Of a hundred calls that change something, so many are not answered, done or not done.
    hang_done   integer not null default 0 check (hang_done between 0 and 100),
    hang_undone integer not null default 0 check (hang_undone between 0 and 100),
    decline     integer not null default 0 check (decline between 0 and 100),
    away        boolean not null default false,
    webhooks    text not null default 'normal' check (webhooks in ('normal', 'late', 'doubled', 'reordered', 'lost', 'forged')),
    -- So many calls at once; more wait. 0: as many as come.
    at_once     integer not null default 0 check (at_once between 0 and 1000)
);
insert into sandbox.mood default values;

-- Reports that wait to be sent, in the order of `at` and then `id`.
create table sandbox.webhooks (
    id      bigint generated always as identity primary key,
    body    jsonb not null,
    forged  boolean not null default false,
    at      timestamptz not null,
    tries   integer not null default 0,
    done_at timestamptz
);
create index sandbox_webhooks_waiting on sandbox.webhooks (at, id) where done_at is null;

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'grant select, insert, update, delete on all tables in schema sandbox to dure_app';
        execute 'grant usage on all sequences in schema sandbox to dure_app';
    end if;
end $$;
