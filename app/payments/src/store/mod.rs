//! SQL of payments, their methods and attempts.

mod attempts;
mod methods;
mod payments;
mod reconcile;
mod refunds;

pub use attempts::{
    asked_enough, begin_charge, begin_visit, get_attempt, mark_sent, mark_unknown, open_attempt, prepared,
    record_declined, record_succeeded,
};
pub use methods::{add_method, kept_at, note_forgotten};
pub use payments::{
    NewPayment, Payment, PaymentState, await_transfer, calendar, card_was_refused, change_amount, collect,
    fail, lock, make_due, method_to_forget, note_run, of_pledge, open, replace_method, store_method,
    take_deposits, void,
};
pub use reconcile::{
    Comparison, ListedComparison, ListedDifference, add_comparison, comparisons, differences, explain,
    note_difference, our_movements, was_compared,
};
pub use refunds::open_refund;
