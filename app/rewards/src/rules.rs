//! What a reward's form must fulfil.

use crate::{
    LegalClass, NewVariant, RewardForm, RewardKind, RewardOption,
    options::{parse_options, parse_variants},
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use kernel::{Currency, Fault, Faults, FormKey, Money, MoneyError, Refusal};

const LONGEST_TITLE: u32 = 80;
const LONGEST_DESCRIPTION: u32 = 1000;
const HIGHEST_PRICE: i64 = 100_000_000;
const MOST_PIECES: u32 = 1_000_000;
const LATEST_DELIVERY_YEARS: i32 = 5;

#[derive(Clone, Debug)]
pub struct CheckedReward {
    pub title: String,
    pub description: String,
    pub price: Money,
    pub kind: RewardKind,
    pub stock: Option<i32>,
    /// Pieces that one person may have.
    pub per_person: Option<i32>,
    pub ships: bool,
    pub legal_class: LegalClass,
    pub options: Vec<RewardOption>,
    /// The combinations of the options.
    pub variants: Vec<NewVariant>,
    pub estimated_delivery: NaiveDate,
    /// A form without a key is a form of its own.
    pub key: Option<FormKey>,
}

impl RewardForm {
    pub fn checked(self, currency: Currency, now: DateTime<Utc>) -> Result<CheckedReward, Refusal> {
        let mut faults = Faults::default();
        let title = self.title.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
        let description = self.description.replace("\r\n", "\n").replace('\0', "").trim().to_owned();
        if title.is_empty() {
            faults.add("title", Fault::Required);
        }
        for (field, text, max) in
            [("title", &title, LONGEST_TITLE), ("description", &description, LONGEST_DESCRIPTION)]
        {
            if text.chars().count() > max as usize {
                faults.add(field, Fault::TooLong { max });
            }
        }
        let price = faults.keep("price", parse_price(&self.price, currency));
        let stock = faults.keep("stock", parse_stock(&self.stock));
        let per_person = faults.keep("per_person", parse_stock(&self.per_person));
        let kind = faults.keep("kind", known(&self.kind, RewardKind::from_code));
        let legal_class = faults.keep("legal_class", known(&self.legal_class, LegalClass::from_code));
        let options = faults.keep("options", parse_options(&self.options));
        let variants = match &options {
            Some(options) => faults.keep("variant_stock", parse_variants(options, &self.variant_stock)),
            None => None,
        };
        let delivery = faults.keep("delivery", parse_month(&self.delivery, now));
        faults.none_or_refuse()?;
        let key = self.key.parse().ok();
        match (price, stock, per_person, kind, legal_class, options, variants, delivery) {
            (
                Some(price),
                Some(stock),
                Some(per_person),
                Some(kind),
                Some(legal_class),
                Some(options),
                Some(variants),
                Some(estimated_delivery),
            ) => Ok(CheckedReward {
                title,
                description,
                price,
                kind,
                stock,
                per_person,
                ships: self.ships == "true",
                legal_class,
                options,
                variants,
                estimated_delivery,
                key,
            }),
            _ => Err(Refusal::Malformed),
        }
    }
}

fn parse_price(text: &str, currency: Currency) -> Result<Money, Fault> {
    let too_small = Fault::TooSmall { min: Money::new(1, currency) };
    match parse_amount(text, currency) {
        Ok(price) if price.minor() == 0 => Err(too_small),
        Err(Fault::TooSmall { .. }) => Err(too_small),
        price => price,
    }
}

/// An amount from nothing to the highest price.
pub fn parse_amount(text: &str, currency: Currency) -> Result<Money, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Required);
    }
    let highest = Money::new(HIGHEST_PRICE, currency);
    let price = Money::parse(text.trim().trim_end_matches('원'), currency).map_err(|error| match error {
        MoneyError::TooPrecise => Fault::NotWhole,
        MoneyError::OutOfRange => Fault::TooLarge { max: highest },
        MoneyError::NotAnAmount | MoneyError::Mixed => Fault::NotAnAmount,
    })?;
    match price.minor() {
        ..0 => Err(Fault::TooSmall { min: Money::zero(currency) }),
        minor if minor > HIGHEST_PRICE => Err(Fault::TooLarge { max: highest }),
        _ => Ok(price),
    }
}

/// One of the choices; an empty field is the usual one.
fn known<T: Default>(code: &str, read: fn(&str) -> Option<T>) -> Result<T, Fault> {
    match code {
        "" => Ok(T::default()),
        code => read(code).ok_or(Fault::NotAllowed),
    }
}

