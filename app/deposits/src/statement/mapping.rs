//! Which column of a bank's file is what: known by its headings, or chosen once and remembered.

use super::{StatementError, Table, table::HEAD_ROWS};
use crate::text;
use kernel::Locale;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use unicode_normalization::UnicodeNormalization;

/// What a column can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The day, often with the time of day.
    At,
    Time,
    /// What came in.
    Credit,
    /// What went out.
    Debit,
    /// What came in or, negative or said by another column, went out.
    Amount,
    /// Which of the two it was.
    Kind,
    Name,
    Memo,
    Balance,
}

impl Column {
    pub const ALL: [Self; 9] = [
        Self::At,
        Self::Time,
        Self::Credit,
        Self::Debit,
        Self::Amount,
        Self::Kind,
        Self::Name,
        Self::Memo,
        Self::Balance,
    ];

    #[must_use]
    pub const fn name(self, l: Locale) -> &'static str {
        match self {
            Self::At => text::column_at(l),
            Self::Time => text::column_time(l),
            Self::Credit => text::column_credit(l),
            Self::Debit => text::column_debit(l),
            Self::Amount => text::column_amount(l),
            Self::Kind => text::column_kind(l),
            Self::Name => text::column_name(l),
            Self::Memo => text::column_memo(l),
            Self::Balance => text::column_balance(l),
        }
    }

    /// How banks call it, without blanks and what stands in brackets; the better names first, because a
    /// file may have several.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::At => &[
                "거래일시",
                "일시",
                "거래일자/시간",
                "거래일자시간",
                "거래일자",
                "거래일",
                "입출금일자",
                "일자",
                "날짜",
                "datetime",
                "date",
                "transactiondate",
            ],
            Self::Time => &["거래시간", "거래시각", "시간", "시각", "time"],
            Self::Credit => &[
                "입금액",
                "입금금액",
                "입금",
                "맡기신금액",
                "들어온금액",
                "예입금액",
                "예입액",
                "받은금액",
                "deposit",
                "deposits",
                "credit",
                "moneyin",
            ],
            Self::Debit => &[
                "출금액",
                "출금금액",
                "출금",
                "찾으신금액",
                "나간금액",
                "지급금액",
                "지급액",
                "지급",
                "보낸금액",
                "withdrawal",
                "withdrawals",
                "debit",
                "moneyout",
            ],
            Self::Amount => &["거래금액", "금액", "amount"],
            Self::Kind => &["입출금구분", "입출구분", "입지구분", "구분"],
            Self::Name => &[
                "의뢰인/수취인",
                "의뢰인수취인",
                "의뢰인",
                "보낸분/받는분",
                "받는분/보낸분",
                "보낸분받는분",
                "보낸분",
                "보낸이",
                "보내는분",
                "입금자명",
                "입금자",
                "입금인",
                "송금인",
                "거래자명",
                "거래자",
                "상대계좌예금주명",
                "상대예금주",
                "상대방",
                "기재내용",
                "거래기록사항",
                "거래처",
                "거래내용",
                "내용",
                "counterparty",
                "payer",
                "name",
                "description",
            ],
            Self::Memo => &[
                "적요",
                "송금메모",
                "이체메모",
                "메모",
                "비고",
                "내통장표시내용",
                "내통장표시",
                "통장표시",
                "거래특이사항",
                "추가메모",
                "적요내용",
                "거래구분",
                "거래유형",
                "거래종류",
                "memo",
                "note",
                "notes",
            ],
            Self::Balance => &["잔액", "거래후잔액", "거래잔액", "통장잔액", "남은금액", "잔고", "balance"],
        }
    }

    /// What a heading means, and how well it says it: the smaller the better.
    fn of(heading: &str) -> Option<(Self, usize)> {
        let heading = plain(heading);
        let rank = |column: Self| column.headings().iter().position(|known| *known == heading);
        Self::ALL.into_iter().find_map(|column| Some((column, rank(column)?)))
    }
}

/// Without blanks, case, and what stands in brackets: `출금액(원)`.
fn plain(heading: &str) -> String {
    let text: String = heading.nfkc().filter(|c| !c.is_whitespace()).collect();
    text.split('(').next().unwrap_or_default().to_lowercase()
}

/// How many different things the cells of a row name.
pub fn known_words<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
    cells.filter_map(|cell| Some(Column::of(cell)?.0)).collect::<BTreeSet<_>>().len()
}

/// So many make a row of headings.
const ENOUGH_WORDS: usize = 3;

/// The columns of a file, counted from nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    pub at: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debit: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub memo: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<usize>,
}

