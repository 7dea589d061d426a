//! Plans of fees: a new version takes the place of the one that is offered; projects keep what they chose.

use crate::{PlanRates, SettlementError, store};
use accounts::operators::{Operator, audit};
use kernel::{Fault, Faults, PlanId, Rate, Refusal, db::Db};
use projects::FeePlan;
use serde::{Deserialize, Serialize};

/// The rates of a plan, which its guards keep below the whole.
pub fn rates_of(plan: &FeePlan) -> Result<PlanRates, SettlementError> {
    PlanRates::new(plan.platform, plan.payment, plan.vat, plan.early).ok_or(SettlementError::FeesTooHigh)
}

/// The form of a new version; everything is text until it is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    pub code: String,
    /// The version that the page showed: two operators do not write over each other.
    pub after: String,
    pub name_ko: String,
    pub name_en: String,
    pub about_ko: String,
    pub about_en: String,
    /// In per cent.
    pub platform: String,
    pub payment: String,
    pub vat: String,
    pub early: String,
    pub early_days: String,
    pub final_days: String,
}

/// A version whose fields are right.
#[derive(Clone, Debug)]
pub struct NewPlan {
    pub code: String,
    pub after: i32,
    pub name_ko: String,
    pub name_en: String,
    pub about_ko: String,
    pub about_en: String,
    pub platform: Rate,
    pub payment: Rate,
    pub vat: Rate,
    pub early: Rate,
    pub early_days: i32,
    pub final_days: i32,
}

/// Reads per cent with two places at most: `5`, `3.25`.
pub(crate) fn per_cent(text: &str, most: i32) -> Result<Rate, Fault> {
    let text = text.trim().trim_end_matches('%').trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fault = Fault::NotACount { min: 0, max: u32::try_from(most / 100).unwrap_or_default() };
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err(fault);
    }
    let bp: i32 = format!("{whole}{part:0<2}").parse().map_err(|_| fault.clone())?;
    if bp > most {
        return Err(fault);
    }
    Rate::try_from(bp).map_err(|_| fault)
}

impl PlanForm {
    /// Tells all faults at once.
    pub fn checked(self) -> Result<NewPlan, SettlementError> {
        let mut faults = Faults::default();
        let code = self.code.trim().to_owned();
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if code.is_empty() || code.len() > 30 || !code.bytes().all(good) {
            faults.add("code", Fault::NotAHandle);
        }
        let mut line = |field: &str, text: &str, max: u32, needed: bool| {
            let text = text.replace('\0', "").trim().to_owned();
            if needed && text.is_empty() {
                faults.add(field, Fault::Required);
            } else if text.chars().count() > max as usize {
                faults.add(field, Fault::TooLong { max });
            }
            text
        };
        let name_ko = line("name_ko", &self.name_ko, 40, true);
        let name_en = line("name_en", &self.name_en, 40, true);
        let about_ko = line("about_ko", &self.about_ko, 300, false);
        let about_en = line("about_en", &self.about_en, 300, false);
        let mut rate =
            |field: &str, text: &str, most| faults.keep(field, per_cent(text, most)).unwrap_or_default();
        let platform = rate("platform", &self.platform, 5000);
        let payment = rate("payment", &self.payment, 2000);
        let vat = rate("vat", &self.vat, 5000);
        let early = rate("early", &self.early, 10_000);
        let mut days = |field: &str, text: &str, max: u32| {
            let days = text.trim().parse::<i32>().ok().filter(|days| (0..=max.cast_signed()).contains(days));
            faults.keep(field, days.ok_or(Fault::NotACount { min: 0, max })).unwrap_or_default()
        };
        let early_days = days("early_days", &self.early_days, 90);
        let final_days = days("final_days", &self.final_days, 730);
        faults.none_or_refuse()?;
        PlanRates::new(platform, payment, vat, early).ok_or(SettlementError::FeesTooHigh)?;
        let after = self.after.trim().parse().unwrap_or_default();
        Ok(NewPlan {
            code,
            after,
            name_ko,
            name_en,
            about_ko,
            about_en,
            platform,
            payment,
            vat,
            early,
            early_days,
            final_days,
        })
    }
}

/// Offers a new version of a plan, or a new plan. The one before is closed; who chose it keeps it.
pub async fn add_version(db: &Db, operator: &Operator, new: &NewPlan) -> Result<(), SettlementError> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let version = store::newest_version(&mut tx, &new.code).await?;
    if version != new.after {
        return Err(SettlementError::ChangedMeanwhile);
    }
    store::add_plan(&mut tx, new, version + 1, now).await.map_err(|error| match &error {
        sqlx::Error::Database(refused) if refused.is_unique_violation() => SettlementError::ChangedMeanwhile,
        _ => error.into(),
    })?;
    let detail = format!("v{}: {} + {}, VAT {}", version + 1, new.platform, new.payment, new.vat);
    audit(&mut tx, &operator.actor(), "add_plan", &format!("plan:{}", new.code), &detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Offers a plan no more. The last one stays: every launch needs one.
pub async fn close_plan(db: &Db, operator: &Operator, plan: PlanId) -> Result<(), SettlementError> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !store::close_plan(&mut tx, plan, now).await? {
        return Err(SettlementError::WrongState);
    }
    let known = projects::store::plan(&mut tx, plan).await.map_err(Refusal::from)?;
    let detail = format!("v{}", known.version);
    audit(&mut tx, &operator.actor(), "close_plan", &format!("plan:{}", known.code), &detail, now).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cent_are_read_as_people_write_them() {
        let bp = |text: &str| per_cent(text, 5000).ok().map(Rate::bp);
        assert_eq!(
            ["5", "3.3", "0.25", " 12% ", "50", "0"].map(bp),
            [Some(500), Some(330), Some(25), Some(1200), Some(5000), Some(0)]
        );
        for odd in ["", ".", "-1", "50.01", "5.001", "x", "5,5", "1e1", "９", "9999999999"] {
            assert_eq!(bp(odd), None, "{odd}");
        }
    }
}
