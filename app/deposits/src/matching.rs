//! To which deposit a line of a statement belongs. Pure: whoever books classifies again under lock.

use crate::DepositCode;
use chrono::{DateTime, Utc};
use kernel::{DepositId, Money};
use std::{collections::HashMap, fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization;

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub at: DateTime<Utc>,
    /// Positive came in, negative went out.
    pub amount: Money,
    pub name: &'a str,
    pub memo: &'a str,
}

/// A deposit, as far as lines are held against it.
#[derive(Clone, Debug)]
pub struct Expected {
    pub id: DepositId,
    pub code: DepositCode,
    pub amount: Money,
    /// What was matched to it already.
    pub matched: Money,
    /// The name that the backer said they would put; empty if they said none.
    pub depositor: String,
    pub due_at: DateTime<Utc>,
    pub state: DepositState,
}

/// The states of a deposit, as in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepositState {
    Issued,
    Short,
    Matched,
    Expired,
    Canceled,
    Reversed,
}

impl DepositState {
    const ALL: [Self; 6] =
        [Self::Issued, Self::Short, Self::Matched, Self::Expired, Self::Canceled, Self::Reversed];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Short => "short",
            Self::Matched => "matched",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
            Self::Reversed => "reversed",
        }
    }

    /// Whether money is still waited for.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Issued | Self::Short)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a state of deposits")]
pub struct UnknownState(String);

impl FromStr for DepositState {
    type Err = UnknownState;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or_else(|| UnknownState(code.to_owned()))
    }
}

/// Where a line waits, and for which deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Code, amount and time are right.
    Certain(DepositId),
    /// No code, but exactly one deposit of this amount and name is open.
    Likely(DepositId),
    /// Less than is still wanted.
    Short(DepositId),
    /// More than is still wanted.
    Excess(DepositId),
    /// After the last second, or after it was given up.
    Late(DepositId),
    /// What was wanted is there already.
    Double(DepositId),
    /// Its pledge is over.
    Canceled(DepositId),
    Unknown,
    /// What went out.
    Outgoing,
}

impl Queue {
    /// Its name in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Certain(_) => "certain",
            Self::Likely(_) => "likely",
            Self::Short(_) => "short",
            Self::Excess(_) => "excess",
            Self::Late(_) => "late",
            Self::Double(_) => "double",
            Self::Canceled(_) => "canceled",
            Self::Unknown => "unknown",
            Self::Outgoing => "outgoing",
        }
    }

    /// The deposit that the line is for, as far as it says.
    #[must_use]
    pub const fn deposit(self) -> Option<DepositId> {
        match self {
            Self::Certain(id)
            | Self::Likely(id)
            | Self::Short(id)
            | Self::Excess(id)
            | Self::Late(id)
            | Self::Double(id)
            | Self::Canceled(id) => Some(id),
            Self::Unknown | Self::Outgoing => None,
        }
    }
}

impl Expected {
    fn wanted(&self) -> Result<Money, kernel::MoneyError> {
        self.amount.checked_sub(self.matched)
    }

    fn takes(&self, line: &Line<'_>) -> Queue {
        let id = self.id;
        match self.state {
            DepositState::Matched => return Queue::Double(id),
            DepositState::Canceled | DepositState::Reversed => return Queue::Canceled(id),
            DepositState::Expired => return Queue::Late(id),
            DepositState::Issued | DepositState::Short => (),
        }
        // What is more than wanted, in no currency and with no overflow, is for a person to say.
        let Ok(over) = self.wanted().and_then(|wanted| line.amount.checked_sub(wanted)) else {
            return Queue::Unknown;
        };
        match over.minor() {
            _ if line.at > self.due_at => Queue::Late(id),
            0 => Queue::Certain(id),
            ..0 => Queue::Short(id),
            1.. => Queue::Excess(id),
        }
    }

    /// Whether a line may be this deposit's money: by code, by amount or by name. While such a line waits,
    /// the deposit does not expire.
    #[must_use]
    pub fn could_be(&self, line: &Line<'_>) -> bool {
        let money = line.amount.minor() > 0 && line.amount.currency() == self.amount.currency();
        let named = || {
            let name = person(&self.depositor);
            !name.is_empty() && names_of(line).any(|written| written.contains(&name))
        };
        money && (self.wanted() == Ok(line.amount) || codes_of(line).contains(&self.code) || named())
    }
}

