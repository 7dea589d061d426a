-- 무통장입금: accounts of the operator, deposits that are expected, statements and their lines.

insert into allowed_moves values
    ('deposit', '', 'issued'),
    ('deposit', 'issued', 'short'),
    ('deposit', 'issued', 'matched'),
    ('deposit', 'issued', 'expired'),
    ('deposit', 'issued', 'canceled'),
    ('deposit', 'short', 'matched'),
    ('deposit', 'short', 'issued'),
    ('deposit', 'short', 'expired'),
    ('deposit', 'short', 'canceled'),
    ('deposit', 'matched', 'short'),
    ('deposit', 'matched', 'issued'),
    -- Taken back by the bank, or by the gateway that had reported it.
    ('deposit', 'matched', 'reversed'),
    ('bank_line', '', 'waiting'),
    ('bank_line', 'waiting', 'matched'),
    ('bank_line', 'waiting', 'returning'),
    ('bank_line', 'waiting', 'set_aside'),
    ('bank_line', 'matched', 'waiting'),
    ('bank_line', 'returning', 'waiting'),
    ('bank_line', 'returning', 'returned'),
    ('bank_line', 'returned', 'returning'),
    ('bank_line', 'set_aside', 'waiting');

-- Where backers pay in. Public, so not sealed.
create table receiving_accounts (
    id            uuid primary key,
    -- The three-digit code of the bank (금융결제원).
    bank          text not null check (bank ~ '^[0-9]{3}$'),
    number        text not null check (number ~ '^[0-9-]{6,30}$'),
    holder        text not null check (length(holder) between 1 and 60),
    currency      text not null references currencies,
    position      smallint not null default 0,
    -- Whether it is offered; a closed one still takes what was asked for.
    open          boolean not null default true,
    -- Statements tell everything that came in before.
    covered_until timestamptz,
    created_at    timestamptz not null,
    constraint receiving_account_once unique (bank, number)
);

-- A transfer that is expected: to an account of ours, or to one that a gateway made for it.
create table deposits (
    id            uuid primary key,
    payment_id    uuid not null references payments,
    account_id    uuid references receiving_accounts,
    attempt_id    uuid references payment_attempts,
    -- Seven digits and a check digit, never used twice.
    code          text not null constraint deposit_code_once unique check (code ~ '^[0-9]{8}$'),
    amount_minor  bigint not null check (amount_minor > 0),
    currency      text not null references currencies,
    -- What was matched to it; moves with the state in one statement, and a law compares it.
    matched_minor bigint not null default 0 check (matched_minor >= 0),
    -- The name that the backer said they would put, sealed.
    depositor     bytea,
    -- A gateway's account: what is shown. Gateways give the number to others later, so it is never a key.
    va_bank       text,
    va_number     text,
    va_holder     text,
    -- Of the secret that the gateway shows with its reports.
    va_secret     bytea,
    due_at        timestamptz not null,
    state         text not null,
    created_at    timestamptz not null,
    constraint deposit_has_one_place check (num_nonnulls(account_id, attempt_id) = 1),
    constraint matched_deposits_are_whole check (
        state not in ('matched', 'short', 'issued') or (state = 'matched') = (matched_minor = amount_minor)),
    constraint short_deposits_have_some check (state <> 'short' or matched_minor between 1 and amount_minor - 1)
);
create unique index deposit_open_once on deposits (payment_id) where state in ('issued', 'short');
create index deposits_of_payment on deposits (payment_id, created_at);
create index deposits_open_of_account on deposits (account_id, due_at) where state in ('issued', 'short');
create trigger deposit_moves after insert or update of state on deposits
    for each row execute function enforce_move('deposit');

