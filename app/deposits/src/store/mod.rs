//! SQL of what comes in: statements, their lines, and which deposit a line belongs to.

mod lines;
mod matches;
mod statements;

use kernel::{BankLineId, Currency, DepositId, seal::Place};

pub use lines::{
    LineText, Waiting, certain, count_queues, get, in_queue, lock_line, move_line, reclassify,
    set_aside_lines, suggested,
};
pub use matches::{
    Candidate, LockedDeposit, Match, Owed, add_match, candidates, locate, lock_deposit, lock_match,
    matches_of, owner_of_match, set_matched, undo,
};
pub use statements::{NewStatement, add_statement, lock_account, mappings, save_mapping, was_read};

const fn line_place(id: BankLineId) -> Place {
    Place { column: "bank_lines.sealed", row: id.uuid() }
}

const fn depositor_place(id: DepositId) -> Place {
    Place { column: "deposits.depositor", row: id.uuid() }
}

fn currency(code: &str) -> sqlx::Result<Currency> {
    code.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

fn decode(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
