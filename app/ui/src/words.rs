//! The language of the page that is being rendered.

use kernel::Locale;
use leptos::prelude::use_context;

/// The language of the request. Islands get theirs as a property: context ends at their border.
#[must_use]
pub fn use_locale() -> Locale {
    use_context::<Locale>().unwrap_or_default()
}
