//! Rewards: offered by the creator, chosen by backers, never oversold; and what shipping them costs.
//!
//! Tables: `rewards`, `reward_variants`, `reward_holdings`, `shipping_rates`, `remote_postcodes`. Rules kept:
//! `reward_is_not_oversold` and `variant_is_not_oversold` (the database counts pieces taken against the stock),
//! `within_person_limit`; rewards of a launched project are frozen, new ones may be added while it is live; so
//! are shipping rates, but for places to which nothing was sent before.

mod error;
mod manage;
mod options;
mod rules;
mod shipping;
mod show;
pub mod text;
mod types;
mod zones;

#[cfg(feature = "ssr")]
pub mod store;

pub use error::RewardError;
pub use manage::{AddReward, EditReward, RemoveReward, RewardForm};
pub use options::{NewVariant, RewardOption};
pub use rules::CheckedReward;
pub use shipping::{AddDestination, CountryForm, RemoveDestination, SetShipping, ShippingForm};
pub use show::LiveStock;
pub use types::{LegalClass, Reward, RewardKind, Variant};
pub use zones::{Fee, ISLANDS, JEJU, KOREA, Rate, Rates, WORLD};

#[cfg(feature = "ssr")]
pub use {
    manage::{add, rewards_page},
    shipping::shipping_page,
    show::RewardList,
};
