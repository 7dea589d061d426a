//! The terms of use and what is done with personal data: what people agree to when they join.
//!
//! Whoever runs a site answers for these texts; a changed one is a new [`accounts::TERMS_VERSION`].

use crate::text;
use kernel::{Locale, Refusal};
use leptos::prelude::*;
use projects::story;
use ui::{Page, PageRequest};

const TERMS: [&str; 2] = [include_str!("../../legal/terms.ko.md"), include_str!("../../legal/terms.en.md")];
const PRIVACY: [&str; 2] =
    [include_str!("../../legal/privacy.ko.md"), include_str!("../../legal/privacy.en.md")];

pub fn terms_page(req: &PageRequest) -> Result<Page, Refusal> {
    Ok(page(req, text::terms(req.locale), TERMS))
}

pub fn privacy_page(req: &PageRequest) -> Result<Page, Refusal> {
    Ok(page(req, text::privacy(req.locale), PRIVACY))
}

fn page(req: &PageRequest, title: &'static str, [ko, en]: [&'static str; 2]) -> Page {
    let l: Locale = req.locale;
    let html = story::render(l.pick(ko, en));
    Page::new(title, move || {
        view! {
            <section class="sheet sheet--wide">
                <h1>{title}</h1>
                <p class="quiet">{text::in_force(l, accounts::TERMS_VERSION)}</p>
                <div class="story__text" inner_html=html />
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// People agreed to these words: whoever changes them gives them a new version, and their hash here.
    #[test]
    fn the_words_of_a_version_never_change() {
        let all = [TERMS, PRIVACY].concat().concat();
        let hash: String = Sha256::digest(all).iter().map(|byte| format!("{byte:02x}")).collect();
        let known = [("2026-11", "17ab62253cbceded6733c21e7bd1c06fe6b78da9b02ebbf759b359f528f678f6")];
        assert!(
            known.contains(&(accounts::TERMS_VERSION, hash.as_str())),
            "{} {hash}",
            accounts::TERMS_VERSION
        );
    }
}
