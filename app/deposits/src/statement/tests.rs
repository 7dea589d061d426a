//! Whole files, as banks give them.

use super::*;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use encoding_rs::EUC_KR;
use kernel::{Currency, Locale, Money};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::collections::HashMap;

fn read_bytes(bytes: &[u8]) -> Result<Vec<StatementLine>, StatementError> {
    let table = Table::open(bytes)?;
    let headings = Headings::find(&table, &HashMap::new())?;
    read(&table, &headings, Currency::KRW)
}

fn read_text(text: &str) -> Result<Vec<StatementLine>, StatementError> {
    read_bytes(text.as_bytes())
}

/// What a line says, its time as clocks in Korea show it.
fn told(lines: &[StatementLine]) -> Vec<(String, i64, Option<i64>, &str, &str)> {
    let korean = |at: DateTime<Utc>| (at + TimeDelta::hours(9)).format("%Y-%m-%d %H:%M:%S").to_string();
    lines
        .iter()
        .map(|line| {
            let balance = line.balance.map(Money::minor);
            (korean(line.at), line.amount.minor(), balance, line.name.as_str(), line.memo.as_str())
        })
        .collect()
}

#[test]
fn a_statement_is_read_between_its_head_and_its_sums() {
    let lines = read_text(
        "입출금 거래내역조회\n조회기간,2026.11.01 ~ 2026.11.30\n계좌번호,123456-01-123456,,잔액,\"1,049,000\"\n\n\
         No,거래일시,적요,의뢰인/수취인,출금액(원),입금액(원),잔액(원),처리점\n\
         1,2026.11.22 14:03:22,전자금융,홍길동 4821 9331,,\"50,000\",\"1,050,000\",강남\n\
         No,거래일시,적요,의뢰인/수취인,출금액(원),입금액(원),잔액(원),처리점\n\
         2,2026.11.23,이자,,0,0,\"1,050,000\",\n\
         3,2026.11.23 09:00:00,수수료,\"두레 \"\"본점\"\"\",\"1,000\",0,\"1,049,000\",본점\n\
         합 계,,,,\"1,000\",\"50,000\",,\n\
         ,총계 :,,,\"1,000\",\"50,000\",,\n\
         ※ 본 자료는 참고용이에요.\n",
    )
    .unwrap();

    assert_eq!(
        told(&lines),
        [
            ("2026-11-22 14:03:22".to_owned(), 50_000, Some(1_050_000), "홍길동 4821 9331", "전자금융"),
            ("2026-11-23 09:00:00".to_owned(), -1_000, Some(1_049_000), "두레 \"본점\"", "수수료"),
        ]
    );
    assert_eq!(lines.iter().map(|line| line.line).collect::<Vec<_>>(), [6, 9]);
    assert_eq!(lines[0].raw, "1\t2026.11.22 14:03:22\t전자금융\t홍길동 4821 9331\t\t50,000\t1,050,000\t강남");
}

#[test]
fn days_without_a_time_end_at_their_last_second() {
    let lines = read_text("거래일자,거래시간,적요,입금\n20261122,,가,1\n20261122,93022,나,2\n").unwrap();
    assert_eq!(
        told(&lines),
        [
            ("2026-11-22 23:59:59".to_owned(), 1, None, "가", ""),
            ("2026-11-22 09:30:22".to_owned(), 2, None, "나", "")
        ]
    );
}

#[test]
fn a_signed_amount_goes_the_way_that_its_sign_or_its_kind_says() {
    let kakao = "거래일시,구분,거래금액,거래 후 잔액,거래구분,내용,메모\n\
         2026.11.22 10:00:00,입금,\"10,000\",\"10,000\",일반입금,홍길동,\n\
         2026.11.22 11:00:00,출금,\"-3,000\",\"7,000\",체크카드결제,가게,\n\
         2026.11.22 12:00:00,출금,\"2,000\",\"5,000\",일반이체,임꺽정,점심\n\
         2026.11.22 13:00:00,입금취소,\"-5,000\",0,취소,홍길동,\n";
    let amounts: Vec<_> = read_text(kakao).unwrap().iter().map(|line| line.amount.minor()).collect();
    assert_eq!(amounts, [10_000, -3_000, -2_000, -5_000]);

    let unclear = kakao.replace("13:00:00,입금취소", "13:00:00,기타");
    assert_eq!(
        read_text(&unclear),
        Err(StatementError::NeitherInNorOut { line: 5, column: "구분".to_owned() })
    );
}