/// Empty is no limit.
fn parse_stock(text: &str) -> Result<Option<i32>, Fault> {
    let text = text.trim().replace(',', "");
    if text.is_empty() {
        return Ok(None);
    }
    let fault = Fault::NotACount { min: 1, max: MOST_PIECES };
    let pieces: u32 = text.parse().map_err(|_| fault.clone())?;
    if pieces == 0 || pieces > MOST_PIECES {
        return Err(fault);
    }
    Ok(i32::try_from(pieces).ok())
}

/// `2027-03`, not before this month in Korea (UTC+9); browsers without month fields may send a whole date.
fn parse_month(text: &str, now: DateTime<Utc>) -> Result<NaiveDate, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    let first = format!("{}-01", text.get(..7).unwrap_or(text));
    let day = NaiveDate::parse_from_str(&first, "%Y-%m-%d").map_err(|_| Fault::NotAMonth)?;
    let today = (now + TimeDelta::hours(9)).date_naive();
    if (day.year(), day.month()) < (today.year(), today.month()) {
        return Err(Fault::TooEarly);
    }
    if day.year() > today.year() + LATEST_DELIVERY_YEARS {
        return Err(Fault::TooLate);
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(change: impl FnOnce(&mut RewardForm)) -> Option<(String, Fault)> {
        fault_at("2026-11-22T00:00:00Z", change)
    }

    fn fault_at(now: &str, change: impl FnOnce(&mut RewardForm)) -> Option<(String, Fault)> {
        let mut form = RewardForm {
            title: "찻잔 두 개".to_owned(),
            price: "38,000".to_owned(),
            delivery: "2027-03".to_owned(),
            ..RewardForm::default()
        };
        change(&mut form);
        match form.checked(Currency::KRW, now.parse().unwrap()) {
            Err(Refusal::Invalid(faults)) => faults.into_iter().next().map(|f| (f.field, f.fault)),
            _ => None,
        }
    }

    #[test]
    fn a_whole_reward_passes() {
        assert_eq!(fault(|_| ()), None);
        assert_eq!(fault(|form| form.stock = "100".to_owned()), None);
    }

    #[test]
    fn a_month_begins_when_it_does_in_korea() {
        let november = |form: &mut RewardForm| form.delivery = "2026-11".to_owned();
        assert_eq!(fault_at("2026-11-30T14:59:59Z", november), None);
        let too_early = Some(("delivery".to_owned(), Fault::TooEarly));
        assert_eq!(fault_at("2026-11-30T15:00:00Z", november), too_early);
    }

    #[test]
    fn impossible_prices_stocks_and_months_are_refused_at_their_fields() {
        let at = |field: &str, fault: Fault| Some((field.to_owned(), fault));
        let count = Fault::NotACount { min: 1, max: MOST_PIECES };
        assert_eq!(
            fault(|form| form.price = "-1".to_owned()),
            at("price", Fault::TooSmall { min: Money::won(1) })
        );
        assert_eq!(
            fault(|form| form.price = "0".to_owned()),
            at("price", Fault::TooSmall { min: Money::won(1) })
        );
        assert_eq!(fault(|form| form.price = "1.5".to_owned()), at("price", Fault::NotWhole));
        assert_eq!(fault(|form| form.stock = "-1".to_owned()), at("stock", count.clone()));
        assert_eq!(fault(|form| form.stock = "0".to_owned()), at("stock", count));
        assert_eq!(
            fault(|form| form.per_person = "0".to_owned()),
            at("per_person", Fault::NotACount { min: 1, max: MOST_PIECES })
        );
        assert_eq!(fault(|form| form.kind = "gift".to_owned()), at("kind", Fault::NotAllowed));
        assert_eq!(fault(|form| form.legal_class = "goods".to_owned()), at("legal_class", Fault::NotAllowed));
        assert_eq!(fault(|form| form.options = "빨강".to_owned()), at("options", Fault::NotAnOption));
        assert_eq!(
            fault(|form| form.variant_stock = "빨강 = 1".to_owned()),
            at("variant_stock", Fault::NotAStockLine)
        );
        assert_eq!(fault(|form| form.delivery = "2026-10".to_owned()), at("delivery", Fault::TooEarly));
        assert_eq!(fault(|form| form.delivery = "2099-01".to_owned()), at("delivery", Fault::TooLate));
        assert_eq!(fault(|form| form.delivery = "봄".to_owned()), at("delivery", Fault::NotAMonth));
    }
}
