-- Nothing is begun in the name of somebody who has left, and no session of somebody who is suspended:
-- also not by a request that was on its way while that was decided. The row is locked as the foreign
-- key locks it, so whoever waits for the decision sees it.
create function only_open_members() returns trigger
    language plpgsql
as $$
declare
    member uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
begin
    perform from members m
      where m.id = member and m.closed_at is null and (tg_table_name <> 'sessions' or m.suspended_at is null)
        for key share;
    if not found then
        raise exception 'member % has left or is suspended', member
            using errcode = 'check_violation', constraint = 'member_is_open';
    end if;
    return new;
end $$;

create trigger session_of_open_member before insert on sessions
    for each row execute function only_open_members('member_id');
create trigger pledge_of_open_member before insert on pledges
    for each row execute function only_open_members('backer_id');
create trigger project_of_open_member before insert on projects
    for each row execute function only_open_members('creator_id');
