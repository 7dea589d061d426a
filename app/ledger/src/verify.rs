//! Proves a public file of a book: by anybody, without the database.

use crate::{
    Book, Posting, Unhashed,
    file::{EntryLine, FORMAT, Head, hex, line_of},
    genesis,
};
use chrono::DateTime;
use kernel::{Currency, Money};
use std::{
    collections::BTreeMap,
    io::{BufRead, Read},
};

/// No line of ours is longer.
const LONGEST_LINE: u64 = 1024 * 1024;

/// What a file that holds says: every entry of the book up to its head.
#[derive(Clone, Debug)]
pub struct Verified {
    pub head: Head,
    /// By kind of event and account; a debit is positive.
    pub sums: BTreeMap<(String, String, Currency), Money>,
}

/// A file that does not hold, with the line that shows it.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("line {line}: {fault}")]
    Broken { line: u64, fault: Fault },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("this is no {FORMAT} file")]
    NotALedger,
    #[error("this is not the head that was asked for")]
    OtherHead,
    #[error("this is not an entry as Dure writes it")]
    NotAnEntry,
    #[error("entry {expected} should stand here, not {found}")]
    OutOfOrder { expected: u64, found: i64 },
    #[error("the entry does not follow the one before it")]
    Unchained,
    #[error("the entry is not the one that was hashed")]
    Altered,
    #[error("the entry is off by {amount} {currency}")]
    Unbalanced { amount: i64, currency: Currency },
    #[error("{found} is not the currency of this book")]
    OtherCurrency { found: Currency },
    #[error("the sums are out of range")]
    OutOfRange,
    #[error("the head tells of {expected} entries, and the file ends before this one")]
    EndsEarly { expected: u64 },
    #[error("the head tells of {expected} entries, and here is another")]
    TooLong { expected: u64 },
    #[error("the entries do not end in the head of line 1")]
    HeadMismatch,
}

/// Reads a file to its end and recomputes it; with a head that was noted elsewhere, proves that the book is
/// the one that was seen then.
pub fn verify(mut file: impl BufRead, noted_head: Option<&str>) -> Result<Verified, VerifyError> {
    let first = next_line(&mut file)?.unwrap_or_default();
    let head = read_head(&first, noted_head).map_err(|fault| VerifyError::Broken { line: 1, fault })?;
    let mut check = Check {
        book: head.book(),
        currency: head.currency,
        previous: genesis(head.book()),
        sums: BTreeMap::new(),
    };
    let mut seen = 0;
    while let Some(text) = next_line(&mut file)? {
        seen += 1;
        let broken = |fault| VerifyError::Broken { line: seen + 1, fault };
        if seen > head.entries {
            return Err(broken(Fault::TooLong { expected: head.entries }));
        }
        check.take(seen, &text).map_err(broken)?;
    }
    let broken = |fault| VerifyError::Broken { line: seen + 2, fault };
    if seen < head.entries {
        return Err(broken(Fault::EndsEarly { expected: head.entries }));
    }
    if hex(&check.previous) != head.head {
        return Err(VerifyError::Broken { line: seen + 1, fault: Fault::HeadMismatch });
    }
    Ok(Verified { head, sums: check.sums })
}

/// A line without its end; a line without an end is the last.
fn next_line(file: &mut impl BufRead) -> Result<Option<String>, VerifyError> {
    let mut bytes = Vec::new();
    file.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    // What is no text is no line of ours, and is told as such.
    Ok(Some(String::from_utf8(bytes).unwrap_or_default()))
}

fn read_head(text: &str, noted: Option<&str>) -> Result<Head, Fault> {
    let head: Head = serde_json::from_str(text).map_err(|_| Fault::NotALedger)?;
    if head.format != FORMAT || line_of(&head).trim_end_matches('\n') != text {
        return Err(Fault::NotALedger);
    }
    match noted {
        Some(noted) if !noted.eq_ignore_ascii_case(&head.head) => Err(Fault::OtherHead),
        _ => Ok(head),
    }
}

struct Check {
    book: Book,
    currency: Currency,
    previous: Vec<u8>,
    sums: BTreeMap<(String, String, Currency), Money>,
}

