create table members (
    id                 uuid primary key,
    handle             text not null unique constraint handle_form check (handle ~ '^[a-z0-9_]{3,30}$'),
    email              text not null check (length(email) <= 254),
    -- The address as compared: lower case. One account an address.
    email_key          text not null constraint member_email_is_taken unique,
    name               text not null check (length(name) between 1 and 40),
    introduction       text not null default '' check (length(introduction) <= 1000),
    password_hash      text not null,
    locale             text not null check (locale in ('ko', 'en')),
    created_at         timestamptz not null,
    email_confirmed_at timestamptz
);

-- What a person agreed to, and when.
create table consents (
    member_id uuid not null references members,
    kind      text not null check (kind in ('terms', 'privacy', 'news')),
    version   text not null,
    given_at  timestamptz not null,
    primary key (member_id, kind, version)
);

-- Sessions are random tokens of which only the hash is kept.
create table sessions (
    token_hash bytea primary key,
    member_id  uuid not null references members,
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_of_member on sessions (member_id);

-- Single-use links sent by mail, bound to a purpose and a person.
create table mailed_tokens (
    token_hash bytea primary key,
    member_id  uuid not null references members,
    purpose    text not null check (purpose in ('confirm_email')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index mailed_tokens_of_member on mailed_tokens (member_id);
