-- Refunds by card and by transfer, the accounts they go to, files of transfers, cash receipts.

insert into allowed_moves values
    ('refund', '', 'needs_account'),
    ('refund', '', 'ready'),
    ('refund', 'needs_account', 'ready'),
    ('refund', 'needs_account', 'called_off'),
    ('refund', 'ready', 'sending'),
    ('refund', 'ready', 'needs_account'),
    ('refund', 'ready', 'called_off'),
    ('refund', 'sending', 'succeeded'),
    ('refund', 'sending', 'failed'),
    ('refund', 'failed', 'ready'),
    ('refund', 'failed', 'needs_account'),
    ('refund', 'failed', 'called_off'),
    -- The gateway, or the bank, brings it back days later.
    ('refund', 'succeeded', 'failed'),
    ('transfer', '', 'ready'),
    ('transfer', 'ready', 'batched'),
    ('transfer', 'ready', 'failed'),
    ('transfer', 'batched', 'ready'),
    ('transfer', 'batched', 'sent'),
    ('transfer', 'sent', 'done'),
    ('transfer', 'sent', 'failed'),
    ('transfer', 'done', 'failed');

-- Where somebody wants money back to: bank, number and holder, sealed together.
create table refund_accounts (
    id         uuid primary key,
    -- None: for a transfer from somebody whom we do not know.
    member_id  uuid references members,
    sealed     bytea not null,
    created_at timestamptz not null
);
create index refund_accounts_of_member on refund_accounts (member_id);

create table refunds (
    id           uuid primary key,
    -- What was paid for a pledge, or what came in and belongs to nothing.
    payment_id   uuid references payments,
    line_id      uuid references bank_lines,
    -- Made with the form: the same form sent twice is one refund.
    form_key     uuid not null constraint refund_form_once unique,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null references currencies,
    way          text not null check (way in ('gateway', 'transfer')),
    account_id   uuid references refund_accounts,
    reason       text not null check (reason in ('backer_canceled', 'unfunded', 'stopped', 'too_little_collected',
                     'withdrawn', 'not_as_described', 'late', 'double', 'excess', 'late_deposit', 'goodwill', 'other')),
    note         text not null default '' check (length(note) <= 500),
    -- `member:<id>` or `system`.
    asked_by     text not null,
    -- How much of it the creator owes us now, because it was paid out: written when it is booked.
    receivable_minor bigint not null default 0 check (receivable_minor between 0 and amount_minor),
    state        text not null,
    tries        integer not null default 0,
    created_at   timestamptz not null,
    constraint refund_has_one_source check (num_nonnulls(payment_id, line_id) = 1),
    constraint ready_transfers_have_an_account check (
        way = 'gateway' or state in ('needs_account', 'called_off') or account_id is not null)
);
create index refunds_of_payment on refunds (payment_id);
create index refunds_of_line on refunds (line_id) where line_id is not null;
create index refunds_open on refunds (state, created_at) where state not in ('succeeded', 'called_off');
create trigger refund_moves after insert or update of state on refunds
    for each row execute function enforce_move('refund');

-- What of a pledge a refund is for; line 0 is extra support, -1 shipping.
create table refund_lines (
    refund_id    uuid not null references refunds,
    line         smallint not null check (line >= -1),
    quantity     integer not null default 1 check (quantity > 0),
    amount_minor bigint not null check (amount_minor > 0),
    primary key (refund_id, line)
);

create table disputes (
    id           uuid primary key,
    payment_id   uuid not null references payments,
    attempt_id   uuid not null references payment_attempts,
    gateway      text not null,
    gateway_ref  text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null references currencies,
    reason       text not null default '',
    answer_until timestamptz,
    state        text not null,
    opened_at    timestamptz not null,
    closed_at    timestamptz,
    constraint dispute_once unique (gateway, gateway_ref)
);
create index disputes_of_payment on disputes (payment_id);
create trigger dispute_moves after insert or update of state on disputes
    for each row execute function enforce_move('dispute');
insert into allowed_moves values
    ('dispute', '', 'opened'),
    ('dispute', 'opened', 'answered'),
    ('dispute', 'opened', 'won'),
    ('dispute', 'opened', 'lost'),
    ('dispute', 'answered', 'won'),
    ('dispute', 'answered', 'lost'),
    -- A bank may think again.
    ('dispute', 'lost', 'won');

