//! A file as rows of cells, whatever kind of file it is.

use super::{MOST_BYTES, MOST_LINES, StatementError, encoding, mapping, workbook};
use csv::{ReaderBuilder, StringRecord};
use std::io::Read;

/// Rows beside the lines of a statement: what stands above the headings, sums and notes.
const SPARE_ROWS: usize = 200;
/// Among so many rows the headings are looked for.
pub const HEAD_ROWS: usize = 60;
pub const MOST_CELLS: usize = 64;
const LONGEST_CELL: usize = 2_000;
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Read after the end of a text: it is a row of its own unless a quote is still open.
const END: &str = "\n\u{1}";

/// The rows of a file that have a cell that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Row>,
}

/// A row and its number in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub line: u32,
    cells: StringRecord,
}

impl Row {
    /// The cell of a column without the blanks around it; empty where the row has none.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }
}

impl Table {
    /// Reads a file by what it holds; its name counts for nothing.
    pub fn open(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MOST_BYTES {
            return Err(StatementError::TooLarge);
        }
        let mut rows = Rows::default();
        if workbook::is_workbook(bytes) {
            workbook::read(bytes, &mut rows)?;
        } else {
            read_text(&encoding::decode(bytes)?, &mut rows)?;
        }
        if rows.0.is_empty() { Err(StatementError::Empty) } else { Ok(Self { rows: rows.0 }) }
    }

    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

/// Takes rows in, as many and as large as a statement may have.
#[derive(Default)]
pub struct Rows(Vec<Row>);

impl Rows {
    pub fn add<'a>(&mut self, line: u32, cells: impl Iterator<Item = &'a str>) -> Result<(), StatementError> {
        let mut record = StringRecord::new();
        let mut blanks = 0;
        for cell in cells.map(str::trim) {
            if cell.is_empty() {
                blanks += 1;
                continue;
            }
            if cell.len() > LONGEST_CELL {
                return Err(StatementError::LongCell { line });
            }
            if record.len() + blanks >= MOST_CELLS {
                return Err(StatementError::TooManyCells { line });
            }
            (0..std::mem::take(&mut blanks)).for_each(|_| record.push_field(""));
            record.push_field(cell);
        }
        if record.is_empty() {
            return Ok(());
        }
        if self.0.len() >= MOST_LINES + SPARE_ROWS {
            return Err(StatementError::TooManyLines);
        }
        self.0.push(Row { line, cells: record });
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn read_text(text: &str, rows: &mut Rows) -> Result<(), StatementError> {
    if text.trim_start().starts_with('<') {
        return Err(StatementError::WebPage);
    }
    if text.starts_with("%PDF") {
        return Err(StatementError::NotATable);
    }
    // The last one of those that do equally well is not what `max_by_key` should give.
    let separator = SEPARATORS.into_iter().rev().max_by_key(|separator| fitness(text, *separator));
    let mut records = reader(text, separator.unwrap_or(b',')).into_records();
    let (mut at, mut line) = (0, 1_u32);
    let mut record = one(&mut records)?;
    while let Some(this) = record {
        // The reader counts from the end of the row before: empty lines come first.
        let start = this.position().map_or(at, |position| position.byte() as usize);
        let blank =
            text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let start = start + blank;
        line += text.get(at..start).map_or(0, |passed| passed.matches('\n').count() as u32);
        at = start;
        record = one(&mut records)?;
        if record.is_some() {
            rows.add(line, this.iter())?;
        } else if this.iter().ne(std::iter::once(END.trim_start_matches('\n'))) {
            return Err(StatementError::OpenQuote { line });
        }
    }
    Ok(())
}

fn one(
    records: &mut impl Iterator<Item = csv::Result<StringRecord>>,
) -> Result<Option<StringRecord>, StatementError> {
    records.next().transpose().map_err(|_| StatementError::NotATable)
}

fn reader(text: &str, separator: u8) -> csv::Reader<impl Read> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator);
    builder.from_reader(text.as_bytes().chain(END.as_bytes()))
}