impl Check {
    fn take(&mut self, expected: u64, text: &str) -> Result<(), Fault> {
        let entry: EntryLine = serde_json::from_str(text).map_err(|_| Fault::NotAnEntry)?;
        // Only one text says the same facts, so that nothing can be changed beside the hash.
        let names = entry.postings.iter().map(|(account, ..)| account).chain([&entry.kind]);
        let whole_micros = DateTime::from_timestamp_micros(entry.at.timestamp_micros()) == Some(entry.at);
        if line_of(&entry).trim_end_matches('\n') != text
            || !whole_micros
            || !names.into_iter().all(|name| is_name(name))
        {
            return Err(Fault::NotAnEntry);
        }
        if u64::try_from(entry.seq) != Ok(expected) {
            return Err(Fault::OutOfOrder { expected, found: entry.seq });
        }
        if entry.prev != hex(&self.previous) {
            return Err(Fault::Unchained);
        }
        let postings: Vec<Posting> = entry
            .postings
            .into_iter()
            .map(|(account, minor, currency)| Posting { account, amount: Money::new(minor, currency) })
            .collect();
        let hash = Unhashed {
            book: self.book,
            seq: entry.seq,
            kind: &entry.kind,
            reference: entry.reference,
            occurred_at: entry.at,
            postings: &postings,
        }
        .hash(&self.previous);
        if hex(&hash) != entry.hash {
            return Err(Fault::Altered);
        }
        self.previous = hash;
        self.add(&entry.kind, postings)
    }

    fn add(&mut self, kind: &str, postings: Vec<Posting>) -> Result<(), Fault> {
        let mut off: BTreeMap<Currency, Money> = BTreeMap::new();
        for Posting { account, amount } in postings {
            let currency = amount.currency();
            if self.book != Book::Platform && currency != self.currency {
                return Err(Fault::OtherCurrency { found: currency });
            }
            let entry = off.entry(currency).or_insert(Money::zero(currency));
            let sum = self.sums.entry((kind.to_owned(), account, currency)).or_insert(Money::zero(currency));
            for total in [entry, sum] {
                *total = total.checked_add(amount).map_err(|_| Fault::OutOfRange)?;
            }
        }
        match off.into_values().find(|amount| amount.minor() != 0) {
            Some(off) => Err(Fault::Unbalanced { amount: off.minor(), currency: off.currency() }),
            None => Ok(()),
        }
    }
}

