//! What a pledge's form must fulfil, and what a pledge costs.

#[cfg(feature = "ssr")]
use crate::PledgeForm;
use kernel::{Currency, Fault, Money, MoneyError, RewardId, VariantId};
#[cfg(feature = "ssr")]
use {
    accounts::{Address, AddressForm, Kept},
    kernel::{Faults, FieldFault, FormKey, Locale, Refusal},
};

#[cfg(feature = "ssr")]
pub const MOST_PIECES: u32 = 100;
/// The highest pledge: a billion won, ten million of a currency with cents.
pub const HIGHEST: i64 = 1_000_000_000;

/// What is chosen: a reward without options, or one of the variants of one with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    Of(RewardId),
    Variant(VariantId),
}

/// A reward and how many of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckedLine {
    pub piece: Piece,
    pub quantity: i32,
}

impl CheckedLine {
    #[must_use]
    pub const fn of(reward: RewardId, quantity: i32) -> Self {
        Self { piece: Piece::Of(reward), quantity }
    }
}

/// Where a pledge goes, if something of it is sent.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub enum Destination {
    Nowhere,
    To(Box<Address>),
    /// An address that is not whole: its faults, for when it is needed.
    Faulty(Vec<FieldFault>),
}

/// A pledge whose fields are right.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct CheckedPledge {
    /// Each piece once.
    pub lines: Vec<CheckedLine>,
    pub extra: Money,
    pub destination: Destination,
    pub key: FormKey,
    /// The sum that was shown; none for who does not care.
    pub shown: Option<Money>,
    /// The language of the texts that were agreed to.
    pub locale: Locale,
    /// Whether it was agreed that what is made to order cannot be given back.
    pub agreed_made_to_order: bool,
    /// Whether a pledge beside one that stands is wanted.
    pub another: bool,
}

#[cfg(feature = "ssr")]
impl CheckedPledge {
    /// What a script pledges: it agrees to everything.
    #[must_use]
    pub fn new(lines: Vec<CheckedLine>, extra: Money) -> Self {
        Self {
            lines,
            extra,
            destination: Destination::Nowhere,
            key: FormKey::new(),
            shown: None,
            locale: Locale::Ko,
            agreed_made_to_order: true,
            another: true,
        }
    }
}

#[cfg(feature = "ssr")]
impl PledgeForm {
    /// What was chosen, before it is agreed to. `kept` are the addresses of whoever sent it.
    pub fn chosen(self, currency: Currency, kept: &[Kept], locale: Locale) -> Result<CheckedPledge, Refusal> {
        let mut faults = Faults::default();
        let lines = parse_pieces(&self.pieces, &mut faults);
        let extra = faults.keep("extra", parse_extra(&self.extra, currency)).unwrap_or(Money::zero(currency));
        if self.pieces.values().all(|pieces| is_none(pieces)) && extra.minor() == 0 {
            faults.add("extra", Fault::TooSmall { min: Money::new(1, currency) });
        }
        let key = self.key.parse().map_err(|_| Refusal::Malformed)?;
        faults.none_or_refuse()?;
        // What cannot be a sum is never the right one.
        let shown = Money::parse(self.total.trim(), currency).unwrap_or(Money::zero(currency));
        Ok(CheckedPledge {
            lines,
            extra,
            destination: destination(&self.address, self.to, kept),
            key,
            shown: Some(shown),
            locale,
            agreed_made_to_order: self.agree_made_to_order == "true",
            another: self.another == "true",
        })
    }

    /// What was chosen and agreed to.
    pub fn checked(
        self,
        currency: Currency,
        kept: &[Kept],
        locale: Locale,
    ) -> Result<CheckedPledge, Refusal> {
        let agreed = self.agree == "true";
        let chosen = self.chosen(currency, kept, locale)?;
        if agreed { Ok(chosen) } else { Err(Refusal::field("agree", Fault::MustAgree)) }
    }
}

