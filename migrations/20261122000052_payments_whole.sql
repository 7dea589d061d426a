-- Payments by several methods and gateways, tried again on a schedule.

insert into allowed_moves values
    -- A transfer is expected; it came; it was taken back by the bank.
    ('payment', 'pending', 'awaiting'),
    ('payment', 'awaiting', 'received'),
    ('payment', 'received', 'awaiting'),
    ('payment', 'awaiting', 'voided'),
    ('payment', 'received', 'voided'),
    ('payment', 'received', 'collected'),
    -- Another method before the deadline.
    ('payment', 'awaiting', 'stored'),
    ('payment', 'stored', 'awaiting'),
    ('payment', 'collected', 'charged_back'),
    -- A refund that the gateway first called done and then failed.
    ('attempt', 'succeeded', 'reversed');

alter table payment_methods
    add column kind         text not null default 'card' check (kind in ('card', 'paypal')),
    -- What its owner knows it by beside brand and digits, such as a masked address at PayPal.
    add column label        text not null default '' check (length(label) <= 80),
    -- The last month in which a card is good.
    add column expires_on   date,
    -- Whether its owner wishes to use it again.
    add column kept         boolean not null default false,
    -- When it was removed at the gateway.
    add column forgotten_at timestamptz,
    alter column brand set default '',
    alter column last4 set default '',
    drop constraint payment_methods_last4_check,
    add constraint last_four_digits check (last4 ~ '^([0-9]{4})?$');
alter table payment_methods add constraint method_of_its_owner unique (id, member_id);
create index payment_methods_of_member on payment_methods (member_id) where forgotten_at is null;

-- Whom a gateway knows a member as.
create table gateway_customers (
    member_id uuid not null references members,
    gateway   text not null,
    ref       text not null,
    primary key (member_id, gateway)
);

alter table payments
    add column method          text not null default 'card'
        check (method in ('card', 'paypal', 'bank_transfer', 'virtual_account')),
    -- What really came in for it: set when it is collected or received.
    add column paid_minor      bigint not null default 0 check (paid_minor >= 0),
    -- Given back, or on its way back. A refund counts here from its first row until it is called off.
    add column refunding_minor bigint not null default 0 check (refunding_minor >= 0),
    -- Scheduled runs that were begun, and when the next and the last one are.
    add column run             smallint not null default 0 check (run >= 0),
    add column next_run_at     timestamptz,
    add column last_run_at     timestamptz,
    add constraint refunds_stay_within_payment check (refunding_minor <= paid_minor),
    drop constraint due_payments_have_a_method,
    add constraint due_payments_have_a_method check (
        method not in ('card', 'paypal') or state in ('pending', 'awaiting', 'voided') or method_id is not null);

-- Nobody pays with somebody else's card.
alter table payments add constraint paid_by_its_owner
    foreign key (method_id, member_id) references payment_methods (id, member_id);

update payments set paid_minor = amount_minor where state = 'collected';
create index payments_of_member on payments (member_id, state);
create index payments_by_method on payments (method_id) where method_id is not null;

-- What was promised can be changed until the money is asked for, and never after. The second half
-- stands in for programs of the release before, which know no paid_minor: contract in the next one.
create function guard_payment() returns trigger
    language plpgsql
as $$
begin
    if (new.amount_minor, new.currency, new.purpose_id, new.member_id)
       is distinct from (old.amount_minor, old.currency, old.purpose_id, old.member_id)
       and (old.state not in ('pending', 'stored', 'awaiting', 'received')
            or (new.currency, new.purpose_id, new.member_id)
               is distinct from (old.currency, old.purpose_id, old.member_id)) then
        raise exception 'the amount of a payment that is due is frozen'
            using errcode = 'check_violation', constraint = 'payment_amount_is_frozen';
    end if;
    if new.state = 'collected' and old.state = 'due' and new.paid_minor = 0 then
        new.paid_minor := new.amount_minor;
    end if;
    return new;
end $$;
create trigger payment_is_guarded before update on payments
    for each row execute function guard_payment();

alter table payment_attempts
    drop constraint payment_attempts_kind_check,
    add constraint attempt_kind check (kind in ('store_card', 'charge', 'pay', 'issue_account', 'refund')),
    -- Where this try is made; the method of a payment may change between tries. Empty: as the payment's.
    add column gateway       text,
    add column method_id     uuid references payment_methods,
    -- The scheduled run that it belongs to; none for what a person began.
    add column run           smallint,
    -- The visit to the gateway's own page, in the gateway's words.
    add column visit_ref     text,
    add column decline_class text
        check (decline_class in ('retryable', 'final', 'action', 'ours', 'abandoned')),
    drop constraint settled_attempts_have_a_time,
    add constraint settled_attempts_have_a_time
        check ((state in ('succeeded', 'declined', 'reversed')) = (settled_at is not null));

-- Never two tries at once, whether we charge or the person pays; never one after one that succeeded.
drop index attempt_open_once;
create unique index attempt_open_once on payment_attempts
    (payment_id, (case kind when 'pay' then 'charge' else kind end))
    where state in ('created', 'sent', 'unknown') and kind <> 'refund';
drop index payment_charged_once;
create unique index payment_charged_once on payment_attempts (payment_id)
    where kind in ('charge', 'pay') and state = 'succeeded';
-- By what a webhook names.
create index attempts_by_gateway_ref on payment_attempts (gateway_ref) where gateway_ref is not null;
create index attempts_by_visit on payment_attempts (visit_ref) where visit_ref is not null;
