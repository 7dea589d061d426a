//! What a workbook would make its reader allocate, looked at before it is opened: readers believe what a
//! file says of its own size, and a program that asks for too much memory is ended.

use super::{StatementError, table::MOST_CELLS};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// More than this is no statement, but a small file that unpacks without end.
const MOST_UNPACKED: u64 = 128 * 1024 * 1024;
/// Every line with ten texts of its own.
const MOST_STRINGS: u64 = 1_000_000;
const COUNT_OF_STRINGS: &[u8] = b"uniqueCount";
/// Long enough for the name of a count, its quotes and digits.
const OVERLAP: usize = 64;

/// Rows and columns that the older format can have.
const XLS_ROWS: u32 = 65_536;
const XLS_COLUMNS: u32 = 256;
const MOST_SHEETS: usize = 32;
const DIMENSIONS: u16 = 0x0200;
const SHEET: u16 = 0x0085;
const END: u16 = 0x000a;
/// Several numbers in one record, which ends with its last column.
const NUMBERS: u16 = 0x00bd;
/// Records of one cell, which begin with its row and column.
const CELLS: [u16; 7] = [0x0006, 0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];

/// Unpacks everything once into nothing: what a file says of its parts may be untrue.
pub fn check_zip(bytes: &[u8]) -> Result<(), StatementError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| StatementError::NotATable)?;
    let mut left = MOST_UNPACKED;
    let mut chunk = vec![0; 64 * 1024];
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).map_err(|_| StatementError::NotATable)?;
        let mut seen: Vec<u8> = Vec::new();
        loop {
            let read = file.read(&mut chunk).map_err(|_| StatementError::NotATable)?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(read as u64).ok_or(StatementError::TooLarge)?;
            seen.drain(..seen.len().saturating_sub(OVERLAP));
            seen.extend_from_slice(chunk.get(..read).unwrap_or_default());
            if counts(&seen).any(|count| count > MOST_STRINGS) {
                return Err(StatementError::TooLarge);
            }
        }
    }
    Ok(())
}

/// The counts of strings that are announced: `uniqueCount="12"`.
fn counts(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let is_named = move |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(COUNT_OF_STRINGS));
    let first = COUNT_OF_STRINGS.first();
    let begins = bytes.iter().enumerate().filter(move |(_, byte)| Some(*byte) == first).map(|(at, _)| at);
    begins.filter(is_named).map(move |at| {
        let after = bytes.iter().skip(at + COUNT_OF_STRINGS.len()).skip_while(|byte| !byte.is_ascii_digit());
        let digits = after.take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |count, digit| count.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    })
}

/// Walks through the records of a workbook in the older format, as its reader will.
pub fn check_compound(bytes: &[u8]) -> Result<(), StatementError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| StatementError::NotATable)?;
    if file.exists("/EncryptedPackage") {
        return Err(StatementError::Locked);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name));
    let mut stream =
        file.open_stream(name.ok_or(StatementError::NotATable)?).map_err(|_| StatementError::NotATable)?;
    let mut book = Vec::new();
    stream.read_to_end(&mut book).map_err(|_| StatementError::NotATable)?;

    let sheets = records(&book, 0).filter(|(kind, _)| *kind == SHEET);
    let starts: Vec<usize> = sheets.map(|(_, sheet)| number_at::<4>(sheet, 0) as usize).collect();
    if starts.len() > MOST_SHEETS {
        return Err(StatementError::SeveralSheets);
    }
    let mut full = 0;
    for start in starts {
        full += usize::from(check_sheet(&book, start)?);
    }
    if full > 1 { Err(StatementError::SeveralSheets) } else { Ok(()) }
}

/// Whether a sheet has cells.
fn check_sheet(book: &[u8], start: usize) -> Result<bool, StatementError> {
    let mut full = false;
    for (kind, record) in records(book, start) {
        if kind == DIMENSIONS {
            let (first, last, columns) = match record.len() {
                10 => (number_at::<2>(record, 0), number_at::<2>(record, 2), number_at::<2>(record, 6)),
                _ => (number_at::<4>(record, 0), number_at::<4>(record, 4), number_at::<2>(record, 10)),
            };
            if first > last || last > XLS_ROWS || columns > XLS_COLUMNS {
                return Err(StatementError::NotATable);
            }
        }
        let column = match kind {
            NUMBERS => number_at::<2>(record, record.len().saturating_sub(2)),
            kind if CELLS.contains(&kind) => number_at::<2>(record, 2),
            _ => continue,
        };
        full = true;
        if column as usize >= MOST_CELLS {
            return Err(StatementError::TooManyCells { line: number_at::<2>(record, 0) + 1 });
        }
    }
    Ok(full)
}

