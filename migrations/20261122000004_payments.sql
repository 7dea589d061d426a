insert into allowed_moves values
    ('payment', '', 'pending'),
    ('payment', 'pending', 'stored'),
    ('payment', 'pending', 'voided'),
    ('payment', 'stored', 'voided'),
    ('payment', 'stored', 'due'),
    ('payment', 'due', 'collected'),
    ('payment', 'due', 'failed'),
    ('attempt', '', 'created'),
    ('attempt', 'created', 'sent'),
    ('attempt', 'created', 'declined'),
    ('attempt', 'sent', 'succeeded'),
    ('attempt', 'sent', 'declined'),
    ('attempt', 'sent', 'unknown'),
    ('attempt', 'unknown', 'succeeded'),
    ('attempt', 'unknown', 'declined');

-- A card as the gateway stored it; its number never reaches us.
create table payment_methods (
    id          uuid primary key,
    member_id   uuid not null references members,
    gateway     text not null,
    gateway_ref text not null,
    brand       text not null,
    last4       text not null check (last4 ~ '^[0-9]{4}$'),
    created_at  timestamptz not null,
    constraint stored_card_once unique (gateway, gateway_ref)
);

-- The money of one purpose, such as a pledge.
create table payments (
    id           uuid primary key,
    purpose      text not null check (purpose in ('pledge')),
    purpose_id   uuid not null,
    project_id   uuid not null references projects,
    member_id    uuid not null references members,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null references currencies,
    gateway      text not null,
    method_id    uuid references payment_methods,
    state        text not null,
    created_at   timestamptz not null,
    constraint one_payment_a_purpose unique (purpose, purpose_id),
    constraint due_payments_have_a_method check (state in ('pending', 'voided') or method_id is not null)
);
create index payments_of_project on payments (project_id, state);

create trigger payment_moves after insert or update of state on payments
    for each row execute function enforce_move('payment');

-- One try at a gateway. The row exists before the call; its id is the idempotency key.
create table payment_attempts (
    id           uuid primary key,
    payment_id   uuid not null references payments,
    kind         text not null check (kind in ('store_card', 'charge')),
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null references currencies,
    state        text not null,
    gateway_ref  text,
    -- The gateway's reason, such as card_declined.
    decline      text,
    created_at   timestamptz not null,
    settled_at   timestamptz,
    constraint settled_attempts_have_a_time check ((state in ('succeeded', 'declined')) = (settled_at is not null))
);
create index attempts_of_payment on payment_attempts (payment_id, created_at);
-- Never two tries of one kind at once, and never a charge after one that succeeded.
create unique index attempt_open_once on payment_attempts (payment_id, kind)
    where state in ('created', 'sent', 'unknown');
create unique index payment_charged_once on payment_attempts (payment_id)
    where kind = 'charge' and state = 'succeeded';
create index attempts_without_outcome on payment_attempts (created_at)
    where state in ('created', 'sent', 'unknown');

create trigger attempt_moves after insert or update of state on payment_attempts
    for each row execute function enforce_move('attempt');
