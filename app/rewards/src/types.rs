//! A reward as pages show it.

use crate::RewardOption;
use chrono::NaiveDate;
use kernel::{Locale, Money, RewardId, VariantId};
use serde::{Deserialize, Serialize};

/// Whether something can be chosen by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RewardKind {
    #[default]
    Reward,
    /// Goes only with a reward.
    AddOn,
}

impl RewardKind {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reward => "reward",
            Self::AddOn => "add_on",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Reward, Self::AddOn].into_iter().find(|kind| kind.code() == code)
    }
}

/// What a reward is to the law. It decides which rights its backers have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LegalClass {
    /// Goods that are sold already, here or abroad.
    OnTheMarket,
    /// Goods made for the one who orders them.
    MadeToOrder,
    /// Goods that come into being with the project.
    #[default]
    ToBeMade,
    /// Something that is not goods: a file, a ticket, a lesson.
    Service,
    /// A thank-you for which nothing is owed.
    Thanks,
}

impl LegalClass {
    pub const ALL: [Self; 5] =
        [Self::ToBeMade, Self::OnTheMarket, Self::MadeToOrder, Self::Service, Self::Thanks];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnTheMarket => "on_the_market",
            Self::MadeToOrder => "made_to_order",
            Self::ToBeMade => "to_be_made",
            Self::Service => "service",
            Self::Thanks => "thanks",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }

    /// In the words of the creator's form.
    #[must_use]
    pub fn label(self, l: Locale) -> &'static str {
        match self {
            Self::OnTheMarket => crate::text::on_the_market(l),
            Self::MadeToOrder => crate::text::made_to_order(l),
            Self::ToBeMade => crate::text::to_be_made(l),
            Self::Service => crate::text::service(l),
            Self::Thanks => crate::text::thanks(l),
        }
    }
}

/// One combination of a reward's options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub id: VariantId,
    /// Its choices, such as `빨강 / 대`.
    pub label: String,
    /// Pieces left, or nothing where there is no limit.
    pub left: Option<i32>,
    pub stock: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reward {
    pub id: RewardId,
    pub kind: RewardKind,
    pub title: String,
    pub description: String,
    pub price: Money,
    /// Pieces left, or nothing where there is no limit.
    pub left: Option<i32>,
    pub stock: Option<i32>,
    /// Pieces that one person may have.
    pub per_person: Option<i32>,
    /// Whether pieces are sent, and so cost shipping.
    pub ships: bool,
    pub legal_class: LegalClass,
    pub options: Vec<RewardOption>,
    /// None for a reward without options.
    pub variants: Vec<Variant>,
    /// First day of the month in which delivery is expected.
    pub estimated_delivery: NaiveDate,
}

impl Reward {
    /// Whether not one piece can be had any more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.left == Some(0)
            || (!self.variants.is_empty() && self.variants.iter().all(|variant| variant.left == Some(0)))
    }
}
