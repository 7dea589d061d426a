//! What tells the lines of an account apart without naming anybody: the same line is known again in
//! every statement that tells it.

use chrono::{DateTime, Utc};
use kernel::Money;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Time, amount, balance and sixteen bits of a hash of the names.
///
/// Sixteen bits tell two people apart who send the same in one second, nearly always; they are too few to
/// find out who it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 27]);

impl Fingerprint {
    #[must_use]
    pub fn of(at: DateTime<Utc>, amount: Money, balance: Option<Money>, names: [&str; 2]) -> Self {
        let mut hash = Sha256::new();
        for name in names {
            // One bank writes a name in its CSV files with other blanks than in its workbooks.
            let letters: String = name.nfkc().filter(|c| !c.is_whitespace()).collect();
            hash.update(letters.as_bytes());
            hash.update([0]);
        }
        let known = u8::from(balance.is_some());
        let balance = balance.map_or(0, Money::minor);
        let mut bytes = [0; 27];
        let facts = at.timestamp().to_be_bytes().into_iter().chain(amount.minor().to_be_bytes());
        let facts = facts.chain([known]).chain(balance.to_be_bytes()).chain(hash.finalize());
        bytes.iter_mut().zip(facts).for_each(|(byte, fact)| *byte = fact);
        Self(bytes)
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn blanks_and_widths_of_letters_make_no_other_line() {
        let of = |names| Fingerprint::of(at(1), Money::won(1), None, names);
        assert_eq!(of(["홍 길동", "４８２１ 9331"]), of(["홍길동", "48219331"]));
        assert_ne!(of(["홍길동", ""]), of(["", "홍길동"]));
    }

    #[test]
    fn an_unknown_balance_is_not_a_balance_of_nothing() {
        let of = |balance| Fingerprint::of(at(1), Money::won(1), balance, ["", ""]);
        assert_ne!(of(None), of(Some(Money::won(0))));
    }

    proptest! {
        #[test]
        fn lines_with_another_time_amount_or_balance_are_others(
            one in (0_i64..4_000_000_000, any::<i64>(), any::<Option<i64>>()),
            other in (0_i64..4_000_000_000, any::<i64>(), any::<Option<i64>>()),
        ) {
            let of = |(second, amount, balance): (i64, i64, Option<i64>)| {
                Fingerprint::of(at(second), Money::won(amount), balance.map(Money::won), ["홍길동", "4821 9331"])
            };
            prop_assert_eq!(of(one) == of(other), one == other);
        }
    }
}
