-- Reports of gateways as they came, and the comparison of their books with ours.

create table gateway_events (
    id          uuid primary key,
    gateway     text not null,
    -- The gateway's own number of the event, where it has one; else the hash of the body.
    event_key   text not null,
    kind        text not null default '',
    -- Heads that matter and the body, sealed: it may name people.
    sealed      bytea not null,
    -- What it speaks of, in the gateway's words.
    subject     text not null default '',
    attempt_id  uuid references payment_attempts,
    received_at timestamptz not null,
    settled_at  timestamptz,
    -- understood, of no use to us, of a thing that we do not know, or unreadable.
    outcome     text check (outcome in ('settled', 'idle', 'unknown', 'unreadable')),
    constraint gateway_event_once unique (gateway, event_key)
);
create index gateway_events_by_age on gateway_events (received_at);
create index gateway_events_unknown on gateway_events (gateway, received_at) where outcome in ('unknown', 'unreadable');

create table reconciliations (
    id          uuid primary key,
    gateway     text not null,
    -- The days that were compared, in Korean time.
    from_day    date not null,
    to_day      date not null check (to_day >= from_day),
    began_at    timestamptz not null,
    ended_at    timestamptz,
    rows_there  integer,
    rows_here   integer,
    error       text not null default ''
);
create index reconciliations_of_gateway on reconciliations (gateway, began_at desc);

create table differences (
    id                bigint generated always as identity primary key,
    reconciliation_id uuid not null references reconciliations,
    kind              text not null check (kind in ('only_there', 'only_here', 'amount', 'state', 'currency')),
    what              text not null check (what in ('charge', 'refund', 'dispute', 'deposit')),
    reference         text not null,
    ours              text not null default '',
    theirs            text not null default '',
    -- What the operator found; only a row with an explanation is closed.
    explained_at      timestamptz,
    explained_by      uuid references members,
    explanation       text not null default '' check (length(explanation) <= 500)
);
create index differences_open on differences (reconciliation_id) where explained_at is null;
