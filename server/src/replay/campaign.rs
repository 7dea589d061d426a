//! A row of the file, read strictly: every fault names its line, its column and what was expected.

use crate::life::Variety;
use anyhow::{Result, bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use csv::{ReaderBuilder, StringRecord};
use kernel::{Currency, Money};
use projects::Category;

const COLUMNS: [&str; 16] = [
    "source_id",
    "title",
    "summary",
    "category",
    "subcategory",
    "country",
    "location",
    "currency",
    "goal",
    "pledged",
    "backers",
    "state",
    "staff_pick",
    "created_at",
    "launched_at",
    "deadline",
];
const LAST_COLUMN: &str = "state_changed_at";
/// Longer texts are cut to what a project of ours can hold.
const LONGEST_TITLE: usize = 100;
const LONGEST_SUMMARY: usize = 200;
const MOST_BACKERS: usize = 1_000_000;
/// As long as a project of ours may run.
const LONGEST_FUNDING: TimeDelta = TimeDelta::days(100);

/// How a campaign really ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Successful,
    Failed,
    Canceled,
    Live,
}

#[derive(Clone, Debug)]
pub struct Campaign {
    pub source_id: String,
    pub title: String,
    pub summary: String,
    pub category: Category,
    pub goal: Money,
    pub pledged: Money,
    pub backers: usize,
    pub outcome: Outcome,
    pub created_at: DateTime<Utc>,
    pub launched_at: DateTime<Utc>,
    pub deadline: DateTime<Utc>,
    pub state_changed_at: DateTime<Utc>,
    line: u64,
}

/// Reads and checks the whole file.
pub fn read(bytes: &[u8]) -> Result<Vec<Campaign>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let head = reader.headers().cloned().map_err(unreadable)?;
    for (n, name) in COLUMNS.iter().chain([&LAST_COLUMN]).enumerate() {
        ensure!(
            head.get(n) == Some(*name),
            "line 1, column {}: {:?} instead of the heading {name:?}",
            n + 1,
            head.get(n).unwrap_or("")
        );
    }
    let mut campaigns = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        ensure!(
            record.len() == head.len(),
            "line {line}, column {}: {} fields where {} were expected",
            record.len().min(head.len()) + 1,
            record.len(),
            head.len()
        );
        campaigns.push(Row { record: &record, line }.campaign()?);
    }
    no_live_deadline_passes(&campaigns)?;
    Ok(campaigns)
}

fn unreadable(error: csv::Error) -> anyhow::Error {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Utf8 { err, .. } => {
            anyhow::anyhow!(
                "line {line}, column {}: bytes that are not UTF-8; expected UTF-8 text",
                err.field() + 1
            )
        }
        _ => anyhow::anyhow!("line {line}, column 1: {error}; expected a row of comma-separated fields"),
    }
}

/// One clock passes every deadline before the last event; a campaign that stays live cannot have one there.
fn no_live_deadline_passes(campaigns: &[Campaign]) -> Result<()> {
    let last = campaigns.iter().map(Campaign::last_event).max();
    let live = campaigns.iter().filter(|campaign| campaign.outcome == Outcome::Live);
    for campaign in live {
        if last.is_some_and(|last| campaign.deadline <= last) {
            bail!(
                "line {}, column 16 (deadline): a live campaign ends at {}, before the file's last event; expected a later deadline",
                campaign.line,
                campaign.deadline.timestamp()
            );
        }
    }
    Ok(())
}

