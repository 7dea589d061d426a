-- The list of moves is kept whole, as the ledger is.
create trigger state_moves_are_not_emptied before truncate on state_moves
    for each statement execute function refuse_change();
