//! Test card numbers, as users of Stripe know them.

/// How a stored card behaves when it is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Pays,
    Declines,
    /// The charge happens, but the caller gets no answer.
    AnswersLate,
}

impl Manner {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pays => "pays",
            Self::Declines => "declines",
            Self::AnswersLate => "answers_late",
        }
    }
}

/// What the card page does with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestCard {
    Refused,
    Stored(Manner),
}

/// The numbers that do something else than pay.
pub const SPECIAL: [(&str, TestCard); 3] = [
    ("4000000000000002", TestCard::Refused),
    ("4000000000000341", TestCard::Stored(Manner::Declines)),
    // Ours: Stripe has no number whose outcome stays unknown to the caller.
    ("4000000000005043", TestCard::Stored(Manner::AnswersLate)),
];

/// A brand by the first digit, as far as the sandbox tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brand(pub &'static str);

impl TestCard {
    /// Reads a number; nothing if it is none (length, Luhn's check digit).
    #[must_use]
    pub fn read(number: &str) -> Option<(Self, Brand, String)> {
        let digits: String = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if !(13..=19).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) || !luhn(&digits)
        {
            return None;
        }
        let special = SPECIAL.iter().find(|(known, _)| *known == digits).map(|(_, card)| *card);
        let brand = Brand(match digits.as_bytes().first() {
            Some(b'4') => "Visa",
            Some(b'5' | b'2') => "Mastercard",
            Some(b'3') => "Amex",
            _ => "Card",
        });
        let last4 = digits.get(digits.len() - 4..).unwrap_or_default().to_owned();
        Some((special.unwrap_or(Self::Stored(Manner::Pays)), brand, last4))
    }
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, digit)| {
            let value = u32::from(digit - b'0') * if n % 2 == 1 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_numbers_do_what_they_say() {
        let card = |number: &str| TestCard::read(number).map(|(card, _, _)| card);
        assert_eq!(card("4242 4242 4242 4242"), Some(TestCard::Stored(Manner::Pays)));
        assert_eq!(card("4000-0000-0000-0002"), Some(TestCard::Refused));
        assert_eq!(card("4000000000000341"), Some(TestCard::Stored(Manner::Declines)));
        assert_eq!(card("4242424242424241"), None);
        assert_eq!(card("사이사이"), None);
        assert_eq!(card(""), None);
        for (number, _) in SPECIAL {
            assert!(card(number).is_some(), "{number} has a wrong check digit");
        }
    }
}
