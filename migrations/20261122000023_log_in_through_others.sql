-- Logging in through Kakao, Naver, Google or any OpenID provider.

-- Who came through a provider has no password until they set one.
alter table members alter column password_hash drop not null;

-- Who a member is at a provider.
create table identities (
    -- The key of the provider in the configuration.
    provider  text not null,
    -- As the provider names the person, for ever.
    subject   text not null check (length(subject) between 1 and 255),
    member_id uuid not null references members,
    linked_at timestamptz not null,
    used_at   timestamptz,
    constraint identity_is_taken primary key (provider, subject),
    constraint one_identity_a_provider unique (member_id, provider)
);

-- Somebody who went to a provider and is to come back.
create table provider_visits (
    state_hash   bytea primary key,
    -- Of the browser that left: nobody is logged in by a link that another began.
    browser_hash bytea not null,
    provider     text not null,
    purpose      text not null check (purpose in ('log_in', 'link', 'prove')),
    -- Who links or proves; nobody when it is a log-in.
    member_id    uuid references members,
    nonce        text not null,
    -- Of PKCE (RFC 7636).
    verifier     text not null,
    locale       text not null check (locale in ('ko', 'en')),
    keep         boolean not null,
    next         text not null check (length(next) <= 2000),
    expires_at   timestamptz not null
);
create index provider_visits_of_member on provider_visits (member_id);

-- Somebody who came back and is nobody here yet: they sign up, or log in and link.
create table provider_arrivals (
    token_hash bytea primary key,
    id         uuid not null,
    provider   text not null,
    -- Subject, address and name, sealed.
    who        bytea not null,
    keep       boolean not null,
    next       text not null check (length(next) <= 2000),
    expires_at timestamptz not null
);
