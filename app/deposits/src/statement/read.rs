//! From rows to lines. One row that cannot be read, and nothing is: half a statement is worse than none.

use super::{
    Fingerprint, Headings, MOST_LINES, Mapping, Row, StatementError, Table,
    cells::{Amount, amount, day_and_time, time},
};
use chrono::{DateTime, NaiveTime, Utc};
use kernel::{Calendar, Currency, Money};
use std::collections::HashMap;

/// A line of a statement: what came in is positive, what went out negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// Its number in the file.
    pub line: u32,
    /// Without a time of day, the last second of its day in Korea.
    pub at: DateTime<Utc>,
    pub amount: Money,
    pub balance: Option<Money>,
    pub name: String,
    /// Everything else that somebody may have written.
    pub memo: String,
    /// The row as it came, its cells parted by tabs.
    pub raw: String,
    pub fingerprint: Fingerprint,
    /// The n-th such line of the file: two people may send the same in one second.
    pub occurrence: i16,
}

/// Sums and notes below the lines, by what their first cells say.
const NO_LINES: [&str; 5] = ["합계", "총계", "소계", "누계", "총합계"];
const MEMO_GAP: &str = " / ";

/// Reads all lines below the headings, in the order of the file.
pub fn read(
    table: &Table,
    headings: &Headings,
    currency: Currency,
) -> Result<Vec<StatementLine>, StatementError> {
    let reader = Reader {
        headings: table.rows().get(headings.row).ok_or(StatementError::WrongColumns)?,
        mapping: &headings.mapping,
        currency,
    };
    let mut occurrences: HashMap<Fingerprint, i16> = HashMap::new();
    let mut lines = Vec::new();
    for row in table.rows().iter().skip(headings.row + 1) {
        let Some(mut line) = reader.line(row)? else { continue };
        let alike = occurrences.entry(line.fingerprint).or_default();
        *alike = alike.checked_add(1).ok_or(StatementError::TooManyAlike { line: line.line })?;
        line.occurrence = *alike;
        lines.push(line);
        if lines.len() > MOST_LINES {
            return Err(StatementError::TooManyLines);
        }
    }
    if lines.is_empty() { Err(StatementError::Empty) } else { Ok(lines) }
}

struct Reader<'a> {
    headings: &'a Row,
    mapping: &'a Mapping,
    currency: Currency,
}

impl Reader<'_> {
    /// The line of a row; nothing if it is none.
    fn line(&self, row: &Row) -> Result<Option<StatementLine>, StatementError> {
        let mapping = self.mapping;
        if self.is_no_line(row) {
            return Ok(None);
        }
        // Cells beyond the headings are those of amounts whose commas were taken for separators.
        if row.cells().count() > self.headings.cells().count() {
            return Err(StatementError::TooManyCells { line: row.line });
        }
        let at = self.at(row)?;
        let Some(amount) = self.amount(row)? else { return Ok(None) };
        let balance = mapping.balance.map(|column| self.money(row, column)).transpose()?.flatten();
        let name = mapping.name.map_or("", |column| row.cell(column)).to_owned();
        let memo = mapping.memo.iter().map(|column| row.cell(*column)).filter(|cell| !cell.is_empty());
        let memo = memo.collect::<Vec<_>>().join(MEMO_GAP);
        let fingerprint = Fingerprint::of(at, amount, balance, [&name, &memo]);
        let raw = row.cells().collect::<Vec<_>>().join("\t");
        let line = StatementLine {
            line: row.line,
            at,
            amount,
            balance,
            name,
            memo,
            raw,
            fingerprint,
            occurrence: 0,
        };
        Ok(Some(line))
    }

    /// Headings again on each printed page, sums, notes in a single cell.
    fn is_no_line(&self, row: &Row) -> bool {
        let mut filled = row.cells().filter(|cell| !cell.is_empty());
        let first: String = filled.next().unwrap_or_default().split_whitespace().collect();
        let alone = filled.next().is_none();
        let note = alone && !first.starts_with(|c: char| c.is_ascii_digit());
        note || row.cells().eq(self.headings.cells()) || self.is_sum(row)
    }

    /// A sum says so and has no day.
    fn is_sum(&self, row: &Row) -> bool {
        let says_so = |cell: &str| {
            let letters: String = cell.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
            NO_LINES.contains(&letters.as_str())
        };
        row.cells().any(says_so) && day_and_time(row.cell(self.mapping.at)).is_none()
    }

    fn at(&self, row: &Row) -> Result<DateTime<Utc>, StatementError> {
        let (line, mapping) = (row.line, self.mapping);
        let read = day_and_time(row.cell(mapping.at));
        let (day, beside) =
            read.ok_or_else(|| StatementError::NotADate { line, column: self.heading(mapping.at) })?;
        let apart = match mapping.time.map(|column| (column, row.cell(column))) {
            Some((column, cell)) if beside.is_none() && !cell.is_empty() => Some(
                time(cell).ok_or_else(|| StatementError::NotATime { line, column: self.heading(column) })?,
            ),
            _ => None,
        };
        let time: Option<NaiveTime> = beside.or(apart);
        Ok(time.map_or(Calendar::end_of(day), |time| Calendar::at(day, time)))
    }

    /// Nothing where nothing moved: a bank may tell of an event without an amount by a zero.
    fn amount(&self, row: &Row) -> Result<Option<Money>, StatementError> {
        let (line, mapping) = (row.line, self.mapping);
        let signed = mapping.amount.map(|column| self.signed(row, column)).transpose()?.flatten();
        let credit = mapping.credit.map(|column| self.money(row, column)).transpose()?.flatten();
        let debit = mapping.debit.map(|column| self.money(row, column)).transpose()?.flatten();
        let debit = debit.map(|amount| Money::new(-amount.minor(), amount.currency()));
        let told: Vec<Money> = [signed, credit, debit].into_iter().flatten().collect();
        let mut moved = told.iter().copied().filter(|amount| amount.minor() != 0);
        match (moved.next(), moved.next()) {
            (Some(_), Some(_)) => Err(StatementError::TwoAmounts { line }),
            (None, _) if told.is_empty() => Err(StatementError::NoAmount { line }),
            (moved, _) => Ok(moved),
        }
    }

    /// An amount whose direction is its sign, or stands in a column of its own.
    fn signed(&self, row: &Row, column: usize) -> Result<Option<Money>, StatementError> {
        let amount = self.money(row, column)?;
        let (Some(amount), Some(kind)) = (amount, self.mapping.kind) else { return Ok(amount) };
        let said = row.cell(kind);
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        // What was paid in and taken back is called after the paying in, and is negative.
        let out = says(&["출금", "지급", "이체출"]);
        match (out, says(&["입금", "예입"])) {
            (true, false) => Ok(Some(Money::new(-amount.minor().saturating_abs(), amount.currency()))),
            (false, true) => Ok(Some(amount)),
            _ => Err(StatementError::NeitherInNorOut { line: row.line, column: self.heading(kind) }),
        }
    }

    fn money(&self, row: &Row, column: usize) -> Result<Option<Money>, StatementError> {
        match amount(row.cell(column), self.currency) {
            Some(Amount::Of(money)) => Ok(Some(money)),
            Some(Amount::Blank) => Ok(None),
            None => Err(StatementError::NotAnAmount { line: row.line, column: self.heading(column) }),
        }
    }

    fn heading(&self, column: usize) -> String {
        self.headings.cell(column).to_owned()
    }
}