/// Deposits by code, and open ones by what is wanted and by whom: so that a long statement is read through
/// in one pass.
pub struct Index {
    deposits: Vec<Expected>,
    by_code: HashMap<DepositCode, usize>,
    by_name: HashMap<(Money, String), Vec<usize>>,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({} deposits)", self.deposits.len())
    }
}

impl FromIterator<Expected> for Index {
    fn from_iter<I: IntoIterator<Item = Expected>>(deposits: I) -> Self {
        let deposits: Vec<_> = deposits.into_iter().collect();
        let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
        for (n, deposit) in deposits.iter().enumerate().filter(|(_, deposit)| deposit.state.is_open()) {
            let name = person(&deposit.depositor);
            if let (Ok(wanted), false) = (deposit.wanted(), name.is_empty()) {
                by_name.entry((wanted, name)).or_default().push(n);
            }
        }
        let by_code = deposits.iter().enumerate().map(|(n, deposit)| (deposit.code, n)).collect();
        Self { deposits, by_code, by_name }
    }
}

/// Where a line belongs. Certain is only what a code says, at the right amount and in time.
#[must_use]
pub fn classify(line: &Line<'_>, index: &Index) -> Queue {
    if line.amount.minor() <= 0 {
        return Queue::Outgoing;
    }
    let known: Vec<usize> =
        codes_of(line).iter().filter_map(|code| index.by_code.get(code).copied()).collect();
    match known.as_slice() {
        [one] => index.deposits.get(*one).map_or(Queue::Unknown, |deposit| deposit.takes(line)),
        [] => likely(line, index),
        // One transfer for several pledges: a person divides it.
        _ => Queue::Unknown,
    }
}

fn likely(line: &Line<'_>, index: &Index) -> Queue {
    let mut found: Vec<usize> = names_of(line)
        .filter_map(|name| index.by_name.get(&(line.amount, name)))
        .flatten()
        .copied()
        .filter(|n| index.deposits.get(*n).is_some_and(|deposit| line.at <= deposit.due_at))
        .collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => index.deposits.get(*one).map_or(Queue::Unknown, |deposit| Queue::Likely(deposit.id)),
        _ => Queue::Unknown,
    }
}

/// The codes of name and memo, each looked at alone: digits of one do not go on in the other.
fn codes_of(line: &Line<'_>) -> Vec<DepositCode> {
    let mut codes = DepositCode::in_text(line.name);
    codes.extend(DepositCode::in_text(line.memo));
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn names_of<'a>(line: &Line<'a>) -> impl Iterator<Item = String> + use<'a> {
    [line.name, line.memo].into_iter().map(person).filter(|name| !name.is_empty())
}

