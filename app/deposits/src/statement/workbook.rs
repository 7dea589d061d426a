//! Excel's files. Their cells become the text that they would be in a CSV file.

use super::{
    MOST_LINES, StatementError, guard,
    table::{MOST_CELLS, Rows},
};
use calamine::{Data, ExcelDateTime, Reader, Xls, XlsError, Xlsx, XlsxError};
use chrono::{NaiveDate, TimeDelta};
use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

const ZIP: &[u8] = b"PK\x03\x04";
/// The older container, also around a workbook that is locked.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const FURTHEST_ROW: u32 = 2 * MOST_LINES as u32;

pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND)
}

/// Reads the one sheet that has content.
pub fn read(bytes: &[u8], rows: &mut Rows) -> Result<(), StatementError> {
    // What the libraries have not foreseen in a damaged file is not this program's end.
    let reading = AssertUnwindSafe(|| {
        if bytes.starts_with(ZIP) { read_xlsx(bytes, rows) } else { read_compound(bytes, rows) }
    });
    catch_unwind(reading).unwrap_or(Err(StatementError::NotATable))
}

fn read_xlsx(bytes: &[u8], rows: &mut Rows) -> Result<(), StatementError> {
    guard::check_zip(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| StatementError::NotATable)?;
    for sheet in book.sheet_names() {
        // Cells one by one: a stray cell far out would make the library's own table immense.
        let mut cells = match book.worksheet_cells_reader(&sheet) {
            Err(XlsxError::NotAWorksheet(_)) => continue,
            cells => cells.map_err(|_| StatementError::NotATable)?,
        };
        let mut sheet = Sheet::beside(rows);
        while let Some(cell) = cells.next_cell().map_err(|_| StatementError::NotATable)? {
            let (row, column) = cell.get_position();
            sheet.add(row, column, text_of(cell.get_value().clone().into()))?;
        }
        sheet.end()?;
    }
    Ok(())
}

fn read_compound(bytes: &[u8], rows: &mut Rows) -> Result<(), StatementError> {
    guard::check_compound(bytes)?;
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => StatementError::Locked,
        _ => StatementError::NotATable,
    })?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|_| StatementError::NotATable)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut sheet = Sheet::beside(rows);
        for (row, column, value) in range.used_cells() {
            sheet.add(first_row + row as u32, first_column + column as u32, text_of(value.clone()))?;
        }
        sheet.end()?;
    }
    Ok(())
}

/// The sheet that is being read, row by row.
struct Sheet<'a> {
    rows: &'a mut Rows,
    /// Whether a sheet before this one had content.
    second: bool,
    row: u32,
    cells: Vec<String>,
}

impl<'a> Sheet<'a> {
    fn beside(rows: &'a mut Rows) -> Self {
        let second = !rows.is_empty();
        Self { rows, second, row: 0, cells: Vec::new() }
    }

    fn add(&mut self, row: u32, column: u32, text: String) -> Result<(), StatementError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if self.second {
            return Err(StatementError::SeveralSheets);
        }
        // Rows in another order than theirs are those of a damaged file.
        if row < self.row {
            return Err(StatementError::NotATable);
        }
        if row > self.row {
            self.end()?;
            self.row = row;
        }
        if row >= FURTHEST_ROW {
            return Err(StatementError::TooManyLines);
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_CELLS {
            return Err(StatementError::TooManyCells { line: row + 1 });
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), StatementError> {
        self.rows.add(self.row + 1, self.cells.iter().map(String::as_str))?;
        self.cells.clear();
        Ok(())
    }
}

fn text_of(value: Data) -> String {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Int(number) => number.to_string(),
        Data::Float(number) => text_of_number(number),
        Data::DateTime(at) => text_of_time(at),
        Data::Bool(yes) => yes.to_string(),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// As it was typed: a whole number without a point, never with an exponent.
fn text_of_number(number: f64) -> String {
    // Adding nothing makes nothing of a negative nothing.
    (number + 0.0).to_string()
}

/// Excel counts days from the end of 1899; less than one is a time of day.
fn text_of_time(at: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    let time =
        date.and_then(|date| date.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into()));
    let Some(time) = time.map(|time| time + TimeDelta::milliseconds(500)) else {
        return text_of_number(at.as_f64());
    };
    let form = if at.as_f64() < 1.0 {
        "%H:%M:%S"
    } else if at.as_f64().fract() == 0.0 {
        "%Y-%m-%d"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    time.format(form).to_string()
}
