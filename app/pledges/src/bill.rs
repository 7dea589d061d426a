//! What a pledge costs, line by line: the only sum that counts.

use crate::{
    CheckedPledge, Piece, PledgeError, PledgeForm, PledgeLine,
    rules::{Destination, HIGHEST, rewards_total},
};
use accounts::Address;
use chrono::NaiveDate;
use kernel::{Fault, Money, MoneyError, ProjectId, Refusal, RewardId, VariantId};
use rewards::{LegalClass, Reward, RewardKind};
use sqlx::PgConnection;

/// A line as it will be written.
#[derive(Clone, Debug)]
pub struct BillLine {
    pub piece: Piece,
    pub reward: RewardId,
    pub variant: Option<VariantId>,
    pub title: String,
    /// The choices of the variant; empty for none.
    pub label: String,
    pub quantity: i32,
    pub unit_price: Money,
    pub ships: bool,
    pub legal_class: LegalClass,
    pub estimated_delivery: NaiveDate,
}

impl BillLine {
    /// Title and choices.
    pub fn name(&self) -> String {
        if self.label.is_empty() { self.title.clone() } else { format!("{} ({})", self.title, self.label) }
    }
}

/// Where the parcel goes.
#[derive(Clone, Debug)]
pub struct Parcel {
    pub address: Address,
    pub zone: String,
}

#[derive(Clone, Debug)]
pub struct Bill {
    pub lines: Vec<BillLine>,
    pub rewards: Money,
    pub shipping: Money,
    pub extra: Money,
    pub total: Money,
    /// None if nothing is sent.
    pub parcel: Option<Parcel>,
}

/// Adds up a pledge to a project. What is in `kept`, the lines of a pledge that is changed, stays as it was chosen.
///
/// Invariant: `total = rewards + shipping + extra`, and no number of it came from a browser but the extra support.
pub async fn bill(
    db: &mut PgConnection,
    project: ProjectId,
    pledge: &CheckedPledge,
    kept: &[PledgeLine],
) -> Result<Bill, PledgeError> {
    let currency = pledge.extra.currency();
    let rewards = if pledge.lines.is_empty() {
        Vec::new()
    } else {
        rewards::store::of_project(&mut *db, project, currency).await?
    };
    let mut lines = Vec::with_capacity(pledge.lines.len());
    let mut alone = !pledge.lines.is_empty();
    for chosen in &pledge.lines {
        let (line, kind) = priced(&rewards, chosen.piece, chosen.quantity, kept)?;
        alone &= kind == RewardKind::AddOn;
        lines.push(line);
    }
    if alone {
        return Err(PledgeError::AddOnAlone);
    }
    let prices: Vec<_> = lines.iter().map(|line| (line.unit_price, line.quantity)).collect();
    let sent: i32 = lines.iter().filter(|line| line.ships).map(|line| line.quantity).sum();
    let parcel = if sent > 0 { Some(parcel(&mut *db, pledge).await?) } else { None };
    let shipping = match &parcel {
        Some(parcel) => {
            let rates = rewards::store::rates(&mut *db, project, currency).await?;
            let fee = rates.to(&parcel.zone).ok_or_else(not_sent_there)?;
            fee.of(u32::try_from(sent).unwrap_or(u32::MAX))
        }
        None => Ok(Money::zero(currency)),
    };
    let sum = || -> Result<(Money, Money, Money), MoneyError> {
        let (rewards, shipping) = (rewards_total(currency, &prices)?, shipping?);
        Ok((rewards, shipping, rewards.checked_add(shipping)?.checked_add(pledge.extra)?))
    };
    let field = lines.last().map_or_else(|| "extra".to_owned(), |line| PledgeForm::field(line.piece));
    let too_much = || Refusal::field(&field, Fault::TooLarge { max: Money::new(HIGHEST, currency) });
    let (rewards, shipping, total) = sum().map_err(|_| too_much())?;
    if total.minor() > HIGHEST {
        return Err(too_much().into());
    }
    Ok(Bill { lines, rewards, shipping, extra: pledge.extra, total, parcel })
}

fn priced(
    rewards: &[Reward],
    piece: Piece,
    quantity: i32,
    kept: &[PledgeLine],
) -> Result<(BillLine, RewardKind), PledgeError> {
    let found = rewards.iter().find_map(|reward| match piece {
        Piece::Of(id) => (reward.id == id).then_some((reward, None)),
        Piece::Variant(id) => {
            reward.variants.iter().find(|variant| variant.id == id).map(|variant| (reward, Some(variant)))
        }
    });
    let (reward, variant) = found.ok_or(PledgeError::NoSuchReward)?;
    if variant.is_none() && !reward.variants.is_empty() {
        return Err(Refusal::field(&PledgeForm::field(piece), Fault::Required).into());
    }
    let variant_id = variant.map(|variant| variant.id);
    let before = kept.iter().find(|line| line.reward == reward.id && line.variant == variant_id);
    let line = BillLine {
        piece,
        reward: reward.id,
        variant: variant_id,
        title: before.map_or_else(|| reward.title.clone(), |line| line.title.clone()),
        label: variant.map(|variant| variant.label.clone()).unwrap_or_default(),
        quantity,
        unit_price: before.map_or(reward.price, |line| line.unit_price),
        ships: before.map_or(reward.ships, |line| line.ships),
        legal_class: before.and_then(|line| line.legal_class).unwrap_or(reward.legal_class),
        estimated_delivery: before
            .and_then(|line| line.estimated_delivery)
            .unwrap_or(reward.estimated_delivery),
    };
    Ok((line, reward.kind))
}

async fn parcel(db: &mut PgConnection, pledge: &CheckedPledge) -> Result<Parcel, PledgeError> {
    match &pledge.destination {
        Destination::Nowhere => Err(Refusal::field("address", Fault::Required).into()),
        Destination::Faulty(faults) => Err(Refusal::Invalid(faults.clone()).into()),
        Destination::To(address) => {
            let zone = rewards::store::zone_of(db, &address.country, &address.postcode).await?;
            Ok(Parcel { address: (**address).clone(), zone })
        }
    }
}

fn not_sent_there() -> PledgeError {
    Refusal::field("address", Fault::NotSentThere).into()
}