/// A name without what banks and people write differently.
fn person(name: &str) -> String {
    name.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::tests::{any_code, written};
    use chrono::TimeDelta;
    use kernel::Currency;
    use proptest::prelude::*;

    const DUE: i64 = 1_800_000_000;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn code(digits: &str) -> DepositCode {
        digits.parse().unwrap()
    }

    fn expected(code: DepositCode, amount: i64, depositor: &str) -> Expected {
        Expected {
            id: DepositId::new(),
            code,
            amount: Money::won(amount),
            matched: Money::won(0),
            depositor: depositor.to_owned(),
            due_at: at(DUE),
            state: DepositState::Issued,
        }
    }

    fn line<'a>(amount: i64, name: &'a str, memo: &'a str) -> Line<'a> {
        Line { at: at(DUE), amount: Money::won(amount), name, memo }
    }

    fn tea() -> Expected {
        expected(code("48219331"), 50_000, "홍길동")
    }

    fn queue(line: &Line<'_>, deposits: &[&Expected]) -> Queue {
        classify(line, &deposits.iter().copied().cloned().collect())
    }

    #[test]
    fn code_amount_and_time_together_are_certain() {
        let tea = tea();
        for (name, memo) in
            [("48219331", ""), ("홍길동4821 9331", "타행이체"), ("김철수", "４８２１－９３３１")]
        {
            assert_eq!(queue(&line(50_000, name, memo), &[&tea]), Queue::Certain(tea.id), "{name} {memo}");
        }
    }

    #[test]
    fn another_amount_waits_for_a_person() {
        let tea = tea();
        assert_eq!(queue(&line(49_999, "4821 9331", ""), &[&tea]), Queue::Short(tea.id));
        assert_eq!(queue(&line(50_001, "4821 9331", ""), &[&tea]), Queue::Excess(tea.id));
        let cents = Line { amount: Money::new(50_000, Currency::USD), ..line(0, "4821 9331", "") };
        assert_eq!(queue(&cents, &[&tea]), Queue::Unknown);
    }

    #[test]
    fn the_rest_of_a_short_deposit_is_certain_when_it_is_exact() {
        let tea = Expected { matched: Money::won(30_000), state: DepositState::Short, ..tea() };
        assert_eq!(queue(&line(20_000, "4821 9331", ""), &[&tea]), Queue::Certain(tea.id));
        assert_eq!(queue(&line(50_000, "4821 9331", ""), &[&tea]), Queue::Excess(tea.id));
        assert_eq!(queue(&line(20_000, "홍길동", ""), &[&tea]), Queue::Likely(tea.id));
        assert_eq!(queue(&line(50_000, "홍길동", ""), &[&tea]), Queue::Unknown);
    }

    #[test]
    fn the_last_second_is_in_time_and_the_next_is_late() {
        let tea = tea();
        let late = Line { at: at(DUE + 1), ..line(50_000, "4821 9331", "") };
        assert_eq!(queue(&late, &[&tea]), Queue::Late(tea.id));
        let late = Line { at: at(DUE + 1), ..line(50_000, "홍길동", "") };
        assert_eq!(queue(&late, &[&tea]), Queue::Unknown);
    }

    #[test]
    fn what_comes_for_a_deposit_that_is_over_waits_in_its_own_queue() {
        for (state, wanted) in [
            (DepositState::Matched, Queue::Double as fn(DepositId) -> Queue),
            (DepositState::Canceled, Queue::Canceled),
            (DepositState::Reversed, Queue::Canceled),
            (DepositState::Expired, Queue::Late),
        ] {
            let tea = Expected { state, ..tea() };
            assert_eq!(queue(&line(50_000, "4821 9331", ""), &[&tea]), wanted(tea.id), "{state:?}");
            assert_eq!(queue(&line(50_000, "홍길동", ""), &[&tea]), Queue::Unknown, "{state:?}");
        }
    }

    #[test]
    fn without_a_code_amount_and_name_are_likely_if_only_one_has_them() {
        let (tea, mug) = (tea(), expected(code("50000009"), 50_000, "임꺽정"));
        for name in ["홍길동", "홍 길 동", "홍길동(주)"] {
            let wanted = if name.contains('주') { Queue::Unknown } else { Queue::Likely(tea.id) };
            assert_eq!(queue(&line(50_000, name, ""), &[&tea, &mug]), wanted, "{name}");
        }
        assert_eq!(queue(&line(50_000, "전자금융", "홍길동"), &[&tea]), Queue::Likely(tea.id));
        assert_eq!(queue(&line(50_000, "", ""), &[&expected(code("50000009"), 50_000, "")]), Queue::Unknown);
        let twin = Expected { depositor: "홍길동".to_owned(), ..mug };
        assert_eq!(queue(&line(50_000, "홍길동", ""), &[&tea, &twin]), Queue::Unknown);
    }

    #[test]
    fn one_transfer_with_two_codes_is_divided_by_a_person() {
        let (tea, mug) = (tea(), expected(code("50000009"), 50_000, ""));
        assert_eq!(queue(&line(50_000, "48219331", "50000009"), &[&tea, &mug]), Queue::Unknown);
        // A code that nobody has is no code.
        assert_eq!(queue(&line(50_000, "48219331", "50000009"), &[&tea]), Queue::Certain(tea.id));
    }

    #[test]
    fn digits_do_not_go_on_from_one_field_to_the_next() {
        assert_eq!(queue(&line(50_000, "4821", "9331"), &[&tea()]), Queue::Unknown);
    }

    #[test]
    fn what_went_out_is_outgoing_whatever_it_says() {
        assert_eq!(queue(&line(-50_000, "48219331", ""), &[&tea()]), Queue::Outgoing);
    }

    #[test]
    fn a_line_that_could_be_a_deposit_s_money_keeps_it() {
        let tea = tea();
        for (amount, name, could) in [
            (50_000, "누구", true),
            (1, "48219331", true),
            (1, "홍길동", true),
            (1, "홍길동 드림", true),
            (1, "누구", false),
            (-50_000, "48219331", false),
        ] {
            assert_eq!(tea.could_be(&line(amount, name, "")), could, "{amount} {name}");
        }
        let nameless = Expected { depositor: String::new(), ..tea };
        assert!(!nameless.could_be(&line(1, "누구", "")));
    }

    #[test]
    fn a_hundred_thousand_lines_find_their_deposits_among_as_many() {
        let deposits: Vec<_> =
            (0..100_000).map(|_| expected(DepositCode::random(), 50_000, "홍길동")).collect();
        let index: Index = deposits.iter().cloned().collect();
        let mut once: HashMap<DepositCode, usize> = HashMap::new();
        deposits.iter().for_each(|deposit| *once.entry(deposit.code).or_default() += 1);
        for deposit in deposits.iter().filter(|deposit| once[&deposit.code] == 1) {
            let name = deposit.code.shown();
            assert_eq!(classify(&line(50_000, &name, "전자금융"), &index), Queue::Certain(deposit.id));
        }
    }

    fn any_deposit() -> impl Strategy<Value = Expected> {
        let states = proptest::sample::select(DepositState::ALL.to_vec());
        let currency = proptest::sample::select(vec![Currency::KRW, Currency::USD]);
        (any_code(), 1_i64..5, 0_i64..5, "[가나]{0,2}", -2_i64..3, states, currency).prop_map(
            |(code, amount, matched, depositor, due, state, currency)| Expected {
                amount: Money::new(amount, currency),
                matched: Money::new(matched.min(amount), currency),
                due_at: at(DUE) + TimeDelta::seconds(due),
                state,
                ..expected(code, amount, &depositor)
            },
        )
    }

    proptest! {
        #[test]
        fn certain_is_only_what_is_exactly_one_deposit_s_own(
            (deposits, texts) in proptest::collection::vec(any_deposit(), 1..8).prop_flat_map(|deposits| {
                let texts: Vec<_> = deposits.iter().map(|deposit| written(deposit.code)).collect();
                (Just(deposits), texts)
            }),
            picks in proptest::collection::vec(any::<proptest::sample::Index>(), 0..3),
            (amount, second, name, split) in (-1_i64..7, -3_i64..4, "[가나]{0,2}", any::<bool>()),
        ) {
            let codes: Vec<_> = picks.iter().map(|pick| pick.get(&texts).as_str()).collect();
            let codes = codes.join("/");
            let whole = format!("{name}/{codes}");
            let (name, memo) = if split { (name.as_str(), codes.as_str()) } else { (whole.as_str(), "") };
            let line = Line { at: at(DUE + second), ..line(amount, name, memo) };

            let queue = classify(&line, &deposits.iter().cloned().collect());

            let own = queue.deposit().and_then(|id| deposits.iter().find(|deposit| deposit.id == id));
            prop_assert_eq!(own.is_some(), queue.deposit().is_some());
            prop_assert_eq!(queue == Queue::Outgoing, amount <= 0);
            if let Queue::Certain(_) = queue {
                let own = own.unwrap();
                prop_assert_eq!(codes_of(&line), [own.code]);
                prop_assert_eq!(own.matched.checked_add(line.amount), Ok(own.amount));
                prop_assert!(line.at <= own.due_at && own.state.is_open());
            }
            if let Queue::Likely(_) = queue {
                let own = own.unwrap();
                prop_assert!(line.at <= own.due_at && own.state.is_open() && own.could_be(&line));
                prop_assert_eq!(own.matched.checked_add(line.amount), Ok(own.amount));
            }
        }

        #[test]
        fn what_is_paid_as_asked_is_certain(
            deposits in proptest::collection::btree_map(any_code(), (1_i64..1_000_000_000, "[가-힣]{0,5}"), 1..20),
            pick: proptest::sample::Index, early in 0_i64..1_000_000,
        ) {
            let deposits: Vec<_> =
                deposits.into_iter().map(|(code, (amount, name))| expected(code, amount, &name)).collect();
            let own = pick.get(&deposits);
            let name = format!("{}{}", own.depositor, own.code.shown());
            let line = Line { at: at(DUE - early), ..line(own.amount.minor(), &name, "") };
            prop_assert_eq!(classify(&line, &deposits.iter().cloned().collect()), Queue::Certain(own.id));
        }
    }
}
