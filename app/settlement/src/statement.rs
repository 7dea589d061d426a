//! What the books say of a project's money, and the statement that follows from it.

use crate::{Fees, PlanRates, Share, early, last, text};
use chrono::{DateTime, Utc};
use kernel::{Currency, Locale, MemberId, Money, MoneyError, PayoutId, ProjectId};
use ledger::{Account, Book, balance, project_money};
use sqlx::PgConnection;

/// Which part of a project's money a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Before delivery.
    Early,
    /// The rest.
    Final,
    /// What came after the rest, such as a dispute that was won.
    Later,
}

impl Kind {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::Final => "final",
            Self::Later => "later",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Early, Self::Final, Self::Later].into_iter().find(|kind| kind.code() == code)
    }

    #[must_use]
    pub const fn label(self, l: Locale) -> &'static str {
        match self {
            Self::Early => text::early(l),
            Self::Final => text::final_share(l),
            Self::Later => text::later(l),
        }
    }
}

/// Where a statement and its payout stand, as in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutState {
    Draft,
    /// The creator can see it; finance is to approve it.
    Issued,
    /// Booked: fees are taken, the rest is owed to the creator.
    Approved,
    Paying,
    Paid,
    /// It came back, or never left.
    Failed,
    Withdrawn,
}

impl PayoutState {
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Draft, "draft"),
        (Self::Issued, "issued"),
        (Self::Approved, "approved"),
        (Self::Paying, "paying"),
        (Self::Paid, "paid"),
        (Self::Failed, "failed"),
        (Self::Withdrawn, "withdrawn"),
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, code)| code)
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(state, _)| *state)
    }

    #[must_use]
    pub const fn label(self, l: Locale) -> &'static str {
        match self {
            Self::Draft => text::state_draft(l),
            Self::Issued => text::state_issued(l),
            Self::Approved => text::state_approved(l),
            Self::Paying => text::state_paying(l),
            Self::Paid => text::state_paid(l),
            Self::Failed => text::state_failed(l),
            Self::Withdrawn => text::state_withdrawn(l),
        }
    }
}

/// A statement and what became of it.
#[derive(Clone, Debug)]
pub struct Payout {
    pub id: PayoutId,
    pub project: ProjectId,
    pub member: MemberId,
    pub kind: Kind,
    /// 1, 2, … within the project.
    pub number: i16,
    pub share: Share,
    pub drafted_at: DateTime<Utc>,
    pub state: PayoutState,
}

/// A project's money as its book has it. Everything as a positive amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books {
    /// Collected, and neither given back nor taken back.
    pub net: Money,
    /// Of it, still here.
    pub escrow: Money,
    /// What the creator owes because it was given back after it was paid out.
    pub receivable: Money,
    /// Fees of statements that were approved.
    pub kept: Fees,
    /// Refunds on their way and open disputes: not paid out before they end.
    pub held: Money,
}

/// Reads them behind the book's chain, which the caller holds, so that nothing is booked between.
pub async fn books_of(db: &mut PgConnection, project: ProjectId, currency: Currency) -> sqlx::Result<Books> {
    let money = project_money(&mut *db, project, currency).await?;
    let book = Book::Project(project);
    let mut of = [0; 5];
    let accounts = [
        Account::ProjectEscrow,
        Account::Receivable,
        Account::PlatformFee,
        Account::GatewayFee,
        Account::Vat,
    ];
    for (held, account) in of.iter_mut().zip(accounts) {
        *held = balance(&mut *db, book, account).await?;
    }
    let [escrow, receivable, platform, payment, vat] = of;
    let held = crate::store::held_back(db, project).await?;
    let money_of = |minor| Money::new(minor, currency);
    Ok(Books {
        net: money.kept(),
        escrow: money_of(-escrow),
        receivable: money_of(receivable),
        kept: Fees { platform: money_of(-platform), payment: money_of(-payment), vat: money_of(-vat) },
        held: money_of(held),
    })
}

impl Books {
    /// What a statement of this kind says now.
    pub fn share(&self, kind: Kind, rates: &PlanRates) -> Result<Share, MoneyError> {
        let net = self.net.checked_sub(self.held)?;
        match kind {
            Kind::Early => early(net, self.receivable, rates),
            Kind::Final | Kind::Later => {
                last(net, self.escrow.checked_sub(self.held)?, &self.kept, self.receivable, rates)
            }
        }
    }
}
