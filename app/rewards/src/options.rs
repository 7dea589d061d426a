//! Options of a reward as its creator writes them, and the combinations that come of them.

use kernel::Fault;
use serde::{Deserialize, Serialize};

const MOST_OPTIONS: usize = 4;
const MOST_CHOICES: usize = 20;
/// Combinations of one reward.
const MOST_VARIANTS: usize = 60;
const LONGEST_WORD: u32 = 40;
const LONGEST_LABEL: u32 = 120;
const MOST_PIECES: i32 = 1_000_000;

/// Something to choose, such as a colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardOption {
    pub name: String,
    pub choices: Vec<String>,
}

/// A combination before it has an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVariant {
    pub label: String,
    pub stock: Option<i32>,
}

/// Reads `색상: 빨강, 파랑`, a line for each option. Nothing is no options.
pub fn parse_options(text: &str) -> Result<Vec<RewardOption>, Fault> {
    let mut options: Vec<RewardOption> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, choices) = line.split_once([':', '：']).ok_or(Fault::NotAnOption)?;
        let name = word(name)?;
        let mut known: Vec<String> = Vec::new();
        for choice in choices.split([',', '，', '、']) {
            let choice = word(choice)?;
            if known.contains(&choice) {
                return Err(Fault::NotAnOption);
            }
            known.push(choice);
        }
        if known.len() > MOST_CHOICES {
            return Err(Fault::TooMany { max: MOST_CHOICES as u32 });
        }
        if options.iter().any(|option| option.name == name) {
            return Err(Fault::NotAnOption);
        }
        options.push(RewardOption { name, choices: known });
    }
    if options.len() > MOST_OPTIONS {
        return Err(Fault::TooMany { max: MOST_OPTIONS as u32 });
    }
    let combinations: usize = options.iter().map(|option| option.choices.len()).product();
    if combinations > MOST_VARIANTS {
        return Err(Fault::TooMany { max: MOST_VARIANTS as u32 });
    }
    if labels(&options).iter().any(|label| label.chars().count() > LONGEST_LABEL as usize) {
        return Err(Fault::TooLong { max: LONGEST_LABEL });
    }
    Ok(options)
}

fn word(text: &str) -> Result<String, Fault> {
    let word = text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ");
    if word.is_empty() || word.contains(['/', '=', ':', '：']) {
        return Err(Fault::NotAnOption);
    }
    if word.chars().count() > LONGEST_WORD as usize {
        return Err(Fault::TooLong { max: LONGEST_WORD });
    }
    Ok(word)
}

/// Every combination, in the order of the options: `빨강 / 대`.
fn labels(options: &[RewardOption]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for option in options {
        labels = if labels.is_empty() {
            option.choices.clone()
        } else {
            let with = |label: &String| {
                option.choices.iter().map(|choice| format!("{label} / {choice}")).collect::<Vec<_>>()
            };
            labels.iter().flat_map(with).collect()
        };
    }
    labels
}

/// The combinations of `options`, with the pieces that `stocks` gives them: `빨강 / 대 = 10`, a line for each
/// that is limited.
pub fn parse_variants(options: &[RewardOption], stocks: &str) -> Result<Vec<NewVariant>, Fault> {
    let mut variants: Vec<_> =
        labels(options).into_iter().map(|label| NewVariant { label, stock: None }).collect();
    for line in stocks.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (label, pieces) = line.rsplit_once('=').ok_or(Fault::NotAStockLine)?;
        let label = label
            .split('/')
            .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join(" / ");
        let variant =
            variants.iter_mut().find(|variant| variant.label == label).ok_or(Fault::NotAStockLine)?;
        let pieces: i32 = pieces.trim().replace(',', "").parse().map_err(|_| Fault::NotAStockLine)?;
        if !(1..=MOST_PIECES).contains(&pieces) || variant.stock.is_some() {
            return Err(Fault::NotAStockLine);
        }
        variant.stock = Some(pieces);
    }
    Ok(variants)
}

/// As the form holds them.
#[cfg(feature = "ssr")]
pub fn written(options: &[RewardOption]) -> String {
    let line = |option: &RewardOption| format!("{}: {}", option.name, option.choices.join(", "));
    options.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn options_make_every_combination_in_their_order() {
        let options = parse_options("색상: 빨강,  파랑\n\n크기：대, 소\n").unwrap();
        let variants = parse_variants(&options, "빨강/대 = 10\n파랑 / 소=1,000").unwrap();
        let told: Vec<_> = variants.iter().map(|v| (v.label.as_str(), v.stock)).collect();

        assert_eq!(
            told,
            [("빨강 / 대", Some(10)), ("빨강 / 소", None), ("파랑 / 대", None), ("파랑 / 소", Some(1000))]
        );
        assert_eq!(written(&options), "색상: 빨강, 파랑\n크기: 대, 소");
        assert_eq!(parse_variants(&parse_options("").unwrap(), ""), Ok(Vec::new()));
    }

    #[test]
    fn lines_that_mean_nothing_are_refused() {
        for wrong in
            ["빨강, 파랑", "색상:", "색상: 빨강, 빨강", "색상: 빨강/파랑", "색상: 빨강\n색상: 파랑", ": a"]
        {
            assert_eq!(parse_options(wrong), Err(Fault::NotAnOption), "{wrong}");
        }
        let many = (0..21).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(parse_options(&format!("n: {many}")), Err(Fault::TooMany { max: 20 }));
        let nine = "1,2,3,4,5,6,7,8,9";
        assert_eq!(parse_options(&format!("a: {nine}\nb: {nine}")), Err(Fault::TooMany { max: 60 }));
        let options = parse_options("색상: 빨강, 파랑").unwrap();
        for wrong in ["빨강", "초록 = 1", "빨강 = 0", "빨강 = -1", "빨강 = 1.5", "빨강 = 1\n빨강 = 2"]
        {
            assert_eq!(parse_variants(&options, wrong), Err(Fault::NotAStockLine), "{wrong}");
        }
        assert_eq!(parse_variants(&[], "빨강 = 1"), Err(Fault::NotAStockLine));
    }
}
