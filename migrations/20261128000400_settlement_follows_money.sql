-- Every launched project has a plan; statements equal the ledger; payouts follow their transfers.

update projects set plan_id = (select id from fee_plans where code = 'basic' order by version limit 1)
 where plan_id is null and state not in ('draft', 'in_review');

-- Statements of projects that were funded before there was anybody to write them.
insert into jobs (kind, payload, dedup_key, run_at)
select 'project.draft_statement', jsonb_build_object('project', id, 'round', 1), id || ':1', now()
  from projects where state = 'funded'
on conflict do nothing;

-- A statement is approved only with its entry in the ledger, of exactly its sums.
create function approved_statement_is_booked() returns trigger
    language plpgsql
as $$
begin
    if new.state = 'approved' and old.state = 'issued' and not exists (
        select from ledger_entries e
          join ledger_postings p on p.entry_id = e.id
         where e.kind = 'statement_approved' and e.reference = new.id and e.project_id = new.project_id
        having coalesce(sum(p.amount_minor) filter (where p.account = 'project_escrow'), 0) = new.gross_minor
           and coalesce(-sum(p.amount_minor) filter (where p.account = 'platform_fee'), 0) = new.platform_fee_minor
           and coalesce(-sum(p.amount_minor) filter (where p.account = 'gateway_fee'), 0) = new.gateway_fee_minor
           and coalesce(-sum(p.amount_minor) filter (where p.account = 'vat'), 0) = new.vat_minor
           and coalesce(-sum(p.amount_minor) filter (where p.account = 'receivable'), 0) = new.netted_minor
           and coalesce(-sum(p.amount_minor) filter (where p.account = 'creator_payable'), 0) = new.net_minor
           and count(*) > 0) then
        raise exception 'the ledger does not say what the statement says'
            using errcode = 'check_violation', constraint = 'statement_equals_ledger';
    end if;
    return null;
end $$;
create constraint trigger statement_equals_ledger after update of state on payouts
    deferrable initially deferred for each row execute function approved_statement_is_booked();

-- Whoever moves the transfer of a payout, the books and the payout follow it.
create function follow_transfer() returns trigger
    language plpgsql
as $$
begin
    insert into jobs (kind, payload, dedup_key, run_at)
    values ('payout.follow', jsonb_build_object('transfer', new.id, 'state', new.state), new.id || ':' || new.state,
            coalesce(nullif(current_setting('dure.at', true), '')::timestamptz, now()))
    on conflict do nothing;
    return null;
end $$;
create trigger payout_follows_transfer after update of state on transfers
    for each row when (new.payout_id is not null and new.state in ('sent', 'done', 'failed') and new.state <> old.state)
    execute function follow_transfer();

create index payouts_by_state on payouts (state, drafted_at);
create index payout_accounts_unchecked on payout_accounts (created_at)
    where checked_at is null and refused_why = '' and ended_at is null;
