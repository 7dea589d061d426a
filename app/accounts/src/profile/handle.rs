//! What an ID may be.

use kernel::Fault;

const SHORTEST: usize = 3;
const LONGEST: usize = 30;

/// IDs that could be taken for the site, its staff or an address of it.
const RESERVED: &[&str] = &[
    "about",
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "dure",
    "dure_official",
    "duredure",
    "former_member",
    "help",
    "helpdesk",
    "login",
    "logout",
    "mail",
    "me",
    "moderator",
    "news",
    "nobody",
    "official",
    "operator",
    "people",
    "postmaster",
    "projects",
    "root",
    "sandbox",
    "security",
    "settings",
    "signup",
    "staff",
    "studio",
    "support",
    "system",
    "webmaster",
];

/// An ID in its one form: small Latin letters, digits and underscores, so that no two look alike but for
/// letters that every reader can tell apart.
pub fn parse_handle(text: &str) -> Result<String, Fault> {
    let handle = text.trim().trim_start_matches('@').to_ascii_lowercase();
    if handle.is_empty() {
        return Err(Fault::Required);
    }
    if !handle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(Fault::NotAHandle);
    }
    if handle.len() < SHORTEST {
        return Err(Fault::TooShort { min: SHORTEST as u32 });
    }
    if handle.len() > LONGEST {
        return Err(Fault::TooLong { max: LONGEST as u32 });
    }
    let bare = handle.trim_matches('_');
    if bare.is_empty()
        || RESERVED.contains(&handle.as_str())
        || RESERVED.contains(&bare)
        || handle.starts_with("closed_")
    {
        return Err(Fault::Taken);
    }
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        assert_eq!(parse_handle(" @Moon_Rabbit7 "), Ok("moon_rabbit7".to_owned()));
        assert_eq!(parse_handle(""), Err(Fault::Required));
        assert_eq!(parse_handle("ab"), Err(Fault::TooShort { min: 3 }));
        assert_eq!(parse_handle(&"a".repeat(31)), Err(Fault::TooLong { max: 30 }));
    }

    #[test]
    fn look_alikes_and_hidden_letters_are_refused() {
        // Cyrillic a, a zero-width space, a full-width letter, Hangul, an emoji.
        for wrong in ["аdmin", "ad\u{200b}min", "ａdmin", "달토끼", "moon🐰", "a b c", "a-b-c", "a.b.c"]
        {
            assert_eq!(parse_handle(wrong), Err(Fault::NotAHandle), "{wrong}");
        }
    }

    #[test]
    fn names_of_the_site_are_taken() {
        for wrong in ["admin", "ADMIN", "_admin_", "dure", "support", "closed_1234", "___"] {
            assert_eq!(parse_handle(wrong), Err(Fault::Taken), "{wrong}");
        }
    }
}
