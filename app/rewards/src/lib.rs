//! Rewards: offered by the creator, chosen by backers, never oversold.
//!
//! Table: `rewards`. Rules kept: `reward_is_not_oversold` (the database counts pieces taken against
//! the stock); rewards of a launched project are frozen, new ones may be added while it is live.

mod error;
mod manage;
mod rules;
mod show;
pub mod text;
mod types;

#[cfg(feature = "ssr")]
pub mod store;

pub use error::RewardError;
pub use manage::{AddReward, EditReward, RemoveReward, RewardForm};
pub use rules::CheckedReward;
pub use show::LiveStock;
pub use types::Reward;

#[cfg(feature = "ssr")]
pub use {
    manage::{add, rewards_page},
    show::RewardList,
};
