//! What people agree to when they join.

use crate::text;
use leptos::prelude::*;

/// The version of the terms and of what is done with personal data, to which a consent is given.
pub const TERMS_VERSION: &str = "2026-11";

/// The ways to both texts, beside the ticks. They open apart: what was typed must not be lost.
#[component]
pub fn LegalLinks() -> impl IntoView {
    let l = ui::use_locale();
    view! {
        <p class="quiet legal-links">
            <a href=l.path("/terms") target="_blank">{text::read_terms(l)}</a>
            <a href=l.path("/privacy") target="_blank">{text::read_privacy(l)}</a>
        </p>
    }
}
