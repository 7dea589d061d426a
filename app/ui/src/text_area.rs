//! A text area that is safe on the server.
//!
//! Leptos 0.8 writes the children of `<textarea>` unescaped, and `prop:value` renders nothing on
//! the server; so the text is escaped here. Nothing else in Dure writes a `<textarea>`.

use leptos::prelude::*;

#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] id: String,
    #[prop(into)] value: String,
    #[prop(default = 8)] rows: u32,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional, into)] described_by: Option<String>,
    #[prop(optional)] invalid: bool,
) -> impl IntoView {
    view! {
        <textarea
            class="input input--area"
            name=name
            id=id
            rows=rows
            maxlength=maxlength
            aria-describedby=described_by
            aria-invalid=invalid.then_some("true")
            // A parser drops the first line break after the tag.
            inner_html=format!("\n{}", escaped(&value))
        />
    }
}

/// Text as HTML shows it.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_area_is_text() {
        assert_eq!(escaped("</textarea><script>"), "&lt;/textarea&gt;&lt;script&gt;");
    }
}
