//! Why a statement cannot be read: told with the line and the column, so that it can be put right.

use super::Column;
use crate::text;
use kernel::Locale;
use serde::{Deserialize, Serialize};

/// Nothing of the statement is taken over when one of these is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum StatementError {
    #[error("the file is too large")]
    TooLarge,
    #[error("there are too many lines")]
    TooManyLines,
    /// Some banks call a web page a workbook.
    #[error("the file is a web page")]
    WebPage,
    #[error("the workbook is locked by a password")]
    Locked,
    #[error("the workbook has several sheets that are not empty")]
    SeveralSheets,
    #[error("the file is neither text nor a workbook")]
    NotATable,
    #[error("line {line}: bytes of no known encoding")]
    BadBytes { line: u32 },
    #[error("line {line}: a quote that begins here never ends")]
    OpenQuote { line: u32 },
    #[error("line {line}: a cell is too long")]
    LongCell { line: u32 },
    #[error("no row of headings was found")]
    UnknownHeadings,
    #[error("line {line}: no column for {column:?}")]
    MissingColumn { line: u32, column: Column },
    #[error("the columns that were chosen do not make lines")]
    WrongColumns,
    #[error("line {line}: more cells than headings")]
    TooManyCells { line: u32 },
    #[error("line {line}, column {column}: not a date")]
    NotADate { line: u32, column: String },
    #[error("line {line}, column {column}: not a time")]
    NotATime { line: u32, column: String },
    #[error("line {line}, column {column}: not an amount")]
    NotAnAmount { line: u32, column: String },
    #[error("line {line}, column {column}: says neither in nor out")]
    NeitherInNorOut { line: u32, column: String },
    #[error("line {line}: no amount")]
    NoAmount { line: u32 },
    #[error("line {line}: an amount that came in and one that went out")]
    TwoAmounts { line: u32 },
    #[error("line {line}: too many lines that are alike")]
    TooManyAlike { line: u32 },
    #[error("no lines")]
    Empty,
}

impl StatementError {
    /// One sentence for the operator, saying where and what to do.
    #[must_use]
    pub fn explain(&self, l: Locale) -> String {
        match self {
            Self::TooLarge => text::statement_too_large(l).to_owned(),
            Self::TooManyLines => text::too_many_lines(l, kernel::count(super::MOST_LINES as i64)),
            Self::WebPage => text::web_page(l).to_owned(),
            Self::Locked => text::locked(l).to_owned(),
            Self::SeveralSheets => text::several_sheets(l).to_owned(),
            Self::NotATable => text::not_a_table(l).to_owned(),
            Self::BadBytes { line } => text::bad_bytes(l, line),
            Self::OpenQuote { line } => text::open_quote(l, line),
            Self::LongCell { line } => text::long_cell(l, line),
            Self::UnknownHeadings => text::unknown_headings(l).to_owned(),
            Self::MissingColumn { line, column } => text::missing_column(l, line, column.name(l)),
            Self::WrongColumns => text::wrong_columns(l).to_owned(),
            Self::TooManyCells { line } => text::too_many_cells(l, line),
            Self::NotADate { line, column } => text::not_a_date(l, line, column),
            Self::NotATime { line, column } => text::not_a_time(l, line, column),
            Self::NotAnAmount { line, column } => text::not_an_amount(l, line, column),
            Self::NeitherInNorOut { line, column } => text::neither_in_nor_out(l, line, column),
            Self::NoAmount { line } => text::no_amount(l, line),
            Self::TwoAmounts { line } => text::two_amounts(l, line),
            Self::TooManyAlike { line } => text::too_many_alike(l, line),
            Self::Empty => text::empty_statement(l).to_owned(),
        }
    }
}
