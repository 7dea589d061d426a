//! What an address must be, in the Korean form and in the one for everywhere else.

use super::{
    countries::{country_name, is_country},
    form::AddressForm,
};
use crate::rules::{parse_line, parse_name};
use kernel::{Fault, Faults, Locale, Refusal};
use serde::{Deserialize, Serialize};

/// Where a parcel goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub recipient: String,
    /// In international form.
    pub phone: String,
    pub postcode: String,
    /// 도로명주소, or the first line abroad.
    pub road: String,
    /// 상세주소, or the second line abroad.
    pub detail: String,
    pub city: String,
    pub region: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

const LONGEST_LINE: u32 = 120;
const LONGEST_POSTCODE: usize = 12;

impl AddressForm {
    /// Tells all faults at once.
    pub fn checked(self) -> Result<Address, Refusal> {
        let country = self.country.trim().to_ascii_uppercase();
        let korean = country == "KR" || country.is_empty() && self.city.trim().is_empty();
        let mut faults = Faults::default();
        let recipient = faults.keep("recipient", parse_name(&self.recipient));
        let phone = faults.keep("phone", parse_contact(&self.phone));
        let postcode = faults.keep("postcode", parse_postcode(&self.postcode, korean));
        let road = faults.keep("road", required(parse_line(&self.road, LONGEST_LINE)));
        let detail = faults.keep("detail", parse_line(&self.detail, LONGEST_LINE));
        let city = if korean { Ok(String::new()) } else { required(parse_line(&self.city, LONGEST_LINE)) };
        let city = faults.keep("city", city);
        let region = if korean { Ok(String::new()) } else { parse_line(&self.region, LONGEST_LINE) };
        let region = faults.keep("region", region);
        if !korean && !is_country(&country) {
            let fault = if country.is_empty() { Fault::Required } else { Fault::NotAllowed };
            faults.add("country", fault);
        }
        faults.none_or_refuse()?;
        let country = if korean { "KR".to_owned() } else { country };
        match (recipient, phone, postcode, road, detail, city, region) {
            (
                Some(recipient),
                Some(phone),
                Some(postcode),
                Some(road),
                Some(detail),
                Some(city),
                Some(region),
            ) => Ok(Address { recipient, phone, postcode, road, detail, city, region, country }),
            _ => Err(Refusal::Malformed),
        }
    }
}

/// A number that a courier can call, also a landline, in international form.
fn parse_contact(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let abroad = text.starts_with('+');
    let digits: String =
        text.trim_start_matches('+').chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    if digits.is_empty() {
        return Err(Fault::Required);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !(8..=15).contains(&digits.len()) {
        return Err(Fault::NotAPhone);
    }
    match (abroad, digits.strip_prefix('0')) {
        (true, None) => Ok(format!("+{digits}")),
        (false, Some(rest)) => Ok(format!("+82{rest}")),
        _ => Err(Fault::NotAPhone),
    }
}

fn required(line: Result<String, Fault>) -> Result<String, Fault> {
    line.and_then(|line| if line.is_empty() { Err(Fault::Required) } else { Ok(line) })
}

/// Five digits in Korea (국가기초구역번호); letters, digits, blanks and hyphens elsewhere, or nothing.
fn parse_postcode(text: &str, korean: bool) -> Result<String, Fault> {
    let text = text.trim();
    if korean {
        return match text {
            "" => Err(Fault::Required),
            _ if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(text.to_owned()),
            _ => Err(Fault::NotAPostcode),
        };
    }
    let right = text.len() <= LONGEST_POSTCODE
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ' || b == b'-');
    if right { Ok(text.to_ascii_uppercase()) } else { Err(Fault::NotAPostcode) }
}

impl Address {
    /// In the order of its country, a line each.
    #[must_use]
    pub fn lines(&self, l: Locale) -> Vec<String> {
        let lines = if self.country == "KR" {
            vec![format!("({}) {}", self.postcode, self.road), self.detail.clone()]
        } else {
            let place = [&self.city, &self.region, &self.postcode];
            let place =
                place.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ");
            vec![self.road.clone(), self.detail.clone(), place, country_name(l, &self.country).to_owned()]
        };
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul() -> AddressForm {
        AddressForm {
            recipient: "김보람".to_owned(),
            phone: "010-1234-5678".to_owned(),
            postcode: "04524".to_owned(),
            road: "서울 중구 세종대로 110".to_owned(),
            detail: "3층".to_owned(),
            ..AddressForm::default()
        }
    }

    fn fault_of(form: AddressForm, field: &str) -> Option<Fault> {
        match form.checked() {
            Err(Refusal::Invalid(faults)) => {
                faults.into_iter().find(|fault| fault.field == field).map(|fault| fault.fault)
            }
            _ => None,
        }
    }

    #[test]
    fn a_korean_address_needs_its_five_digits() {
        let address = seoul().checked().unwrap();
        assert_eq!(address.country, "KR");
        assert_eq!(address.lines(Locale::Ko), ["(04524) 서울 중구 세종대로 110", "3층"]);
        for wrong in ["4524", "045-24", "０４５２４"] {
            let form = AddressForm { postcode: wrong.to_owned(), ..seoul() };
            assert_eq!(fault_of(form, "postcode"), Some(Fault::NotAPostcode), "{wrong}");
        }
        assert_eq!(fault_of(AddressForm { road: " ".to_owned(), ..seoul() }, "road"), Some(Fault::Required));
        assert_eq!(fault_of(AddressForm { phone: String::new(), ..seoul() }, "phone"), Some(Fault::Required));
    }

    #[test]
    fn an_address_abroad_has_a_city_and_a_country() {
        let form = AddressForm {
            country: "us".to_owned(),
            city: "San Francisco".to_owned(),
            region: "CA".to_owned(),
            postcode: "94103".to_owned(),
            road: "1 Market St".to_owned(),
            detail: String::new(),
            ..seoul()
        };
        let address = form.clone().checked().unwrap();
        assert_eq!(address.lines(Locale::En), ["1 Market St", "San Francisco, CA, 94103", "United States"]);
        assert_eq!(
            fault_of(AddressForm { city: String::new(), ..form.clone() }, "city"),
            Some(Fault::Required)
        );
        assert_eq!(
            fault_of(AddressForm { country: "ZZ".to_owned(), ..form.clone() }, "country"),
            Some(Fault::NotAllowed)
        );
        assert_eq!(
            fault_of(AddressForm { country: String::new(), ..form }, "country"),
            Some(Fault::Required)
        );
    }
}
