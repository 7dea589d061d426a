-- What mail providers report, as they sent it, sealed: it holds addresses.
create table mail_reports (
    id          uuid primary key,
    -- What is sent twice is kept once.
    body_hash   bytea not null unique,
    sealed      bytea not null,
    received_at timestamptz not null,
    -- Empty until what it says was done.
    settled_at  timestamptz
);
create index mail_reports_by_age on mail_reports (received_at);

-- Mails that came back and readers who complained; no report: the mail server said it at once.
create table mail_troubles (
    id        bigint generated always as identity primary key,
    email_key text not null,
    trouble   text not null check (trouble in ('bounced', 'delayed', 'complained')),
    at        timestamptz not null,
    reason    text not null default '' check (length(reason) <= 500),
    report_id uuid references mail_reports on delete set null
);
create index mail_troubles_of_address on mail_troubles (email_key);
create index mail_troubles_of_report on mail_troubles (report_id);

-- Addresses to which nothing is mailed until their owner confirms them again.
create table undeliverable (
    email_key  text primary key,
    trouble    text not null check (trouble in ('bounced', 'complained')),
    since      timestamptz not null,
    cleared_at timestamptz
);
