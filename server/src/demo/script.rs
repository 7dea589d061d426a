//! Who backs what, when, and everything else that happens in the demo, in order of time.

use super::{
    people::CROWD,
    plot::{Course, Fate, Gift, Plot},
};
use crate::life::{GOOD_CARD, REFUSED_LATER, Variety};
use chrono::{DateTime, TimeDelta, Utc};

/// A card whose charge the sandbox gateway makes but does not answer for.
const UNANSWERED: &str = "4000000000005043";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Crowd(usize),
    Maker,
    Backer,
}

/// What becomes of a pledge besides what becomes of its project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Stays,
    Withdrawn,
    /// No card is entered, and the hold runs out.
    NoCard,
    CardRefusedLater,
    CardUnanswered,
}

impl Turn {
    pub const fn card(self) -> &'static str {
        match self {
            Self::CardRefusedLater => REFUSED_LATER,
            Self::CardUnanswered => UNANSWERED,
            _ => GOOD_CARD,
        }
    }

    /// Whether the pledge stands when the goal is judged.
    const fn counts(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::NoCard)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Planned {
    pub plot: usize,
    pub who: Who,
    pub at: DateTime<Utc>,
    /// The reward by its place in the project's list, and how many; none for support alone.
    pub choice: Option<(usize, i32)>,
    /// In won.
    pub extra: i64,
    pub turn: Turn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Draft(usize),
    Submit(usize),
    Launch(usize),
    /// By its place among the planned pledges.
    Pledge(usize),
    Withdraw(usize),
    Stop(usize),
    Suspend(usize),
    /// Moving the clock judges and charges.
    Deadline(usize),
}

#[derive(Debug)]
pub struct Script {
    pub pledges: Vec<Planned>,
    pub steps: Vec<(DateTime<Utc>, Step)>,
}

/// What the two with a log-in pledge: project, how far into its time, reward and pieces, extra.
type Chosen = (&'static str, f64, (usize, i32), i64, Turn);
const BACKERS: &[Chosen] = &[
    ("catbank", 0.2, (1, 1), 0, Turn::Stays),
    ("doenjang", 0.3, (1, 2), 3_000, Turn::Stays),
    ("nightmarket", 0.6, (1, 1), 0, Turn::Stays),
    ("hamlet", 0.8, (1, 2), 0, Turn::Stays),
    ("lefty", 0.3, (0, 1), 0, Turn::Withdrawn),
    ("gayageum", 0.5, (1, 1), 0, Turn::NoCard),
    ("teabowl", 0.6, (0, 1), 0, Turn::Stays),
    ("spelling", 0.4, (0, 1), 1_000, Turn::Stays),
    ("makgeolli", 0.5, (1, 1), 0, Turn::Stays),
    ("sparrows", 0.7, (0, 1), 0, Turn::CardRefusedLater),
    ("chimney", 0.5, (1, 1), 0, Turn::Stays),
    ("vest", 0.4, (0, 1), 0, Turn::Stays),
];
const MAKERS: &[Chosen] = &[
    ("patchbag", 0.5, (1, 1), 0, Turn::Stays),
    ("letters", 0.3, (1, 1), 2_000, Turn::Stays),
    ("repairbus", 0.6, (1, 1), 0, Turn::Stays),
];
/// Pledges of the crowd that end badly: project, which one, and how.
const TROUBLES: &[(&str, usize, Turn)] = &[
    ("jam", 6, Turn::CardRefusedLater),
    ("jam", 15, Turn::CardRefusedLater),
    ("nightshift", 4, Turn::CardRefusedLater),
    ("ondol", 9, Turn::CardRefusedLater),
    ("teabowl", 2, Turn::CardUnanswered),
    ("catbank", 8, Turn::Withdrawn),
    ("catbank", 24, Turn::Withdrawn),
    ("doenjang", 12, Turn::Withdrawn),
    ("dokkaebi", 10, Turn::Withdrawn),
    ("ruler", 4, Turn::Withdrawn),
    ("stairs", 9, Turn::Withdrawn),
    ("makgeolli", 7, Turn::Withdrawn),
    ("choir", 9, Turn::NoCard),
    ("spacestation", 3, Turn::NoCard),
];

/// The same script for the same instant.
pub fn write(plots: &[&Plot], now: DateTime<Utc>) -> Script {
    let mut variety = Variety::new(0x00d5_0e00);
    let (mut pledges, mut steps) = (Vec::new(), Vec::new());
    for (n, plot) in plots.iter().enumerate() {
        let course = plot.fate.course(now);
        if let Some(course) = course {
            pledges.extend(Plan::new(n, plot, course, &mut variety).pledges());
            steps.push((course.launch, Step::Launch(n)));
        }
        let drafted = match plot.fate {
            Fate::Draft => now - TimeDelta::hours(20 + 31 * i64::from(n % 2 == 0)),
            Fate::InReview => now - TimeDelta::days(4),
            _ => course.map_or(now, |course| course.launch) - TimeDelta::hours(40),
        };
        steps.push((drafted, Step::Draft(n)));
        match (plot.fate, course) {
            (Fate::InReview, _) => steps.push((now - TimeDelta::hours(11), Step::Submit(n))),
            (Fate::Funded { .. } | Fate::Unfunded { .. }, Some(course)) => {
                steps.push((course.deadline, Step::Deadline(n)));
            }
            (Fate::Canceled { .. }, Some(course)) => steps.push((course.last, Step::Stop(n))),
            (Fate::Suspended { .. }, Some(course)) => steps.push((course.last, Step::Suspend(n))),
            _ => {}
        }
    }
    for (n, pledge) in pledges.iter().enumerate() {
        steps.push((pledge.at, Step::Pledge(n)));
        if pledge.turn == Turn::Withdrawn
            && let Some(course) = plots.get(pledge.plot).and_then(|plot| plot.fate.course(now))
        {
            steps.push((pledge.at + (course.last - pledge.at) / 2, Step::Withdraw(n)));
        }
    }
    steps.sort_unstable();
    Script { pledges, steps }
}

/// The pledges of one project, until its percentage is reached.
struct Plan<'a> {
    n: usize,
    plot: &'a Plot,
    course: Course,
    variety: &'a mut Variety,
    taken: Vec<i32>,
    raised: i64,
    planned: Vec<Planned>,
    /// How many of the crowd have come; each next one is another, until all have.
    came: usize,
    /// How many of them came for what must be nearly gone in the end, and so are in no trouble.
    rushed: usize,
}

