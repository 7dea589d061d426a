//! What can stop the work on deposits, told to the operator.

use crate::{
    statement::{StatementError, Table, hash_of},
    text,
};
use kernel::{DomainError, FieldFault, Locale, ReceivingAccountId, Refusal};
use serde::{Deserialize, Serialize};

/// So many rows are shown to who says which column is what.
const HEAD_SHOWN: usize = 12;
const CELL_SHOWN: usize = 30;

/// A row that may be the one with the headings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadRow {
    pub line: u32,
    /// By which it is known again, in hexadecimal digits.
    pub hash: String,
    pub cells: Vec<String>,
}

/// The first rows of a file whose columns are to be explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedColumns {
    pub account: ReceivingAccountId,
    pub rows: Vec<HeadRow>,
}

impl AskedColumns {
    #[must_use]
    pub fn of(account: ReceivingAccountId, table: &Table) -> Self {
        let rows = table.rows().iter().take(HEAD_SHOWN).map(|row| HeadRow {
            line: row.line,
            hash: hash_of(row.cells()).iter().map(|byte| format!("{byte:02x}")).collect(),
            cells: row.cells().map(|cell| cell.chars().take(CELL_SHOWN).collect()).collect(),
        });
        Self { account, rows: rows.collect() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum DepositError {
    #[error("the statement cannot be read: {en}")]
    Unread {
        ko: String,
        en: String,
        /// Where saying which column is what may help.
        asked: Option<AskedColumns>,
    },
    #[error("the same file was read before")]
    ReadBefore,
    #[error("no file and no text")]
    NothingSent,
    #[error("the line, the deposit or the match stands otherwise by now")]
    StandsOtherwise,
    #[error("the pledge is over, or the money came after its time")]
    TooLate,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl DepositError {
    #[must_use]
    pub fn unread(error: &StatementError, asked: Option<AskedColumns>) -> Self {
        Self::Unread { ko: error.explain(Locale::Ko), en: error.explain(Locale::En), asked }
    }
}

impl DomainError for DepositError {
    fn status(&self) -> u16 {
        match self {
            Self::Unread { .. } | Self::NothingSent => 422,
            Self::ReadBefore | Self::StandsOtherwise | Self::TooLate => 409,
            Self::Refused(refusal) => refusal.status(),
        }
    }

    fn explain(&self, l: Locale) -> String {
        match self {
            Self::Unread { ko, en, .. } => l.pick(ko.as_str(), en.as_str()).to_owned(),
            Self::ReadBefore => text::read_before(l).to_owned(),
            Self::NothingSent => text::nothing_sent(l).to_owned(),
            Self::StandsOtherwise => text::stands_otherwise(l).to_owned(),
            Self::TooLate => text::too_late(l).to_owned(),
            Self::Refused(refusal) => refusal.explain(l),
        }
    }

    fn faults(&self) -> &[FieldFault] {
        match self {
            Self::Refused(refusal) => refusal.faults(),
            _ => &[],
        }
    }
}

kernel::server_error!(DepositError);

impl From<sqlx::Error> for DepositError {
    fn from(error: sqlx::Error) -> Self {
        Self::Refused(error.into())
    }
}
