-- Passkeys (WebAuthn), and recovery codes that belong to the account whatever its second factor is.

create table passkeys (
    id            uuid primary key,
    member_id     uuid not null references members,
    -- As the device names it. One key opens one account.
    credential_id bytea not null constraint passkey_is_taken unique,
    -- The public key and its counter, as webauthn-rs keeps them.
    key           jsonb not null,
    -- By which its owner tells it from others.
    name          text not null check (length(name) between 1 and 60),
    added_at      timestamptz not null,
    used_at       timestamptz
);
create index passkeys_of_member on passkeys (member_id);

-- What a device was asked to sign, until it answers.
create table passkey_ceremonies (
    token_hash bytea primary key,
    -- Who adds a key; nobody when the key shall tell who it is.
    member_id  uuid references members,
    state      jsonb not null,
    expires_at timestamptz not null
);
create index passkey_ceremonies_of_member on passkey_ceremonies (member_id);

-- Recovery codes, sealed, until their owner says that they are kept.
create table recovery_sheets (
    member_id uuid primary key references members,
    codes     bytea not null
);
alter table totp_secrets drop column codes;