-- Which column of a bank's file is what, remembered by the file's headings.
create table statement_mappings (
    account_id    uuid not null references receiving_accounts,
    headings_hash bytea not null,
    -- {"at": 0, "time": 1, "credit": 4, "debit": 3, "name": 5, "memo": 6, "balance": 7, "format": "%Y.%m.%d %H:%M:%S", "skip": 6}
    columns       jsonb not null,
    saved_at      timestamptz not null,
    saved_by      uuid not null references members,
    primary key (account_id, headings_hash)
);

create table statements (
    id           uuid primary key,
    account_id   uuid not null references receiving_accounts,
    file_hash    bytea not null,
    file_name    text not null default '' check (length(file_name) <= 200),
    uploaded_by  uuid not null references members,
    uploaded_at  timestamptz not null,
    lines        integer not null,
    -- Lines that no earlier statement had told.
    fresh        integer not null,
    covers_from  timestamptz,
    covers_until timestamptz,
    constraint statement_once unique (account_id, file_hash)
);

-- A line of a statement: what came in is positive, what went out negative. Never changed but for what
-- became of it.
create table bank_lines (
    id           uuid primary key,
    account_id   uuid not null references receiving_accounts,
    statement_id uuid not null references statements,
    line         integer not null,
    at           timestamptz not null,
    amount_minor bigint not null check (amount_minor <> 0),
    currency     text not null references currencies,
    balance_minor bigint,
    -- Name, memo and the line as it came.
    sealed       bytea not null,
    -- Time, amount, balance and sixteen bits of a hash of name and memo: tells lines apart, names nobody.
    fingerprint  bytea not null,
    -- The n-th such line of one file: two people may send the same in one second.
    occurrence   smallint not null,
    -- How much of it belongs to deposits, returns or transfers: kept by triggers.
    used_minor   bigint not null default 0,
    -- Why it waits, as the matching said last.
    queue        text check (queue in ('certain', 'likely', 'short', 'excess', 'late', 'double', 'unknown', 'canceled',
                                       'outgoing', 'gateway')),
    state        text not null,
    constraint bank_line_once unique (account_id, fingerprint, occurrence),
    constraint line_is_used_once check (used_minor between 0 and abs(amount_minor))
);
create index bank_lines_waiting on bank_lines (account_id, at) where state = 'waiting';
create index bank_lines_in_queue on bank_lines (queue, at) where state = 'waiting';
create trigger bank_line_moves after insert or update of state on bank_lines
    for each row execute function enforce_move('bank_line');

create function keep_bank_line() returns trigger
    language plpgsql
as $$
begin
    if to_jsonb(new) - array['used_minor', 'queue', 'state', 'sealed'] is distinct from
       to_jsonb(old) - array['used_minor', 'queue', 'state', 'sealed'] then
        raise exception 'a line of a statement is never changed'
            using errcode = 'check_violation', constraint = 'append_only';
    end if;
    return new;
end $$;
create trigger bank_lines_are_kept before update on bank_lines
    for each row execute function keep_bank_line();
create trigger bank_lines_stay before delete on bank_lines
    for each row execute function refuse_change();

-- A part of a line that belongs to a deposit. Taking one back leaves its row.
create table deposit_matches (
    id           uuid primary key,
    line_id      uuid not null references bank_lines,
    deposit_id   uuid not null references deposits,
    amount_minor bigint not null check (amount_minor > 0),
    at           timestamptz not null,
    who          text not null,
    undone_at    timestamptz,
    undone_who   text,
    undone_why   text check (undone_why in ('mistake', 'reversed'))
);
create index matches_of_line on deposit_matches (line_id);
create index matches_of_deposit on deposit_matches (deposit_id);

create function use_line() returns trigger
    language plpgsql
as $$
declare
    step bigint;
begin
    if tg_op = 'INSERT' then
        step := new.amount_minor;
    elsif old.undone_at is null and new.undone_at is not null then
        step := -new.amount_minor;
    else
        return null;
    end if;
    update bank_lines set used_minor = used_minor + step where id = new.line_id;
    return null;
end $$;
create trigger line_is_used after insert or update of undone_at on deposit_matches
    for each row execute function use_line();
