//! From bytes to text: what banks' files are written in.

use super::StatementError;
use encoding_rs::{EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// UTF-8 or UTF-16 as the byte order mark says; without one UTF-8 if it is valid, else EUC-KR with
/// the letters that Windows added.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, StatementError> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => strictly(encoding, bytes.get(mark..).unwrap_or_default())?,
        None => match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => text,
            None => strictly(EUC_KR, bytes)?,
        },
    };
    // No text has one: a picture, a program, or UTF-16 without its mark.
    if text.contains('\0') { Err(StatementError::NotATable) } else { Ok(text) }
}

fn strictly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, StatementError> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| StatementError::BadBytes { line: first_bad_line(encoding, bytes) })
}

fn first_bad_line(encoding: &'static Encoding, bytes: &[u8]) -> u32 {
    let good = if encoding == UTF_16LE || encoding == UTF_16BE {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        text.split('\u{fffd}').next().map_or(0, |good| good.matches('\n').count())
    } else {
        // No letter of these encodings contains the byte of a line's end.
        let mut lines = bytes.split(|byte| *byte == b'\n');
        lines.position(|line| encoding.decode_without_bom_handling(line).1).unwrap_or_default()
    };
    u32::try_from(good + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once('\u{feff}')
            .chain(text.chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(bytes_of)
            .collect()
    }

    #[test]
    fn one_text_is_read_in_every_encoding() {
        let text = "거래일시,적요\r\n2026-11-22,똠방각하 4821 9331\r\n";
        let mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let (euc_kr, _, unmappable) = EUC_KR.encode(text);
        assert!(!unmappable);
        for bytes in [
            text.as_bytes(),
            &mark,
            &euc_kr,
            &utf_16(text, u16::to_le_bytes),
            &utf_16(text, u16::to_be_bytes),
        ] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn bytes_of_no_encoding_are_refused_with_their_line() {
        for bytes in [b"a\nb\n\xff\xff\n" as &[u8], b"\xef\xbb\xbfa\nb\n\xb0\n"] {
            assert_eq!(decode(bytes), Err(StatementError::BadBytes { line: 3 }), "{bytes:?}");
        }
        let mut half = utf_16("a\nb\n", u16::to_le_bytes);
        half.extend([0x00, 0xd8, b'c', 0x00]);
        assert_eq!(decode(&half), Err(StatementError::BadBytes { line: 3 }));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b"\x7fELF\0\0\0"), Err(StatementError::NotATable));
        assert_eq!(decode(b"a\0,\0b\0"), Err(StatementError::NotATable));
        assert_eq!(decode(b"").as_deref(), Ok(""));
    }
}