struct Row<'a> {
    record: &'a StringRecord,
    line: u64,
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        self.record.get(column(name)).unwrap_or_default()
    }

    fn fault(&self, name: &str, expected: &str) -> anyhow::Error {
        let shown: String = self.text(name).chars().take(60).collect();
        anyhow::anyhow!(
            "line {}, column {} ({name}): {shown:?}; expected {expected}",
            self.line,
            column(name) + 1
        )
    }

    fn instant(&self, name: &str) -> Result<DateTime<Utc>> {
        let expected = "Unix seconds between 0 and 32503680000";
        let seconds: i64 = self.text(name).parse().map_err(|_| self.fault(name, expected))?;
        let plausible = (0..32_503_680_000).contains(&seconds);
        DateTime::from_timestamp(seconds, 0).filter(|_| plausible).ok_or_else(|| self.fault(name, expected))
    }

    fn money(&self, name: &str, currency: Currency) -> Result<Money> {
        let expected = format!("a decimal amount in {currency} with at most {} places", currency.exponent());
        let money = Money::parse(self.text(name), currency).map_err(|_| self.fault(name, &expected))?;
        ensure!(!self.text(name).contains([',', '_']) && money.minor() >= 0, self.fault(name, &expected));
        Ok(money)
    }

    fn campaign(&self) -> Result<Campaign> {
        let currency: Currency =
            self.text("currency").parse().map_err(|_| self.fault("currency", "a currency of ISO 4217"))?;
        let goal = self.money("goal", currency)?;
        ensure!(
            (1..=10_000_000_000).contains(&goal.minor()),
            self.fault("goal", "more than nothing and at most 10,000,000,000 minor units")
        );
        let pledged = self.money("pledged", currency)?;
        let expected = format!("a whole number from 0 to {MOST_BACKERS}");
        let backers: usize = self.text("backers").parse().map_err(|_| self.fault("backers", &expected))?;
        ensure!(backers <= MOST_BACKERS, self.fault("backers", &expected));
        let outcome = match self.text("state") {
            "successful" => Outcome::Successful,
            "failed" => Outcome::Failed,
            "canceled" => Outcome::Canceled,
            "live" => Outcome::Live,
            _ => return Err(self.fault("state", "successful, failed, canceled or live")),
        };
        let title = cut(self.text("title"), LONGEST_TITLE);
        ensure!(!title.is_empty(), self.fault("title", "a title"));
        let summary = cut(self.text("summary"), LONGEST_SUMMARY);
        let campaign = Campaign {
            source_id: self.text("source_id").to_owned(),
            summary: if summary.is_empty() { title.clone() } else { summary },
            title,
            category: category(self.text("category")),
            goal,
            pledged,
            backers,
            outcome,
            created_at: self.instant("created_at")?,
            launched_at: self.instant("launched_at")?,
            deadline: self.instant("deadline")?,
            state_changed_at: self.instant("state_changed_at")?,
            line: self.line,
        };
        self.consistent(&campaign)?;
        Ok(campaign)
    }

    /// What cannot have happened is malformed.
    fn consistent(&self, c: &Campaign) -> Result<()> {
        let people = i64::try_from(c.backers)?;
        ensure!(
            (people == 0) == (c.pledged.minor() == 0),
            self.fault("backers", "backers exactly when something was pledged")
        );
        ensure!(c.pledged.minor() >= people, self.fault("pledged", "at least one minor unit a backer"));
        ensure!(
            people == 0 || c.pledged.minor() / people < 1_000_000_000,
            self.fault("pledged", "at most 1,000,000,000 minor units a backer")
        );
        ensure!(c.created_at <= c.launched_at, self.fault("launched_at", "not before created_at"));
        ensure!(c.launched_at < c.deadline, self.fault("deadline", "after launched_at"));
        ensure!(
            c.deadline - c.launched_at <= LONGEST_FUNDING,
            self.fault("deadline", "at most 100 days after launched_at")
        );
        let reached = c.pledged.minor() >= c.goal.minor();
        match c.outcome {
            Outcome::Successful => {
                ensure!(reached, self.fault("pledged", "at least the goal of a successful campaign"))
            }
            Outcome::Failed => {
                ensure!(!reached, self.fault("pledged", "less than the goal of a failed campaign"))
            }
            Outcome::Canceled => ensure!(
                c.launched_at < c.state_changed_at && c.state_changed_at < c.deadline,
                self.fault("state_changed_at", "between launched_at and deadline of a canceled campaign")
            ),
            Outcome::Live => {}
        }
        Ok(())
    }
}

fn column(name: &str) -> usize {
    COLUMNS.iter().position(|known| *known == name).unwrap_or(COLUMNS.len())
}

fn cut(text: &str, most: usize) -> String {
    let line = text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(most).collect()
}

/// The nearest of our categories.
fn category(theirs: &str) -> Category {
    match theirs {
        "technology" => Category::Tech,
        "fashion" => Category::Fashion,
        "food" => Category::Food,
        "games" => Category::Games,
        "comics" => Category::Comics,
        "publishing" => Category::Publishing,
        "music" => Category::Music,
        "film & video" => Category::Film,
        "art" => Category::Art,
        "theater" | "dance" => Category::Stage,
        "design" => Category::Design,
        "crafts" => Category::Crafts,
        "photography" => Category::Photo,
        "journalism" => Category::Journalism,
        _ => Category::Social,
    }
}

impl Campaign {
    /// The last thing that the file tells of this campaign.
    #[must_use]
    pub fn last_event(&self) -> DateTime<Utc> {
        match self.outcome {
            Outcome::Successful | Outcome::Failed => self.deadline,
            Outcome::Canceled => self.state_changed_at,
            Outcome::Live => self.launched_at,
        }
    }

