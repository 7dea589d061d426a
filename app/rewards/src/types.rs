//! A reward as pages show it.

use chrono::NaiveDate;
use kernel::{Money, RewardId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reward {
    pub id: RewardId,
    pub title: String,
    pub description: String,
    pub price: Money,
    /// Pieces left, or nothing where there is no limit.
    pub left: Option<i32>,
    pub stock: Option<i32>,
    /// First day of the month in which delivery is expected.
    pub estimated_delivery: NaiveDate,
}