#[test]
fn the_same_line_twice_in_a_file_is_two_lines_and_the_same_two_in_the_next_file() {
    let head = "거래일시,내용,입금액\n";
    let line = "2026-11-22 10:00:00,홍길동,1000\n";
    let lines = read_text(&format!("{head}{line}{line}2026-11-22 10:00:00,홍길둥,1000\n")).unwrap();
    assert_eq!(lines.iter().map(|line| line.occurrence).collect::<Vec<_>>(), [1, 2, 1]);

    let again = read_text(&format!("{head}2026-11-21,김,5\n{line}{line}")).unwrap();
    let keys = |lines: &[StatementLine]| {
        lines.iter().map(|line| (line.fingerprint, line.occurrence)).collect::<Vec<_>>()
    };
    assert_eq!(keys(&again)[1..], keys(&lines)[..2]);
}

#[test]
fn one_row_that_cannot_be_read_refuses_the_whole_with_its_place() {
    let with = |row: &str| {
        read_text(&format!("두레\n거래일시,내용,출금액,입금액,잔액\n2026-11-22,가,,1,1\n{row}\n"))
    };
    let column = |column: &str| column.to_owned();
    for (row, error) in [
        ("2026-22-11,가,,1,1", StatementError::NotADate { line: 4, column: column("거래일시") }),
        (",가,,1,1", StatementError::NotADate { line: 4, column: column("거래일시") }),
        ("2026-11-22,가,,1 000원정,1", StatementError::NotAnAmount { line: 4, column: column("입금액") }),
        ("2026-11-22,가,,1.5,1", StatementError::NotAnAmount { line: 4, column: column("입금액") }),
        ("2026-11-22,가,,1,?", StatementError::NotAnAmount { line: 4, column: column("잔액") }),
        ("2026-11-22,가,,,1", StatementError::NoAmount { line: 4 }),
        ("2026-11", StatementError::NotADate { line: 4, column: column("거래일시") }),
        ("2026-11-22", StatementError::NoAmount { line: 4 }),
        ("2026-11-22,가,2,1,1", StatementError::TwoAmounts { line: 4 }),
        ("2026-11-22,가,,1,234,567,890", StatementError::TooManyCells { line: 4 }),
        ("2026-11-22,가,,\"1,1", StatementError::OpenQuote { line: 4 }),
    ] {
        assert_eq!(with(row), Err(error), "{row}");
    }
    let time = read_text("거래일자,시간,내용,입금\n2026-11-22,25:00,가,1\n");
    assert_eq!(time, Err(StatementError::NotATime { line: 2, column: column("시간") }));
    assert_eq!(read_text("거래일시,내용,입금액\n합계,,0\n"), Err(StatementError::Empty));
}

#[test]
fn errors_tell_line_and_column_in_both_languages() {
    let error = StatementError::NotAnAmount { line: 37, column: "입금액".to_owned() };
    assert_eq!(error.explain(Locale::Ko), "37번째 줄 ‘입금액’ 칸: 금액을 읽을 수 없어요.");
    assert_eq!(error.explain(Locale::En), "Line 37, column 입금액: this is not an amount.");
}

#[test]
fn a_hundred_thousand_lines_are_read_and_one_more_is_refused() {
    let of = |count: usize| {
        let mut text = "거래일시,내용,입금액,잔액\n".to_owned();
        for n in 0..count {
            text.push_str(&format!("2026-11-22 10:00:{:02},홍길동 {n},\"1,000\",{n}\n", n % 60));
        }
        text
    };
    assert_eq!(read_text(&of(MOST_LINES)).map(|lines| lines.len()), Ok(MOST_LINES));
    assert_eq!(read_text(&of(MOST_LINES + 1)), Err(StatementError::TooManyLines));
    let alike = format!("거래일시,내용,입금액\n{}", "2026-11-22,가,1\n".repeat(40_000));
    assert_eq!(read_text(&alike), Err(StatementError::TooManyAlike { line: 32_769 }));
}

