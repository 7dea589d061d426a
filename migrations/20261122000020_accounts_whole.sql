-- Accounts, whole: profile, sessions that can be told apart, mailed links of more kinds, closing.

alter table members
    -- Addresses of the person's own pages, in the order they gave.
    add column links       text[] not null default '{}' check (cardinality(links) <= 5),
    -- Whether the public page shows what the person backed.
    add column shows_backed boolean not null default false,
    -- A closed account keeps its row for the books; nothing in it tells who it was.
    add column closed_at   timestamptz,
    drop constraint members_name_check,
    add constraint member_name_length check (length(name) <= 40 and (name <> '' or closed_at is not null));

-- An ID that somebody had before leads to their page, and nobody else may take it.
create table former_handles (
    handle    text primary key,
    member_id uuid not null references members,
    left_at   timestamptz not null
);
create index former_handles_of_member on former_handles (member_id);

alter table sessions
    -- Names a session without its secret.
    add column id            uuid not null default gen_random_uuid() unique,
    -- Browser and system, as the browser said; never an address.
    add column device        text not null default '' check (length(device) <= 100),
    add column locale        text not null default 'ko' check (locale in ('ko', 'en')),
    -- When the person last proved who they are, by password or passkey.
    add column proved_at     timestamptz;

alter table mailed_tokens
    drop constraint mailed_tokens_purpose_check,
    add constraint mailed_token_purpose
        check (purpose in ('confirm_email', 'reset_password', 'change_email', 'undo_email', 'unsubscribe')),
    -- The address that a link is about, for those that change one.
    add column email text check (length(email) <= 254);

-- Browsers that somebody has logged in with before: a log-in from another one is told by mail.
create table devices (
    token_hash bytea not null,
    member_id  uuid not null references members,
    seen_at    timestamptz not null,
    primary key (token_hash, member_id)
);
create index devices_of_member on devices (member_id);

-- What somebody wants to be told, and how. No row: as the kind's default.
create table notification_settings (
    member_id uuid not null references members,
    kind      text not null,
    mail      boolean not null,
    sms       boolean not null,
    primary key (member_id, kind)
);

-- One-time codes from an app (RFC 6238). The secret is sealed.
create table totp_secrets (
    member_id    uuid primary key references members,
    secret       bytea not null,
    -- The recovery codes, sealed, while they are shown; empty once a first code was right.
    codes        bytea,
    -- Empty until a first code proved that the app has the secret.
    confirmed_at timestamptz,
    -- The last time step that was used, so that a code works once.
    last_step    bigint not null default 0
);

create table recovery_codes (
    code_hash bytea primary key,
    member_id uuid not null references members,
    used_at   timestamptz
);
create index recovery_codes_of_member on recovery_codes (member_id);

-- A log-in whose password was right and whose second factor is still to come.
create table pending_log_ins (
    token_hash bytea primary key,
    member_id  uuid not null references members,
    keep       boolean not null,
    next       text not null check (length(next) <= 2000),
    tries      integer not null default 0,
    expires_at timestamptz not null
);

-- Delivery addresses, sealed whole: who, where, and the number for the courier.
create table addresses (
    id         uuid primary key,
    member_id  uuid not null references members,
    sealed     bytea not null,
    is_default boolean not null default false,
    created_at timestamptz not null
);
create unique index one_default_address on addresses (member_id) where is_default;
create index addresses_of_member on addresses (member_id);

-- Who runs the site, and what they did.
create table operator_roles (
    member_id  uuid not null references members,
    role       text not null check (role in ('operator', 'support', 'finance')),
    granted_at timestamptz not null,
    granted_by text not null,
    primary key (member_id, role)
);

create table audit_log (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    -- `member:<id>`, or `shell` for a command on the machine.
    actor   text not null,
    action  text not null,
    subject text not null,
    detail  text not null default ''
);
create trigger audit_log_is_kept before update or delete on audit_log
    for each row execute function refuse_change();
create trigger audit_log_is_not_emptied before truncate on audit_log
    for each statement execute function refuse_change();

alter table members
    add column suspended_at  timestamptz,
    add column suspended_why text not null default '' check (length(suspended_why) <= 500);

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'revoke update, delete on audit_log from dure_app';
    end if;
end $$;