impl Mapping {
    /// Reads the headings; tells which column is missing.
    fn of<'a>(headings: impl Iterator<Item = &'a str>) -> Result<Self, Column> {
        let mut known: Vec<(Column, usize, usize)> = headings
            .enumerate()
            .filter_map(|(n, heading)| Column::of(heading).map(|(column, rank)| (column, rank, n)))
            .collect();
        known.sort_unstable();
        let best = |wanted| known.iter().find(|(column, ..)| *column == wanted).map(|(.., n)| *n);
        let at = best(Column::At).ok_or(Column::At)?;
        let credit = best(Column::Credit);
        let alone = credit.is_none();
        let amount = best(Column::Amount).filter(|_| alone);
        if alone && amount.is_none() {
            return Err(Column::Credit);
        }
        // Without a name of its own, what the bank wrote stands for it.
        let texts: Vec<_> =
            known.iter().filter(|(column, ..)| matches!(column, Column::Name | Column::Memo)).collect();
        let name = texts.first().map(|(.., n)| *n);
        Ok(Self {
            at,
            time: best(Column::Time),
            credit,
            debit: best(Column::Debit),
            amount,
            kind: best(Column::Kind).filter(|_| alone),
            name,
            memo: texts.iter().skip(1).map(|(.., n)| *n).collect(),
            balance: best(Column::Balance),
        })
    }

    /// Whether lines come of it: a day, what came in, and no column twice.
    #[must_use]
    pub fn makes_lines(&self, columns: usize) -> bool {
        let optional = [self.time, self.credit, self.debit, self.amount, self.kind, self.name, self.balance];
        let used: Vec<usize> =
            optional.into_iter().flatten().chain(self.memo.iter().copied()).chain([self.at]).collect();
        let distinct: BTreeSet<_> = used.iter().collect();
        let one_way = match (self.credit, self.amount) {
            (Some(_), None) => self.kind.is_none(),
            (None, Some(_)) => self.debit.is_none(),
            _ => false,
        };
        one_way && distinct.len() == used.len() && used.iter().all(|column| *column < columns)
    }
}

/// Under which a mapping is remembered: the same file next month has the same.
pub type HeadingsHash = [u8; 32];

/// The row of headings of a table, and what its columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headings {
    /// Among the rows of the table.
    pub row: usize,
    pub mapping: Mapping,
    pub hash: HeadingsHash,
}

impl Headings {
    /// Finds headings that an operator has explained before, else those that explain themselves.
    pub fn find(table: &Table, remembered: &HashMap<HeadingsHash, Mapping>) -> Result<Self, StatementError> {
        let head = || table.rows().iter().take(HEAD_ROWS).enumerate();
        for (n, row) in head() {
            let hash = hash_of(row.cells());
            if let Some(mapping) = remembered.get(&hash) {
                return Self::chosen(table, n, mapping.clone());
            }
        }
        let (n, row) = head()
            .find(|(_, row)| known_words(row.cells()) >= ENOUGH_WORDS)
            .ok_or(StatementError::UnknownHeadings)?;
        let mapping = Mapping::of(row.cells())
            .map_err(|column| StatementError::MissingColumn { line: row.line, column })?;
        Ok(Self { row: n, mapping, hash: hash_of(row.cells()) })
    }

    /// Headings that an operator explains.
    pub fn chosen(table: &Table, row: usize, mapping: Mapping) -> Result<Self, StatementError> {
        let headings = table.rows().get(row).ok_or(StatementError::WrongColumns)?;
        if !mapping.makes_lines(headings.cells().count()) {
            return Err(StatementError::WrongColumns);
        }
        Ok(Self { row, mapping, hash: hash_of(headings.cells()) })
    }
}

