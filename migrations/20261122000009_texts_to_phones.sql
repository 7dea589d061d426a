-- A number for text messages, sealed (see app/kernel/src/seal.rs).
alter table members add column phone bytea;

-- The outbox carries text messages too. The number is looked up when one is sent, and stands here
-- never.
alter table outbox
    add column channel     text not null default 'mail' check (channel in ('mail', 'sms')),
    -- A message that can no longer be sent, such as one to a number that was removed.
    add column given_up_at timestamptz,
    add constraint sms_has_a_member check (channel = 'mail' or member_id is not null);

alter table sandbox.mails add column channel text not null default 'mail' check (channel in ('mail', 'sms'));

-- Seals the personal data of a practice site that has no DURE_KEYS.
create table sandbox.practice_key (
    only_row boolean primary key default true check (only_row),
    -- 64 hexadecimal digits.
    secret   text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
);
insert into sandbox.practice_key default values;

do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'grant select on sandbox.practice_key to dure_app';
    end if;
end $$;
