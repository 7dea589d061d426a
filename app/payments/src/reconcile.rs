//! A gateway's books beside ours, row by row.

use crate::gateway::{Movement, MovementKind};
use kernel::Money;
use std::collections::BTreeMap;

/// A row of our own books, as it is compared.
pub type OurRow = Movement;

/// How a row differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    OnlyThere,
    OnlyHere,
    Amount,
    Currency,
}

impl Differs {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnlyThere => "only_there",
            Self::OnlyHere => "only_here",
            Self::Amount => "amount",
            Self::Currency => "currency",
        }
    }
}

impl MovementKind {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Refund => "refund",
            Self::Dispute => "dispute",
            Self::Deposit => "deposit",
        }
    }
}

/// Something that stands differently in the two books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub how: Differs,
    pub what: MovementKind,
    /// The row's name at the gateway.
    pub reference: String,
    pub ours: String,
    pub theirs: String,
}

impl Difference {
    /// A charge of which a gateway tells another amount than was asked for.
    #[must_use]
    pub fn of_charge(reference: &str, ours: Money, theirs: Money) -> Self {
        let how = if ours.currency() == theirs.currency() { Differs::Amount } else { Differs::Currency };
        let what = MovementKind::Charge;
        Self { how, what, reference: reference.to_owned(), ours: written(ours), theirs: written(theirs) }
    }
}

fn written(amount: Money) -> String {
    format!("{} {}", amount.plain(), amount.currency().code())
}

/// Compares what moved in a span of time. `theirs_beside` and `ours_beside` are rows of just before and just
/// after it: at midnight two clocks do not agree, so they are looked up in, and never missed.
#[must_use]
pub fn compare(
    theirs: &[Movement],
    theirs_beside: &[Movement],
    ours: &[OurRow],
    ours_beside: &[OurRow],
) -> Vec<Difference> {
    let by_name = |rows: &[Movement], beside: &[Movement]| -> BTreeMap<(MovementKind, String), Movement> {
        let all = beside.iter().chain(rows);
        all.map(|row| ((row.kind, row.gateway_ref.clone()), row.clone())).collect()
    };
    let (there, here) = (by_name(theirs, theirs_beside), by_name(ours, ours_beside));
    let amount = |row: &Movement| written(row.amount);
    let mut found = Vec::new();
    for row in theirs {
        let key = (row.kind, row.gateway_ref.clone());
        let how = match here.get(&key) {
            None => Differs::OnlyThere,
            Some(our) if our.amount.currency() != row.amount.currency() => Differs::Currency,
            Some(our) if our.amount != row.amount => Differs::Amount,
            Some(_) => continue,
        };
        found.push(Difference {
            how,
            what: row.kind,
            reference: row.gateway_ref.clone(),
            ours: here.get(&key).map(amount).unwrap_or_default(),
            theirs: amount(row),
        });
    }
    for row in ours {
        if !there.contains_key(&(row.kind, row.gateway_ref.clone())) {
            found.push(Difference {
                how: Differs::OnlyHere,
                what: row.kind,
                reference: row.gateway_ref.clone(),
                ours: amount(row),
                theirs: String::new(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use kernel::Currency;
    use proptest::prelude::*;

    fn row(name: &str, minor: i64) -> Movement {
        Movement {
            kind: MovementKind::Charge,
            gateway_ref: name.to_owned(),
            amount: Money::won(minor),
            at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    fn told(found: &[Difference]) -> Vec<(Differs, &str)> {
        found.iter().map(|difference| (difference.how, difference.reference.as_str())).collect()
    }

    #[test]
    fn each_way_in_which_a_row_can_differ_is_told() {
        let dollars = Movement { amount: Money::new(100, Currency::USD), ..row("d", 100) };
        let refund = Movement { kind: MovementKind::Refund, ..row("e", 100) };
        let theirs = [row("a", 100), row("b", 100), row("c", 100), row("d", 100), row("e", 100)];
        let ours = [row("a", 100), row("b", 99), dollars, refund, row("f", 1)];
        assert_eq!(
            told(&compare(&theirs, &[], &ours, &[])),
            [
                (Differs::Amount, "b"),
                (Differs::OnlyThere, "c"),
                (Differs::Currency, "d"),
                (Differs::OnlyThere, "e"),
                (Differs::OnlyHere, "e"),
                (Differs::OnlyHere, "f"),
            ]
        );
    }

    #[test]
    fn what_one_clock_puts_on_the_day_before_is_no_difference_and_a_wrong_amount_there_is() {
        assert_eq!(compare(&[row("a", 100)], &[], &[], &[row("a", 100)]), []);
        assert_eq!(compare(&[], &[row("a", 100)], &[row("a", 100)], &[]), []);
        assert_eq!(told(&compare(&[row("a", 100)], &[], &[], &[row("a", 1)])), [(Differs::Amount, "a")]);
    }

    proptest! {
        #[test]
        fn equal_books_have_no_difference_and_one_changed_row_is_the_one_that_is_told(
            amounts in proptest::collection::vec(1_i64..1_000_000, 1..40), at in any::<prop::sample::Index>(),
        ) {
            let books: Vec<Movement> =
                amounts.iter().enumerate().map(|(n, minor)| row(&n.to_string(), *minor)).collect();
            prop_assert_eq!(compare(&books, &[], &books, &[]), vec![]);
            let changed = at.index(books.len());
            let mut other = books.clone();
            other[changed].amount = Money::won(amounts[changed] + 1);
            let found = compare(&other, &[], &books, &[]);
            prop_assert_eq!(told(&found), vec![(Differs::Amount, books[changed].gateway_ref.as_str())]);
            other.remove(changed);
            let found = compare(&other, &[], &books, &[]);
            prop_assert_eq!(told(&found), vec![(Differs::OnlyHere, books[changed].gateway_ref.as_str())]);
            let found = compare(&books, &[], &other, &[]);
            prop_assert_eq!(told(&found), vec![(Differs::OnlyThere, books[changed].gateway_ref.as_str())]);
        }
    }
}
