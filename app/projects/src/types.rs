//! What crosses the wire and the crates.

use crate::text;
use chrono::{DateTime, Utc};
use kernel::{Locale, MemberId, Money, ProjectId, RewardId};
use pictures::Picture;
use serde::{Deserialize, Serialize};

/// An enum that is kept and sent by its code, with its label in both languages.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $ko:literal $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $code)] $variant),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            #[must_use]
            pub const fn label(self, locale: Locale) -> &'static str {
                match self { $(Self::$variant => locale.pick($ko, $en)),+ }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}

coded!(Category {
    Tech "tech" "테크·가전" "Tech",
    Fashion "fashion" "패션·잡화" "Fashion",
    Living "living" "홈·리빙" "Home & living",
    Beauty "beauty" "뷰티" "Beauty",
    Food "food" "푸드" "Food",
    Games "games" "게임" "Games",
    Comics "comics" "웹툰·만화" "Comics",
    Publishing "publishing" "출판" "Publishing",
    Music "music" "음악" "Music",
    Film "film" "영화·비디오" "Film",
    Art "art" "예술" "Art",
    Stage "stage" "공연" "Stage",
    Design "design" "디자인" "Design",
    Crafts "crafts" "공예" "Crafts",
    Photo "photo" "사진" "Photography",
    Journalism "journalism" "저널리즘" "Journalism",
    Pets "pets" "반려동물" "Pets",
    Social "social" "소셜 임팩트" "Social impact",
});

coded!(
    /// The funding axis of a project. The allowed moves stand in table `allowed_moves`.
    FundingState {
        Draft "draft" "작성 중" "Draft",
        InReview "in_review" "심사 중" "In review",
        Live "live" "진행 중" "Live",
        Judging "judging" "마감 확인 중" "Judging",
        Collecting "collecting" "결제 진행 중" "Collecting",
        Funded "funded" "펀딩 성공" "Funded",
        Unfunded "unfunded" "목표 미달" "Unfunded",
        Canceled "canceled" "창작자가 중단" "Canceled",
        Suspended "suspended" "일시 중지" "Suspended",
    }
);

impl FundingState {
    /// Whether anybody may look at the project.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Draft | Self::InReview | Self::Suspended)
    }
}

coded!(Sort {
    Newest "newest" "최신순" "Newest",
    Ending "ending" "마감 임박순" "Ending soon",
    Funded "funded" "모금액순" "Most funded",
});

/// The figures of a project: sums of its pledges, equal to the ledger where money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub pledged: Money,
    pub backers: i64,
    pub collected: Money,
    /// Refused so far, and not given up.
    pub retrying: Money,
    pub dropped: Money,
}

/// A project as lists show it.
#[derive(Clone, Debug)]
pub struct ProjectCard {
    pub id: ProjectId,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub category: Category,
    pub state: FundingState,
    pub goal: Option<Money>,
    pub deadline: Option<DateTime<Utc>>,
    pub figures: Figures,
    pub cover: Option<Picture>,
    pub creator: String,
}

/// A project with everything that its page and its editor show.
#[derive(Clone, Debug)]
pub struct Project {
    pub id: ProjectId,
    pub slug: String,
    pub creator_id: MemberId,
    pub creator_handle: String,
    pub creator_name: String,
    pub title: String,
    pub summary: String,
    /// Markdown as written; shown only through [`crate::story`].
    pub story: String,
    pub category: Category,
    pub currency: kernel::Currency,
    pub goal: Option<Money>,
    pub deadline: Option<DateTime<Utc>>,
    pub state: FundingState,
    pub version: i32,
    pub cover: Option<Picture>,
    pub launched_at: Option<DateTime<Utc>>,
}

/// What changes on an open page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveProject {
    pub figures: Figures,
    pub state: FundingState,
    /// Pieces left of each reward with a stock.
    pub left: Vec<(RewardId, i32)>,
}

/// How long until the deadline, in words.
#[must_use]
pub fn time_left(locale: Locale, deadline: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if deadline <= now {
        return text::ended(locale).to_owned();
    }
    text::left(locale, kernel::hours_and_minutes(locale, deadline - now))
}
