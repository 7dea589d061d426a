//! What can happen to money, and how each of it is booked.

use crate::{Account, Book, Posting};
use kernel::{
    BankLineId, DepositId, DisputeId, MatchId, Money, MoneyError, PaymentAttemptId, PayoutId, ProjectId,
    ReceivingAccountId, StatementId, TransferId,
};
use uuid::Uuid;

/// Whose money leaves when a payer gets theirs back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The payer's own: it was never collected.
    Deposits,
    /// The project's, and what is no longer there the creator owes.
    Collected { owed: Money },
}

/// The way on which money goes back, or came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way<'a> {
    Gateway(&'a str, PaymentAttemptId),
    Transfer(TransferId),
}

/// What is taken from the escrow with a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub gross: Money,
    pub platform_fee: Money,
    pub gateway_fee: Money,
    pub vat: Money,
    /// Of what the creator owes, kept back.
    pub netted: Money,
}

/// Something that happened to money, once. Amounts are positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A card was charged, or somebody paid at the gateway's page.
    ChargeCollected {
        project: ProjectId,
        gateway: &'a str,
        attempt: PaymentAttemptId,
        amount: Money,
    },
    /// A gateway's account for one deposit was paid, before the judgement.
    AccountPaid {
        project: ProjectId,
        gateway: &'a str,
        attempt: PaymentAttemptId,
        amount: Money,
    },
    /// The same, for a payment that is due.
    AccountCollected {
        project: ProjectId,
        gateway: &'a str,
        attempt: PaymentAttemptId,
        amount: Money,
    },
    /// Lines that no statement had told before.
    StatementRead {
        statement: StatementId,
        account: ReceivingAccountId,
        credits: Money,
        debits: Money,
    },
    /// A line that has nothing to do with the platform: came in, or went out. Or the other way round, when it
    /// was set aside by mistake.
    LineSetAside {
        act: Uuid,
        came_in: bool,
        amount: Money,
    },
    /// What belonged to no pledge was sent back.
    LineReturned {
        transfer: TransferId,
        amount: Money,
    },
    DepositMatched {
        project: ProjectId,
        matched: MatchId,
        amount: Money,
    },
    /// A deposit that makes up for a refused card is whole.
    DepositCollected {
        project: ProjectId,
        deposit: DepositId,
        amount: Money,
    },
    /// A match was a mistake, or the bank took the money back before it was collected.
    DepositUnmatched {
        project: ProjectId,
        matched: MatchId,
        amount: Money,
    },
    /// A gateway took back, before it was collected, what it had said was paid.
    AccountUnpaid {
        project: ProjectId,
        gateway: &'a str,
        attempt: PaymentAttemptId,
        amount: Money,
    },
    /// The goal was reached: all deposits of the project at once.
    DepositsTaken {
        project: ProjectId,
        amount: Money,
    },
    RefundSent {
        project: ProjectId,
        way: Way<'a>,
        from: Source,
        amount: Money,
    },
    /// A refund came back days later.
    RefundReturned {
        project: ProjectId,
        way: Way<'a>,
        from: Source,
        amount: Money,
    },
    /// A statement shows that a transfer of ours left.
    TransferConfirmed {
        transfer: TransferId,
        amount: Money,
    },
    DisputeOpened {
        project: ProjectId,
        gateway: &'a str,
        dispute: DisputeId,
        amount: Money,
    },
    /// Also after it was lost: a bank may think again.
    DisputeWon {
        project: ProjectId,
        gateway: &'a str,
        dispute: DisputeId,
        lost: Option<Source>,
        amount: Money,
    },
    DisputeLost {
        project: ProjectId,
        gateway: &'a str,
        dispute: DisputeId,
        from: Source,
        amount: Money,
    },
    /// The bank took back what was collected.
    MoneyTakenBack {
        project: ProjectId,
        matched: MatchId,
        from: Source,
        amount: Money,
    },
    StatementApproved {
        project: ProjectId,
        payout: PayoutId,
        settlement: Settlement,
    },
    PayoutSent {
        project: ProjectId,
        transfer: TransferId,
        amount: Money,
    },
    /// A payout came back on a line, or never left.
    PayoutReturned {
        project: ProjectId,
        transfer: TransferId,
        left: bool,
        amount: Money,
    },
    /// The creator paid what they owed.
    ReceivablePaid {
        project: ProjectId,
        line: BankLineId,
        amount: Money,
    },
    ReceivableWrittenOff {
        project: ProjectId,
        act: Uuid,
        amount: Money,
    },
    /// A gateway paid out to our bank, and kept its fee.
    GatewaySettled {
        line: BankLineId,
        gateway: &'a str,
        amount: Money,
        fee: Money,
    },
    /// A gateway took something for itself.
    GatewayCost {
        act: Uuid,
        gateway: &'a str,
        amount: Money,
    },
}

