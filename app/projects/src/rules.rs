//! What a project's form must fulfil, and how its address is made.

use crate::{Category, ProjectForm};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{Currency, Fault, Faults, FormKey, Money, MoneyError, Refusal};

const LONGEST_TITLE: u32 = 100;
const LONGEST_SUMMARY: u32 = 200;
pub(crate) const LONGEST_STORY: u32 = 100_000;
/// Ten billion won, or a hundred million of a currency with cents.
const HIGHEST_GOAL: i64 = 10_000_000_000;
const LONGEST_FUNDING: TimeDelta = TimeDelta::days(100);

/// A project form whose fields are right; what a draft may lack is optional.
#[derive(Clone, Debug)]
pub struct CheckedProject {
    pub title: String,
    pub summary: String,
    pub story: String,
    pub category: Category,
    pub goal: Option<Money>,
    pub deadline: Option<DateTime<Utc>>,
    /// The version that was edited.
    pub version: i32,
    /// A form without a key is a form of its own.
    pub key: Option<FormKey>,
}

impl ProjectForm {
    /// Tells all faults at once. `frozen` leaves goal and deadline out: the project is launched.
    pub fn checked(self, now: DateTime<Utc>, frozen: bool) -> Result<CheckedProject, Refusal> {
        let mut faults = Faults::default();
        let title = one_line(&self.title);
        if title.is_empty() {
            faults.add("title", Fault::Required);
        }
        let story = self.story.replace("\r\n", "\n").replace('\0', "");
        let summary = one_line(&self.summary);
        for (field, text, max) in [
            ("title", &title, LONGEST_TITLE),
            ("summary", &summary, LONGEST_SUMMARY),
            ("story", &story, LONGEST_STORY),
        ] {
            if text.chars().count() > max as usize {
                faults.add(field, Fault::TooLong { max });
            }
        }
        let category = faults.keep("category", Category::from_code(&self.category).ok_or(Fault::Required));
        let goal = optional(&self.goal, frozen).and_then(|text| faults.keep("goal", parse_goal(text)));
        let deadline = optional(&self.deadline, frozen)
            .and_then(|text| faults.keep("deadline", parse_deadline(text, now)));
        faults.none_or_refuse()?;
        let category = category.ok_or(Refusal::Malformed)?;
        let version = self.version.parse().unwrap_or(1);
        let key = self.key.parse().ok();
        Ok(CheckedProject { title, summary, story, category, goal, deadline, version, key })
    }
}

/// Whether a form that was opened before the launch asks for another goal or another day.
#[cfg(feature = "ssr")]
pub(crate) fn changes_terms(form: &ProjectForm, project: &crate::Project) -> bool {
    let (goal, day) = (form.goal.trim(), form.deadline.trim());
    let other_goal = !goal.is_empty() && parse_goal(goal).ok() != project.goal;
    let other_day = !day.is_empty() && Some(day) != project.deadline.map(deadline_day).as_deref();
    other_goal || other_day
}

fn optional(text: &str, frozen: bool) -> Option<&str> {
    let text = text.trim();
    (!frozen && !text.is_empty()).then_some(text)
}

pub(crate) fn one_line(text: &str) -> String {
    text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parse_goal(text: &str) -> Result<Money, Fault> {
    let goal = Money::parse(text.trim_end_matches('원'), Currency::KRW).map_err(amount_fault)?;
    check_goal(goal).map(|()| goal)
}

/// An amount's fault as a person can mend it.
pub fn amount_fault(error: MoneyError) -> Fault {
    match error {
        MoneyError::TooPrecise => Fault::NotWhole,
        MoneyError::OutOfRange => Fault::TooLarge { max: Money::won(HIGHEST_GOAL) },
        MoneyError::NotAnAmount | MoneyError::Mixed => Fault::NotAnAmount,
    }
}

/// A goal is more than nothing.
pub(crate) fn check_goal(goal: Money) -> Result<(), Fault> {
    let least = Money::new(1, goal.currency());
    let most = Money::new(HIGHEST_GOAL, goal.currency());
    if goal.minor() < least.minor() {
        return Err(Fault::TooSmall { min: least });
    }
    if goal.minor() > most.minor() {
        return Err(Fault::TooLarge { max: most });
    }
    Ok(())
}

/// The end of the day that was picked, in Korean time (UTC+9).
fn parse_deadline(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| Fault::NotADate)?;
    let next = day.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0)).ok_or(Fault::NotADate)?;
    let end = next.and_utc().checked_sub_signed(TimeDelta::hours(9)).ok_or(Fault::NotADate)?;
    check_deadline(end, now).map(|()| end)
}

