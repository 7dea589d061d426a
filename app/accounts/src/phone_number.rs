//! How a number for text messages is read and shown.

use kernel::Fault;

/// A number that text messages reach, in international form (E.164); nothing for an empty one.
/// Written as in Korea (`010-1234-5678`), or with `+` and the country's code.
pub fn parse_phone(text: &str) -> Result<Option<String>, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (abroad, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
    let digits: String = rest.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Fault::NotAMobile);
    }
    let korean = digits.strip_prefix(if abroad { "82" } else { "0" });
    if let Some(mobile) = korean.map(|number| number.trim_start_matches('0')) {
        let right = matches!(mobile.len(), 9 | 10)
            && matches!(mobile.get(..2), Some("10" | "11" | "16" | "17" | "18" | "19"));
        return if right { Ok(Some(format!("+82{mobile}"))) } else { Err(Fault::NotAMobile) };
    }
    if abroad && (7..=15).contains(&digits.len()) && !digits.starts_with('0') {
        Ok(Some(format!("+{digits}")))
    } else {
        Err(Fault::NotAMobile)
    }
}

/// A stored number as it is written in its country: `010-1234-5678`.
#[must_use]
pub fn show_phone(number: &str) -> String {
    let Some(mobile) = number.strip_prefix("+82") else {
        return number.to_owned();
    };
    match (mobile.get(..2), mobile.get(2..mobile.len() - 4), mobile.get(mobile.len() - 4..)) {
        (Some(start), Some(middle), Some(end)) => format!("0{start}-{middle}-{end}"),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_kept_in_international_form_and_shown_as_at_home() {
        for written in ["010-1234-5678", "01012345678", "+82 10 1234 5678", "+82 (0)10-1234-5678"] {
            assert_eq!(parse_phone(written), Ok(Some("+821012345678".to_owned())), "{written}");
        }
        assert_eq!(parse_phone(" "), Ok(None));
        assert_eq!(parse_phone("+1 (415) 555-2671"), Ok(Some("+14155552671".to_owned())));
        for wrong in
            ["02-123-4567", "010-123", "12345678", "+0123456789", "010-1234-567a", "+8221234567", "１２３"]
        {
            assert_eq!(parse_phone(wrong), Err(Fault::NotAMobile), "{wrong}");
        }
        assert_eq!(show_phone("+821012345678"), "010-1234-5678");
        assert_eq!(show_phone("+82161234567"), "016-123-4567");
        assert_eq!(show_phone("+14155552671"), "+14155552671");
    }
}
