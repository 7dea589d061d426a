//! Files of rows for the programs of banks and of the tax office: EUC-KR, lines as Windows ends them.

use crate::text;
use encoding_rs::EUC_KR;
use kernel::Locale;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Why a file cannot be written. The line is the file's own, its headings being the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FileError {
    #[error("line {line}, column {column}: {letter:?} cannot be written")]
    Unwritable { line: u32, column: String, letter: char },
    /// Programs for tables would take it for a formula.
    #[error("line {line}, column {column}: it begins like a formula")]
    Formula { line: u32, column: String },
    #[error("line {line}, column {column}: nothing is there")]
    EmptyCell { line: u32, column: String },
    #[error("line {line}: not in won")]
    NotWon { line: u32 },
    #[error("line {line}: not a positive amount")]
    NotPositive { line: u32 },
}

impl FileError {
    #[must_use]
    pub fn explain(&self, l: Locale) -> String {
        match self {
            Self::Unwritable { line, column, letter } => text::unwritable(l, line, column, letter),
            Self::Formula { line, column } => text::formula(l, line, column),
            Self::EmptyCell { line, column } => text::empty_cell(l, line, column),
            Self::NotWon { line } => text::not_won(l, line),
            Self::NotPositive { line } => text::not_positive(l, line),
        }
    }
}

/// A file that grows by rows of as many cells as it has headings. The same rows make the same bytes.
pub struct CsvFile<const COLUMNS: usize> {
    headings: [&'static str; COLUMNS],
    bytes: Vec<u8>,
    line: u32,
}

impl<const COLUMNS: usize> CsvFile<COLUMNS> {
    pub fn new(headings: [&'static str; COLUMNS]) -> Result<Self, FileError> {
        let mut file = Self { headings, bytes: Vec::new(), line: 0 };
        file.add(headings.map(ToOwned::to_owned))?;
        Ok(file)
    }

    /// The number that the next row will have.
    pub fn next_line(&self) -> u32 {
        self.line + 1
    }

    pub fn add(&mut self, cells: [String; COLUMNS]) -> Result<(), FileError> {
        self.line += 1;
        let line = self.line;
        for (n, (cell, heading)) in cells.iter().zip(self.headings).enumerate() {
            let column = || heading.to_owned();
            // Macs write a Korean syllable as its letters, which no Korean encoding has.
            let cell: String = cell.trim().nfc().collect();
            if cell.starts_with(['=', '+', '-', '@']) {
                return Err(FileError::Formula { line, column: column() });
            }
            let letter = cell.chars().find(|letter| letter.is_control() || !is_writable(*letter));
            if let Some(letter) = letter {
                return Err(FileError::Unwritable { line, column: column(), letter });
            }
            let cell =
                if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell };
            if n > 0 {
                self.bytes.push(b',');
            }
            self.bytes.extend_from_slice(&EUC_KR.encode(&cell).0);
        }
        self.bytes.extend_from_slice(b"\r\n");
        Ok(())
    }

    pub fn bytes(self) -> Vec<u8> {
        self.bytes
    }
}

fn is_writable(letter: char) -> bool {
    let (_, _, unmappable) = EUC_KR.encode(letter.encode_utf8(&mut [0; 4]));
    !unmappable
}
