-- What somebody is told in the product, beside the mail of the same event.
create table notifications (
    id         uuid primary key,
    -- The event and the person, as in the outbox: told once.
    key        text not null unique,
    member_id  uuid not null references members,
    kind       text not null,
    -- In the language that the member read when it happened.
    title      text not null,
    -- Where it leads, without language.
    page       text not null check (page like '/%'),
    created_at timestamptz not null,
    read_at    timestamptz
);
create index notifications_of_member on notifications (member_id, id);
-- Every page of a member counts these.
create index notifications_unread on notifications (member_id) where read_at is null;

alter table notification_settings add column product boolean not null default true;

-- A link that ends mails of one kind.
alter table mailed_tokens
    add column kind text,
    add constraint unsubscribe_has_a_kind check (purpose <> 'unsubscribe' or kind is not null);

alter table outbox
    -- Where a mail's reader can end mails of its kind; empty for those that are always sent.
    add column unsubscribe text not null default '',
    -- Asks the owner of an address to confirm it: goes also where mails came back from.
    add column to_confirm  boolean not null default false;

-- A consent can be withdrawn, and given again: each time is kept.
alter table consents
    add column withdrawn_at timestamptz,
    drop constraint consents_pkey,
    add primary key (member_id, kind, version, given_at);
create unique index one_open_consent on consents (member_id, kind, version) where withdrawn_at is null;

-- Projects whose goal was reached while they ran; that is told once.
create table goals_reached (
    project_id uuid primary key references projects,
    at         timestamptz not null
);
