-- How and when a member logged in last: the mail that names their ID tells them. A password, a passkey, or
-- the key of a provider; empty before the first time.
alter table members
    add column last_way    text not null default '',
    add column last_way_at timestamptz;

-- The first factor of a log-in between its two steps.
alter table pending_log_ins add column way text not null default 'password';

-- Whoever logs in through a provider stays logged in.
alter table provider_visits drop column keep;
alter table provider_arrivals drop column keep;
