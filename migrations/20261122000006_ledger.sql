-- Double-entry books. Amounts are signed: a debit is positive, a credit negative; an entry sums
-- to zero in each currency. Rows are inserted and never changed.

create table ledger_entries (
    id          uuid primary key,
    project_id  uuid not null references projects,
    -- Position in the project's chain, from 1.
    seq         bigint not null check (seq > 0),
    kind        text not null check (kind in ('charge_collected')),
    -- What caused the entry, such as the payment attempt.
    reference   uuid not null,
    occurred_at timestamptz not null,
    prev_hash   bytea not null check (length(prev_hash) = 32),
    -- SHA-256 over prev_hash and the entry with its postings.
    hash        bytea not null check (length(hash) = 32),
    constraint ledger_chain_has_no_fork unique (project_id, seq),
    constraint booked_once unique (kind, reference)
);

create table ledger_postings (
    entry_id     uuid not null references ledger_entries,
    line         smallint not null check (line > 0),
    account      text not null check (account in ('gateway_clearing', 'project_escrow')),
    -- Debit positive, credit negative, in minor units of the currency.
    amount_minor bigint not null check (amount_minor <> 0),
    currency     text not null references currencies,
    primary key (entry_id, line)
);

create function entry_sums_to_zero() returns trigger
    language plpgsql
as $$
declare
    entry uuid;
begin
    if tg_table_name = 'ledger_entries' then
        entry := new.id;
    else
        entry := new.entry_id;
    end if;
    if not exists (select from ledger_postings where entry_id = entry)
       or exists (select from ledger_postings where entry_id = entry
                   group by currency having sum(amount_minor) <> 0) then
        raise exception 'entry % does not sum to zero', entry
            using errcode = 'check_violation', constraint = 'entry_sums_to_zero';
    end if;
    return null;
end $$;

create constraint trigger entry_is_whole after insert on ledger_entries
    deferrable initially deferred for each row execute function entry_sums_to_zero();
create constraint trigger posting_is_balanced after insert on ledger_postings
    deferrable initially deferred for each row execute function entry_sums_to_zero();

create trigger entries_are_kept before update or delete on ledger_entries
    for each row execute function refuse_change();
create trigger postings_are_kept before update or delete on ledger_postings
    for each row execute function refuse_change();
create trigger entries_are_not_emptied before truncate on ledger_entries
    for each statement execute function refuse_change();
create trigger postings_are_not_emptied before truncate on ledger_postings
    for each statement execute function refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'revoke update, delete on ledger_entries, ledger_postings, state_moves from dure_app';
        execute 'revoke insert, update, delete on allowed_moves, state_moves from dure_app';
    end if;
end $$;
