-- Rows of money are kept: the program may add to them and move their states, and never take them away.
do $$
begin
    if exists (select from pg_roles where rolname = 'dure_app') then
        execute 'revoke delete on payments, payment_attempts, pledges, pledge_consents, deposits, deposit_matches,
                 statements, bank_lines, refunds, refund_lines, disputes, transfers, transfer_batches, payouts, fee_plans,
                 gateway_events, reconciliations, differences, book_checks from dure_app';
        execute 'revoke update on refund_lines, pledge_consents, statements, book_checks from dure_app';
    end if;
end $$;