/// How well a separator makes headings of the first rows; without headings, how often it parts something.
fn fitness(text: &str, separator: u8) -> (usize, usize) {
    let head = reader(text, separator).into_records().take(HEAD_ROWS).map_while(Result::ok);
    head.fold((0, 0), |(words, cells), row| {
        (words.max(mapping::known_words(row.iter())), cells + row.len().saturating_sub(1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(table: &Table) -> Vec<(u32, Vec<&str>)> {
        table.rows().iter().map(|row| (row.line, row.cells().collect())).collect()
    }

    fn open(text: &str) -> Result<Table, StatementError> {
        Table::open(text.as_bytes())
    }

    #[test]
    fn the_separator_is_the_one_that_makes_the_headings() {
        for separator in [",", "\t", ";", "|"] {
            let text = format!(
                "계좌,예금주;은행|지점\t등\n거래일시{separator}적요{separator}입금액\n가{separator}나{separator}1\n"
            );
            let table = open(&text).unwrap();
            assert_eq!(
                cells(&table)[1..],
                [(2, vec!["거래일시", "적요", "입금액"]), (3, vec!["가", "나", "1"])]
            );
        }
    }

    #[test]
    fn rows_know_their_line_past_blank_ones_and_quoted_breaks() {
        let table = open("\r\n\r\na,b\r\n,,\r\n\"c\r\nd\",e\r\n   \r\nf,\" g \"").unwrap();
        assert_eq!(cells(&table), [(3, vec!["a", "b"]), (5, vec!["c\r\nd", "e"]), (8, vec!["f", "g"])]);
    }

    #[test]
    fn quotes_keep_separators_and_quotes() {
        let table = open("a,\"1,234,567\",\"say \"\"hello\"\"\"\n").unwrap();
        assert_eq!(cells(&table), [(1, vec!["a", "1,234,567", "say \"hello\""])]);
    }

    #[test]
    fn a_quote_that_never_ends_swallows_nothing_silently() {
        assert_eq!(open("a,b\nc,\"d\ne,f\ng,h\n"), Err(StatementError::OpenQuote { line: 2 }));
        assert_eq!(open("a,\"b"), Err(StatementError::OpenQuote { line: 1 }));
    }

    #[test]
    fn what_only_looks_like_a_table_is_refused_in_words() {
        assert_eq!(
            open("\u{feff}\n <html><body><table><tr><td>거래일시</td></tr></table>"),
            Err(StatementError::WebPage)
        );
        assert_eq!(open("<?xml version=\"1.0\"?><Workbook/>"), Err(StatementError::WebPage));
        assert_eq!(open("%PDF-1.7\n"), Err(StatementError::NotATable));
        for empty in ["", "\n\n", " , ,\n,,"] {
            assert_eq!(open(empty), Err(StatementError::Empty), "{empty:?}");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(Table::open(&vec![b'a'; MOST_BYTES + 1]), Err(StatementError::TooLarge));
        assert_eq!(open(&"a,b\n".repeat(MOST_LINES + SPARE_ROWS + 1)), Err(StatementError::TooManyLines));
        assert_eq!(open(&"a,b\n".repeat(MOST_LINES)).map(|table| table.rows().len()), Ok(MOST_LINES));
        assert_eq!(
            open(&format!("a\n{}\n", "b,".repeat(MOST_CELLS + 1))),
            Err(StatementError::TooManyCells { line: 2 })
        );
        assert_eq!(open(&format!("a\nb{}\n", ",".repeat(500))).map(|table| table.rows().len()), Ok(2));
        assert_eq!(
            open(&format!("a\n{}\n", "b".repeat(LONGEST_CELL + 1))),
            Err(StatementError::LongCell { line: 2 })
        );
    }

    proptest! {
        #[test]
        fn no_file_makes_opening_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let _ = Table::open(&bytes);
        }

        #[test]
        fn no_text_makes_opening_panic(text in "[a,;\"\t\r\n|가 ]{0,200}") {
            let _ = open(&text);
        }
    }
}
