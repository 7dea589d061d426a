//! Test card numbers, as users of Stripe know them.

/// How a stored card behaves when it is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Pays,
    /// Refused for good.
    Declines,
    /// Refused, as when there is no money today.
    DeclinesForNow,
    /// Refused twice, then it pays.
    DeclinesTwice,
    /// Refused unless its owner says yes on the gateway's page.
    AsksToAuthenticate,
    /// Refused because its time is over.
    Expired,
    /// Pays, after seconds.
    Slow,
    /// The charge happens, but the caller gets no answer.
    AnswersLate,
    /// The charge is refused, and the caller gets no answer either.
    HangsAndFails,
    /// Pays, but takes nothing back.
    RefundFails,
    /// Pays, and sends back days later what was given back.
    RefundFailsLater,
    /// Pays, and its owner's bank questions the charge at once.
    IsDisputed,
}

impl Manner {
    const ALL: [(Self, &'static str); 12] = [
        (Self::Pays, "pays"),
        (Self::Declines, "declines"),
        (Self::DeclinesForNow, "declines_for_now"),
        (Self::DeclinesTwice, "declines_twice"),
        (Self::AsksToAuthenticate, "asks_to_authenticate"),
        (Self::Expired, "expired"),
        (Self::Slow, "slow"),
        (Self::AnswersLate, "answers_late"),
        (Self::HangsAndFails, "hangs_and_fails"),
        (Self::RefundFails, "refund_fails"),
        (Self::RefundFailsLater, "refund_fails_later"),
        (Self::IsDisputed, "is_disputed"),
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(manner, _)| *manner == self).map_or("", |(_, code)| code)
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(manner, _)| *manner)
    }

    /// Why a charge is refused, in Stripe's words, after so many refusals of this card; nothing if it
    /// succeeds. `present` says that its owner stands at the page.
    #[must_use]
    pub const fn decline(self, refusals: i64, present: bool) -> Option<&'static str> {
        match self {
            Self::Declines => Some("card_declined"),
            Self::DeclinesForNow | Self::HangsAndFails => Some("insufficient_funds"),
            Self::DeclinesTwice if refusals < 2 => Some("insufficient_funds"),
            Self::AsksToAuthenticate if !present => Some("authentication_required"),
            Self::Expired => Some("expired_card"),
            _ => None,
        }
    }

    /// Whether the caller of a charge is left without an answer.
    #[must_use]
    pub const fn hangs(self) -> bool {
        matches!(self, Self::AnswersLate | Self::HangsAndFails)
    }
}

/// What the card page does with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestCard {
    Refused,
    Stored(Manner),
}

/// The numbers that do something else than pay.
pub const SPECIAL: [(&str, TestCard); 12] = [
    ("4000000000000002", TestCard::Refused),
    ("4000000000000341", TestCard::Stored(Manner::Declines)),
    ("4000000000009995", TestCard::Stored(Manner::DeclinesForNow)),
    ("4000000000000069", TestCard::Stored(Manner::Expired)),
    ("4000002500003155", TestCard::Stored(Manner::AsksToAuthenticate)),
    ("4000000000005126", TestCard::Stored(Manner::RefundFailsLater)),
    ("4000000000000259", TestCard::Stored(Manner::IsDisputed)),
    // Ours: Stripe has no numbers that change their mind, are slow, leave the caller without an answer, or take nothing back.
    ("4000000000005134", TestCard::Stored(Manner::RefundFails)),
    ("4000000000009987", TestCard::Stored(Manner::DeclinesTwice)),
    ("4000000000006017", TestCard::Stored(Manner::Slow)),
    ("4000000000005043", TestCard::Stored(Manner::AnswersLate)),
    ("4000000000005050", TestCard::Stored(Manner::HangsAndFails)),
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