-- What a refund takes of its source is set apart with its row, and given back when it is called off:
-- so parts never sum to more than was paid, whoever asks at once. While the payer's bank disputes the
-- payment, nothing is refunded beside it.
create function set_refund_apart() returns trigger
    language plpgsql
as $$
declare
    step bigint := case
        when tg_op = 'INSERT' then new.amount_minor
        when new.state = 'called_off' and old.state <> 'called_off' then -new.amount_minor
        else 0 end;
begin
    if tg_op = 'UPDATE' and (new.amount_minor, new.payment_id, new.line_id, new.currency)
       is distinct from (old.amount_minor, old.payment_id, old.line_id, old.currency) then
        raise exception 'the amount of a refund is never changed'
            using errcode = 'check_violation', constraint = 'append_only';
    end if;
    if step = 0 then
        return null;
    end if;
    if new.payment_id is not null then
        update payments set refunding_minor = refunding_minor + step where id = new.payment_id;
        if step > 0 and exists (select from disputes where payment_id = new.payment_id and state in ('opened', 'answered')) then
            raise exception 'the payment is disputed'
                using errcode = 'check_violation', constraint = 'refund_waits_for_dispute';
        end if;
    else
        update bank_lines set used_minor = used_minor + step where id = new.line_id;
    end if;
    return null;
end $$;
create trigger refund_is_set_apart after insert or update on refunds
    for each row execute function set_refund_apart();

alter table payment_attempts
    add column refund_id uuid references refunds,
    add constraint refund_attempts_have_a_refund check ((kind = 'refund') = (refund_id is not null));
create unique index refund_open_once on payment_attempts (refund_id)
    where kind = 'refund' and state in ('created', 'sent', 'unknown');
create unique index refund_done_once on payment_attempts (refund_id) where kind = 'refund' and state = 'succeeded';

-- Money that leaves by the operator's bank: refunds and payouts.
create table transfer_batches (
    id         uuid primary key,
    account_id uuid not null references receiving_accounts,
    made_at    timestamptz not null,
    made_by    uuid not null references members,
    -- Of the file as it was downloaded first: the same again each time.
    file_hash  bytea,
    -- When the operator said that the bank took the file.
    sent_at    timestamptz,
    sent_by    uuid references members
);

create table transfers (
    id           uuid primary key,
    refund_id    uuid references refunds,
    payout_id    uuid,
    batch_id     uuid references transfer_batches,
    amount_minor bigint not null check (amount_minor > 0),
    currency     text not null references currencies,
    -- Bank, number and holder as they were when it was made.
    sealed       bytea not null,
    -- What stands in both books, short: the bank takes few letters.
    memo         text not null check (length(memo) between 1 and 20),
    -- The line of the statement that shows that it left, and the one by which it came back.
    line_id      uuid references bank_lines,
    back_line_id uuid references bank_lines,
    why_failed   text not null default '' check (length(why_failed) <= 200),
    state        text not null,
    created_at   timestamptz not null,
    constraint transfer_has_one_cause check (num_nonnulls(refund_id, payout_id) = 1),
    constraint batched_transfers_have_a_batch check (state in ('ready', 'failed') or batch_id is not null)
);
create unique index transfer_open_once on transfers (coalesce(refund_id, payout_id))
    where state not in ('failed');
create index transfers_in_batch on transfers (batch_id);
create unique index transfer_line_once on transfers (line_id) where line_id is not null;
create unique index transfer_back_line_once on transfers (back_line_id) where back_line_id is not null;
create trigger transfer_moves after insert or update of state on transfers
    for each row execute function enforce_move('transfer');

-- 현금영수증 for what was paid by transfer.
create table cash_receipts (
    id           uuid primary key,
    payment_id   uuid not null references payments,
    purpose      text not null check (purpose in ('income_deduction', 'business_expense', 'unasked')),
    -- A phone number or a business number, sealed; none when nobody asked (자진발급).
    sealed       bytea,
    amount_minor bigint not null,
    state        text not null default 'wanted' check (state in ('wanted', 'exported', 'issued', 'canceled')),
    -- The tax office's number.
    approval     text,
    created_at   timestamptz not null,
    constraint cash_receipt_once unique (payment_id)
);
