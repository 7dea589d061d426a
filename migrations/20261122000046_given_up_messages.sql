-- What was given up lately is counted on the operators' page.
create index outbox_given_up on outbox (given_up_at) where given_up_at is not null;