/// As kinds and accounts are called. The hashed text parts its facts by blanks and line ends, so a name with
/// one could say two things.
fn is_name(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b':' | b'-');
    !name.is_empty() && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BookedEntry, file::lines};
    use chrono::Utc;
    use kernel::{EntryId, ProjectId};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    type Facts = (&'static str, i64, Vec<(&'static str, i64)>);

    fn book() -> Book {
        Book::Project(ProjectId::from_uuid(Uuid::from_u128(7)))
    }

    /// A chain of entries, right in everything that is not asked to be wrong.
    fn chain(book: Book, currency: Currency, facts: &[Facts]) -> Vec<BookedEntry> {
        let mut previous = genesis(book);
        let mut entries = Vec::new();
        for (n, (kind, micros, postings)) in facts.iter().enumerate() {
            let posting = |(account, minor): &(&str, i64)| Posting {
                account: (*account).to_owned(),
                amount: Money::new(*minor, currency),
            };
            let postings: Vec<_> = postings.iter().map(posting).collect();
            let (seq, reference) = (n as i64 + 1, Uuid::from_u128(n as u128 + 100));
            let occurred_at = DateTime::from_timestamp_micros(*micros).unwrap();
            let hash =
                Unhashed { book, seq, kind, reference, occurred_at, postings: &postings }.hash(&previous);
            let prev_hash = std::mem::replace(&mut previous, hash.clone());
            entries.push(BookedEntry {
                id: EntryId::new(),
                seq,
                kind: (*kind).to_owned(),
                reference,
                occurred_at,
                prev_hash,
                hash,
                postings,
            });
        }
        entries
    }

    fn file_of(book: Book, currency: Currency, facts: &[Facts]) -> Vec<String> {
        let entries = chain(book, currency, facts);
        let last = entries.last().map_or_else(|| genesis(book), |last| last.hash.clone());
        let at = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap();
        lines(&Head::new(book, "tea-for-two", currency, entries.len() as u64, &last, at), entries).collect()
    }

    fn five() -> Vec<Facts> {
        vec![
            (
                "charge_collected",
                1_800_000_000_000_001,
                vec![("gateway_clearing:sandbox", 1500), ("project_escrow", -1500)],
            ),
            (
                "charge_collected",
                1_800_000_000_500_000,
                vec![("gateway_clearing:sandbox", 800), ("project_escrow", -800)],
            ),
            ("deposit_matched", 1_800_000_001_000_000, vec![("unmatched", 700), ("backer_deposits", -700)]),
            (
                "deposits_taken",
                1_800_000_002_000_000,
                vec![("backer_deposits", 700), ("project_escrow", -700)],
            ),
            (
                "refund_sent",
                1_800_000_003_123_456,
                vec![("project_escrow", 800), ("gateway_clearing:sandbox", -800)],
            ),
        ]
    }

    fn file() -> Vec<String> {
        file_of(book(), Currency::KRW, &five())
    }

    fn check(lines: &[String]) -> Result<Verified, (u64, Fault)> {
        check_against(lines, None)
    }

    fn check_against(lines: &[String], head: Option<&str>) -> Result<Verified, (u64, Fault)> {
        verify(lines.concat().as_bytes(), head).map_err(|error| match error {
            VerifyError::Broken { line, fault } => (line, fault),
            VerifyError::Unreadable(error) => panic!("{error}"),
        })
    }

    fn refusal(lines: &[String]) -> (u64, Fault) {
        check(lines).expect_err("it does not hold")
    }

    /// The line with one of its facts exchanged.
    fn with(line: &str, change: impl FnOnce(&mut Value)) -> String {
        // The order of the facts is kept by writing them as the line has them.
        let mut facts: Value = serde_json::from_str(line).unwrap();
        change(&mut facts);
        if facts.get("seq").is_some() {
            line_of(&serde_json::from_value::<EntryLine>(facts).unwrap())
        } else {
            line_of(&serde_json::from_value::<Head>(facts).unwrap())
        }
    }

    #[test]
    fn a_whole_file_holds_and_gives_its_sums() {
        let held = check(&file()).unwrap();
        let sum = |kind: &str, account: &str| {
            held.sums.get(&(kind.to_owned(), account.to_owned(), Currency::KRW)).map(|sum| sum.minor())
        };
        assert_eq!(held.head.entries, 5);
        assert_eq!(sum("charge_collected", "project_escrow"), Some(-2300));
        assert_eq!(sum("deposits_taken", "project_escrow"), Some(-700));
        assert_eq!(sum("refund_sent", "project_escrow"), Some(800));
        assert_eq!(sum("refund_sent", "unmatched"), None);
        assert!(file()[1].starts_with(r#"{"seq":1,"kind":"charge_collected","reference":"00000000-"#));
        assert!(file()[1].contains(
            r#""postings":[["gateway_clearing:sandbox",1500,"KRW"],["project_escrow",-1500,"KRW"]]"#
        ));
    }

    #[test]
    fn a_book_without_entries_holds() {
        let empty = file_of(book(), Currency::KRW, &[]);
        assert!(check(&empty).unwrap().sums.is_empty());
        assert_eq!(refusal(&[empty[0].clone(), file()[1].clone()]), (2, Fault::TooLong { expected: 0 }));
    }

    #[test]
    fn a_head_that_was_noted_proves_that_the_book_is_the_same() {
        let head: Head = serde_json::from_str(&file()[0]).unwrap();
        assert!(check_against(&file(), Some(&head.head.to_uppercase())).is_ok());
        // Another history, whole in itself.
        let mut other = five();
        other[4].2 = vec![("project_escrow", 700), ("gateway_clearing:sandbox", -700)];
        let other = file_of(book(), Currency::KRW, &other);
        assert!(check(&other).is_ok());
        assert_eq!(check_against(&other, Some(&head.head)).unwrap_err(), (1, Fault::OtherHead));
    }

    #[test]
    fn each_changed_fact_of_an_entry_is_found_in_its_line() {
        let lines = file();
        for at in 1..=5 {
            type Change = fn(&mut Value);
            let changes: [(Change, Option<Fault>); 9] = [
                (|line| line["seq"] = json!(9), Some(Fault::OutOfOrder { expected: at as u64, found: 9 })),
                (|line| line["kind"] = json!("charge_collectec"), Some(Fault::Altered)),
                (|line| line["reference"] = json!(Uuid::from_u128(1)), Some(Fault::Altered)),
                (|line| line["at"] = json!("2027-01-15T08:00:00.000002Z"), Some(Fault::Altered)),
                (|line| line["postings"][0][0] = json!("loss"), Some(Fault::Altered)),
                (|line| line["postings"][0][1] = json!(1), Some(Fault::Altered)),
                (|line| line["postings"][0][2] = json!("USD"), Some(Fault::Altered)),
                (|line| line["prev"] = json!("00"), Some(Fault::Unchained)),
                (|line| line["hash"] = json!("00"), Some(Fault::Altered)),
            ];
            for (change, fault) in changes {
                let mut tampered = lines.clone();
                tampered[at] = with(&lines[at], change);
                assert_ne!(tampered[at], lines[at]);
                let (line, found) = refusal(&tampered);
                assert_eq!((line, Some(found)), (at as u64 + 1, fault), "{}", tampered[at]);
            }
        }
    }

    #[test]
    fn each_changed_fact_of_the_head_that_matters_is_found() {
        let lines = file();
        let head = |change: fn(&mut Value)| {
            let mut tampered = lines.clone();
            tampered[0] = with(&lines[0], change);
            refusal(&tampered)
        };
        assert_eq!(head(|line| line["format"] = json!("dure-ledger/2")), (1, Fault::NotALedger));
        assert_eq!(head(|line| line["project"] = json!(Uuid::from_u128(8))), (2, Fault::Unchained));
        assert_eq!(
            head(|line| line["currency"] = json!("USD")),
            (2, Fault::OtherCurrency { found: Currency::KRW })
        );
        assert_eq!(head(|line| line["entries"] = json!(4)), (6, Fault::TooLong { expected: 4 }));
        assert_eq!(head(|line| line["entries"] = json!(6)), (7, Fault::EndsEarly { expected: 6 }));
        assert_eq!(head(|line| line["head"] = json!("00")), (6, Fault::HeadMismatch));
    }

    #[test]
    fn lines_that_are_cut_out_exchanged_doubled_or_added_are_found() {
        let lines = file();
        for at in 1..=5_usize {
            let mut cut = lines.clone();
            cut.remove(at);
            let expected = if at < 5 {
                Fault::OutOfOrder { expected: at as u64, found: at as i64 + 1 }
            } else {
                Fault::EndsEarly { expected: 5 }
            };
            assert_eq!(refusal(&cut), (at as u64 + 1, expected));

            let mut doubled = lines.clone();
            doubled.insert(at, lines[at].clone());
            let expected = if at < 5 {
                Fault::OutOfOrder { expected: at as u64 + 1, found: at as i64 }
            } else {
                Fault::TooLong { expected: 5 }
            };
            assert_eq!(refusal(&doubled), (at as u64 + 2, expected));

            let mut ended = lines.clone();
            ended.truncate(at);
            assert_eq!(refusal(&ended), (at as u64 + 1, Fault::EndsEarly { expected: 5 }));
        }
        for at in 1..5 {
            let mut exchanged = lines.clone();
            exchanged.swap(at, at + 1);
            assert_eq!(refusal(&exchanged).0, at as u64 + 1);
        }
        for added in ["\n", "{}\n", "garbage"] {
            let longer = [lines.clone(), vec![added.to_owned()]].concat();
            assert_eq!(refusal(&longer), (7, Fault::TooLong { expected: 5 }), "{added:?}");
        }
    }

    #[test]
    fn a_right_hash_of_a_wrong_entry_is_no_help() {
        let mut off = five();
        off[2].2 = vec![("unmatched", 700), ("backer_deposits", -699)];
        let unbalanced = Fault::Unbalanced { amount: 1, currency: Currency::KRW };
        assert_eq!(refusal(&file_of(book(), Currency::KRW, &off)), (4, unbalanced));
        let mut two_facts = five();
        two_facts[1].2[0].0 = "loss 5 KRW\nvat";
        assert_eq!(refusal(&file_of(book(), Currency::KRW, &two_facts)), (3, Fault::NotAnEntry));
        let mut huge = five();
        huge.truncate(2);
        huge.iter_mut().for_each(|(.., postings)| *postings = vec![("vat", i64::MAX), ("loss", -i64::MAX)]);
        assert_eq!(refusal(&file_of(book(), Currency::KRW, &huge)), (3, Fault::OutOfRange));
    }

    #[test]
    fn the_same_facts_written_otherwise_are_refused() {
        let lines = file();
        for (from, to) in [
            (r#""seq":1"#, r#""seq": 1"#),
            (r#""seq":1"#, r#""seq":1,"seq":1"#),
            (r#"{"seq":1"#, r#"{"note":"paid","seq":1"#),
            (".000001Z", ".000001500Z"),
            (".000001Z", ".000001+00:00"),
            ("}\n", "}\r\n"),
        ] {
            let mut tampered = lines.clone();
            tampered[1] = lines[1].replacen(from, to, 1);
            assert_ne!(tampered[1], lines[1], "{from}");
            assert_eq!(refusal(&tampered), (2, Fault::NotAnEntry), "{to}");
        }
        let mut last = lines.clone();
        last[5].pop();
        assert!(check(&last).is_ok(), "the end of the last line says nothing");
    }

    #[test]
    fn what_is_no_ledger_is_refused() {
        for text in ["", "\n", "{}", "[]", "<html>", "\u{feff}{}"] {
            assert_eq!(refusal(&[text.to_owned()]), (1, Fault::NotALedger), "{text:?}");
        }
        assert_eq!(refusal(&["x".repeat(3_000_000)]), (1, Fault::NotALedger));
        assert!(verify(b"\xff\xfe\n".as_slice(), None).is_err());
    }

    #[test]
    fn the_platform_s_book_holds_amounts_of_any_currency() {
        let facts = five();
        assert!(check(&file_of(Book::Platform, Currency::USD, &facts)).is_ok());
        let mut dollars = file_of(Book::Platform, Currency::USD, &facts);
        dollars[0] = with(&dollars[0], |head| head["currency"] = json!("KRW"));
        assert!(check(&dollars).is_ok());
    }

    proptest! {
        #[test]
        fn no_byte_of_an_entry_can_be_changed(
            at in any::<proptest::sample::Index>(), byte in any::<proptest::sample::Index>(), other: u8
        ) {
            let lines = file();
            let text = lines.concat().into_bytes();
            let first = lines[0].len();
            // The end of the last line says nothing.
            let at = first + at.index(text.len() - first - 1);
            let mut tampered = text.clone();
            tampered[at] = if other == tampered[at] { other ^ 1 } else { other };
            let line = 1 + text[..at].iter().filter(|byte| **byte == b'\n').count() as u64;

            let Err(VerifyError::Broken { line: found, .. }) = verify(tampered.as_slice(), None) else {
                return Err(TestCaseError::fail("it holds"));
            };
            prop_assert!(found == line, "line {} was changed, line {} is told", line, found);

            let mut shorter = text;
            shorter.remove(first + byte.index(shorter.len() - first - 1));
            prop_assert!(verify(shorter.as_slice(), None).is_err());
        }

        #[test]
        fn sums_are_those_of_the_entries(amounts in proptest::collection::vec((1_i64..1_000_000_000, 0..3_usize), 0..40)) {
            let kinds = ["charge_collected", "refund_sent", "payout_sent"];
            let facts: Vec<Facts> = amounts
                .iter()
                .enumerate()
                .map(|(n, (amount, kind))| (kinds[*kind], n as i64, vec![("project_escrow", -amount), ("transfers", *amount)]))
                .collect();
            let held = check(&file_of(book(), Currency::KRW, &facts)).unwrap();
            for (n, kind) in kinds.into_iter().enumerate() {
                let sum: i64 = amounts.iter().filter(|(_, kind)| *kind == n).map(|(amount, _)| amount).sum();
                let told = held.sums.get(&(kind.to_owned(), "project_escrow".to_owned(), Currency::KRW));
                prop_assert_eq!(told.map_or(0, |sum| sum.minor()), -sum);
            }
        }

        #[test]
        fn no_file_makes_verifying_panic(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            let _ = verify(bytes.as_slice(), None);
        }
    }
}
