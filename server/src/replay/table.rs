//! What really happened against what Dure decided.

use crate::replay::campaign::{Campaign, Outcome};
use projects::{Figures, FundingState};
use std::collections::BTreeMap;

/// A campaign as Dure lived it.
#[derive(Clone, Copy, Debug)]
pub struct Lived {
    pub state: FundingState,
    pub figures: Figures,
}

const fn expected(outcome: Outcome) -> FundingState {
    match outcome {
        Outcome::Successful => FundingState::Funded,
        Outcome::Failed => FundingState::Unfunded,
        Outcome::Canceled => FundingState::Canceled,
        Outcome::Live => FundingState::Live,
    }
}

fn same(campaign: &Campaign, lived: &Lived) -> bool {
    let collected = if campaign.outcome == Outcome::Successful { campaign.pledged.minor() } else { 0 };
    lived.state == expected(campaign.outcome)
        && lived.figures.pledged == campaign.pledged
        && usize::try_from(lived.figures.backers) == Ok(campaign.backers)
        && lived.figures.collected.minor() == collected
}

/// Prints the table; tells whether all campaigns are the same.
pub fn print(campaigns: &[Campaign], lived: &[Lived]) -> bool {
    let mut rows: BTreeMap<(Outcome, &'static str), (usize, usize)> = BTreeMap::new();
    let mut sums: BTreeMap<&'static str, (i64, i64, i64)> = BTreeMap::new();
    for (campaign, lived) in campaigns.iter().zip(lived) {
        let row = rows.entry((campaign.outcome, lived.state.code())).or_default();
        row.0 += 1;
        row.1 += usize::from(same(campaign, lived));
        let sum = sums.entry(campaign.goal.currency().code()).or_default();
        sum.0 += campaign.pledged.minor();
        sum.1 += lived.figures.pledged.minor();
        sum.2 += lived.figures.collected.minor();
    }
    println!("\n{:<12} {:<12} {:>9} {:>26}", "really", "in Dure", "campaigns", "same state, sum, backers");
    for ((outcome, state), (count, right)) in rows {
        println!("{:<12} {state:<12} {count:>9} {right:>26}", format!("{outcome:?}").to_lowercase());
    }
    println!(
        "\n{:<12} {:>16} {:>16} {:>16}   (minor units)",
        "currency", "really pledged", "pledged in Dure", "collected"
    );
    for (currency, (really, pledged, collected)) in sums {
        println!("{currency:<12} {really:>16} {pledged:>16} {collected:>16}");
    }
    let different: Vec<_> =
        campaigns.iter().zip(lived).filter(|(campaign, lived)| !same(campaign, lived)).collect();
    for (campaign, lived) in &different {
        println!(
            "DIFFERENT {} {:?}: really {:?} {} by {}, in Dure {} {} by {}",
            campaign.source_id,
            campaign.title,
            campaign.outcome,
            campaign.pledged.plain(),
            campaign.backers,
            lived.state.code(),
            lived.figures.pledged.plain(),
            lived.figures.backers
        );
    }
    println!(
        "\n{} of {} campaigns went as they really did",
        campaigns.len() - different.len(),
        campaigns.len()
    );
    different.is_empty() && campaigns.len() == lived.len()
}