/// An event as the books write it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub book: Book,
    pub kind: &'static str,
    /// What caused it; a second entry of the same kind and reference is refused.
    pub reference: Uuid,
    /// Sums to zero in its one currency; no line is zero.
    pub postings: Vec<Posting>,
}

impl Way<'_> {
    fn account(&self) -> Account<'_> {
        match self {
            Self::Gateway(gateway, _) => Account::GatewayClearing(gateway),
            Self::Transfer(_) => Account::Transfers,
        }
    }

    fn reference(&self) -> Uuid {
        match self {
            Self::Gateway(_, attempt) => attempt.uuid(),
            Self::Transfer(transfer) => transfer.uuid(),
        }
    }
}

/// Lines that are being written: zero ones are left out.
#[derive(Default)]
struct Lines(Vec<Posting>);

impl Lines {
    fn of(from: Account<'_>, to: Account<'_>, amount: Money) -> Self {
        Self::default().debit(to, amount).credit(from, amount)
    }

    fn debit(mut self, account: Account<'_>, amount: Money) -> Self {
        if amount.minor() != 0 {
            self.0.push(Posting { account: account.to_string(), amount });
        }
        self
    }

    fn credit(self, account: Account<'_>, amount: Money) -> Self {
        self.debit(account, Money::new(-amount.minor(), amount.currency()))
    }

    /// Takes an amount from where a payer's money is.
    fn take(self, from: Source, amount: Money) -> Result<Self, MoneyError> {
        Ok(match from {
            Source::Deposits => self.debit(Account::BackerDeposits, amount),
            Source::Collected { owed } => {
                self.debit(Account::ProjectEscrow, amount.checked_sub(owed)?).debit(Account::Receivable, owed)
            }
        })
    }

    /// Puts it back there.
    fn give(self, from: Source, amount: Money) -> Result<Self, MoneyError> {
        Ok(match from {
            Source::Deposits => self.credit(Account::BackerDeposits, amount),
            Source::Collected { owed } => self
                .credit(Account::ProjectEscrow, amount.checked_sub(owed)?)
                .credit(Account::Receivable, owed),
        })
    }
}

