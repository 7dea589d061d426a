-- Codes that somebody else renewed can be taken away again, as passkeys can.
alter table recovery_codes add column made_at timestamptz not null default now();