/// The records from one place to the end of its part; parts may stand in each other.
fn records(book: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    const BEGIN: u16 = 0x0809;
    let (mut at, mut depth) = (start, 0_u32);
    std::iter::from_fn(move || {
        let head = book.get(at..at.checked_add(4)?)?;
        let (kind, length) = (number_at::<2>(head, 0) as u16, number_at::<2>(head, 2) as usize);
        let record = book.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => return None,
            END => depth -= 1,
            _ => (),
        }
        Some((kind, record))
    })
}

/// A number of so many bytes, least first; nothing is nought.
fn number_at<const BYTES: usize>(record: &[u8], at: usize) -> u32 {
    let bytes = record.get(at..at + BYTES).unwrap_or_default();
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::{ZipWriter, write::SimpleFileOptions};

    fn packed(parts: &[&[u8]]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
        parts.iter().for_each(|part| zip.write_all(part).unwrap());
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_small_file_that_unpacks_without_end_is_refused() {
        let spaces = vec![b' '; 1024 * 1024];
        let bomb = packed(&vec![spaces.as_slice(); 129]);
        assert!(bomb.len() < spaces.len());
        assert_eq!(check_zip(&bomb), Err(StatementError::TooLarge));
    }

    #[test]
    fn a_file_that_announces_more_strings_than_memory_holds_is_refused() {
        let announced = |count: &str, before: usize| {
            let text = format!("{}<sst count = '1' uniqueCount = '{count}'>", " ".repeat(before));
            check_zip(&packed(&[text.as_bytes()]))
        };
        // Wherever the chunks are parted.
        for before in [0, 64 * 1024 - 40, 64 * 1024 - 30, 64 * 1024 - 10] {
            assert_eq!(announced("99999999999999999999", before), Err(StatementError::TooLarge));
            assert_eq!(announced("1000001", before), Err(StatementError::TooLarge));
            assert_eq!(announced("1000000", before), Ok(()));
        }
    }

    /// An older workbook with one sheet of these records.
    fn compound(records: &[(u16, &[u8])]) -> Vec<u8> {
        let record = |(kind, data): &(u16, &[u8])| {
            [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), *data].concat()
        };
        let [begin, end]: [(u16, &[u8]); 2] = [(0x0809, &[0, 6, 5, 0]), (END, &[])];
        let sheet = (SHEET, &[24, 0, 0, 0, 0, 0, 1, 0][..]);
        let book: Vec<u8> =
            [begin, sheet, end, begin].iter().chain(records).chain([&end]).flat_map(record).collect();
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/Workbook").unwrap().write_all(&book).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn an_older_workbook_may_not_be_wider_or_longer_than_it_can_be() {
        let of = |first: u32, last: u32, columns: u16| {
            [&first.to_le_bytes()[..], &last.to_le_bytes(), &[0, 0], &columns.to_le_bytes(), &[0, 0]].concat()
        };
        let check = |kind, data: &[u8]| check_compound(&compound(&[(kind, data)]));
        assert_eq!(check(DIMENSIONS, &of(0, 65_536, 256)), Ok(()));
        for wrong in [of(0, 65_537, 7), of(2, 1, 7), of(0, 1, 257)] {
            assert_eq!(check(DIMENSIONS, &wrong), Err(StatementError::NotATable));
        }
        assert_eq!(check(0x0203, &[4, 0, 63, 0, 0, 0]), Ok(()));
        assert_eq!(check(0x0203, &[4, 0, 64, 0, 0, 0]), Err(StatementError::TooManyCells { line: 5 }));
        assert_eq!(check(NUMBERS, &[4, 0, 0, 0, 255, 255]), Err(StatementError::TooManyCells { line: 5 }));
    }
}
