//! Mail addresses as they are compared and as servers write them.

/// The form in which addresses are compared: one for all ways of writing a mailbox. Whatever is no
/// address (an ID) is compared in small letters.
#[must_use]
pub fn email_key(email: &str) -> String {
    let parts = email.rsplit_once('@').and_then(|(local, domain)| Some((local, mail_domain(domain)?)));
    parts.map_or_else(|| email.to_lowercase(), |(local, domain)| format!("{}@{domain}", local.to_lowercase()))
}

/// The right side of an address as mail servers write it (`xn--…`), in small letters.
#[must_use]
pub fn mail_domain(domain: &str) -> Option<String> {
    let Ok(url::Host::Domain(ascii)) = url::Host::parse(domain) else {
        return None;
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    (ascii.contains('.') && ascii.split('.').all(label)).then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_has_one_key_however_it_is_written() {
        assert_eq!(email_key("Kim@두레.한국"), email_key("kim@xn--hu1bo4e.xn--3e0b707e"));
        assert_eq!(email_key("Kim+Tag@Example.KR"), "kim+tag@example.kr");
        assert_eq!(email_key("Dure_Kim"), "dure_kim");
    }
}
