-- The words of a message stand here until it was sent or given up: the sweep blanks what is left.
create index outbox_with_words on outbox (created_at) where text <> '';
create index devices_by_age on devices (seen_at);
