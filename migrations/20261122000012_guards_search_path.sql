-- A function that acts with its owner's rights must not find a caller's temporary table first: without
-- pg_temp at the end, PostgreSQL looks there before it looks anywhere else.
alter function enforce_move() set search_path = public, pg_temp;
