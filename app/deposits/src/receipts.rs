//! Cash receipts (현금영수증) for what was paid by transfer, as a file for the tax office's mass issue.

use crate::csv_file::{CsvFile, FileError};
use chrono::NaiveDate;
use kernel::{Currency, Money};
use std::str::FromStr;

/// The number under which the tax office keeps receipts that nobody asked for.
const UNASKED: &str = "0100001234";
/// Value added tax is contained in what was paid: a tenth on top of the rest.
const VAT_DIVISOR: i64 = 11;

/// What a receipt is for, as in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A person's tax (소득공제), by phone number.
    IncomeDeduction,
    /// A business's costs (지출증빙), by business number.
    BusinessExpense,
    /// Nobody asked, but it has to be issued (자진발급).
    Unasked,
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a purpose of cash receipts")]
pub struct UnknownPurpose(String);

impl Purpose {
    const ALL: [Self; 3] = [Self::IncomeDeduction, Self::BusinessExpense, Self::Unasked];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::IncomeDeduction => "income_deduction",
            Self::BusinessExpense => "business_expense",
            Self::Unasked => "unasked",
        }
    }
}

impl FromStr for Purpose {
    type Err = UnknownPurpose;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.code() == code)
            .ok_or_else(|| UnknownPurpose(code.to_owned()))
    }
}

/// One receipt that is to be issued.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The Korean day on which the money came.
    pub day: NaiveDate,
    pub purpose: Purpose,
    /// Phone or business number; not looked at when nobody asked.
    pub number: String,
    pub amount: Money,
    /// By which the answer of the tax office finds its payment.
    pub reference: String,
}

const HEADINGS: [&str; 10] = [
    "거래일자",
    "용도",
    "발급수단번호",
    "자진발급",
    "총금액",
    "공급가액",
    "부가세",
    "봉사료",
    "의무발행",
    "관리번호",
];

/// The file's bytes, the same for the same receipts. From `duty_from` on a receipt has to be issued asked or
/// not, and the file says so.
pub fn receipts_file(receipts: &[Receipt], duty_from: Money) -> Result<Vec<u8>, FileError> {
    let mut file = CsvFile::new(HEADINGS)?;
    let yes_or_no = |yes| if yes { "Y" } else { "N" }.to_owned();
    for receipt in receipts {
        let line = file.next_line();
        let total = receipt.amount.minor();
        if receipt.amount.currency() != Currency::KRW {
            return Err(FileError::NotWon { line });
        }
        if total <= 0 {
            return Err(FileError::NotPositive { line });
        }
        let unasked = receipt.purpose == Purpose::Unasked;
        let digits: String = receipt.number.chars().filter(char::is_ascii_digit).collect();
        let number = if unasked { UNASKED.to_owned() } else { digits };
        if number.is_empty() {
            return Err(FileError::EmptyCell { line, column: "발급수단번호".to_owned() });
        }
        let vat = total / VAT_DIVISOR;
        let purpose =
            if receipt.purpose == Purpose::BusinessExpense { "지출증빙" } else { "소득공제" };
        file.add([
            receipt.day.format("%Y%m%d").to_string(),
            purpose.to_owned(),
            number,
            yes_or_no(unasked),
            total.to_string(),
            (total - vat).to_string(),
            vat.to_string(),
            "0".to_owned(),
            yes_or_no(total >= duty_from.minor()),
            receipt.reference.clone(),
        ])?;
    }
    Ok(file.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::EUC_KR;

    fn receipt(purpose: Purpose, number: &str, amount: i64) -> Receipt {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        Receipt {
            day,
            purpose,
            number: number.to_owned(),
            amount: Money::won(amount),
            reference: "a1".to_owned(),
        }
    }

    #[test]
    fn the_file_has_what_the_tax_office_asks_for() {
        let receipts = [
            receipt(Purpose::IncomeDeduction, "010-1234-5678", 99_999),
            receipt(Purpose::BusinessExpense, "123-45-67890", 110_000),
            receipt(Purpose::Unasked, "", 100_000),
        ];
        let bytes = receipts_file(&receipts, Money::won(100_000)).unwrap();
        assert_eq!(
            EUC_KR.decode(&bytes).0,
            "거래일자,용도,발급수단번호,자진발급,총금액,공급가액,부가세,봉사료,의무발행,관리번호\r\n\
             20261122,소득공제,01012345678,N,99999,90909,9090,0,N,a1\r\n\
             20261122,지출증빙,1234567890,N,110000,100000,10000,0,Y,a1\r\n\
             20261122,소득공제,0100001234,Y,100000,90910,9090,0,Y,a1\r\n"
        );
    }

    #[test]
    fn what_is_no_receipt_is_told_with_its_line() {
        let of = |receipt| receipts_file(&[receipt], Money::won(100_000));
        let column = "발급수단번호".to_owned();
        assert_eq!(
            of(receipt(Purpose::IncomeDeduction, " ", 1)),
            Err(FileError::EmptyCell { line: 2, column })
        );
        assert_eq!(of(receipt(Purpose::Unasked, "", 0)), Err(FileError::NotPositive { line: 2 }));
        let dollars = Receipt { amount: Money::new(1, Currency::USD), ..receipt(Purpose::Unasked, "", 1) };
        assert_eq!(of(dollars), Err(FileError::NotWon { line: 2 }));
    }

    #[test]
    fn purposes_are_kept_by_their_codes() {
        for purpose in Purpose::ALL {
            assert_eq!(purpose.code().parse().ok(), Some(purpose));
        }
        assert!("gift".parse::<Purpose>().is_err());
    }
}
