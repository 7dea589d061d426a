//! The time zones to choose from: some by name in the reader's language, then all by region.

use super::text;
use chrono::{DateTime, Utc};
use kernel::{Locale, Zone};

/// Where most of Dure's readers live.
const OFTEN: &[(&str, &str, &str)] = &[
    ("Asia/Seoul", "서울", "Seoul"),
    ("Asia/Tokyo", "도쿄", "Tokyo"),
    ("Asia/Shanghai", "상하이·베이징", "Shanghai, Beijing"),
    ("Asia/Taipei", "타이베이", "Taipei"),
    ("Asia/Hong_Kong", "홍콩", "Hong Kong"),
    ("Asia/Singapore", "싱가포르", "Singapore"),
    ("Asia/Ho_Chi_Minh", "호찌민·하노이", "Ho Chi Minh City, Hanoi"),
    ("Asia/Bangkok", "방콕", "Bangkok"),
    ("Australia/Sydney", "시드니", "Sydney"),
    ("Pacific/Auckland", "오클랜드", "Auckland"),
    ("Europe/London", "런던", "London"),
    ("Europe/Paris", "파리", "Paris"),
    ("Europe/Berlin", "베를린", "Berlin"),
    ("America/New_York", "뉴욕", "New York"),
    ("America/Chicago", "시카고", "Chicago"),
    ("America/Los_Angeles", "로스앤젤레스", "Los Angeles"),
    ("America/Vancouver", "밴쿠버", "Vancouver"),
    ("America/Sao_Paulo", "상파울루", "São Paulo"),
];

/// Regions of the IANA names that are places; other names are kept for old machines.
const REGIONS: &[(&str, &str, &str)] = &[
    ("Asia", "아시아", "Asia"),
    ("Europe", "유럽", "Europe"),
    ("America", "아메리카", "The Americas"),
    ("Pacific", "태평양", "Pacific"),
    ("Australia", "오스트레일리아", "Australia"),
    ("Africa", "아프리카", "Africa"),
    ("Atlantic", "대서양", "Atlantic"),
    ("Indian", "인도양", "Indian Ocean"),
    ("Antarctica", "남극", "Antarctica"),
];

/// Groups of choices, each with how far the zone is from UTC now. A zone is offered once; `chosen` always.
pub fn groups(l: Locale, chosen: Zone, now: DateTime<Utc>) -> Vec<(String, Vec<ui::Choice>)> {
    let choice =
        |zone: Zone, label: &str| (zone.name().to_owned(), format!("{label} (UTC{})", zone.offset(now)));
    let often: Vec<_> =
        OFTEN.iter().map(|(name, ko, en)| choice(Zone::stored(name), l.pick(*ko, *en))).collect();
    let mut groups = vec![(text::often_chosen(l).to_owned(), often)];
    for (region, ko, en) in REGIONS {
        let of_region = Zone::all().filter_map(|zone| {
            let place = zone.name().strip_prefix(region)?.strip_prefix('/')?;
            let is_new = OFTEN.iter().all(|(name, ..)| *name != zone.name());
            is_new.then(|| choice(zone, &place.replace('_', " ").replace('/', ", ")))
        });
        groups.push((l.pick(*ko, *en).to_owned(), of_region.collect()));
    }
    let offered = groups.iter().flat_map(|(_, choices)| choices).any(|(name, _)| name == chosen.name());
    if !offered && let Some((_, often)) = groups.first_mut() {
        often.push(choice(chosen, chosen.name()));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_choice_can_be_stored_and_stands_there_once() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        for l in [Locale::Ko, Locale::En] {
            let groups = groups(l, Zone::stored("UTC"), now);
            let names: Vec<_> =
                groups.iter().flat_map(|(_, choices)| choices).map(|(name, _)| name).collect();
            assert!(names.iter().all(|name| name.parse::<Zone>().is_ok_and(|zone| zone.name() == *name)));
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
            assert!(names.contains(&&"UTC".to_owned()) && names.len() > 300);
            assert!(groups.iter().all(|(_, choices)| !choices.is_empty()));
        }
    }
}