    /// When who pledged how much: one pledge a backer, spread between launch and end, summing exactly
    /// to what was pledged. The same row gives the same pledges each time.
    #[must_use]
    pub fn pledges(&self, horizon: DateTime<Utc>) -> Vec<(DateTime<Utc>, Money)> {
        let end = match self.outcome {
            Outcome::Successful | Outcome::Failed => self.deadline,
            Outcome::Canceled => self.state_changed_at,
            Outcome::Live => horizon.max(self.launched_at + TimeDelta::seconds(1)).min(self.deadline),
        };
        let seconds = u64::try_from((end - self.launched_at).num_seconds()).unwrap_or(1);
        let mut variety = Variety::new(self.line);
        let shares = self.pledged.split(u32::try_from(self.backers).unwrap_or(u32::MAX));
        let mut amounts: Vec<i64> = shares.into_iter().map(Money::minor).collect();
        // People give different amounts: move some from one to the next, and nobody to nothing.
        for n in 1..amounts.len() {
            let spare = u64::try_from(amounts[n - 1] - 1).unwrap_or_default();
            let moved = i64::try_from(variety.below(spare / 2 + 1)).unwrap_or_default();
            amounts[n - 1] -= moved;
            amounts[n] += moved;
        }
        let currency = self.pledged.currency();
        amounts
            .into_iter()
            .map(|minor| {
                let after = i64::try_from(variety.below(seconds)).unwrap_or_default();
                (self.launched_at + TimeDelta::seconds(after), Money::new(minor, currency))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "source_id,title,summary,category,subcategory,country,location,currency,goal,pledged,backers,state,staff_pick,created_at,launched_at,deadline,state_changed_at\n";

    fn row(change: impl FnOnce(&mut Vec<&str>)) -> String {
        let mut fields = vec![
            "1",
            "Tea",
            "A tea",
            "food",
            "",
            "US",
            "X",
            "USD",
            "1000",
            "1234.56",
            "7",
            "successful",
            "false",
            "100",
            "200",
            "86400",
            "86400",
        ];
        change(&mut fields);
        format!("{HEAD}{}\n", fields.join(","))
    }

    fn fault(change: impl FnOnce(&mut Vec<&str>)) -> String {
        read(row(change).as_bytes()).map(|_| String::new()).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn pledges_sum_exactly_and_stay_within_the_campaign() {
        let campaigns = read(row(|_| ()).as_bytes()).unwrap();
        let campaign = &campaigns[0];
        let pledges = campaign.pledges(campaign.deadline);
        assert_eq!(pledges.len(), 7);
        assert_eq!(pledges.iter().map(|(_, money)| money.minor()).sum::<i64>(), 123_456);
        assert!(
            pledges.iter().all(|(at, money)| *at >= campaign.launched_at
                && *at < campaign.deadline
                && money.minor() > 0)
        );
    }

    #[test]
    fn a_malformed_row_is_told_with_line_column_and_expectation() {
        assert_eq!(fault(|_| ()), "");
        assert!(
            fault(|row| row[8] = "abc")
                .starts_with("line 2, column 9 (goal): \"abc\"; expected a decimal amount")
        );
        assert!(fault(|row| row[9] = "1.234").starts_with("line 2, column 10 (pledged)"));
        assert!(fault(|row| row[7] = "US$").starts_with("line 2, column 8 (currency)"));
        assert!(fault(|row| row[11] = "won").starts_with("line 2, column 12 (state)"));
        assert!(fault(|row| row[15] = "150").starts_with("line 2, column 16 (deadline)"));
        assert!(fault(|row| row[10] = "-1").starts_with("line 2, column 11 (backers)"));
        assert!(fault(|row| row[9] = "10").starts_with("line 2, column 10 (pledged)"));
        assert!(
            fault(|row| {
                row.pop();
            })
            .starts_with("line 2, column 17")
        );
        assert!(read(b"a,b\n").unwrap_err().to_string().starts_with("line 1, column 1"));
        let bad: Vec<u8> =
            row(|row| row[1] = "?").bytes().map(|b| if b == b'?' { 0xff } else { b }).collect();
        assert!(read(&bad).unwrap_err().to_string().starts_with("line 2, column 2"));
    }

    #[test]
    fn the_won_has_no_decimals_in_the_file_either() {
        assert_eq!(
            fault(|row| {
                row[7] = "KRW";
                row[8] = "1000.00";
                row[9] = "1200";
            }),
            ""
        );
        assert!(
            fault(|row| {
                row[7] = "KRW";
                row[9] = "1200.5";
            })
            .contains("(pledged)")
        );
    }
}
