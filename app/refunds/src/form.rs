//! What an operator fills in to refund a pledge, line by line.

use crate::store::Refundable;
use kernel::{Fault, Faults, Money, MoneyError, Refusal};
use payments::RefundReason;
use serde::{Deserialize, Serialize};

/// The longest note, as in the database.
const LONGEST_NOTE: usize = 500;

/// What goes back of one line of the pledge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineAmount {
    /// The pledge's line; 0 is extra support, -1 shipping.
    pub line: String,
    pub amount: String,
}

/// The amounts that go back, by line. All faults are told at once.
///
/// Invariant: of no line more goes back than is left of it; the sum is positive.
pub fn read_amounts(lines: &[LineAmount], of: &Refundable) -> Result<Vec<(i16, Money)>, Refusal> {
    let mut faults = Faults::default();
    let mut amounts = Vec::new();
    for (n, typed) in lines.iter().enumerate() {
        let field = format!("lines[{n}][amount]");
        let known =
            typed.line.parse().ok().and_then(|line: i16| of.lines.iter().find(|known| known.line == line));
        let Some(known) = known else {
            return Err(Refusal::Malformed);
        };
        let read = faults.keep(&field, read_amount(&typed.amount, known.left));
        amounts.extend(read.flatten().map(|amount| (known.line, amount)));
    }
    faults.none_or_refuse()?;
    if amounts.is_empty() {
        return Err(Refusal::field("lines[0][amount]", Fault::Required));
    }
    let twice = amounts
        .iter()
        .enumerate()
        .any(|(n, (line, _))| amounts.iter().take(n).any(|(other, _)| other == line));
    if twice { Err(Refusal::Malformed) } else { Ok(amounts) }
}

/// Empty is nothing of this line.
fn read_amount(text: &str, left: Money) -> Result<Option<Money>, Fault> {
    let text = text.trim().trim_end_matches('원');
    if text.is_empty() {
        return Ok(None);
    }
    let amount = Money::parse(text, left.currency()).map_err(|error| match error {
        MoneyError::TooPrecise => Fault::NotWhole,
        MoneyError::OutOfRange => Fault::TooLarge { max: left },
        MoneyError::NotAnAmount | MoneyError::Mixed => Fault::NotAnAmount,
    })?;
    match amount.minor() {
        0 => Ok(None),
        ..0 => Err(Fault::TooSmall { min: Money::zero(left.currency()) }),
        minor if minor > left.minor() => Err(Fault::TooLarge { max: left }),
        _ => Ok(Some(amount)),
    }
}

/// Why, and what is noted about it.
pub fn read_reason(reason: &str, note: &str) -> Result<(RefundReason, String), Refusal> {
    let mut faults = Faults::default();
    let reason = match reason {
        "" => Err(Fault::Required),
        code => RefundReason::from_code(code).ok_or(Fault::NotAllowed),
    };
    let reason = faults.keep("reason", reason);
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE {
        faults.add("note", Fault::TooLong { max: 500 });
    }
    faults.none_or_refuse()?;
    Ok((reason.ok_or(Refusal::Malformed)?, note.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RefundableLine;

    fn pledge() -> Refundable {
        let line = |line, left| RefundableLine {
            line,
            title: String::new(),
            quantity: 2,
            total: Money::won(2000),
            left: Money::won(left),
        };
        Refundable::for_tests(vec![line(1, 2000), line(0, 500)])
    }

    fn typed(amounts: &[(&str, &str)]) -> Result<Vec<(i16, Money)>, Refusal> {
        let lines: Vec<_> = amounts
            .iter()
            .map(|(line, amount)| LineAmount { line: (*line).to_owned(), amount: (*amount).to_owned() })
            .collect();
        read_amounts(&lines, &pledge())
    }

    #[test]
    fn amounts_are_read_by_line_and_empty_ones_are_nothing() {
        assert_eq!(typed(&[("1", "1,500원"), ("0", "")]), Ok(vec![(1, Money::won(1500))]));
        assert_eq!(
            typed(&[("1", "2000"), ("0", "500")]),
            Ok(vec![(1, Money::won(2000)), (0, Money::won(500))])
        );
    }

    #[test]
    fn every_wrong_amount_is_told_at_its_field() {
        let fault = |amount| match typed(&[("1", amount), ("0", "")]) {
            Err(Refusal::Invalid(faults)) => faults.first().map(|fault| fault.fault.clone()),
            _ => None,
        };
        assert_eq!(fault("2001"), Some(Fault::TooLarge { max: Money::won(2000) }));
        assert_eq!(fault("99999999999999999999"), Some(Fault::TooLarge { max: Money::won(2000) }));
        assert_eq!(fault("-1"), Some(Fault::TooSmall { min: Money::won(0) }));
        assert_eq!(fault("1.5"), Some(Fault::NotWhole));
        assert_eq!(fault("다"), Some(Fault::NotAnAmount));
        assert_eq!(fault("0"), Some(Fault::Required));
        assert_eq!(fault(""), Some(Fault::Required));
    }

    #[test]
    fn lines_of_another_pledge_and_lines_that_come_twice_are_not_read() {
        assert_eq!(typed(&[("7", "1")]), Err(Refusal::Malformed));
        assert_eq!(typed(&[("1", "1"), ("1", "1")]), Err(Refusal::Malformed));
    }

    #[test]
    fn a_refund_has_a_reason() {
        assert_eq!(read_reason("", ""), Err(Refusal::field("reason", Fault::Required)));
        assert_eq!(read_reason("because", ""), Err(Refusal::field("reason", Fault::NotAllowed)));
        assert!(read_reason("goodwill", &"가".repeat(501)).is_err());
        assert_eq!(read_reason("goodwill", " 늦음 "), Ok((RefundReason::Goodwill, "늦음".to_owned())));
    }
}