impl Event<'_> {
    /// How the event is booked.
    ///
    /// Invariant: the postings sum to zero. Fails only where an amount leaves the range of money.
    #[expect(clippy::too_many_lines, reason = "one arm an event: the table of how money is booked")]
    pub fn entry(&self) -> Result<Entry, MoneyError> {
        use Account::{
            BackerDeposits, Bank, CreatorPayable, Disputed, GatewayClearing, GatewayFee, Loss, Other,
            PlatformFee, ProjectEscrow, Receivable, Transfers, Unmatched, Vat,
        };
        let (book, kind, reference, lines) = match *self {
            Event::ChargeCollected { project, gateway, attempt, amount } => (
                project.into(),
                "charge_collected",
                attempt.uuid(),
                Lines::of(ProjectEscrow, GatewayClearing(gateway), amount),
            ),
            Event::AccountPaid { project, gateway, attempt, amount } => (
                project.into(),
                "account_paid",
                attempt.uuid(),
                Lines::of(BackerDeposits, GatewayClearing(gateway), amount),
            ),
            Event::AccountCollected { project, gateway, attempt, amount } => (
                project.into(),
                "account_collected",
                attempt.uuid(),
                Lines::of(ProjectEscrow, GatewayClearing(gateway), amount),
            ),
            Event::StatementRead { statement, account, credits, debits } => (
                Book::Platform,
                "statement_read",
                statement.uuid(),
                Lines::of(Unmatched, Bank(account), credits)
                    .credit(Bank(account), debits)
                    .debit(Unmatched, debits),
            ),
            Event::LineSetAside { act, came_in, amount } => {
                let (from, to) = if came_in { (Other, Unmatched) } else { (Unmatched, Other) };
                (Book::Platform, "line_set_aside", act, Lines::of(from, to, amount))
            }
            Event::LineReturned { transfer, amount } => {
                (Book::Platform, "line_returned", transfer.uuid(), Lines::of(Transfers, Unmatched, amount))
            }
            Event::DepositMatched { project, matched, amount } => (
                project.into(),
                "deposit_matched",
                matched.uuid(),
                Lines::of(BackerDeposits, Unmatched, amount),
            ),
            Event::DepositCollected { project, deposit, amount } => (
                project.into(),
                "deposit_collected",
                deposit.uuid(),
                Lines::of(ProjectEscrow, BackerDeposits, amount),
            ),
            Event::DepositUnmatched { project, matched, amount } => (
                project.into(),
                "deposit_unmatched",
                matched.uuid(),
                Lines::of(Unmatched, BackerDeposits, amount),
            ),
            Event::AccountUnpaid { project, gateway, attempt, amount } => (
                project.into(),
                "deposit_unmatched",
                attempt.uuid(),
                Lines::of(GatewayClearing(gateway), BackerDeposits, amount),
            ),
            Event::DepositsTaken { project, amount } => (
                project.into(),
                "deposits_taken",
                project.uuid(),
                Lines::of(ProjectEscrow, BackerDeposits, amount),
            ),
            Event::RefundSent { project, way, from, amount } => (
                project.into(),
                "refund_sent",
                way.reference(),
                Lines::default().take(from, amount)?.credit(way.account(), amount),
            ),
            Event::RefundReturned { project, way, from, amount } => {
                let back = match way {
                    Way::Gateway(gateway, _) => GatewayClearing(gateway),
                    Way::Transfer(_) => Unmatched,
                };
                (
                    project.into(),
                    "refund_returned",
                    way.reference(),
                    Lines::default().debit(back, amount).give(from, amount)?,
                )
            }
            Event::TransferConfirmed { transfer, amount } => (
                Book::Platform,
                "transfer_confirmed",
                transfer.uuid(),
                Lines::of(Unmatched, Transfers, amount),
            ),
            Event::DisputeOpened { project, gateway, dispute, amount } => (
                project.into(),
                "dispute_opened",
                dispute.uuid(),
                Lines::of(GatewayClearing(gateway), Disputed(gateway), amount),
            ),
            Event::DisputeWon { project, gateway, dispute, lost, amount } => {
                let lines = Lines::default().debit(GatewayClearing(gateway), amount);
                let lines = match lost {
                    None => lines.credit(Disputed(gateway), amount),
                    Some(from) => lines.give(from, amount)?,
                };
                (project.into(), "dispute_won", dispute.uuid(), lines)
            }
            Event::DisputeLost { project, gateway, dispute, from, amount } => (
                project.into(),
                "dispute_lost",
                dispute.uuid(),
                Lines::default().take(from, amount)?.credit(Disputed(gateway), amount),
            ),
            Event::MoneyTakenBack { project, matched, from, amount } => (
                project.into(),
                "money_taken_back",
                matched.uuid(),
                Lines::default().take(from, amount)?.credit(Unmatched, amount),
            ),
            Event::StatementApproved { project, payout, settlement: s } => {
                let kept =
                    s.platform_fee.checked_add(s.gateway_fee)?.checked_add(s.vat)?.checked_add(s.netted)?;
                let lines = Lines::default()
                    .debit(ProjectEscrow, s.gross)
                    .credit(PlatformFee, s.platform_fee)
                    .credit(GatewayFee, s.gateway_fee)
                    .credit(Vat, s.vat)
                    .credit(Receivable, s.netted)
                    .credit(CreatorPayable, s.gross.checked_sub(kept)?);
                (project.into(), "statement_approved", payout.uuid(), lines)
            }
            Event::PayoutSent { project, transfer, amount } => {
                (project.into(), "payout_sent", transfer.uuid(), Lines::of(Transfers, CreatorPayable, amount))
            }
            Event::PayoutReturned { project, transfer, left, amount } => {
                let back = if left { Unmatched } else { Transfers };
                (project.into(), "payout_returned", transfer.uuid(), Lines::of(CreatorPayable, back, amount))
            }
            Event::ReceivablePaid { project, line, amount } => {
                (project.into(), "receivable_paid", line.uuid(), Lines::of(Receivable, Unmatched, amount))
            }
            Event::ReceivableWrittenOff { project, act, amount } => {
                (project.into(), "receivable_written_off", act, Lines::of(Receivable, Loss, amount))
            }
            Event::GatewaySettled { line, gateway, amount, fee } => {
                let lines = Lines::default()
                    .debit(Unmatched, amount)
                    .debit(Account::GatewayCost, fee)
                    .credit(GatewayClearing(gateway), amount.checked_add(fee)?);
                (Book::Platform, "gateway_settled", line.uuid(), lines)
            }
            Event::GatewayCost { act, gateway, amount } => (
                Book::Platform,
                "gateway_cost",
                act,
                Lines::of(GatewayClearing(gateway), Account::GatewayCost, amount),
            ),
        };
        Ok(Entry { book, kind, reference, postings: lines.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Currency;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Where the money that goes back is: all of it waiting, a part of it spent, or all of it.
    fn source() -> impl Strategy<Value = Option<i64>> {
        prop_oneof![Just(None), Just(Some(3)), Just(Some(1))]
    }

    fn from(source: Option<i64>, amount: Money) -> Source {
        source.map_or(Source::Deposits, |part| Source::Collected {
            owed: Money::new(amount.minor() / part, amount.currency()),
        })
    }

    /// Every kind of event over two amounts, the second within the first.
    fn all(a: Money, b: Money, from: Source, flag: bool) -> Vec<Event<'static>> {
        let project = ProjectId::new();
        let (gateway, attempt, transfer) = ("stripe", PaymentAttemptId::new(), TransferId::new());
        let (line, matched, dispute, act) =
            (BankLineId::new(), MatchId::new(), DisputeId::new(), Uuid::now_v7());
        let way = if flag { Way::Gateway(gateway, attempt) } else { Way::Transfer(transfer) };
        let part = |n: i64| Money::new(b.minor() / n, b.currency());
        let settlement = Settlement {
            gross: a,
            platform_fee: part(7),
            gateway_fee: part(9),
            vat: part(11),
            netted: part(2),
        };
        vec![
            Event::ChargeCollected { project, gateway, attempt, amount: a },
            Event::AccountPaid { project, gateway, attempt, amount: a },
            Event::AccountCollected { project, gateway, attempt, amount: a },
            Event::StatementRead {
                statement: StatementId::new(),
                account: ReceivingAccountId::new(),
                credits: a,
                debits: b,
            },
            Event::LineSetAside { act, came_in: flag, amount: a },
            Event::LineReturned { transfer, amount: a },
            Event::DepositMatched { project, matched, amount: a },
            Event::DepositCollected { project, deposit: DepositId::new(), amount: a },
            Event::DepositUnmatched { project, matched, amount: a },
            Event::AccountUnpaid { project, gateway, attempt, amount: a },
            Event::DepositsTaken { project, amount: a },
            Event::RefundSent { project, way, from, amount: a },
            Event::RefundReturned { project, way, from, amount: a },
            Event::TransferConfirmed { transfer, amount: a },
            Event::DisputeOpened { project, gateway, dispute, amount: a },
            Event::DisputeWon { project, gateway, dispute, lost: flag.then_some(from), amount: a },
            Event::DisputeLost { project, gateway, dispute, from, amount: a },
            Event::MoneyTakenBack { project, matched, from, amount: a },
            Event::StatementApproved { project, payout: PayoutId::new(), settlement },
            Event::PayoutSent { project, transfer, amount: a },
            Event::PayoutReturned { project, transfer, left: flag, amount: a },
            Event::ReceivablePaid { project, line, amount: a },
            Event::ReceivableWrittenOff { project, act, amount: a },
            Event::GatewaySettled { line, gateway, amount: a, fee: b },
            Event::GatewayCost { act, gateway, amount: a },
        ]
    }

    fn sums(entries: &[Entry]) -> BTreeMap<String, i64> {
        let mut sums = BTreeMap::new();
        for posting in entries.iter().flat_map(|entry| &entry.postings) {
            *sums.entry(posting.account.clone()).or_default() += posting.amount.minor();
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }

    proptest! {
        #[test]
        fn every_event_sums_to_zero_and_writes_no_empty_line(
            a in 1_i64..1_000_000_000_000, share in 0_i64..=1000, source in source(), flag: bool, dollars: bool,
        ) {
            let currency = if dollars { "USD".parse().unwrap() } else { Currency::KRW };
            let (a, b) = (Money::new(a, currency), Money::new(a / 1000 * share, currency));
            for event in all(a, b, from(source, a), flag) {
                let entry = event.entry().unwrap();
                prop_assert_eq!(entry.postings.iter().map(|p| p.amount.minor()).sum::<i64>(), 0, "{:?}", event);
                prop_assert!(entry.postings.len() >= 2 && entry.postings.iter().all(|p| p.amount.minor() != 0));
                prop_assert!(entry.postings.iter().all(|p| p.amount.currency() == currency));
            }
        }

        #[test]
        fn what_is_undone_leaves_nothing_behind(a in 1_i64..1_000_000_000_000, source in source(), flag: bool) {
            let a = Money::won(a);
            let events = all(a, a, from(source, a), flag);
            let entry = |kind: &str| {
                let found = events.iter().map(|event| event.entry().unwrap()).find(|entry| entry.kind == kind);
                found.unwrap_or_else(|| panic!("an event of kind {kind}"))
            };
            prop_assert_eq!(sums(&[entry("deposit_matched"), entry("deposit_unmatched")]), BTreeMap::new());
            if !flag {
                prop_assert_eq!(sums(&[entry("dispute_opened"), entry("dispute_won")]), BTreeMap::new());
            } else {
                let lost = [entry("dispute_opened"), entry("dispute_lost"), entry("dispute_won")];
                prop_assert_eq!(sums(&lost), BTreeMap::new());
                prop_assert_eq!(sums(&[entry("refund_sent"), entry("refund_returned")]), BTreeMap::new());
            }
        }
    }
}
