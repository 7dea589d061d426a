//! The accounts of the books. A debit is positive, a credit negative.

use kernel::{ProjectId, ReceivingAccountId};
use std::fmt;
use uuid::Uuid;

/// A chain of entries: a project's, or the platform's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Book {
    Platform,
    Project(ProjectId),
}

impl Book {
    /// As the hash and the sums name it: the project's id, or zeros.
    #[must_use]
    pub fn id(self) -> Uuid {
        self.project().map_or(Uuid::nil(), ProjectId::uuid)
    }

    #[must_use]
    pub fn project(self) -> Option<ProjectId> {
        match self {
            Self::Platform => None,
            Self::Project(project) => Some(project),
        }
    }
}

impl From<ProjectId> for Book {
    fn from(project: ProjectId) -> Self {
        Self::Project(project)
    }
}

/// An account, by the name under which it stands in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account<'a> {
    /// Taken by a gateway, not yet paid out to us.
    GatewayClearing(&'a str),
    /// Withdrawn by a gateway while a dispute runs.
    Disputed(&'a str),
    /// As the statement of one of our bank accounts says.
    Bank(ReceivingAccountId),
    /// Sent by transfer (a credit), not yet seen on a statement.
    Transfers,
    /// On a statement and nobody's yet; its debits are not yet explained.
    Unmatched,
    /// Of backers, before the judgement.
    BackerDeposits,
    /// Collected for a project.
    ProjectEscrow,
    /// Approved for a creator, not yet sent.
    CreatorPayable,
    /// Owed to us by a creator, whose money was given back after it was paid out.
    Receivable,
    PlatformFee,
    GatewayFee,
    /// Of the two fees.
    Vat,
    /// What gateways keep for themselves.
    GatewayCost,
    /// Owed and given up.
    Loss,
    /// Interest, bank fees, the owner's own: no business of the platform's.
    Other,
}

impl fmt::Display for Account<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GatewayClearing(gateway) => return write!(f, "gateway_clearing:{gateway}"),
            Self::Disputed(gateway) => return write!(f, "disputed:{gateway}"),
            Self::Bank(account) => return write!(f, "bank:{account}"),
            Self::Transfers => "transfers",
            Self::Unmatched => "unmatched",
            Self::BackerDeposits => "backer_deposits",
            Self::ProjectEscrow => "project_escrow",
            Self::CreatorPayable => "creator_payable",
            Self::Receivable => "receivable",
            Self::PlatformFee => "platform_fee",
            Self::GatewayFee => "gateway_fee",
            Self::Vat => "vat",
            Self::GatewayCost => "gateway_cost",
            Self::Loss => "loss",
            Self::Other => "other",
        })
    }
}
