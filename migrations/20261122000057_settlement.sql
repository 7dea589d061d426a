-- Plans with fees, statements and payouts to creators.

create table fee_plans (
    id           uuid primary key,
    code         text not null check (code ~ '^[a-z0-9_]{1,30}$'),
    version      integer not null check (version > 0),
    name_ko      text not null check (length(name_ko) between 1 and 40),
    name_en      text not null check (length(name_en) between 1 and 40),
    about_ko     text not null default '' check (length(about_ko) <= 300),
    about_en     text not null default '' check (length(about_en) <= 300),
    -- Hundredths of a per cent of what was collected and not given back.
    platform_bp  integer not null check (platform_bp between 0 and 5000),
    payment_bp   integer not null check (payment_bp between 0 and 2000),
    -- Of the two fees.
    vat_bp       integer not null default 1000 check (vat_bp between 0 and 5000),
    -- What may be paid out before delivery.
    early_bp     integer not null default 8000 check (early_bp between 0 and 10000),
    -- Business days after the last run until the early share, calendar days after it until the rest.
    early_days   integer not null default 7 check (early_days between 0 and 90),
    final_days   integer not null default 60 check (final_days between 0 and 730),
    created_at   timestamptz not null,
    -- Offered to new projects until then.
    closed_at    timestamptz,
    constraint plan_version_once unique (code, version)
);
create unique index one_open_version on fee_plans (code) where closed_at is null;

create function keep_plan() returns trigger
    language plpgsql
as $$
begin
    if to_jsonb(new) - array['closed_at'] is distinct from to_jsonb(old) - array['closed_at'] then
        raise exception 'a plan is never changed; make a new version'
            using errcode = 'check_violation', constraint = 'append_only';
    end if;
    return new;
end $$;
create trigger plans_are_kept before update on fee_plans for each row execute function keep_plan();
create trigger plans_stay before delete on fee_plans for each row execute function refuse_change();

insert into fee_plans (id, code, version, name_ko, name_en, about_ko, about_en, platform_bp, payment_bp, created_at)
values ('01930000-0000-7000-8000-000000000001', 'basic', 1, '기본', 'Basic',
        '플랫폼 수수료 5%, 결제 수수료 3%, 부가세 별도', '5% for the platform, 3% for payments, plus VAT', 500, 300, now());

alter table projects add column plan_id uuid references fee_plans;
update projects set plan_id = '01930000-0000-7000-8000-000000000001';

create or replace function freeze_live_terms() returns trigger
    language plpgsql
as $$
begin
    -- A project that was launched by a program of the release before gets its plan once.
    if old.state not in ('draft', 'in_review')
       and ((new.goal_minor, new.deadline, new.currency, new.creator_id, new.collected_share_bp)
            is distinct from (old.goal_minor, old.deadline, old.currency, old.creator_id, old.collected_share_bp)
            or (old.plan_id is not null and new.plan_id is distinct from old.plan_id)) then
        raise exception 'goal, deadline, currency and plan of a launched project are frozen'
            using errcode = 'check_violation', constraint = 'live_terms_are_frozen';
    end if;
    return new;
end $$;

-- Where a creator is paid: sealed, and checked by finance before the first won leaves.
create table payout_accounts (
    id         uuid primary key,
    member_id  uuid not null references members,
    -- Bank, number, holder; business number if there is one.
    sealed     bytea not null,
    created_at timestamptz not null,
    checked_at timestamptz,
    checked_by uuid references members,
    refused_why text not null default '' check (length(refused_why) <= 200),
    -- A newer one took its place.
    ended_at   timestamptz
);
create unique index one_payout_account on payout_accounts (member_id) where ended_at is null;

insert into allowed_moves values
    ('payout', '', 'draft'),
    ('payout', 'draft', 'issued'),
    ('payout', 'draft', 'withdrawn'),
    ('payout', 'issued', 'draft'),
    ('payout', 'issued', 'approved'),
    ('payout', 'issued', 'withdrawn'),
    ('payout', 'approved', 'paying'),
    -- Nothing to transfer: fees or what is owed took all of it.
    ('payout', 'approved', 'paid'),
    ('payout', 'paying', 'paid'),
    ('payout', 'paying', 'failed'),
    ('payout', 'paid', 'failed'),
    ('payout', 'failed', 'paying');

create table payouts (
    id           uuid primary key,
    project_id   uuid not null references projects,
    member_id    uuid not null references members,
    kind         text not null check (kind in ('early', 'final', 'later')),
    -- 1, 2, … within the project.
    number       smallint not null check (number > 0),
    currency     text not null references currencies,
    -- Taken from escrow.
    gross_minor  bigint not null check (gross_minor >= 0),
    platform_fee_minor bigint not null check (platform_fee_minor >= 0),
    gateway_fee_minor  bigint not null check (gateway_fee_minor >= 0),
    vat_minor    bigint not null check (vat_minor >= 0),
    -- Of what the creator owes, kept back here.
    netted_minor bigint not null default 0 check (netted_minor >= 0),
    net_minor    bigint not null check (net_minor >= 0),
    account_id   uuid references payout_accounts,
    drafted_at   timestamptz not null,
    approved_by  uuid references members,
    state        text not null,
    constraint payout_sums_up check (
        net_minor = gross_minor - platform_fee_minor - gateway_fee_minor - vat_minor - netted_minor),
    constraint payout_number_once unique (project_id, number),
    constraint paying_needs_an_account check (state not in ('paying') or account_id is not null)
);
create unique index one_early_one_final on payouts (project_id, kind) where kind <> 'later' and state <> 'withdrawn';
create unique index one_open_payout on payouts (project_id) where state in ('draft', 'issued');
create trigger payout_moves after insert or update of state on payouts
    for each row execute function enforce_move('payout');

create function keep_payout() returns trigger
    language plpgsql
as $$
begin
    if old.state not in ('draft', 'issued')
       and to_jsonb(new) - array['state', 'account_id'] is distinct from to_jsonb(old) - array['state', 'account_id'] then
        raise exception 'an approved statement is never changed'
            using errcode = 'check_violation', constraint = 'append_only';
    end if;
    return new;
end $$;
create trigger payouts_are_kept before update on payouts for each row execute function keep_payout();

alter table transfers add constraint transfers_payout foreign key (payout_id) references payouts;