#[cfg(feature = "ssr")]
fn destination(chosen: &str, form: AddressForm, kept: &[Kept]) -> Destination {
    let known = chosen.parse().ok().and_then(|id| kept.iter().find(|kept| kept.id == id));
    if let Some(kept) = known {
        return Destination::To(Box::new(kept.address.clone()));
    }
    match form.checked() {
        Ok(address) => Destination::To(Box::new(address)),
        Err(Refusal::Invalid(faults)) => Destination::Faulty(faults),
        Err(_) => Destination::Nowhere,
    }
}

#[cfg(feature = "ssr")]
fn is_none(pieces: &str) -> bool {
    matches!(pieces.trim(), "" | "0")
}

#[cfg(feature = "ssr")]
fn parse_pieces(
    pieces: &std::collections::BTreeMap<String, String>,
    faults: &mut Faults,
) -> Vec<CheckedLine> {
    let mut lines = Vec::new();
    for (key, text) in pieces.iter().filter(|(_, text)| !is_none(text)) {
        let field = format!("pieces[{key}]");
        let piece = match key.split_at_checked(1) {
            Some(("r", id)) => id.parse().ok().map(Piece::Of),
            Some(("v", id)) => id.parse().ok().map(Piece::Variant),
            _ => None,
        };
        let piece = faults.keep(&field, piece.ok_or(Fault::NotAllowed));
        let quantity = faults.keep(&field, parse_quantity(text));
        if let (Some(piece), Some(quantity)) = (piece, quantity) {
            lines.push(CheckedLine { piece, quantity });
        }
    }
    let all: i64 = lines.iter().map(|line| i64::from(line.quantity)).sum();
    if let Some(last) = lines.last().filter(|_| all > i64::from(MOST_PIECES)) {
        faults.add(&PledgeForm::field(last.piece), Fault::NotACount { min: 0, max: MOST_PIECES });
    }
    lines.sort_unstable();
    lines
}

#[cfg(feature = "ssr")]
fn parse_quantity(text: &str) -> Result<i32, Fault> {
    match text.trim().parse::<u32>() {
        Ok(n) if (1..=MOST_PIECES).contains(&n) => {
            i32::try_from(n).map_err(|_| Fault::NotACount { min: 0, max: MOST_PIECES })
        }
        _ => Err(Fault::NotACount { min: 0, max: MOST_PIECES }),
    }
}

/// Empty is nothing extra.
pub fn parse_extra(text: &str, currency: Currency) -> Result<Money, Fault> {
    let text = text.trim().trim_end_matches('원');
    if text.is_empty() {
        return Ok(Money::zero(currency));
    }
    let most = Money::new(HIGHEST, currency);
    let extra = Money::parse(text, currency).map_err(|error| match error {
        MoneyError::TooPrecise => Fault::NotWhole,
        MoneyError::OutOfRange => Fault::TooLarge { max: most },
        MoneyError::NotAnAmount | MoneyError::Mixed => Fault::NotAnAmount,
    })?;
    match extra.minor() {
        ..0 => Err(Fault::TooSmall { min: Money::zero(currency) }),
        minor if minor > HIGHEST => Err(Fault::TooLarge { max: most }),
        _ => Ok(extra),
    }
}