/// One sheet with dates as Excel keeps them.
fn workbook(rows: &[(NaiveDateTime, &str, Option<f64>, Option<f64>)]) -> Workbook {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let money = Format::new().set_num_format("#,##0");
    sheet.write(0, 0, "거래내역조회").unwrap();
    for (column, heading) in ["거래일시", "내용", "출금액", "입금액"].into_iter().enumerate() {
        sheet.write(4, 1 + column as u16, heading).unwrap();
    }
    for (n, (at, name, debit, credit)) in rows.iter().enumerate() {
        let row = 5 + n as u32;
        let at = ExcelDateTime::parse_from_str(&at.format("%Y-%m-%dT%H:%M:%S").to_string()).unwrap();
        sheet.write_datetime_with_format(row, 1, &at, &time).unwrap();
        sheet.write(row, 2, *name).unwrap();
        for (column, amount) in [(3, debit), (4, credit)] {
            if let Some(amount) = amount {
                sheet.write_number_with_format(row, column, *amount, &money).unwrap();
            }
        }
    }
    book
}

fn noon() -> NaiveDateTime {
    "2026-11-22T12:00:01".parse().unwrap()
}

#[test]
fn a_workbook_is_read_like_a_text() {
    let mut book = workbook(&[
        (noon(), "홍길동 4821 9331", None, Some(1_234_567.0)),
        ("2026-11-23T23:59:59".parse().unwrap(), "=1+1", Some(500.0), None),
    ]);
    // Empty sheets and a cell far out are usual.
    book.add_worksheet().set_name("Sheet2").unwrap();
    let lines = read_bytes(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(
        told(&lines),
        [
            ("2026-11-22 12:00:01".to_owned(), 1_234_567, None, "홍길동 4821 9331", ""),
            ("2026-11-23 23:59:59".to_owned(), -500, None, "=1+1", ""),
        ]
    );
    assert_eq!(lines[0].line, 6);
}

#[test]
fn a_workbook_with_two_full_sheets_is_refused() {
    let mut book = workbook(&[(noon(), "가", None, Some(1.0))]);
    book.add_worksheet().write(3, 3, "2월").unwrap();
    assert_eq!(read_bytes(&book.save_to_buffer().unwrap()), Err(StatementError::SeveralSheets));
}

#[test]
fn a_workbook_with_a_cell_far_out_is_refused() {
    let mut far = workbook(&[(noon(), "가", None, Some(1.0))]);
    far.worksheet_from_index(0).unwrap().write(1_000_000, 0, "!").unwrap();
    assert_eq!(read_bytes(&far.save_to_buffer().unwrap()), Err(StatementError::TooManyLines));

    let mut wide = workbook(&[(noon(), "가", None, Some(1.0))]);
    wide.worksheet_from_index(0).unwrap().write(5, 16_000, "!").unwrap();
    assert_eq!(read_bytes(&wide.save_to_buffer().unwrap()), Err(StatementError::TooManyCells { line: 6 }));
}

#[test]
fn an_old_workbook_is_read_and_a_locked_one_is_refused() {
    let lines = read_bytes(include_bytes!("old_workbook.xls")).unwrap();
    assert_eq!(
        told(&lines),
        [
            ("2026-11-22 14:03:22".to_owned(), 50_000, Some(1_050_000), "홍길동 4821 9331", "전자금융"),
            ("2026-11-23 23:59:59".to_owned(), -1_000, Some(1_049_000), "두레", "수수료"),
        ]
    );
    assert_eq!(read_bytes(include_bytes!("locked_workbook.xlsx")), Err(StatementError::Locked));
}

#[derive(Clone, Debug)]
struct Written {
    second: i64,
    amount: i64,
    name: String,
    memo: String,
    balance: Option<i64>,
}

fn any_line() -> impl Strategy<Value = Written> {
    let amount = prop_oneof![1_i64..1_000_000_000_000, -1_000_000_000_000_i64..0];
    // From 2001 to 2096, whole seconds.
    (
        980_000_000_i64..4_000_000_000,
        amount,
        "[가-힣A-Za-z0-9 ,;|\t\"'().=+@-]{0,14}",
        "[가-힣a-z0-9 ]{0,10}",
        any::<Option<i32>>(),
    )
        .prop_map(|(second, amount, name, memo, balance)| {
            let (name, memo) = (name.trim().to_owned(), memo.trim().to_owned());
            Written { second, amount, name, memo, balance: balance.map(i64::from) }
        })
}

/// A cell in a text, quoted where it must be and sometimes where it need not be.
fn quoted(cell: &str, separator: char, always: bool) -> String {
    if always || cell.contains([separator, '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn as_text(lines: &[Written], separator: char, always: bool, end: &str) -> String {
    let mut rows = vec![["거래일시", "의뢰인", "적요", "출금액", "입금액", "잔액"].map(ToOwned::to_owned)];
    for line in lines {
        let at = DateTime::from_timestamp(line.second, 0).unwrap() + TimeDelta::hours(9);
        let amount = kernel::count(line.amount.abs());
        let (debit, credit) =
            if line.amount < 0 { (amount, "0".to_owned()) } else { (String::new(), amount) };
        let balance = line.balance.map(kernel::count).unwrap_or_default();
        let at = at.format("%Y.%m.%d %H:%M:%S").to_string();
        rows.push([at, line.name.clone(), line.memo.clone(), debit, credit, balance]);
    }
    let row =
        |cells: [String; 6]| cells.map(|cell| quoted(&cell, separator, always)).join(&separator.to_string());
    rows.into_iter().map(|cells| row(cells) + end).collect()
}

fn encoded(text: &str, encoding: usize) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => marked.into_bytes(),
        2 => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        3 => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => EUC_KR.encode(text).0.into_owned(),
    }
}

proptest! {
    #[test]
    fn a_statement_is_read_as_it_was_written(
        lines in proptest::collection::vec(any_line(), 1..30),
        separator in proptest::sample::select(vec![',', ';', '\t', '|']),
        always: bool, windows: bool, encoding in 0_usize..5,
    ) {
        let text = as_text(&lines, separator, always, if windows { "\r\n" } else { "\n" });
        let read = read_bytes(&encoded(&text, encoding)).unwrap();
        prop_assert_eq!(read.len(), lines.len());
        for (read, written) in read.iter().zip(&lines) {
            prop_assert_eq!(read.at.timestamp(), written.second);
            prop_assert_eq!(read.amount, Money::won(written.amount));
            prop_assert_eq!(read.balance, written.balance.map(Money::won));
            prop_assert_eq!((&read.name, &read.memo), (&written.name, &written.memo));
        }
    }

    #[test]
    fn a_workbook_is_read_as_it_was_written(
        // Midnight in Korea: Excel keeps it as a day without a time.
        lines in proptest::collection::vec(any_line().prop_filter("midnight", |line| line.second % 86_400 != 54_000), 1..10)
    ) {
        let rows: Vec<_> = lines.iter().map(|line| {
            let at = DateTime::from_timestamp(line.second, 0).unwrap().naive_utc() + TimeDelta::hours(9);
            let amount = Some(line.amount.abs() as f64);
            let (debit, credit) = if line.amount < 0 { (amount, None) } else { (None, amount) };
            (at, line.name.as_str(), debit, credit)
        }).collect();
        let read = read_bytes(&workbook(&rows).save_to_buffer().unwrap()).unwrap();
        prop_assert_eq!(read.len(), lines.len());
        for (read, written) in read.iter().zip(&lines) {
            prop_assert_eq!((read.at.timestamp(), read.amount.minor()), (written.second, written.amount));
            prop_assert_eq!(&read.name, &written.name);
        }
    }

    #[test]
    fn no_damage_to_a_workbook_makes_reading_panic(
        old: bool, damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..20), cut in any::<proptest::sample::Index>()
    ) {
        let mut bytes = if old {
            include_bytes!("old_workbook.xls").to_vec()
        } else {
            workbook(&[(noon(), "가", None, Some(1.0))]).save_to_buffer().unwrap()
        };
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read_bytes(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = read_bytes(&bytes);
    }
}
