//! The file of transfers that the operator gives to the bank (대량이체).

use crate::csv_file::{CsvFile, FileError};
use kernel::{Bank, Currency, Money};

/// One transfer, as the bank carries it out.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub bank: Bank,
    /// Digits, with or without dashes.
    pub number: String,
    pub holder: String,
    pub amount: Money,
    /// What stands in the receiver's book: who sends.
    pub theirs: String,
    /// What stands in ours: by it the next statement finds the transfer.
    pub ours: String,
}

const HEADINGS: [&str; 6] = ["은행코드", "계좌번호", "금액", "예금주", "받는통장표시", "내통장표시"];

/// The file's bytes, the same for the same transfers. One that cannot be written stops the whole, by its line.
pub fn transfers_file(transfers: &[Transfer]) -> Result<Vec<u8>, FileError> {
    let mut file = CsvFile::new(HEADINGS)?;
    for transfer in transfers {
        let line = file.next_line();
        if transfer.amount.currency() != Currency::KRW {
            return Err(FileError::NotWon { line });
        }
        if transfer.amount.minor() <= 0 {
            return Err(FileError::NotPositive { line });
        }
        let number: String = transfer.number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let cells = [
            transfer.bank.code().to_owned(),
            number,
            transfer.amount.plain(),
            transfer.holder.clone(),
            transfer.theirs.clone(),
            transfer.ours.clone(),
        ];
        if let Some((_, heading)) = cells.iter().zip(HEADINGS).find(|(cell, _)| cell.trim().is_empty()) {
            return Err(FileError::EmptyCell { line, column: heading.to_owned() });
        }
        file.add(cells)?;
    }
    Ok(file.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::ReaderBuilder;
    use encoding_rs::EUC_KR;
    use kernel::Locale;
    use proptest::prelude::*;

    fn transfer(holder: &str) -> Transfer {
        Transfer {
            bank: Bank::of("090").unwrap(),
            number: "3333-01-1234567".to_owned(),
            holder: holder.to_owned(),
            amount: Money::won(1_234_567),
            theirs: "두레".to_owned(),
            ours: "R4821".to_owned(),
        }
    }

    #[test]
    fn the_file_is_what_a_korean_bank_takes() {
        let bytes = transfers_file(&[transfer("홍길동"), transfer("㈜두레, 서울")]).unwrap();
        let (text, _, broken) = EUC_KR.decode(&bytes);
        assert!(!broken);
        assert_eq!(
            text,
            "은행코드,계좌번호,금액,예금주,받는통장표시,내통장표시\r\n\
             090,3333011234567,1234567,홍길동,두레,R4821\r\n\
             090,3333011234567,1234567,\"㈜두레, 서울\",두레,R4821\r\n"
        );
        assert_eq!(bytes, transfers_file(&[transfer("홍길동"), transfer("㈜두레, 서울")]).unwrap());
    }

    #[test]
    fn a_name_from_a_mac_is_the_same_name() {
        let apart = "\u{1112}\u{1169}\u{11bc}\u{1100}\u{1175}\u{11af}\u{1103}\u{1169}\u{11bc}";
        assert_eq!(transfers_file(&[transfer(apart)]), transfers_file(&[transfer("홍길동")]));
    }

    #[test]
    fn what_cannot_be_written_is_told_with_its_line() {
        let second = |transfer| transfers_file(&[self::transfer("홍길동"), transfer]);
        let column = |column: &str| column.to_owned();
        assert_eq!(
            second(transfer("Zoë")),
            Err(FileError::Unwritable { line: 3, column: column("예금주"), letter: 'ë' })
        );
        assert_eq!(
            second(transfer("홍\n길동")),
            Err(FileError::Unwritable { line: 3, column: column("예금주"), letter: '\n' })
        );
        for formula in ["=1+1", "+82", "-홍", " @홍"] {
            assert_eq!(
                second(transfer(formula)),
                Err(FileError::Formula { line: 3, column: column("예금주") }),
                "{formula}"
            );
        }
        assert_eq!(second(transfer(" ")), Err(FileError::EmptyCell { line: 3, column: column("예금주") }));
        let empty = Transfer { number: " - ".to_owned(), ..transfer("홍길동") };
        assert_eq!(second(empty), Err(FileError::EmptyCell { line: 3, column: column("계좌번호") }));
        let dollars = Transfer { amount: Money::new(1, Currency::USD), ..transfer("홍길동") };
        assert_eq!(second(dollars), Err(FileError::NotWon { line: 3 }));
        let nothing = Transfer { amount: Money::won(0), ..transfer("홍길동") };
        assert_eq!(second(nothing), Err(FileError::NotPositive { line: 3 }));
        let error = FileError::Unwritable { line: 3, column: column("예금주"), letter: 'ë' };
        assert_eq!(error.explain(Locale::Ko), "3번째 줄 ‘예금주’ 칸: ‘ë’ 글자는 은행 파일에 쓸 수 없어요.");
    }

    proptest! {
        #[test]
        fn a_file_is_read_as_it_was_meant_and_no_cell_is_a_formula(
            transfers in proptest::collection::vec(("[가-힣a-z=, ]{0,6}", "[가-힣A-Za-z0-9\",;|=+@ -]{0,10}", 1_i64..i64::MAX, "[0-9-]{1,20}"), 0..6)
        ) {
            let transfers: Vec<_> = transfers.into_iter().map(|(holder, theirs, amount, number)| Transfer {
                theirs, number, amount: Money::won(amount), ..transfer(&holder)
            }).collect();
            let Ok(bytes) = transfers_file(&transfers) else { return Ok(()) };
            let text = EUC_KR.decode_without_bom_handling_and_without_replacement(&bytes).unwrap();
            let rows: Vec<_> = ReaderBuilder::new().from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect();
            prop_assert_eq!(rows.len(), transfers.len());
            for (row, transfer) in rows.iter().zip(&transfers) {
                prop_assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
                prop_assert_eq!(row.get(2).and_then(|cell| cell.parse().ok()), Some(transfer.amount.minor()));
                prop_assert_eq!(row.get(4), Some(transfer.theirs.trim()));
                prop_assert_eq!(row.get(1).map(ToOwned::to_owned), Some(transfer.number.replace('-', "")));
            }
        }
    }
}