/// The sum of prices times pieces.
///
/// Invariant: equals the sum of its lines exactly, in one currency, or fails.
pub fn rewards_total(currency: Currency, lines: &[(Money, i32)]) -> Result<Money, MoneyError> {
    lines.iter().try_fold(Money::zero(currency), |sum, (price, quantity)| {
        let quantity = u32::try_from(*quantity).map_err(|_| MoneyError::OutOfRange)?;
        sum.checked_add(price.times(quantity)?)
    })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CUP: &str = "r01890000-0000-7000-8000-000000000000";

    fn form(pieces: &[(&str, &str)], extra: &str) -> PledgeForm {
        PledgeForm {
            pieces: pieces.iter().map(|(key, n)| ((*key).to_owned(), (*n).to_owned())).collect(),
            extra: extra.to_owned(),
            key: "01890000-0000-7000-8000-000000000001".to_owned(),
            agree: "true".to_owned(),
            ..PledgeForm::default()
        }
    }

    fn fault_at(form: PledgeForm, field: &str) -> Option<Fault> {
        match form.checked(Currency::KRW, &[], Locale::Ko) {
            Err(Refusal::Invalid(faults)) => faults.into_iter().find(|f| f.field == field).map(|f| f.fault),
            _ => None,
        }
    }

    #[test]
    fn a_pledge_without_a_reward_needs_an_amount() {
        for nothing in [form(&[], ""), form(&[(CUP, "0")], "0"), form(&[(CUP, " ")], "")] {
            assert_eq!(fault_at(nothing, "extra"), Some(Fault::TooSmall { min: Money::won(1) }));
        }
        let support = form(&[(CUP, "0")], "1,000").checked(Currency::KRW, &[], Locale::Ko).unwrap();
        assert!(support.lines.is_empty());
        assert_eq!(support.extra, Money::won(1000));
    }

    #[test]
    fn impossible_amounts_are_refused_at_their_fields() {
        let extra = |text: &str| fault_at(form(&[(CUP, "1")], text), "extra");
        assert_eq!(extra("-1"), Some(Fault::TooSmall { min: Money::won(0) }));
        assert_eq!(extra("0.5"), Some(Fault::NotWhole));
        assert_eq!(extra("1000000001"), Some(Fault::TooLarge { max: Money::won(HIGHEST) }));
        assert_eq!(extra("NaN"), Some(Fault::NotAnAmount));
        assert_eq!(extra("US$10"), Some(Fault::NotAnAmount));
        let count = Some(Fault::NotACount { min: 0, max: MOST_PIECES });
        for quantity in ["-1", "101", "1.5", "하나", "99999999999"] {
            assert_eq!(
                fault_at(form(&[(CUP, quantity)], ""), &format!("pieces[{CUP}]")),
                count,
                "{quantity}"
            );
        }
    }

    #[test]
    fn all_pieces_together_have_a_limit() {
        let other = "v01890000-0000-7000-8000-000000000002";
        let field = format!("pieces[{other}]");
        assert_eq!(fault_at(form(&[(CUP, "60"), (other, "40")], ""), &field), None);
        assert!(fault_at(form(&[(CUP, "60"), (other, "41")], ""), &field).is_some());
        assert_eq!(fault_at(form(&[("x1", "1")], ""), "pieces[x1]"), Some(Fault::NotAllowed));
    }

    #[test]
    fn nobody_pledges_without_having_agreed() {
        let unread = PledgeForm { agree: String::new(), ..form(&[], "1000") };
        assert_eq!(fault_at(unread, "agree"), Some(Fault::MustAgree));
    }

    #[test]
    fn a_form_reads_the_names_of_its_fields() {
        assert_eq!(PledgeForm::field(Piece::Of(CUP[1..].parse().unwrap())), format!("pieces[{CUP}]"));
        let checked = form(&[(CUP, "2")], "").checked(Currency::KRW, &[], Locale::Ko).unwrap();
        assert_eq!(checked.lines, [CheckedLine::of(CUP[1..].parse().unwrap(), 2)]);
    }

    proptest! {
        #[test]
        fn a_total_is_the_sum_of_its_lines(lines in proptest::collection::vec((1_i64..100_000_000, 1_i32..=100), 0..20)) {
            let exact: i64 = lines.iter().map(|(price, quantity)| price * i64::from(*quantity)).sum();
            let lines: Vec<_> = lines.into_iter().map(|(price, quantity)| (Money::won(price), quantity)).collect();
            prop_assert_eq!(rewards_total(Currency::KRW, &lines), Ok(Money::won(exact)));
        }
    }
}