/// A deadline lies ahead, and no further than a hundred days.
pub(crate) fn check_deadline(deadline: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Fault> {
    if deadline <= now {
        Err(Fault::TooEarly)
    } else if deadline > now + LONGEST_FUNDING {
        Err(Fault::TooLate)
    } else {
        Ok(())
    }
}

/// The day to show for a deadline that ends a day, in Korean time.
#[must_use]
#[cfg(feature = "ssr")]
pub(crate) fn deadline_day(deadline: DateTime<Utc>) -> String {
    (deadline + TimeDelta::hours(9) - TimeDelta::seconds(1)).format("%Y-%m-%d").to_string()
}

/// A readable address from a title: Latin letters and digits, Hangul romanised.
///
/// Sounds follow the Revised Romanization letter by letter, without assimilation: an address
/// needs to be readable and stable, not a pronunciation.
#[must_use]
pub fn slugify(title: &str) -> String {
    const FIRST: [&str; 19] =
        ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
    const MIDDLE: [&str; 21] = [
        "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi",
        "yu", "eu", "ui", "i",
    ];
    const LAST: [&str; 28] = [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t",
        "t", "ng", "t", "t", "k", "t", "p", "t",
    ];
    let mut slug = String::new();
    for c in title.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            '가'..='힣' => {
                let n = (c as u32 - '가' as u32) as usize;
                for (table, index) in
                    [(&FIRST[..], n / 588), (&MIDDLE[..], n % 588 / 28), (&LAST[..], n % 28)]
                {
                    slug.push_str(table.get(index).copied().unwrap_or_default());
                }
            }
            '\'' | '’' => {}
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
        if slug.len() >= 60 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    match slug {
        "" => "project".to_owned(),
        // /studio/new is a page.
        "new" => "new-project".to_owned(),
        slug => slug.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ProjectForm {
        ProjectForm {
            title: "두레 찻잔".to_owned(),
            category: "crafts".to_owned(),
            goal: "1,000,000".to_owned(),
            deadline: "2026-12-24".to_owned(),
            ..ProjectForm::default()
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-11-22T03:00:00Z".parse().unwrap()
    }

    fn fault_of(form: ProjectForm, field: &str) -> Option<Fault> {
        match form.checked(now(), false) {
            Err(Refusal::Invalid(faults)) => faults.into_iter().find(|f| f.field == field).map(|f| f.fault),
            _ => None,
        }
    }

    #[test]
    fn a_deadline_is_the_end_of_its_day_in_korea() {
        let project = form().checked(now(), false).unwrap();
        let deadline = project.deadline.unwrap();
        assert_eq!(deadline.to_rfc3339(), "2026-12-24T15:00:00+00:00");
        assert_eq!(deadline_day(deadline), "2026-12-24");
    }

    #[test]
    fn a_draft_needs_a_title_and_a_category_only() {
        let draft = ProjectForm { goal: String::new(), deadline: String::new(), ..form() };
        assert!(draft.checked(now(), false).is_ok());
        assert_eq!(fault_of(ProjectForm { title: " ".to_owned(), ..form() }, "title"), Some(Fault::Required));
    }

    #[test]
    fn impossible_goals_and_deadlines_are_refused_at_their_fields() {
        let goal = |text: &str| fault_of(ProjectForm { goal: text.to_owned(), ..form() }, "goal");
        assert_eq!(goal("-5"), Some(Fault::TooSmall { min: Money::won(1) }));
        assert_eq!(goal("10000000001"), Some(Fault::TooLarge { max: Money::won(HIGHEST_GOAL) }));
        assert_eq!(goal("1000.5"), Some(Fault::NotWhole));
        assert_eq!(goal("많이"), Some(Fault::NotAnAmount));
        assert_eq!(goal("1000000원"), None);
        let deadline = |text: &str| fault_of(ProjectForm { deadline: text.to_owned(), ..form() }, "deadline");
        assert_eq!(deadline("2026-11-21"), Some(Fault::TooEarly));
        assert_eq!(deadline("2027-11-21"), Some(Fault::TooLate));
        assert_eq!(deadline("2026-02-30"), Some(Fault::NotADate));
        assert_eq!(deadline("+262142-12-31"), Some(Fault::NotADate));
    }

    #[test]
    fn a_launched_projects_terms_are_not_read_from_the_form() {
        let edit = ProjectForm { goal: "1".to_owned(), deadline: "1999-01-01".to_owned(), ..form() };
        let edit = edit.checked(now(), true).unwrap();
        assert_eq!((edit.goal, edit.deadline), (None, None));
    }

    #[test]
    fn korean_titles_get_readable_addresses() {
        assert_eq!(slugify("두레 찻잔"), "dure-chatjan");
        assert_eq!(slugify("Seoul, at Night!"), "seoul-at-night");
        assert_eq!(slugify("<script>"), "script");
        assert_eq!(slugify("!!!"), "project");
        assert_eq!(slugify("New!"), "new-project");
        assert!(slugify(&"가".repeat(5000)).len() <= 80);
    }
}