/// What tells a row of headings from others.
#[must_use]
pub fn hash_of<'a>(headings: impl Iterator<Item = &'a str>) -> HeadingsHash {
    let mut hash = Sha256::new();
    for heading in headings {
        hash.update(plain(heading).as_bytes());
        hash.update([0x1f]);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(headings: &str) -> Result<Mapping, Column> {
        Mapping::of(headings.split(", "))
    }

    fn table(text: &str) -> Table {
        Table::open(text.as_bytes()).unwrap()
    }

    #[test]
    fn headings_of_korean_banks_explain_themselves() {
        // As the statements of 국민, 신한, 우리, 하나, 농협, SC제일, 카카오뱅크 and 토스뱅크 have them.
        for (headings, at, time, credit, debit, name, balance) in [
            (
                "거래일시, 적요, 보낸분/받는분, 송금메모, 출금액, 입금액, 잔액, 거래점, 구분",
                0,
                None,
                5,
                Some(4),
                2,
                6,
            ),
            (
                "거래일자, 거래시간, 적요, 출금(원), 입금(원), 내용, 잔액(원), 거래점",
                0,
                Some(1),
                4,
                Some(3),
                5,
                6,
            ),
            (
                "No, 거래일시, 적요, 기재내용, 찾으신금액, 맡기신금액, 거래후 잔액, 취급점, 메모",
                1,
                None,
                5,
                Some(4),
                3,
                6,
            ),
            (
                "No, 거래일시, 적요, 의뢰인/수취인, 입금, 출금, 거래후잔액, 구분, 거래점",
                1,
                None,
                4,
                Some(5),
                3,
                6,
            ),
            (
                "구분, 거래일자, 출금금액(원), 입금금액(원), 거래 후 잔액(원), 거래내용, 거래기록사항, 거래점, 거래시간, 이체메모",
                1,
                Some(8),
                3,
                Some(2),
                6,
                4,
            ),
            ("거래일자, 시간, 적요, 들어온 금액, 나간 금액, 남은 금액", 0, Some(1), 3, Some(4), 2, 5),
        ] {
            let read = mapping(headings).unwrap();
            let facts = (read.at, read.time, read.credit, read.debit, read.name, read.balance);
            assert_eq!(facts, (at, time, Some(credit), debit, Some(name), Some(balance)), "{headings}");
            assert_eq!((read.amount, read.kind), (None, None), "{headings}");
        }
        let kakao = mapping("거래일시, 구분, 거래금액, 거래 후 잔액, 거래구분, 내용, 메모").unwrap();
        assert_eq!(
            (kakao.amount, kakao.kind, kakao.name, kakao.memo),
            (Some(2), Some(1), Some(5), vec![6, 4])
        );
        let toss = mapping("거래 일시, 적요, 거래 유형, 거래 기관, 계좌번호, 거래 금액, 거래 후 잔액, 메모")
            .unwrap();
        assert_eq!((toss.amount, toss.kind, toss.name, toss.memo), (Some(5), None, Some(1), vec![7, 2]));
    }

    #[test]
    fn a_missing_column_is_named() {
        assert_eq!(mapping("적요, 출금액, 입금액, 잔액"), Err(Column::At));
        assert_eq!(mapping("거래일시, 적요, 출금액, 잔액"), Err(Column::Credit));
        let headings = Headings::find(&table("두레\n거래일시,적요,출금액,잔액\n"), &HashMap::new());
        assert_eq!(headings, Err(StatementError::MissingColumn { line: 2, column: Column::Credit }));
    }

    #[test]
    fn headings_are_found_under_what_stands_above_them() {
        let text = "입출금 거래내역\n\n계좌번호,123-456\n예금주,두레,잔액,\"1,000\"\n거래일시,적요,입금액,출금액\n2026-11-22,가,1,\n";
        let found = Headings::find(&table(text), &HashMap::new()).unwrap();
        assert_eq!(found.row, 3);
        assert_eq!(
            Headings::find(&table("a,b\n1,2\n"), &HashMap::new()),
            Err(StatementError::UnknownHeadings)
        );
    }

    #[test]
    fn headings_that_were_explained_once_are_known_again() {
        let chosen = Mapping { at: 0, credit: Some(2), name: Some(1), ..Mapping::default() };
        let first = Headings::chosen(&table("Tag,Wer,Plus\n2026-11-22,가,1\n"), 0, chosen.clone()).unwrap();
        let remembered = HashMap::from([(first.hash, chosen.clone())]);

        let next =
            Headings::find(&table("Konto\n TAG ,wer,Plus (원)\n2026-12-22,가,1\n"), &remembered).unwrap();

        assert_eq!((next.row, next.mapping), (1, chosen));
    }

    #[test]
    fn columns_that_make_no_lines_are_refused() {
        let table = table("a,b,c\n1,2,3\n");
        let credit = Mapping { at: 0, credit: Some(1), ..Mapping::default() };
        assert!(Headings::chosen(&table, 0, credit.clone()).is_ok());
        for wrong in [
            Mapping::default(),
            Mapping { credit: Some(3), ..credit.clone() },
            Mapping { credit: Some(0), ..credit.clone() },
            Mapping { debit: Some(1), ..credit.clone() },
            Mapping { memo: vec![2, 2], ..credit.clone() },
            Mapping { amount: Some(2), ..credit.clone() },
            Mapping { kind: Some(2), ..credit.clone() },
            Mapping { credit: None, amount: Some(1), debit: Some(2), ..credit.clone() },
        ] {
            assert_eq!(
                Headings::chosen(&table, 0, wrong.clone()),
                Err(StatementError::WrongColumns),
                "{wrong:?}"
            );
        }
        assert_eq!(Headings::chosen(&table, 9, credit), Err(StatementError::WrongColumns));
    }

    #[test]
    fn a_mapping_is_kept_as_json_and_read_again() {
        let mapping = mapping("거래일시, 적요, 의뢰인/수취인, 입금, 출금, 잔액").unwrap();
        let json = serde_json::to_string(&mapping).unwrap();
        assert_eq!(json, r#"{"at":0,"credit":3,"debit":4,"name":2,"memo":[1],"balance":5}"#);
        assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), mapping);
    }

    #[test]
    fn each_heading_means_one_column() {
        let mut seen = BTreeSet::new();
        for heading in Column::ALL.into_iter().flat_map(Column::headings) {
            assert!(seen.insert(heading), "{heading} stands twice");
            assert_eq!(plain(heading), **heading);
        }
    }
}