impl<'a> Plan<'a> {
    fn new(n: usize, plot: &'a Plot, course: Course, variety: &'a mut Variety) -> Self {
        let (taken, planned) = (vec![0; plot.gifts.len()], Vec::new());
        Self { n, plot, course, variety, taken, raised: 0, planned, came: 0, rushed: 0 }
    }

    fn pledges(mut self) -> Vec<Planned> {
        for (who, table) in [(Who::Backer, BACKERS), (Who::Maker, MAKERS)] {
            for (_, part, choice, extra, turn) in table.iter().filter(|row| row.0 == self.plot.key) {
                let at = self.at(*part);
                self.add(Planned {
                    plot: self.n,
                    who,
                    at,
                    choice: Some(*choice),
                    extra: *extra,
                    turn: *turn,
                });
            }
        }
        for (g, gift) in self.plot.gifts.iter().enumerate() {
            if let (Some(stock), Some(left)) = (gift.stock, gift.left) {
                // What is nearly gone went early.
                for _ in self.taken[g]..stock - left {
                    let part = self.part() * 0.7;
                    self.add_of_crowd(part, Some((g, 1)), 0, Turn::Stays);
                    self.rushed += 1;
                }
            }
        }
        let target = self.plot.goal * i64::from(self.course.percent) / 100;
        while self.raised < target {
            let part = self.part();
            let extra = if self.variety.below(5) == 0 { self.thousands(10) } else { 0 };
            let nth = self.came - self.rushed;
            let trouble = TROUBLES.iter().find(|row| row.0 == self.plot.key && row.1 == nth);
            let turn = trouble.map_or(Turn::Stays, |(_, _, turn)| *turn);
            match self.choice(target - self.raised) {
                Some(choice) => self.add_of_crowd(part, Some(choice), extra, turn),
                None => {
                    let support = self.thousands(30);
                    self.add_of_crowd(part, None, support, turn);
                }
            }
        }
        self.planned
    }

    fn add_of_crowd(&mut self, part: f64, choice: Option<(usize, i32)>, extra: i64, turn: Turn) {
        // The step has no common factor with the number of people, so everybody comes once.
        let who = Who::Crowd((self.n * 41 + self.came * 35) % CROWD);
        self.came += 1;
        let at = self.at(part);
        self.add(Planned { plot: self.n, who, at, choice, extra, turn });
    }

    fn add(&mut self, pledge: Planned) {
        if pledge.turn.counts() {
            let price = pledge
                .choice
                .map_or(0, |(g, pieces)| self.gift(g).map_or(0, |gift| gift.price) * i64::from(pieces));
            self.raised += price + pledge.extra;
        }
        if let Some((g, pieces)) = pledge.choice
            && let Some(taken) = self.taken.get_mut(g)
        {
            // Of what is given back nobody plans to take: held at one time, it might be too much.
            *taken += pieces;
        }
        self.planned.push(pledge);
    }

    fn gift(&self, g: usize) -> Option<&Gift> {
        self.plot.gifts.get(g)
    }

    /// A reward of which enough is left and that does not cost much more than what is `missing`,
    /// cheap ones more often; now and then none.
    fn choice(&mut self, missing: i64) -> Option<(usize, i32)> {
        if self.variety.below(12) == 0 {
            return None;
        }
        let pieces = match self.variety.below(20) {
            0 => 3,
            1 | 2 => 2,
            _ => 1,
        };
        let weight = |gift: &Gift, taken: i32| -> u64 {
            let fits = gift.price * i64::from(pieces) <= missing + 20_000;
            let enough = fits && gift.left.is_none() && gift.stock.is_none_or(|stock| taken + pieces < stock);
            // The square root keeps the cheapest from being everything.
            if enough { (100_000.0 / (gift.price as f64).sqrt()) as u64 } else { 0 }
        };
        let weights: Vec<u64> =
            self.plot.gifts.iter().zip(&self.taken).map(|(gift, taken)| weight(gift, *taken)).collect();
        let mut rest = self.variety.below(weights.iter().sum());
        for (g, weight) in weights.into_iter().enumerate() {
            if rest < weight {
                return Some((g, pieces));
            }
            rest -= weight;
        }
        None
    }

    fn thousands(&mut self, most: u64) -> i64 {
        1_000 * i64::try_from(1 + self.variety.below(most)).unwrap_or(1)
    }

    /// How far into the project's time somebody comes: many at first, some at the end.
    fn part(&mut self) -> f64 {
        let even = self.variety.below(1_000_000) as f64 / 1_000_000.0;
        match self.variety.below(10) {
            0..4 => even * even,
            4..8 => even,
            _ => 1.0 - (1.0 - even).powi(3),
        }
    }

    fn at(&self, part: f64) -> DateTime<Utc> {
        let span = (self.course.last - self.course.launch).num_seconds();
        // Strictly between the launch and the last moment.
        let seconds = (part * span as f64) as i64;
        self.course.launch + TimeDelta::seconds(seconds.clamp(60, span - 2))
    }
}
