-- Books with many accounts: a chain for each project, and one for the platform itself (no project).
alter table ledger_entries
    alter column project_id drop not null,
    drop constraint ledger_entries_kind_check,
    drop constraint ledger_chain_has_no_fork,
    add constraint ledger_entry_kind check (kind in (
        'charge_collected', 'account_paid', 'account_collected',
        'statement_read', 'line_set_aside', 'line_returned',
        'deposit_matched', 'deposit_collected', 'deposit_unmatched', 'deposits_taken',
        'refund_sent', 'refund_returned', 'transfer_confirmed',
        'dispute_opened', 'dispute_won', 'dispute_lost', 'money_taken_back',
        'statement_approved', 'payout_sent', 'payout_returned',
        'receivable_paid', 'receivable_written_off', 'gateway_settled', 'gateway_cost'));

create unique index ledger_chain_has_no_fork on ledger_entries
    (coalesce(project_id, '00000000-0000-0000-0000-000000000000'), seq);

-- `gateway_clearing` without a name is how the sandbox's was written before there were others.
alter table ledger_postings
    drop constraint ledger_postings_account_check,
    add constraint ledger_account check (account ~
        '^(gateway_clearing(:[a-z]+)?|disputed:[a-z]+|bank:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|transfers|unmatched|backer_deposits|project_escrow|creator_payable|receivable|platform_fee|gateway_fee|vat|gateway_cost|loss|other)$');

-- Sums of postings by book, kind and account, for pages and for laws. Written by the trigger alone;
-- entries of a book wait for its chain, so nobody waits here a second time.
create table ledger_sums (
    -- The project, or zeros for the platform.
    book     uuid not null,
    kind     text not null,
    account  text not null,
    currency text not null references currencies,
    minor    bigint not null,
    entries  bigint not null,
    primary key (book, kind, account, currency)
);

create function sum_posting() returns trigger
    language plpgsql
    security definer
    set search_path = public, pg_temp
as $$
begin
    insert into ledger_sums as s (book, kind, account, currency, minor, entries)
    select coalesce(e.project_id, '00000000-0000-0000-0000-000000000000'), e.kind, new.account, new.currency,
           new.amount_minor, 1
      from ledger_entries e where e.id = new.entry_id
    on conflict (book, kind, account, currency) do update
       set minor = s.minor + excluded.minor, entries = s.entries + 1;
    return null;
end $$;

insert into ledger_sums (book, kind, account, currency, minor, entries)
select e.project_id, e.kind, p.account, p.currency, sum(p.amount_minor), count(*)
  from ledger_postings p join ledger_entries e on e.id = p.entry_id
 group by e.project_id, e.kind, p.account, p.currency;

create trigger posting_is_summed after insert on ledger_postings
    for each row execute function sum_posting();

-- What an account of a book holds; a debit is positive.
create function balance(of_book uuid, of_account text) returns bigint
    language sql stable
as $$
    select coalesce(sum(minor), 0)::bigint from ledger_sums where book = of_book and account = of_account
$$;

-- What everybody may see of a project's money, as the ledger has it.
create function project_money(project uuid)
    returns table (collected_minor bigint, refunded_minor bigint, taken_back_minor bigint, fees_minor bigint,
                   paid_out_minor bigint)
    language sql stable
as $$
    select coalesce(-sum(minor) filter (where account = 'project_escrow' and kind in
                    ('charge_collected', 'account_collected', 'deposit_collected', 'deposits_taken')), 0)::bigint,
           coalesce(sum(minor) filter (where account in ('project_escrow', 'receivable') and kind in
                    ('refund_sent', 'refund_returned')), 0)::bigint,
           coalesce(sum(minor) filter (where account in ('project_escrow', 'receivable') and kind in
                    ('dispute_lost', 'dispute_won', 'money_taken_back')), 0)::bigint,
           coalesce(-sum(minor) filter (where account in ('platform_fee', 'gateway_fee', 'vat')), 0)::bigint,
           coalesce(sum(minor) filter (where account = 'creator_payable' and kind in
                    ('payout_sent', 'payout_returned')), 0)::bigint
      from ledger_sums where book = project
$$;

-- When the books were proved, and what was found.
create table book_checks (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    laws    integer not null,
    faults  integer not null,
    entries bigint not null,
    took_ms integer not null
);
create index book_checks_that_held on book_checks (at desc) where faults = 0;

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'revoke insert, update, delete, truncate on ledger_sums from dure_app';
    end if;
end $$;
