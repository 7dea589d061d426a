//! Buttons and links that look like buttons.

use leptos::prelude::*;

/// Sends the form that it stands in.
#[component]
pub fn SubmitButton(
    #[prop(into)] label: String,
    /// A class of `style/components/button.css`: `button--quiet`, `button--danger`, `button--wide`.
    #[prop(optional, into)]
    class: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
) -> impl IntoView {
    view! { <button type="submit" class=format!("button {class}") name=name value=value>{label}</button> }
}

#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    view! { <a class=format!("button {class}") href=href>{label}</a> }
}
